"""Means over cycles, then takes, then walkers, so that nobody counts more for having walked more; and their limits."""

from typing import NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.metrics import DRAWS

Doubles = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]
Takes = npt.NDArray[np.int64]


class WalkerMeans(NamedTuple):
    """Shapes: walkers ``[S]`` sorted names; values ``[S, ...]``, the mean over takes of the means over their cycles."""

    walkers: Names
    values: Doubles


class Estimate(TypedDict):
    """A mean over walkers; ci95 is [lower, upper], None where one walker alone says nothing of others."""

    mean: float
    ci95: list[float] | None
    n_walkers: int


def walker_means(values: npt.NDArray[np.floating], *, walkers: Names, takes: Takes) -> WalkerMeans:
    """Average over the cycles of each take, then over the takes of each walker.

    Args:
        values: ``[N, ...]``, one entry per cycle.
        walkers: ``[N]`` names.
        takes: ``[N]`` a number per take; numbers may repeat between walkers.

    Raises:
        InputError: no cycle, or not one walker and one take for each.
    """
    if len(values) == 0 or not len(values) == len(walkers) == len(takes):
        raise InputError(
            f"a mean over walkers needs at least one cycle, and a walker and a take for each"
            f" (got {len(values)} cycles, {len(walkers)} walkers, {len(takes)} takes)"
        )
    names, walker = np.unique(walkers, return_inverse=True)
    pairs, take = np.unique(np.stack([walker, np.asarray(takes, np.int64)]), axis=1, return_inverse=True)
    per_take = _group_means(np.asarray(values), take.ravel(), pairs.shape[1])
    return WalkerMeans(names, _group_means(per_take, pairs[0], len(names)))


def walker_draws(walkers: int, *, seed: int = 0, draws: int = DRAWS) -> Doubles:
    """Bootstrap weights ``[draws, S]``, rows of sum 1: how often each of S walkers is drawn, over S.

    A walker's own mean does not change when walkers are drawn, so ``weights @ means`` is the whole mean over cycles,
    takes and walkers, made anew for each draw (Efron & Tibshirani 1993, ch. 13).
    """
    counts = np.random.default_rng(seed).multinomial(walkers, np.full(walkers, 1 / walkers), size=draws)
    return np.asarray(counts / walkers, np.float64)


def estimate(
    values: npt.NDArray[np.floating], *, walkers: Names, takes: Takes, seed: int = 0, draws: int = DRAWS
) -> Estimate:
    """The mean of one number per cycle ``[N]`` over cycles, takes and walkers, with 95 % limits over walkers.

    Raises:
        InputError: as ``walker_means``.
    """
    means = walker_means(values, walkers=walkers, takes=takes).values
    limits = None
    if len(means) > 1:
        drawn = walker_draws(len(means), seed=seed, draws=draws) @ means
        limits = [float(limit) for limit in np.quantile(drawn, [0.025, 0.975])]
    return {"mean": float(means.mean()), "ci95": limits, "n_walkers": len(means)}


def _group_means(values: npt.NDArray[np.floating], group: npt.NDArray[np.intp], groups: int) -> Doubles:
    sums = np.zeros((groups, *values.shape[1:]))
    np.add.at(sums, group, values)
    count = np.bincount(group, minlength=groups).reshape(-1, *(1,) * (values.ndim - 1))
    return np.asarray(sums / count, np.float64)
