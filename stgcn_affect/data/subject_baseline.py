"""How a subject walks anyway: other takes of the same subject, against which a take can be judged.

Subjects differ more from each other than their emotions do, so that who monitors one person over time compares a walk
with that person's own: clinical gait analysis judges change against the patient's earlier recordings.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError
from stgcn_affect.motion.cycles import average_cycle

OTHER_TAKES = "other_takes"
"""Compare a take with all other takes of the subject, whatever emotion they show."""

Floats = npt.NDArray[np.float32]


class Walk(NamedTuple):
    """Cycles ``[..., T, V, 3]`` in body heights, and stride times ``[...]`` in seconds."""

    positions: Floats
    stride_time_s: Floats


def with_baselines(cycles: CycleStore, *, of: str) -> CycleStore:
    """Put beside every cycle the subject's own baseline, the ``mean_walk`` of takes that the cycle is not of.

    Args:
        cycles: N labelled cycles.
        of: ``OTHER_TAKES``, or an emotion such as "neutral": then takes of this emotion are the baseline, and are left
            out themselves.

    Returns:
        the cycles that have a baseline, and it as ``CycleStore.baseline``; subjects who have no such take are left out.

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
        there = takes != takes[i] if of == OTHER_TAKES else ~judged
        mine = np.flatnonzero(there & (cycles.subject == cycles.subject[i]))
        if len(mine):
            kept.append(i)
            means.append(mean_walk(_grouped(cycles, mine, takes)))
    if not kept:
        raise InputError(f"{cycles.name}: expected subjects with takes to compare a take with, {of} (got none)")
    found, own = cycles.select(np.array(kept)), Walk(*map(np.stack, zip(*means, strict=True)))
    return replace(found, baseline=replace(found, **own._asdict()))


def relative_to_baseline(cycles: CycleStore, train: npt.NDArray[np.int64]) -> CycleStore:
    """Replace each subject's own baseline by the training subjects' average one; without baselines nothing changes.

    Args:
        cycles: N cycles, of ``with_baselines``.
        train: those of training subjects.
    """
    average = average_baseline(cycles, train)
    if cycles.baseline is None or average is None:
        return cycles
    walks, own = (Walk(np.asarray(one.positions), one.stride_time_s) for one in (cycles, cycles.baseline))
    return replace(cycles, **compared(walks, own, average)._asdict(), baseline=None)


def average_baseline(cycles: CycleStore, train: npt.NDArray[np.int64]) -> Walk | None:
    """The ``mean_walk`` of the training subjects' own baselines, each of whom counts once; None where there are
    none.
    """
    own = cycles.baseline
    return None if own is None else mean_walk(_grouped(own, train, own.subject))


def compared(walks: Walk, own: Walk, average: Walk) -> Walk:
    """Walks less their subjects' own baseline plus the average one, phase by phase, and stride times by ratio.

    What is left of a walk is how it differs from the subject's others, on an average body.
    """
    times = walks.stride_time_s / own.stride_time_s * average.stride_time_s
    return Walk(
        np.asarray(walks.positions - own.positions + average.positions, np.float32), np.asarray(times, np.float32)
    )


def mean_walk(groups: Sequence[Walk]) -> Walk:
    """The mean over groups, such as takes, of the mean over their cycles; stride times are averaged as logarithms.

    Args:
        groups: ``[n, T, V, 3]`` and ``[n]`` each.

    Returns:
        ``[T, V, 3]`` and a single time.

    Raises:
        InputError: no group, or one without cycles.
    """
    if not groups:
        raise InputError("mean_walk: expected one group of cycles or more (got none)")
    positions = average_cycle(np.stack([average_cycle(group.positions) for group in groups]))
    return Walk(positions, np.exp(np.mean([np.log(group.stride_time_s).mean() for group in groups]), dtype=np.float32))


def _grouped(cycles: CycleStore, index: npt.NDArray[np.int64], groups: npt.NDArray[np.generic]) -> list[Walk]:
    """The cycles at ``index``, by the group that each of all cycles is of."""
    some = [index[groups[index] == group] for group in np.unique(groups[index])]
    return [Walk(cycles.positions[rows], cycles.stride_time_s[rows]) for rows in some]
