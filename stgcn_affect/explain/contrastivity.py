"""Does a map tell why this class and not another? Maps of one cycle for several classes should differ."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.explain.callables import Maps
from stgcn_affect.explain.similarity import cosine, spearman

MEASURES: Mapping[str, Callable[[Maps, Maps], npt.NDArray[np.float64]]] = {"spearman": spearman, "cosine": cosine}


def contrastivity(maps: Sequence[Maps], *, measure: str = "spearman") -> npt.NDArray[np.float64]:
    """1 - likeness of the maps of each cycle for two classes, averaged over all pairs of classes: ``[N]``.

    0: the map is the same whatever it is asked for; 1: the maps have nothing to do with each other; 2: each is the
    other's opposite, as for two classes whose probabilities sum to 1.

    Args:
        maps: per class, ``[N, T, V]`` with that class as the target, of the same cycles.
        measure: of ``MEASURES``.

    Raises:
        InputError: fewer than two classes, or an unknown measure.
    """
    if measure not in MEASURES:
        raise InputError(f"contrastivity: expected a measure, one of {', '.join(MEASURES)} (got {measure!r})")
    if len(maps) < 2:
        raise InputError(f"contrastivity: expected the maps of two classes or more (got {len(maps)})")
    return np.asarray(np.mean([1 - MEASURES[measure](a, b) for a, b in combinations(maps, 2)], axis=0))
