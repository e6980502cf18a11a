"""What a trained network predicts of cycles: latents, logits and probabilities, in evaluation mode."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from stgcn_affect.data.augment import mirror
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.nn.network import DisentangledSTGCN, Latents
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
    """Shapes: z_emotion ``[N, De]``; z_identity ``[N, Di]``; probabilities ``[N, Q]``."""

    z_emotion: Array
    z_identity: Array
    probabilities: Array


@torch.no_grad()
def encode(
    network: DisentangledSTGCN, cycles: CycleBatch, layout: Layout, *, mirrored: bool = True, batch: int = 256
) -> Encodings:
    """Encode N cycles in evaluation mode; the network's mode is as before afterwards.

    Args:
        network: trained.
        cycles: N cycles.
        layout: of the cycles.
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
    latents = network.encode(part.positions, part.stride_time_s)
    if mirrored:
        image = mirror(part, layout, torch.ones_like(part.emotion, dtype=torch.bool))
        again = network.encode(image.positions, image.stride_time_s)
        latents = Latents(*((a + b) / 2 for a, b in zip(latents, again, strict=True)))
    return *latents, network.emotion_head(latents.z_emotion).softmax(dim=1)


def emotion_logits(
    network: DisentangledSTGCN, cycles: CycleBatch, layout: Layout, *, batch: int = 1024
) -> npt.NDArray[np.float32]:
    """Logits ``[N, Q]`` of N cycles, those behind ``encode``'s probabilities; the network is afterwards as it was."""
    device = next(network.parameters()).device
    parts = []
    with eval_mode(network), torch.no_grad():
        for part in cycles.to(device).split(batch):
            image = mirror(part, layout, torch.ones_like(part.emotion, dtype=torch.bool))
            latents = [network.encode_emotion(one.positions, one.stride_time_s) for one in (part, image)]
            parts.append(network.emotion_head((latents[0] + latents[1]) / 2))
    return np.asarray(torch.cat(parts).cpu().numpy(), np.float32)


def emotion_probabilities(
    network: DisentangledSTGCN, cycles: CycleBatch, layout: Layout, *, batch: int = 1024
) -> npt.NDArray[np.float32]:
    """Probabilities ``[N, Q]`` of N cycles, not temperature-scaled."""
    logits = torch.from_numpy(emotion_logits(network, cycles, layout, batch=batch))
    return np.asarray(logits.softmax(dim=1).numpy(), np.float32)
