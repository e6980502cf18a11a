"""Relevance maps of gait cycles: from positions to signed relevance over joints and phase."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from stgcn_affect.data.augment import mirror
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import Decision, Relevance, emotion_decision, identity_decision
from stgcn_affect.explain.attribution.grad_cam import upsampling_matrix
from stgcn_affect.explain.attribution.methods import AttributionInput, Method, method_named
from stgcn_affect.explain.attribution.target import AnyTarget, Target
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.training.predict import eval_mode, mean_outputs

Maps = npt.NDArray[np.floating]
"""Maps ``[N, T, V]``, signed and raw: never normalised per cycle."""

MapMaker = Callable[[CycleBatch], npt.NDArray[np.float32]]
"""N cycles to their maps ``[N, T, V]``, for a method and a target that are fixed."""

Predict = Callable[[CycleBatch], npt.NDArray[np.floating]]
"""N cycles to the probabilities ``[N, Q]`` of the released decision."""


Array = npt.NDArray[np.float32]


class CycleRelevance(NamedTuple):
    """Signed relevance of N cycles for a target: maps of the joints, and that of the stride time.

    Shapes:
        - maps: ``[N, T, V]``
        - stride_time: ``[N]``, in the unit of a joint's sum over T' samples, 0 where the method gives it none
    """

    maps: Array
    stride_time: Array


def explain_cycles(
    network: DisentangledSTGCN,
    cycles: CycleBatch,
    layout: Layout,
    *,
    method: str,
    block: int,
    target: AnyTarget,
    mirrored: bool = True,
    batch: int = 256,
    reference: CycleBatch | Tensor | None = None,
) -> Array:
    """Compute signed raw maps ``[N, T, V]`` of cycles; the network is afterwards as it was.

    Args:
        network: trained.
        cycles: N cycles of T samples.
        layout: the layout of the cycles.
        method: a name of ``METHODS``.
        block: the block of the encoder, 0 the first, for the methods that take one.
        target: an emotion, the lead of one over another, a subject; or codes of emotions, one for all or ``[N]``.
        mirrored: mean of the map of each cycle and that of its mirror image, mirrored back: of the released decision,
            which averages both.
        batch: cycles at a time; it bounds the memory and changes nothing else.
        reference: for the methods that take one: training cycles, or their mean activation at the block,
            ``[C', T', V]`` (``Model.mean_activations``).

    Raises:
        InputError: no such method, block or target, or a reference that lacks.
    """
    return explain_with_stride_time(
        network,
        cycles,
        layout,
        method=method,
        block=block,
        target=target,
        mirrored=mirrored,
        batch=batch,
        reference=reference,
    ).maps


def explain_with_stride_time(
    network: DisentangledSTGCN,
    cycles: CycleBatch,
    layout: Layout,
    *,
    method: str,
    block: int,
    target: AnyTarget,
    mirrored: bool = True,
    batch: int = 256,
    reference: CycleBatch | Tensor | None = None,
) -> CycleRelevance:
    """As ``explain_cycles``, beside the relevance of the stride time."""
    how = method_named(method)
    if how.takes_reference and reference is None:
        raise InputError(f"method {method}: expected training cycles as reference (got None)")
    if not cycles.size:
        return CycleRelevance(np.zeros(cycles.positions.shape[:3], np.float32), np.zeros(0, np.float32))
    with eval_mode(network):
        seen = _Seen(network, layout, isinstance(target, Target) and target.head == "identity")
        neutral = reference if isinstance(reference, Tensor) else None
        if how.takes_reference and isinstance(reference, CycleBatch):
            neutral = _mean_activation(seen, reference, block, mirrored, batch)
        parts = [
            _explain(seen, part, how, _codes(target, rows), block, mirrored, neutral)
            for rows, part in _batches(cycles, batch)
        ]
        return CycleRelevance(*(torch.cat(column).cpu().numpy() for column in zip(*parts, strict=True)))


class _Seen(NamedTuple):
    """A network and its layout, with the inputs of the explained head."""

    network: DisentangledSTGCN
    layout: Layout
    of_identity: bool

    @property
    def decision(self) -> Decision:
        return identity_decision(self.network) if self.of_identity else emotion_decision(self.network)

    @torch.no_grad()
    def input(self, cycles: CycleBatch) -> tuple[Tensor, Tensor | None]:
        positions, time = cycles.positions, cycles.stride_time_s
        if self.of_identity:
            return self.network.identity_channels(positions, time), self.network.anthropometrics(positions, time)
        return self.network.emotion_channels(positions, time), None

    @torch.no_grad()
    def images(self, cycles: CycleBatch, mirrored: bool) -> list[CycleBatch]:
        cycles = cycles.to(next(self.network.parameters()).device)
        everyone = torch.ones_like(cycles.emotion, dtype=torch.bool)
        return [cycles, mirror(cycles, self.layout, everyone)] if mirrored else [cycles]


def _batches(cycles: CycleBatch, batch: int) -> Iterator[tuple[slice, CycleBatch]]:
    for start in range(0, cycles.size, batch):
        rows = slice(start, start + batch)
        # Clones, so that tensors made under inference_mode can be differentiated through.
        yield rows, CycleBatch(*(column[rows].clone() for column in cycles))


def _codes(target: AnyTarget, rows: slice) -> AnyTarget:
    return target[rows] if isinstance(target, Tensor) else target


def _explain(
    seen: _Seen, part: CycleBatch, how: Method, target: AnyTarget, block: int, mirrored: bool, neutral: Tensor | None
) -> Relevance:
    found = []
    for image in seen.images(part, mirrored):
        x, extra = seen.input(image)
        found.append(how.relevance(AttributionInput(seen.decision, x, target, block, extra, neutral)))
    samples = part.positions.shape[1]
    finer = upsampling_matrix(found[0].joints.shape[1], samples).to(found[0].joints)
    joints = torch.einsum("ts,bsv->btv", finer, found[0].joints)
    stride_time = found[0].stride_time
    if mirrored:
        order = torch.as_tensor(seen.layout.mirror_permutation, device=joints.device)
        back = torch.einsum("ts,bsv->btv", finer.roll(samples // 2, dims=0), found[1].joints[:, :, order])
        joints, stride_time = (joints + back) / 2, (stride_time + found[1].stride_time) / 2
    return Relevance(joints=joints, stride_time=stride_time)


def _mean_activation(seen: _Seen, cycles: CycleBatch, block: int, mirrored: bool, batch: int) -> Tensor:
    if not cycles.size:
        raise InputError("reference: expected at least one training cycle (got 0)")
    images = (image for _, part in _batches(cycles, batch) for image in seen.images(part, mirrored))
    return mean_outputs(seen.decision.blocks_up_to(block), (seen.input(image)[0] for image in images))[-1]
