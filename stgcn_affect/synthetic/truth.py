"""Ground truth for relevance: the joints that an emotion factor moves, computed from the generator."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS
from stgcn_affect.synthetic.walkers import synthetic_walkers

Transform = Callable[[npt.NDArray[np.float32], npt.NDArray[np.float32]], npt.NDArray[Any]]
"""Cycles ``[N, T, V, 3]`` and stride times ``[N]`` to the network's own input ``[N, T', V, C]``."""

BEARING, TOO_MANY = 0.25, 0.75
"""Part of the largest change from which a joint counts as moved, and the most joints that may count, as a fraction."""


class FactorTruth(NamedTuple):
    """The effect of one emotion factor on the network's input.

    Args:
        change: joint to the RMS change of the transform's output there, over cycles, samples and channels.
        bearing: the joints that change by more than a quarter of the largest change.
        scored: whether the factor can judge a relevance map: it moves some joints, and at most three quarters of them.
    """

    change: dict[str, float]
    bearing: tuple[str, ...]
    scored: bool


def factor_truth(factor: str, *, transform: Transform, walkers: int = 8, seed: int = 0) -> FactorTruth:
    """Compare the same walkers with and without one emotion factor, in all emotions that have it.

    Args:
        factor: one of ``EMOTION_FACTORS``.
        transform: the network's own input.
        walkers: how many to compare.
        seed: the seed of the generator.

    Raises:
        InputError: an unknown factor.
    """
    with_it, without = (_inputs(factors, transform, walkers, seed, factor) for factors in ((factor,), ()))
    change, joints = np.sqrt(((with_it.values - without.values) ** 2).mean(axis=(0, 1, 3))), with_it.joints
    largest = float(change.max())
    bearing = tuple(joint for joint, size in zip(joints, change, strict=True) if size > BEARING * largest > 0)
    return FactorTruth(
        change=dict(zip(joints, map(float, change), strict=True)),
        bearing=bearing,
        scored=0 < len(bearing) <= TOO_MANY * len(joints),
    )


class _Inputs(NamedTuple):
    values: npt.NDArray[Any]
    joints: tuple[str, ...]


def _inputs(factors: tuple[str, ...], transform: Transform, walkers: int, seed: int, toggled: str) -> _Inputs:
    changed: Mapping[str, float] = EMOTION_FACTORS[toggled].changes if toggled in EMOTION_FACTORS else {}
    clips = synthetic_walkers(
        walkers=walkers, takes=1, seed=seed, emotions=tuple(changed) or ("neutral",), emotion_factors=factors
    ).clips
    cycles = [cut_cycles(clip)[0][0] for clip in clips]
    positions = np.stack([cycle.positions for cycle in cycles])
    stride_time_s = np.array([cycle.stride_time_s for cycle in cycles], dtype=np.float32)
    return _Inputs(transform(positions, stride_time_s), clips[0].layout.joints)
