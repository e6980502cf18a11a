"""What a trained network predicts of cycles: latents, logits and probabilities, in evaluation mode."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from stgcn_affect.data.augment import mirror
from stgcn_affect.data.batch import CycleBatch, Cycles
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.skeleton.layout import Layout


@contextmanager
def eval_mode(network: nn.Module) -> Iterator[None]:
    """Evaluation mode without gradients of weights while it lasts; afterwards every module and weight is as before.

    Gradients with respect to activations can be taken within, whatever mode the caller is in.
    """
    modes = [(module, module.training) for module in network.modules()]
    needs = [(parameter, parameter.requires_grad) for parameter in network.parameters()]
    with torch.inference_mode(False), torch.enable_grad():
        try:
            network.eval().requires_grad_(False)
            yield
        finally:
            for module, training in modes:
                module.training = training
            for parameter, needed in needs:
                parameter.requires_grad_(needed)


Array = npt.NDArray[np.float32]


class Encodings(NamedTuple):
    """Latents and probabilities of N cycles: ``[N, De]``, ``[N, Di]`` and ``[N, Q]``."""

    z_emotion: Array
    z_identity: Array
    probabilities: Array


@torch.no_grad()
def encode(
    network: DisentangledSTGCN, cycles: Cycles, layout: Layout, *, mirrored: bool = True, batch: int = 256
) -> Encodings:
    """Encode N cycles in evaluation mode; the network's mode is as before afterwards.

    Args:
        network: trained.
        cycles: N cycles.
        layout: the layout of the cycles.
        mirrored: average the latents of each cycle and of its mirror image, which walks the same but for side.
        batch: cycles at a time.
    """
    training = network.training
    network.eval()
    try:
        parts = [_encode(network, part, layout, mirrored) for part in cycles.split(batch)]
    finally:
        network.train(training)
    return Encodings(*(torch.cat(column).cpu().numpy() for column in zip(*parts, strict=True)))


def _encode(network: DisentangledSTGCN, part: CycleBatch, layout: Layout, mirrored: bool) -> tuple[Tensor, ...]:
    part = part.to(next(network.parameters()).device)
    z_emotion, z_identity = (
        _latent(encoder, part, layout, mirrored) for encoder in (network.encode_emotion, network.encode_identity)
    )
    return z_emotion, z_identity, network.emotion_head(z_emotion).softmax(dim=1)


def _latent(encoder: Callable[[Tensor, Tensor], Tensor], part: CycleBatch, layout: Layout, mirrored: bool) -> Tensor:
    """One latent of some cycles, on their device; ``mirrored`` as in ``encode``."""
    latent = encoder(part.positions, part.stride_time_s)
    if not mirrored:
        return latent
    image = mirror(part, layout, torch.ones_like(part.emotion, dtype=torch.bool))
    return (latent + encoder(image.positions, image.stride_time_s)) / 2


def emotion_logits(
    network: DisentangledSTGCN, cycles: Cycles, layout: Layout, *, batch: int = 1024
) -> npt.NDArray[np.float32]:
    """Logits ``[N, Q]`` of N cycles, those behind ``encode``'s probabilities; the network is afterwards as it was."""
    device = next(network.parameters()).device
    with eval_mode(network), torch.no_grad():
        latents = [_latent(network.encode_emotion, part, layout, True) for part in cycles.to(device).split(batch)]
        logits = torch.cat([network.emotion_head(latent) for latent in latents])
    return np.asarray(logits.cpu().numpy(), np.float32)


def emotion_probabilities(
    network: DisentangledSTGCN, cycles: Cycles, layout: Layout, *, batch: int = 1024
) -> npt.NDArray[np.float32]:
    """Probabilities ``[N, Q]`` of N cycles, not temperature-scaled."""
    logits = torch.from_numpy(emotion_logits(network, cycles, layout, batch=batch))
    return np.asarray(logits.softmax(dim=1).numpy(), np.float32)


def mean_activations(
    network: DisentangledSTGCN, cycles: Cycles, layout: Layout, *, batch: int = 256
) -> tuple[Tensor, ...]:
    """The output of each block of the emotion encoder, ``[C', T', V]``, averaged over cycles and their mirror images.

    Args:
        network: trained; it is afterwards as it was.
        cycles: N training cycles.
        layout: the layout of the cycles.
        batch: cycles at a time.
    """
    device = next(network.parameters()).device

    def inputs() -> Iterator[Tensor]:
        for part in cycles.to(device).split(batch):
            image = mirror(part, layout, torch.ones_like(part.emotion, dtype=torch.bool))
            yield from (network.emotion_input(one.positions, one.stride_time_s) for one in (part, image))

    with eval_mode(network), torch.no_grad():
        return tuple(mean.cpu() for mean in mean_outputs(list(network.emotion_encoder.blocks), inputs()))


@torch.no_grad()
def mean_outputs(blocks: Sequence[nn.Module], inputs: Iterable[Tensor]) -> tuple[Tensor, ...]:
    """The output of each block of a stack, ``[C', T', V]``, averaged over all rows of some inputs ``[B, C, T', V]``."""
    sums: list[list[Tensor]] = [[] for _ in blocks]
    rows = 0
    for x in inputs:
        rows += len(x)
        for block, found in zip(blocks, sums, strict=True):
            x = block(x)
            found.append(x.sum(dim=0))
            if len(found) == 64:  # so that memory does not grow with the rows
                found[:] = [torch.stack(found).sum(dim=0)]
    return tuple(torch.stack(found).sum(dim=0) / rows for found in sums)
