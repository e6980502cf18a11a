"""What a body gives away without moving: its bones' lengths, and with them the tempo it walks at."""

import torch
from torch import Tensor, nn

from stgcn_affect.nn.retarget import Retarget
from stgcn_affect.skeleton.graph import SkeletonGraph


class BodyMeasures(nn.Module):
    """Standardised bone ratios and log stride time of a cycle.

    Args:
        graph: the skeleton.

    Shapes:
        - positions: ``[B, T, V, 3]`` body heights; stride_time_s: ``[B]``
        - output: ``[B, V]``: V-1 bone lengths over body height, then the log stride time
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, graph: SkeletonGraph) -> None:
        super().__init__()
        self.size = len(graph.bones) + 1
        self.skeleton = Retarget(graph)
        self.register_buffer("mean", torch.zeros(self.size))
        self.register_buffer("scale", torch.ones(self.size))

    def raw(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """Measures before standardisation."""
        return torch.cat([self.skeleton.bone_lengths(positions), stride_time_s.log()[:, None]], dim=1)

    @torch.no_grad()
    def fit(self, positions: Tensor, stride_time_s: Tensor) -> None:
        """Take mean and spread from training cycles; a bone of one length in all counts as not spread."""
        measures = self.raw(positions, stride_time_s)
        self.mean.copy_(measures.mean(dim=0))
        self.scale.copy_(measures.std(dim=0).clamp_min(1e-3))

    def forward(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """Measures ``[B, V]``."""
        return (self.raw(positions, stride_time_s) - self.mean) / self.scale
