"""ST-GCN: the spatial-temporal block, and the encoder made of a stack of them."""

import math
from collections.abc import Sequence
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from stgcn_affect.nn.graph_conv import SkeletonConv
from stgcn_affect.nn.rows import circular_conv
from stgcn_affect.settings import NetworkConfig, block_sizes
from stgcn_affect.skeleton.graph import SkeletonGraph


class SpatialTemporalBlock(nn.Module):
    """ST-GCN's block (Yan et al. 2018, section 3.6) with circular time and whole-channel dropout.

    Args:
        in_channels: C.
        out_channels: C'.
        graph: the skeleton.
        kernel: odd width of the temporal convolution, in samples.
        dropout: probability that a whole channel is dropped.
        stride: s of the temporal convolution and of the shortcut; it must divide T. Sample j of the output stands
            where sample s j of the input does, so that both start at the same phase.

    Shapes:
        - input: ``[B, C, T, V]``, channels_last in memory
        - output: ``[B, C', T / s, V]``, channels_last in memory
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        graph: SkeletonGraph,
        *,
        kernel: int = NetworkConfig.kernel,
        dropout: float = NetworkConfig.dropout,
        stride: int = 1,
    ) -> None:
        super().__init__()
        if kernel < 1 or kernel % 2 == 0:
            raise ValueError(f"kernel must be odd and positive (got {kernel})")
        if stride < 1:
            raise ValueError(f"stride must be 1 or more (got {stride})")
        self.spatial = SkeletonConv(in_channels, out_channels, graph)
        self.spatial_norm = nn.BatchNorm2d(out_channels)
        self.spatial_relu = nn.ReLU()
        self.temporal = nn.Conv2d(out_channels, out_channels, (kernel, 1), stride=(stride, 1))
        self.reach, self.stride = kernel // 2, stride
        self.temporal_norm = nn.BatchNorm2d(out_channels)
        same = in_channels == out_channels and stride == 1
        self.shortcut = nn.Identity() if same else nn.Conv2d(in_channels, out_channels, 1)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout2d(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve ``[B, C, T, V]`` to ``[B, C', T / s, V]``."""
        dense = self.spatial.fused and not self.spatial.explain
        return self._on_rows(x) if self.training and self.stride == 1 and dense else self._by_modules(x)

    def _on_rows(self, x: Tensor) -> Tensor:
        """The same by larger matrix products: in memory ``[T, V, B, C]``, which the next block takes as it is."""
        rows = x.permute(2, 3, 0, 1).contiguous()
        y = self.spatial_norm(self.spatial.on_rows(rows).permute(0, 3, 1, 2))
        y = self.spatial_relu(y).permute(0, 2, 3, 1)
        kernel = self.temporal.weight.squeeze(3).permute(2, 1, 0)
        y = self.temporal_norm(circular_conv(y, kernel, self.temporal.bias).permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        if isinstance(self.shortcut, nn.Conv2d):
            rows = nn.functional.linear(rows, self.shortcut.weight.flatten(1), self.shortcut.bias)
        return cast(Tensor, self.dropout(self.relu(y + rows).permute(2, 3, 0, 1)))

    def _by_modules(self, x: Tensor) -> Tensor:
        y = self.spatial(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        y = self.spatial_relu(self.spatial_norm(y))
        # Not padding_mode="circular", which gives up channels_last memory.
        y = torch.cat([y[:, :, y.shape[2] - self.reach :], y, y[:, :, : self.reach]], dim=2)
        y = self.temporal_norm(self.temporal(y))
        return cast(Tensor, self.dropout(self.relu(y + self.shortcut(x[:, :, :: self.stride]))))


class Encoded(NamedTuple):
    """The output of an encoder.

    Shapes:
        - features: ``[B, C', T'', V]``, the last block's output; T'' is T' over the product of the strides.
        - embedding: ``[B, D]``.
    """

    features: Tensor
    embedding: Tensor


class Encoder(nn.Module):
    """A stack of spatial-temporal blocks and a linear read-out.

    Args:
        in_channels: C.
        graph: the skeleton.
        width: C', channels of every block.
        blocks: number of blocks; each widens the receptive field by one hop and ``kernel - 1`` of its samples.
        channels: C' of every block, instead of ``width`` and ``blocks``. ST-GCN has 64 four times, then 128 and 256
            three times each.
        strides: stride of every block; 1 where none is given. ST-GCN has 2 where the channels double.
        kernel: odd width of the temporal convolutions.
        dropout: probability that a whole channel is dropped.
        embedding_dim: D.
        joint_readout: keep the joints (one weight per channel and joint after averaging over time), which tells which
            joint moved; otherwise average over the joints too.
        phase_samples: T', to keep the phase too where the joints are kept (one weight per channel, phase and joint): it
            tells when in the cycle a joint moved, and the embedding depends on where the cycle starts. 0 averages.
        extra_dim: numbers per cycle that join the read-out directly.

    Shapes:
        - x: ``[B, C, T', V]``; extra: ``[B, extra_dim]``
    """

    def __init__(
        self,
        in_channels: int,
        graph: SkeletonGraph,
        *,
        width: int = NetworkConfig.width,
        blocks: int = NetworkConfig.blocks,
        channels: Sequence[int] = (),
        strides: Sequence[int] = (),
        kernel: int = NetworkConfig.kernel,
        dropout: float = NetworkConfig.dropout,
        embedding_dim: int,
        joint_readout: bool = True,
        phase_samples: int = 0,
        extra_dim: int = 0,
    ) -> None:
        super().__init__()
        sizes = block_sizes(width=width, blocks=blocks, channels=channels, strides=strides)
        step = math.prod(size.stride for size in sizes)
        if phase_samples % step:
            raise ValueError(f"the product of the strides, {step}, must divide phase_samples (got {phase_samples})")
        inputs = [in_channels, *(size.channels for size in sizes)]
        self.blocks = nn.ModuleList(
            SpatialTemporalBlock(c, size.channels, graph, kernel=kernel, dropout=dropout, stride=size.stride)
            for c, size in zip(inputs, sizes, strict=False)
        )
        self.joint_readout = joint_readout
        self.phase_samples = phase_samples
        kept = graph.num_joints * max(phase_samples // step, 1) if joint_readout else 1
        pooled = inputs[-1] * kept
        self.readout = nn.Linear(pooled + extra_dim, embedding_dim)

    def forward(self, x: Tensor, extra: Tensor | None = None) -> Encoded:
        """Encode ``[B, C, T', V]``."""
        for block in self.blocks:
            x = block(x)
        return Encoded(features=x, embedding=self.read(x, extra))

    def read(self, features: Tensor, extra: Tensor | None = None) -> Tensor:
        """The embedding ``[B, D]`` of the last block's output ``[B, C', T'', V]``."""
        if self.joint_readout and self.phase_samples:
            pooled = features.flatten(1) / features.shape[2] ** 0.5  # as if averaged: the same size whatever T' is
        else:
            pooled = features.mean(dim=2)
            pooled = pooled.flatten(1) if self.joint_readout else pooled.mean(dim=2)
        if extra is not None:
            pooled = torch.cat([pooled, extra], dim=1)
        return cast(Tensor, self.readout(pooled))
