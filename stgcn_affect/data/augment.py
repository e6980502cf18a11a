"""Augmentation of gait cycles, for a whole batch at once, all randomness from one generator.

Each function takes the amounts, one per cycle, and draws nothing; ``Augmentation`` draws them.

Two of them change the subject: ``mirror`` (asymmetries change sides) and ``limb_scale`` (other proportions). The
subject code stays, so an identity encoder trained on such cycles learns to disregard sides or proportions; where that
is not wanted, give them to the emotion encoder alone. The others leave subject and emotion as they were while the
strengths stay small; ``speed`` changes cadence, which carries a little of both.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.settings import AugmentConfig
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout


def mirror(batch: CycleBatch, layout: Layout, chosen: Tensor) -> CycleBatch:
    """Mirror cycles: swap paired joints, negate x, and go half a cycle on, so that a left heel strikes first again.

    Args:
        batch: B cycles with an even number of phase samples.
        layout: names the mirror pairs.
        chosen: ``[B]`` booleans; the other cycles stay as they are.

    Raises:
        InputError: an odd number of phase samples, of which there is no half.
    """
    samples = batch.positions.shape[1]
    if samples % 2:
        raise InputError(f"mirror: expected an even number of phase samples (got {samples})")
    order = torch.as_tensor(layout.mirror_permutation, device=batch.positions.device)
    rows = _joints_first(batch.positions)
    flip = rows.new_tensor([-1.0, 1.0, 1.0])
    mirrored = torch.roll(rows[order] * flip[:, None, None], -samples // 2, dims=-1)
    return batch._replace(positions=_cycles_first(torch.where(chosen[:, None], mirrored, rows)))


def phase_shift(batch: CycleBatch, cycles: Tensor) -> CycleBatch:
    """Shift the phase of each cycle circularly by a fraction of it, ``[B]``; exact for band-limited motion.

    It turns the phase of every harmonic (the Fourier shift theorem); the highest one of an even number of samples has
    no phase of its own and is damped by a shift that is not of whole samples.
    """
    samples = batch.positions.shape[1]
    spectrum = torch.fft.rfft(_joints_first(batch.positions))
    harmonic = torch.arange(spectrum.shape[-1], device=cycles.device)
    angle = 2 * math.pi * cycles[:, None] * harmonic
    turned = spectrum * torch.polar(torch.ones_like(angle), angle)
    return batch._replace(positions=_cycles_first(torch.fft.irfft(turned, n=samples)))


def turn(batch: CycleBatch, angle_deg: Tensor) -> CycleBatch:
    """Turn cycles about the vertical by ``[B]`` degrees, from z (forward) towards x (left)."""
    angle = torch.deg2rad(angle_deg)[:, None]
    x, y, z = _joints_first(batch.positions).unbind(1)
    sin, cos = torch.sin(angle), torch.cos(angle)
    return batch._replace(positions=_cycles_first(torch.stack([cos * x + sin * z, y, cos * z - sin * x], dim=1)))


def speed(batch: CycleBatch, factor: Tensor) -> CycleBatch:
    """Change the speed by the factors ``[B]``: the path stays, the stride time is divided by the factor."""
    return batch._replace(stride_time_s=batch.stride_time_s / factor)


def jitter(batch: CycleBatch, noise: Tensor) -> CycleBatch:
    """Add measurement noise, ``[B, T, V, 3]`` in body heights."""
    return batch._replace(positions=batch.positions + noise)


def limb_scale(batch: CycleBatch, layout: Layout, factor: Tensor) -> CycleBatch:
    """Scale bone lengths, each by its factor; directions are kept and the pelvis is put back at the origin.

    Args:
        batch: B cycles.
        layout: the tree of bones.
        factor: ``[B, V]``, for the bone that ends at each joint; the root's is not used.
    """
    rows = _joints_first(batch.positions)
    graph = SkeletonGraph(layout)
    parent, child = torch.as_tensor(graph.bone_ends, device=rows.device)
    bones = (rows[child] - rows[parent]) * factor.T[child][:, None, :, None]
    chains = torch.as_tensor(graph.bone_chains, device=rows.device, dtype=rows.dtype)
    scaled = rows[[layout.root]] + torch.mm(chains, bones.flatten(1)).view(rows.shape)
    pelvis = list(layout.role_indices("pelvis"))
    shift = rows[pelvis].mean(0, keepdim=True) - scaled[pelvis].mean(0, keepdim=True)
    return batch._replace(positions=_cycles_first(scaled + shift))


def _joints_first(positions: Tensor) -> Tensor:
    """``[B, T, V, 3]`` as rows ``[V, 3, B, T]``: whole rows are picked, added and transformed several times faster."""
    return positions.movedim((2, 3), (0, 1)).contiguous()


def _cycles_first(rows: Tensor) -> Tensor:
    """Rows ``[V, 3, B, T]`` as a view ``[B, T, V, 3]``."""
    return rows.movedim((0, 1), (2, 3))


@dataclass(frozen=True)
class Augmentation:
    """Random changes of a batch; every strength at 0 leaves it as it is.

    Args:
        layout: the skeleton of the cycles.
        mirror_probability: and the following are the fields of ``AugmentConfig``, which says what they are.

    Raises:
        InputError: a strength that is negative, or a probability or a speed change that is out of range.
    """

    layout: Layout
    mirror_probability: float = AugmentConfig.mirror_probability
    phase_shift_pct: float = AugmentConfig.phase_shift_pct
    turn_deg: float = AugmentConfig.turn_deg
    speed_pct: float = AugmentConfig.speed_pct
    noise_heights: float = AugmentConfig.noise_heights
    limb_scale_pct: float = AugmentConfig.limb_scale_pct

    def __post_init__(self) -> None:
        limits = {"mirror_probability": 1.0, "speed_pct": 90.0, "phase_shift_pct": 100.0, "turn_deg": 180.0}
        for name in (*limits, "noise_heights", "limb_scale_pct"):
            value, limit = getattr(self, name), limits.get(name, math.inf)
            if not 0 <= value <= limit:
                raise InputError(f"augmentation {name}: expected a number from 0 to {limit:g} (got {value})")

    def __call__(self, batch: CycleBatch, generator: torch.Generator) -> CycleBatch:
        """Change a batch. The same generator state gives the same changes, whichever strengths are 0 beside them."""
        like = batch.positions
        size, joints = like.shape[0], like.shape[2]

        def uniform(*shape: int) -> Tensor:
            return torch.rand(shape, generator=generator, device=generator.device).to(like.device)

        def normal(*shape: int) -> Tensor:
            return torch.randn(shape, generator=generator, device=generator.device).to(like.device)

        def either_way(limit: float) -> Tensor:
            return (2 * uniform(size) - 1) * limit

        chosen, shift, angle = uniform(size) < self.mirror_probability, either_way(1.0), either_way(1.0)
        faster, bones = either_way(1.0), normal(size, joints)
        if self.mirror_probability:
            batch = mirror(batch, self.layout, chosen)
        if self.limb_scale_pct:
            one_of_each_pair = np.minimum(self.layout.mirror_permutation, np.arange(joints))
            symmetric = bones[:, torch.as_tensor(one_of_each_pair, device=like.device)]
            batch = limb_scale(batch, self.layout, torch.exp(symmetric * (self.limb_scale_pct / 100)))
        if self.phase_shift_pct:
            batch = phase_shift(batch, shift * (self.phase_shift_pct / 100))
        if self.turn_deg:
            batch = turn(batch, angle * self.turn_deg)
        if self.speed_pct:
            batch = speed(batch, 1 + faster * (self.speed_pct / 100))
        if self.noise_heights:
            noise = _cycles_first(normal(joints, 3, size, like.shape[1]))
            batch = jitter(batch, noise * self.noise_heights)
        return batch
