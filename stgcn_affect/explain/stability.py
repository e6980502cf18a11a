"""Do maps hold still when the joints are measured a few millimetres wrong?"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.augment import jitter
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.explain.callables import MapMaker
from stgcn_affect.explain.similarity import cosine, spearman
from stgcn_affect.skeleton.layout import Layout

NOISE_HEIGHTS = 0.003
"""Standard deviation of every coordinate, in body heights: 5 mm for a walker of 1.7 m."""


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
        layout: of the cycles.
        noise_heights: standard deviation of the noise in body heights.
        draws: noisy copies.
        seed: of the noise.
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
