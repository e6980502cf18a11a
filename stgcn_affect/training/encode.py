"""What a trained network says of cycles: latents and emotion probabilities, in evaluation mode and in batches."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from stgcn_affect.data.augment import mirror
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.nn.network import DisentangledGaitNetwork, Latents
from stgcn_affect.skeleton.layout import Layout

Array = npt.NDArray[np.float32]


class Encodings(NamedTuple):
    """Shapes: z_emotion ``[N, De]``; z_identity ``[N, Di]``; probabilities ``[N, Q]``."""

    z_emotion: Array
    z_identity: Array
    probabilities: Array


@torch.no_grad()
def encode(
    network: DisentangledGaitNetwork, cycles: CycleBatch, layout: Layout, *, mirrored: bool = True, batch: int = 256
) -> Encodings:
    """Encode N cycles with the network as it is released; its mode is as before afterwards.

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
        rows = range(0, len(cycles.emotion), batch)
        parts = [_encode(network, CycleBatch(*(c[i : i + batch] for c in cycles)), layout, mirrored) for i in rows]
    finally:
        network.train(training)
    return Encodings(*(torch.cat(column).cpu().numpy() for column in zip(*parts, strict=True)))


def _encode(network: DisentangledGaitNetwork, part: CycleBatch, layout: Layout, mirrored: bool) -> tuple[Tensor, ...]:
    part = part.to(next(network.parameters()).device)
    latents = network.encode(part.positions, part.stride_time_s)
    if mirrored:
        image = mirror(part, layout, torch.ones_like(part.emotion, dtype=torch.bool))
        again = network.encode(image.positions, image.stride_time_s)
        latents = Latents(*((a + b) / 2 for a, b in zip(latents, again, strict=True)))
    return *latents, network.emotion_head(latents.z_emotion).softmax(dim=1)
