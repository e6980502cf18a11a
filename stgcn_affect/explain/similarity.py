"""How alike two maps of the same cycle are."""

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from stgcn_affect.explain.callables import Maps

PerCycle = npt.NDArray[np.float64]


def spearman(one: Maps, other: Maps) -> PerCycle:
    """Spearman's rank correlation over all joints and phases, cycle by cycle: two ``[N, T, V]`` to ``[N]``.

    A map that is the same everywhere ranks nothing: its correlation, which is not defined, counts as 0.
    """
    return cosine(*(_centred(rankdata(_rows(maps), axis=1)) for maps in (one, other)))


def cosine(one: Maps, other: Maps) -> PerCycle:
    """Cosine of the angle between two maps, cycle by cycle: two ``[N, ...]`` to ``[N]``; 0 where one is all zeros."""
    a, b = (_rows(maps) for maps in (one, other))
    sizes = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    products = (a * b).sum(axis=1)
    return np.asarray(np.divide(products, sizes, out=np.zeros(len(a)), where=sizes > 0), np.float64)


def _rows(maps: Maps) -> PerCycle:
    return np.asarray(maps, np.float64).reshape(len(maps), -1)


def _centred(ranks: PerCycle) -> PerCycle:
    return np.asarray(ranks - ranks.mean(axis=1, keepdims=True), np.float64)
