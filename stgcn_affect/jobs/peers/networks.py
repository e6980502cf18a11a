"""The networks that are compared: stacks of our block, and the field's own forms, written from their papers."""

from collections.abc import Sequence
from copy import deepcopy
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from stgcn_affect.nn.graph_conv import SkeletonConv
from stgcn_affect.nn.st_gcn import SpatialTemporalBlock
from stgcn_affect.settings import BlockSize
from stgcn_affect.skeleton.graph import PARTITIONS, SkeletonGraph
from stgcn_affect.skeleton.layout import Layout, load_layout


class Peer(NamedTuple):
    """A network and its input, in the memory format that the network works in.

    Shapes:
        - x: ``[B, C, T, V]``
    """

    network: nn.Module
    x: Tensor


class OriginalConv(nn.Module):
    r"""Spatial convolution as in ST-GCN (Yan et al., AAAI 2018, section 3.6): map to all partitions, then aggregate.

    A 1x1 convolution makes K * C' channels; ``einsum`` sums :math:`\sum_k W_k x (A_k \odot M_k)` over partitions and
    neighbours, with dense ``[V, V]`` matrices.

    Args:
        in_channels: C.
        out_channels: C'.
        graph: the skeleton.

    Shapes:
        - input: ``[B, C, T, V]``
        - output: ``[B, C', T, V]``
    """

    adjacency: Tensor

    def __init__(self, in_channels: int, out_channels: int, graph: SkeletonGraph) -> None:
        super().__init__()
        adjacency = torch.from_numpy(graph.adjacency).transpose(1, 2).contiguous()  # [K, source, target]
        self.register_buffer("adjacency", adjacency)
        self.importance = nn.Parameter(torch.ones_like(adjacency))
        self.map = nn.Conv2d(in_channels, len(PARTITIONS) * out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve ``[B, C, T, V]`` to ``[B, C', T, V]``."""
        y = self.map(x)
        y = y.view(len(x), len(PARTITIONS), -1, *x.shape[2:])
        return torch.einsum("bkctv,kvw->bctw", y, self.adjacency * self.importance).contiguous()

    def take_weights(self, conv: SkeletonConv) -> None:
        """Copy the weights of our convolution; the outputs are equal while each joint's edge weights sum to 1.

        The bias of the map is aggregated too, so a joint whose weights sum to s has s times the bias.
        """
        weight: Tensor = conv.linear.weight
        by_partition = weight.view(len(weight), len(PARTITIONS), -1).transpose(0, 1)  # [K, C', C]
        source, target = conv.edge_index
        with torch.no_grad():
            self.importance[conv.edge_partition, source, target] = conv.importance
            self.map.weight.copy_(by_partition.reshape(self.map.weight.shape))
            cast(Tensor, self.map.bias).copy_(conv.linear.bias.repeat(len(PARTITIONS)))


class MessageConv(nn.Module):
    """Spatial convolution by PyG's message passing: a message along every edge, summed at its target.

    Args:
        conv: the convolution whose graph and weights it has.

    Shapes:
        - input: ``[B, C, T, V]``
        - output: ``[B, C', T, V]``
    """

    def __init__(self, conv: SkeletonConv) -> None:
        super().__init__()
        self.conv = deepcopy(conv)
        self.conv.fused = False

    def forward(self, x: Tensor) -> Tensor:
        """Convolve ``[B, C, T, V]`` to ``[B, C', T, V]``."""
        y: Tensor = self.conv(x.permute(0, 2, 3, 1))
        return y.permute(0, 3, 1, 2)


class PeerBlock(nn.Module):
    """ST-GCN's block around a given spatial convolution, as modules, with the other weights of one of our blocks.

    Where our block departs from the paper, this one does as ours, so that both compute the same: time is circular, the
    shortcut has no normalisation, and dropout, left out in the whole comparison, would be last.

    Args:
        block: our block.
        spatial: from ``[B, C, T, V]`` to ``[B, C', T, V]``.
        circular: time is circular; otherwise it is padded with zeros inside the convolution, as published.

    Shapes:
        - input: ``[B, C, T, V]``
        - output: ``[B, C', T / s, V]``, s the stride of our block
    """

    def __init__(self, block: SpatialTemporalBlock, spatial: nn.Module, *, circular: bool = True) -> None:
        super().__init__()
        self.spatial = spatial
        self.spatial_norm, self.temporal_norm = deepcopy(block.spatial_norm), deepcopy(block.temporal_norm)
        self.temporal, self.shortcut = deepcopy(block.temporal), deepcopy(block.shortcut)
        self.spatial_relu, self.relu = nn.ReLU(), nn.ReLU()
        reach = self.temporal.kernel_size[0] // 2
        self.reach, self.temporal.padding = (reach, (0, 0)) if circular else (0, (reach, 0))

    def forward(self, x: Tensor) -> Tensor:
        """Convolve ``[B, C, T, V]`` to ``[B, C', T / s, V]``."""
        y = self.spatial_relu(self.spatial_norm(self.spatial(x)))
        y = self.temporal_norm(self.temporal(_wrapped(y, self.reach)))
        return cast(Tensor, self.relu(y + self.shortcut(x[:, :, :: self.temporal.stride[0]])))


class TemporalNetwork(nn.Module):
    """A temporal convolution network without a graph (Kim and Reiter, CVPR Workshops 2017), ST-GCN's own baseline.

    The channels of all joints of a sample are one vector. A first convolution over time is followed by residual units
    x + convolution(ReLU(BatchNorm(x))), with circular time.

    Args:
        in_channels: C.
        joints: V.
        units: channels and stride of each unit.
        kernel: odd width of the convolutions, in samples.

    Shapes:
        - input: ``[B, C, T, V]``
        - output: ``[B, C', T']``, C' channels of the last unit, T' = T over the product of the strides
    """

    def __init__(self, in_channels: int, joints: int, units: Sequence[BlockSize], *, kernel: int) -> None:
        super().__init__()
        self.reach = kernel // 2
        first, *rest = units
        self.first = nn.Conv1d(in_channels * joints, first.channels, kernel, first.stride)
        self.norms = nn.ModuleList(nn.BatchNorm1d(unit.channels) for unit in units)
        self.convolutions, self.shortcuts = nn.ModuleList(), nn.ModuleList()
        for before, (out, stride) in zip(units, rest, strict=False):
            same = before.channels == out and stride == 1
            self.convolutions.append(nn.Conv1d(before.channels, out, kernel, stride))
            self.shortcuts.append(nn.Identity() if same else nn.Conv1d(before.channels, out, 1, stride))
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Convolve ``[B, C, T, V]`` to ``[B, C', T']``."""
        x = self.first(_wrapped(x.transpose(2, 3).flatten(1, 2), self.reach))
        *norms, last = self.norms
        for norm, convolution, shortcut in zip(norms, self.convolutions, self.shortcuts, strict=True):
            x = shortcut(x) + convolution(_wrapped(self.relu(norm(x)), self.reach))
        return cast(Tensor, self.relu(last(x)))


def _wrapped(x: Tensor, reach: int) -> Tensor:
    """Samples of the end before the start and the other way round, along the third axis."""
    return torch.cat([x[:, :, x.shape[2] - reach :], x, x[:, :, :reach]], dim=2) if reach else x


def our_network(in_channels: int, blocks: Sequence[BlockSize], graph: SkeletonGraph, *, kernel: int) -> nn.Sequential:
    """A stack of our blocks without dropout, with random weights: every edge and every channel has another weight.

    The weights of a joint's edges sum to 1, as those of the graph do: see ``OriginalConv.take_weights``.

    Args:
        in_channels: C.
        blocks: channels and stride of each block.
        graph: the skeleton.
        kernel: odd width of the temporal convolutions.
    """
    edges = graph.partition_edges()
    target, weight = torch.from_numpy(edges.edge_index[1]), torch.from_numpy(edges.weight)
    made = []
    for c, (out, stride) in zip((in_channels, *(block.channels for block in blocks)), blocks, strict=False):
        block = SpatialTemporalBlock(c, out, graph, kernel=kernel, dropout=0.0, stride=stride)
        importance = 0.5 + torch.rand(len(weight))
        sums = torch.zeros(graph.num_joints).index_add(0, target, importance * weight)
        with torch.no_grad():
            block.spatial.importance.copy_(importance / sums[target])
            for norm in (block.spatial_norm, block.temporal_norm):
                norm.weight.uniform_(0.5, 1.5)
                norm.bias.normal_(std=0.1)
        made.append(block)
    return nn.Sequential(*made)


def original_network(ours: nn.Sequential, graph: SkeletonGraph, *, circular: bool = True) -> nn.Sequential:
    """The stack in ST-GCN's original form, with the weights of ours."""
    others = []
    for block in cast(list[SpatialTemporalBlock], list(ours)):
        out, columns = block.spatial.linear.weight.shape
        spatial = OriginalConv(columns // len(PARTITIONS), out, graph).to(block.spatial.linear.weight.dtype)
        spatial.take_weights(block.spatial)
        others.append(PeerBlock(block, spatial, circular=circular))
    return nn.Sequential(*others)


def message_network(ours: nn.Sequential) -> nn.Sequential:
    """The stack with PyG's message passing in place of the spatial convolution, with the weights of ours."""
    blocks = cast(list[SpatialTemporalBlock], list(ours))
    return nn.Sequential(*(PeerBlock(block, MessageConv(block.spatial)) for block in blocks))


def benchmark_layout(joints: int) -> Layout:
    """A body of 16 (Emotion-Gait), 25 (Kinect v2) or 53 joints: Kinect's with 14 finger joints on each hand."""
    if joints == 16:
        return load_layout("emotion_gait16")
    body = load_layout("kinect25")
    if joints == 25:
        return body
    content = body.to_dict() | {"name": "kinect25_fingers", "rest": None}
    for finger, (root, bones) in {**{str(i): ("Hand", 3) for i in range(1, 5)}, "Thumb": ("Thumb", 2)}.items():
        for side in ("Left", "Right"):
            above = f"{root}{side}"
            for bone in range(1, bones + 1):
                name = f"Finger{finger}_{bone}{side}"
                content["joints"][name], above = above, name
        content["mirror"] += [[f"Finger{finger}_{i}{side}" for side in ("Left", "Right")] for i in range(1, bones + 1)]
    return Layout.from_dict(content)
