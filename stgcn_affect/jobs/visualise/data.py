"""What the pictures of a run are made of: its models by name, average cycles, and who was not trained on."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stgcn_affect.data.store import CycleStore
from stgcn_affect.jobs.explained_models import ExplainedModel, model_paths, models_of_run
from stgcn_affect.stats import subject_means
from stgcn_affect.visual.style import save_figure

Cycle = npt.NDArray[np.float32]


def named_models(run: Path) -> dict[str, ExplainedModel]:
    """Fold to model; "" to the model of a run that has one only. Raises InputError as ``models_of_run`` does."""
    names = [path.parent.name if path.parent != run else "" for path in model_paths(run)]
    return dict(zip(names, models_of_run(run), strict=True))


def save_both(figure: Figure, *, path: Path) -> list[Path]:
    """Write a figure as PNG and as SVG; the path's ending is replaced."""
    return [save_figure(figure, path=path.with_suffix(ending)) for ending in (".png", ".svg")]


def file_name(*words: str) -> str:
    """Words joined by hyphens, with "_" for what no file name should hold: subjects may be called anything."""
    return re.sub(r"[^\w.-]", "_", "-".join(filter(None, words)))


def emotion_cycles(cycles: CycleStore) -> dict[str, Cycle]:
    """Emotion to its average cycle ``[T, V, 3]``: over cycles, then takes, then subjects."""
    averages = {}
    for emotion in np.unique(cycles.emotion).tolist():
        mine = cycles.select(cycles.emotion == emotion)
        means = subject_means(mine.positions, subjects=mine.subject, takes=mine.take_ids)
        averages[emotion] = np.asarray(means.values.mean(axis=0), np.float32)
    return averages


def subject_cycles(cycles: CycleStore) -> dict[str, Cycle]:
    """Subject to an average cycle ``[T, V, 3]`` in which every emotion that the subject shows counts the same."""
    averages = {}
    for subject in np.unique(cycles.subject).tolist():
        mine = cycles.select(cycles.subject == subject)
        means = subject_means(mine.positions, subjects=mine.emotion, takes=mine.take_ids)
        averages[subject] = np.asarray(means.values.mean(axis=0), np.float32)
    return averages


def stride_times(cycles: CycleStore, column: str) -> dict[str, float]:
    """Name in a column ("emotion" or "subject") to the mean stride time in seconds."""
    names = getattr(cycles, column)
    return {name: float(cycles.stride_time_s[names == name].mean()) for name in np.unique(names).tolist()}


def subject_groups(models: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, list[str]]:
    """Subjects by what the models of a run had to do with them, in words; each subject is in one group.

    Of several models each subject is unseen by one and trained on by others, so the groups are those that were unseen.

    Args:
        models: a model's name, "" where there is only one, to the subjects of each part.
    """
    if len(models) == 1:
        parts = next(iter(models.values()))
        words = {"train": "training", "validation": "validation", "test": "unseen"}
        found = {words[part]: sorted(parts[part]) for part in words}
    else:
        found = {f"unseen in {name}": sorted(parts["test"]) for name, parts in models.items()}
    return {word: subjects for word, subjects in found.items() if subjects}
