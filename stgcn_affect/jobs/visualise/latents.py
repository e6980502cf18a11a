"""Pictures of both latents of a run's models, with the scores that the run measured."""

import json
from pathlib import Path
from typing import Any

from stgcn_affect.jobs.visualise.data import named_models
from stgcn_affect.reporting.model_figures import model_latents_figure, probe_words
from stgcn_affect.visual.style import file_name, save_both


def visualise_latents(source: str, out: Path) -> list[Path]:
    """z_emotion and z_identity by emotion and by subject, a picture for each model of a run.

    Raises:
        InputError: no finished run.
    """
    run = Path(source)
    models = named_models(run)
    scores = probe_words(_read(run / "results.json"), _read(run / "evaluation" / "results.json"), models=len(models))
    paths = []
    for name, found in models.items():
        figure = model_latents_figure(
            found.model, found.cycles, scores=scores, title=", ".join(filter(None, (found.cycles.name, name)))
        )
        paths += save_both(figure, path=out / f"{file_name('latents', name)}.png")
    return paths


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found
