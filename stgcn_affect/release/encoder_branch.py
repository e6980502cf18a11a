"""The emotion branch of a trained network alone, with its batch normalisation folded into the convolutions."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.nn.st_gcn import Encoder
from stgcn_affect.skeleton.layout import Layout

OUTPUTS = ("logits", "z_emotion", "outlier_score")
"""The outputs of the branch, in order."""


class EmotionBranch(nn.Module):
    """What predicts the emotion of a cycle: input channels, emotion encoder, clip and linear head, as one module.

    It averages the latents of a cycle and of its mirror image, as predictions do. It shares no memory with the network
    that it is made of, and holds nothing else of it: no identity encoder, no adversary, no decoder, no name.

    Args:
        network: trained, in evaluation mode.
        layout: the skeleton, whose mirror pairs are exchanged.

    Shapes:
        - positions: ``[B, T, V, 3]`` body heights, pelvis-centred, facing +z; stride_time_s: ``[B]`` seconds.
        - output: logits ``[B, Q]``, not divided by a temperature; z_emotion ``[B, De]``; outlier score ``[B]``.
    """

    mirrored_joints: Tensor
    flip: Tensor

    def __init__(self, network: DisentangledSTGCN, layout: Layout) -> None:
        super().__init__()
        self.channels = deepcopy(network.emotion_channels)
        self.encoder = folded(network.emotion_encoder)
        self.clip = deepcopy(network.emotion_radial_clip)
        self.head = deepcopy(network.emotion_head)
        order = torch.as_tensor(layout.mirror_permutation)
        self.register_buffer("mirrored_joints", order, persistent=False)
        self.register_buffer("flip", torch.tensor([-1.0, 1.0, 1.0]), persistent=False)
        self.eval().requires_grad_(False)

    def forward(self, positions: Tensor, stride_time_s: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits, z_emotion and outlier score of B cycles."""
        samples = positions.shape[1]
        image = torch.roll(positions[:, :, self.mirrored_joints] * self.flip, -(samples // 2), dims=1)
        x = self.channels(positions, stride_time_s)
        z = (self._latent(x) + self._latent(self.channels(image, stride_time_s))) / 2
        return self.head(z), z, x.square().mean(dim=(1, 2, 3)).sqrt()

    def _latent(self, x: Tensor) -> Tensor:
        z: Tensor = self.clip(self.encoder(x).embedding)
        return z


def folded(encoder: Encoder) -> Encoder:
    """A copy of an encoder in evaluation mode whose batch normalisations are part of the linear maps before them."""
    copy = deepcopy(encoder).eval()
    for block in cast(Iterable[Any], copy.blocks):
        block.spatial.linear = fuse_linear_bn_eval(block.spatial.linear, block.spatial_norm)
        block.temporal = fuse_conv_bn_eval(block.temporal, block.temporal_norm)
        block.spatial_norm, block.temporal_norm = nn.Identity(), nn.Identity()
    return copy
