"""How a walker walks anyway: other takes of the same walker, against which a take can be judged.

Walkers differ more from each other than their emotions do, so that who monitors one person over time compares a walk
with that person's own: clinical gait analysis judges change against the patient's earlier recordings.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError
from stgcn_affect.motion.average import average_cycle

OTHER_TAKES = "other_takes"
"""Compare a take with all other takes of the walker, whatever emotion they show."""

Mean = tuple[npt.NDArray[np.float32], float]


def with_baselines(cycles: CycleStore, *, of: str) -> CycleStore:
    """Put beside every cycle the walker's own baseline: the mean over takes of the mean over their cycles.

    Stride times are averaged as logarithms. The baseline of a cycle never holds the take that the cycle is of.

    Args:
        cycles: N labelled cycles.
        of: ``OTHER_TAKES``, or an emotion such as "neutral": then takes of this emotion are the baseline, and are left
            out themselves.

    Returns:
        the cycles that have a baseline, and it as ``CycleStore.baseline``; walkers who have no such take are left out.

    Raises:
        InputError: an emotion that no cycle shows, or nobody has a baseline.
    """
    emotions = np.unique(cycles.emotion).tolist()
    if of != OTHER_TAKES and of not in emotions:
        raise InputError(
            f"{cycles.name}: expected {OTHER_TAKES} or an emotion, {', '.join(emotions)}, to compare its walks with"
            f" (got {of!r})"
        )
    judged = np.ones(len(cycles), bool) if of == OTHER_TAKES else cycles.emotion != of
    takes, means, kept = cycles.take_ids, [], []
    for i in np.flatnonzero(judged).tolist():
        mine = (cycles.subject == cycles.subject[i]) & (~judged if of != OTHER_TAKES else takes != takes[i])
        if mine.any():
            kept.append(i)
            means.append(_mean_over_takes(cycles, np.flatnonzero(mine)))
    if not kept:
        raise InputError(f"{cycles.name}: expected walkers with takes to compare a take with, {of} (got none)")
    found = cycles.select(np.array(kept))
    return replace(found, baseline=_walking(found, means))


def calibrated(cycles: CycleStore, train: npt.NDArray[np.int64]) -> CycleStore:
    """Replace each walker's own baseline by the training walkers' average one; without baselines nothing changes.

    Positions less the baseline's, plus the average's, phase by phase; stride times by ratio. What is left of a walk
    is how it differs from the walker's others, on an average body.

    Args:
        cycles: N cycles, of ``with_baselines``.
        train: those of training walkers; every walker counts once in the average.
    """
    own = cycles.baseline
    if own is None:
        return cycles
    average = _mean_over_walkers(own, train)
    positions = np.asarray(cycles.positions) - own.positions + average[0]
    times = cycles.stride_time_s / own.stride_time_s * np.float32(average[1])
    return replace(cycles, positions=positions, stride_time_s=times.astype(np.float32), baseline=None)


def _mean_over_takes(cycles: CycleStore, index: npt.NDArray[np.int64]) -> Mean:
    return _mean_over(cycles, index, cycles.take_ids[index])


def _mean_over_walkers(cycles: CycleStore, index: npt.NDArray[np.int64]) -> Mean:
    return _mean_over(cycles, index, cycles.subject[index])


def _mean_over(cycles: CycleStore, index: npt.NDArray[np.int64], groups: npt.NDArray[np.generic]) -> Mean:
    """The mean over groups of the mean over their cycles: a cycle ``[T, V, 3]`` and a stride time in seconds."""
    mine = [index[groups == group] for group in np.unique(groups)]
    positions = average_cycle(np.stack([average_cycle(cycles.positions[some]) for some in mine]))
    return positions, float(np.exp(np.mean([np.log(cycles.stride_time_s[some]).mean() for some in mine])))


def _walking(cycles: CycleStore, means: list[Mean]) -> CycleStore:
    """The same walkers and labels, walking as the means say."""
    positions, times = zip(*means, strict=True)
    return replace(cycles, positions=np.stack(positions), stride_time_s=np.array(times, np.float32))
