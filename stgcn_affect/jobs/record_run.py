"""What TensorBoard shows of a whole run: pooled scores beside the settings, PR curves, and the walks themselves."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stgcn_affect.data.averages import emotion_cycles
from stgcn_affect.data.store import CycleStore
from stgcn_affect.jobs.fold_record import FoldRecord
from stgcn_affect.training.logger import RunLogger
from stgcn_affect.visual.animation import emotions_gif
from stgcn_affect.visual.film_strip import film_strip_figure
from stgcn_affect.visual.scores import confusion_figure


def record_run(
    out: Path, settings: Mapping[str, Any], results: Mapping[str, Any], cycles: CycleStore, folds: Sequence[FoldRecord]
) -> None:
    """Write what only the whole run knows into its folder.

    Args:
        out: the run's folder.
        settings: flat, by name.
        results: those of ``results.json``.
        cycles: all labelled cycles.
        folds: what the models said of subjects that they had never seen.
    """
    step = len(folds)
    emotion = results["emotion"]
    scores = {f"test/emotion_{key}": emotion[key] for key in ("balanced_accuracy", "macro_f1", "chance")}
    for release, found in results["privacy"].get("seen_subjects", {}).items():
        scores[f"test/identity_{release}"] = found if release == "chance" else found["accuracy"]
    with RunLogger(out) as logger:
        names = results["dataset"]["emotions"]
        figure = confusion_figure(np.array(emotion["confusion"]), names=names, title="Test subjects")
        logger.figure("test/confusion", figure, step)
        logger.hparams(settings, scores)
        record_unseen_subjects(logger, names, cycles, folds, step=step)
        averages = emotion_cycles(cycles)
        logger.figure("cycles/by_emotion", film_strip_figure(averages, layout=cycles.layout), step)
        logger.gif("cycles/walking", emotions_gif(averages, layout=cycles.layout), step)


def record_unseen_subjects(
    logger: RunLogger, emotions: Sequence[str], cycles: CycleStore, folds: Sequence[FoldRecord], *, step: int
) -> None:
    """A curve of precision and recall for each emotion, over all subjects by the model that never saw them."""
    said = cycles.emotion[np.concatenate([fold.test for fold in folds])]
    probabilities = np.concatenate([fold.probabilities for fold in folds])
    for code, emotion in enumerate(emotions):
        logger.pr_curve(f"test/{emotion}", said == emotion, probabilities[:, code], step)
