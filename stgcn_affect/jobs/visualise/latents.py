"""Pictures of both latents of a run's models, with the scores that the run measured."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from stgcn_affect.explain.explained_model import ExplainedModel
from stgcn_affect.jobs.visualise.data import named_models
from stgcn_affect.training.predict import encode
from stgcn_affect.visual.latents import latents_figure
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
        figure = model_latents_figure(found, scores=scores, title=", ".join(filter(None, (found.cycles.name, name))))
        paths += save_both(figure, path=out / f"{file_name('latents', name)}.png")
    return paths


def model_latents_figure(found: ExplainedModel, *, scores: Mapping[str, Mapping[str, str]], title: str) -> Figure:
    """One model's latents of all cycles; the plane is that of its training subjects."""
    latents = encode(found.model.network, found.dataset.tensors(), found.model.layout)
    seen = np.zeros(len(found.cycles), dtype=bool)
    seen[found.train] = True
    return latents_figure(
        {"z_emotion": latents.z_emotion, "z_identity": latents.z_identity},
        emotions=found.cycles.emotion.tolist(),
        subjects=found.cycles.subject.tolist(),
        seen=seen,
        scores=scores,
        title=title,
    )


def probe_words(results: Mapping[str, Any], evaluation: Mapping[str, Any], *, models: int) -> dict[str, dict[str, str]]:
    """What ``results.json`` says can be read from each latent, in words; nothing is measured here.

    Args:
        results: of the training.
        evaluation: of ``tools/evaluate.py``, empty where it was not run; only it probes z_identity for emotions.
        models: how many models the numbers are means over.
    """
    over = f", mean of {models} models" if models > 1 else ""
    words: dict[str, dict[str, str]] = {"z_emotion": {}, "z_identity": {}}
    emotion = results.get("emotion")
    if emotion:
        chance = f"chance {emotion['chance']:.3f}"
        words["z_emotion"]["emotion"] = f"emotion of unseen subjects: {emotion['balanced_accuracy']:.3f} ({chance})"
    known = results.get("privacy", {}).get("seen_subjects", {})
    for name in words:
        if name in known:
            chance = f"chance {known['chance']:.3f}"
            words[name]["subject"] = f"seen subjects named from it: {known[name]['accuracy']:.3f} ({chance}{over})"
    probed = evaluation.get("disentanglement", {}).get("emotion_from_z_identity")
    if probed is not None:
        chance = f"chance {evaluation['emotion']['chance']:.3f}"
        words["z_identity"]["emotion"] = f"emotion by a linear probe: {probed:.3f} ({chance}; models of the evaluation)"
    return words


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found
