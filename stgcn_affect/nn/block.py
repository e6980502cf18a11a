"""One spatial-temporal block: graph convolution over joints, circular convolution over the gait cycle."""

from typing import cast

import torch
from torch import Tensor, nn

from stgcn_affect.nn.spatial import SkeletonConv
from stgcn_affect.skeleton.graph import SkeletonGraph


class SpatialTemporalBlock(nn.Module):
    """ST-GCN's unit (Yan et al. 2018, section 3.6) with circular time and whole-channel dropout.

    Args:
        in_channels: C.
        out_channels: C'.
        graph: the skeleton.
        kernel: odd width of the temporal convolution, in samples.
        dropout: probability that a whole channel is dropped.

    Shapes:
        - input: ``[B, C, T, V]``, channels_last in memory
        - output: ``[B, C', T, V]``, channels_last in memory
    """

    def __init__(
        self, in_channels: int, out_channels: int, graph: SkeletonGraph, *, kernel: int = 3, dropout: float = 0.2
    ) -> None:
        super().__init__()
        if kernel < 1 or kernel % 2 == 0:
            raise ValueError(f"kernel must be odd and positive (got {kernel})")
        self.spatial = SkeletonConv(in_channels, out_channels, graph)
        self.spatial_norm = nn.BatchNorm2d(out_channels)
        self.spatial_relu = nn.ReLU()
        self.temporal = nn.Conv2d(out_channels, out_channels, (kernel, 1))
        self.reach = kernel // 2
        self.temporal_norm = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Identity() if in_channels == out_channels else nn.Conv2d(in_channels, out_channels, 1)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout2d(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve ``[B, C, T, V]`` to ``[B, C', T, V]``."""
        y = self.spatial(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        y = self.spatial_relu(self.spatial_norm(y))
        # Not padding_mode="circular", which gives up channels_last memory.
        y = torch.cat([y[:, :, y.shape[2] - self.reach :], y, y[:, :, : self.reach]], dim=2)
        y = self.temporal_norm(self.temporal(y))
        return cast(Tensor, self.dropout(self.relu(y + self.shortcut(x))))
