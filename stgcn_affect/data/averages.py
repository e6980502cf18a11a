"""Average gait cycles and stride times of a store, by emotion and by subject."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.store import CycleStore
from stgcn_affect.stats import subject_means

Cycle = npt.NDArray[np.float32]


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
