"""Properties of maps: similarity, sparsity, stability under noise, contrast between classes."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.augment import jitter
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.explain.maps.cycle_maps import MapMaker, Maps
from stgcn_affect.explain.maps.ranking import joint_scores
from stgcn_affect.skeleton.layout import Layout

PerCycle = npt.NDArray[np.float64]


def spearman(one: Maps, other: Maps) -> PerCycle:
    """Spearman's rank correlation over all joints and phases, cycle by cycle: two ``[N, T, V]`` to ``[N]``.

    A map that is the same everywhere ranks nothing: its correlation, which is not defined, counts as 0.
    """
    from scipy.stats import rankdata

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


def gini(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Gini's index of magnitudes along the last axis, ``[..., V]`` to ``[...]``.

    0 where all are equal (or all 0), 1 - 1/V where one has everything (Hurley & Rickard, "Comparing measures of
    sparsity", IEEE Trans. Information Theory 55, 2009, equation for sorted magnitudes).
    """
    sizes = np.sort(np.abs(np.asarray(values, np.float64)), axis=-1)
    count = sizes.shape[-1]
    total = sizes.sum(axis=-1)
    weighted = (sizes * (2 * np.arange(1, count + 1) - count - 1)).sum(axis=-1)
    return np.asarray(np.divide(weighted, count * total, out=np.zeros_like(total), where=total > 0))


def sparsity(maps: Maps) -> npt.NDArray[np.float64]:
    """Gini's index of each cycle's joint scores (mean magnitude over the cycle): ``[N, T, V]`` to ``[N]``."""
    return gini(joint_scores(maps, part="magnitude"))


NOISE_HEIGHTS = 0.003
"""Standard deviation of every coordinate, in body heights: 5 mm for a subject of 1.7 m."""


class Stability(NamedTuple):
    """Likeness of the maps with and without noise, ``[N]`` each, averaged over the draws; 1 is the same map."""

    spearman: npt.NDArray[np.float64]
    cosine: npt.NDArray[np.float64]


def stability(
    make_maps: MapMaker,
    cycles: CycleBatch,
    layout: Layout,
    *,
    noise_heights: float = NOISE_HEIGHTS,
    draws: int = 5,
    seed: int = 0,
) -> Stability:
    """Compare maps of cycles with maps of the same cycles plus independent Gaussian noise on all joints and samples.

    The noisy cycles are centred on their pelvis again, as measured ones are. Stride times are left as they are. The
    target must not follow the noise: fix it to what is predicted without.

    Args:
        make_maps: makes the maps, for a fixed target.
        cycles: N cycles.
        layout: the layout of the cycles.
        noise_heights: standard deviation of the noise in body heights.
        draws: noisy copies.
        seed: the seed of the noise.
    """
    before = make_maps(cycles)
    generator = torch.Generator().manual_seed(seed)
    pelvis = list(layout.role_indices("pelvis"))
    ranks, angles = [], []
    for _ in range(draws):
        noise = noise_heights * torch.randn(cycles.positions.shape, generator=generator)
        noise = noise - noise[:, :, pelvis].mean(dim=2, keepdim=True)
        after = make_maps(jitter(cycles, noise.to(cycles.positions)))
        ranks.append(spearman(before, after))
        angles.append(cosine(before, after))
    return Stability(np.mean(ranks, axis=0), np.mean(angles, axis=0))


MEASURES: Mapping[str, Callable[[Maps, Maps], npt.NDArray[np.float64]]] = {"spearman": spearman, "cosine": cosine}


def contrastivity(maps: Sequence[Maps], *, measure: str = "spearman") -> npt.NDArray[np.float64]:
    """Contrastivity ``[N]``: 1 - likeness of a cycle's maps for two classes, averaged over all pairs of classes.

    0: the map is the same for every class; 1: the maps are unrelated; 2: each is the negative of the other, as for two
    classes whose probabilities sum to 1.

    Args:
        maps: per class, ``[N, T, V]`` with that class as the target, of the same cycles.
        measure: one of ``MEASURES``.

    Raises:
        InputError: fewer than two classes, or an unknown measure.
    """
    if measure not in MEASURES:
        raise InputError(f"contrastivity: expected a measure, one of {', '.join(MEASURES)} (got {measure!r})")
    if len(maps) < 2:
        raise InputError(f"contrastivity: expected the maps of two classes or more (got {len(maps)})")
    return np.asarray(np.mean([1 - MEASURES[measure](a, b) for a, b in combinations(maps, 2)], axis=0))
