"""The subject baseline: other takes of the same subject, which a take is compared with.

Subjects differ more from each other than their emotions do. Who monitors one person over time can compare a walk with
that person's own others, as clinical gait analysis compares a patient with earlier recordings.

Source: Bernhardt & Robinson, "Detecting affect from non-stylised body motions", ACII 2007, who take a person's mean off
features of motion; here it is taken off the cycle itself.
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


class Strides(NamedTuple):
    """Gait cycles ``[..., T, V, 3]`` in body heights and stride times ``[...]`` in seconds."""

    positions: Floats
    stride_time_s: Floats


def with_baselines(cycles: CycleStore, *, of: str) -> CycleStore:
    """Add the subject baseline of every cycle: the ``mean_over_groups`` of other takes of its subject.

    Args:
        cycles: N labelled cycles.
        of: ``OTHER_TAKES``, or an emotion such as "neutral": then takes of this emotion are the baseline, and are left
            out themselves.

    Returns:
        the cycles that have a baseline, with ``CycleStore.baseline``; cycles of subjects without such a take are left
        out.

    Raises:
        InputError: an emotion that no cycle has, or no subject with a baseline.
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
            means.append(mean_over_groups(_grouped(cycles, mine, takes)))
    if not kept:
        raise InputError(f"{cycles.name}: expected subjects with takes to compare a take with, {of} (got none)")
    found, own = cycles.select(np.array(kept)), Strides(*map(np.stack, zip(*means, strict=True)))
    return replace(found, baseline=replace(found, **own._asdict()))


def relative_to_baseline(cycles: CycleStore, train: npt.NDArray[np.int64]) -> CycleStore:
    """Replace each cycle's subject baseline by the average of the training subjects'; no change without baselines.

    Args:
        cycles: N cycles, of ``with_baselines``.
        train: indices of the training subjects' cycles.
    """
    average = average_baseline(cycles, train)
    if cycles.baseline is None or average is None:
        return cycles
    strides, own = (Strides(np.asarray(one.positions), one.stride_time_s) for one in (cycles, cycles.baseline))
    return replace(cycles, **replace_baseline(strides, own, average)._asdict(), baseline=None)


def average_baseline(cycles: CycleStore, train: npt.NDArray[np.int64]) -> Strides | None:
    """The mean of the training subjects' baselines, in which each subject counts once; None where there are none."""
    own = cycles.baseline
    return None if own is None else mean_over_groups(_grouped(own, train, own.subject))


def replace_baseline(strides: Strides, own: Strides, average: Strides) -> Strides:
    """Subtract the subject's own baseline and add the average one, phase by phase; stride times change by the ratio.

    The result is how a stride differs from the subject's others, on an average body.
    """
    times = strides.stride_time_s / own.stride_time_s * average.stride_time_s
    positions = np.asarray(strides.positions - own.positions + average.positions, np.float32)
    return Strides(positions, np.asarray(times, np.float32))


def mean_over_groups(groups: Sequence[Strides]) -> Strides:
    """The mean over groups, such as takes, of the mean over their cycles; stride times are averaged as logarithms.

    Args:
        groups: ``[n, T, V, 3]`` and ``[n]`` each.

    Returns:
        ``[T, V, 3]`` and a single time.

    Raises:
        InputError: no group, or one without cycles.
    """
    if not groups:
        raise InputError("mean_over_groups: expected one group of cycles or more (got none)")
    positions = average_cycle(np.stack([average_cycle(group.positions) for group in groups]))
    return Strides(
        positions, np.exp(np.mean([np.log(group.stride_time_s).mean() for group in groups]), dtype=np.float32)
    )


def _grouped(cycles: CycleStore, index: npt.NDArray[np.int64], groups: npt.NDArray[np.generic]) -> list[Strides]:
    """The cycles at ``index``, one item for each group; ``groups`` ``[N]`` names the group of every cycle."""
    some = [index[groups[index] == group] for group in np.unique(groups[index])]
    return [Strides(cycles.positions[rows], cycles.stride_time_s[rows]) for rows in some]
