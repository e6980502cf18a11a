"""Average gait cycles and stride times of a store, by emotion and by subject."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.store import CycleStore
from stgcn_affect.stats import subject_means

Cycle = npt.NDArray[np.float32]


def average_cycle_of(cycles: CycleStore) -> Cycle:
    """The average cycle ``[T, V, 3]``: the mean over the cycles of each take, then takes, then subjects."""
    means = subject_means(cycles.positions, subjects=cycles.subject, takes=cycles.take_ids)
    return np.asarray(means.values.mean(axis=0), np.float32)


def emotion_cycles(cycles: CycleStore) -> dict[str, Cycle]:
    """Emotion to its average cycle ``[T, V, 3]``: over cycles, then takes, then subjects."""
    emotions = np.unique(cycles.emotion).tolist()
    return {emotion: average_cycle_of(cycles.select(cycles.emotion == emotion)) for emotion in emotions}


def subject_cycles(cycles: CycleStore) -> dict[str, Cycle]:
    """Subject to an average cycle ``[T, V, 3]`` in which every emotion that the subject shows counts the same."""
    averages = {}
    for subject in np.unique(cycles.subject).tolist():
        own = cycles.select(cycles.subject == subject)
        means = subject_means(own.positions, subjects=own.emotion, takes=own.take_ids)
        averages[subject] = np.asarray(means.values.mean(axis=0), np.float32)
    return averages


def stride_times(cycles: CycleStore, column: str) -> dict[str, float]:
    """Name in a column ("emotion" or "subject") to the mean stride time in seconds."""
    names = getattr(cycles, column)
    return {name: float(cycles.stride_time_s[names == name].mean()) for name in np.unique(names).tolist()}
