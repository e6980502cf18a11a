"""The networks that are compared: stacks of our block, and the field's own forms, written from their papers."""

from collections.abc import Sequence
from copy import deepcopy
from itertools import pairwise
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from stgcn_affect.nn.graph_conv import SkeletonConv
from stgcn_affect.nn.st_gcn import SpatialTemporalBlock
from stgcn_affect.skeleton.graph import PARTITIONS, SkeletonGraph
from stgcn_affect.skeleton.layout import Layout, load_layout


class Peer(NamedTuple):
    """A network and its input, in the memory format that the network works in.

    Shapes:
        - x: ``[B, C, T, V]``
    """

    network: nn.Module
    x: Tensor


class OriginalBlock(nn.Module):
    r"""The block in the form of ST-GCN (Yan et al., AAAI 2018, section 3.6): map to all partitions, then aggregate.

    A 1x1 convolution makes K * C' channels; ``einsum`` sums :math:`\sum_k W_k x (A_k \odot M_k)` over partitions and
    neighbours, with dense ``[V, V]`` matrices; memory is contiguous ``[B, C, T, V]``. Where our block departs from the
    paper, this one does as ours, so that both compute the same: time is circular, the shortcut has no normalisation,
    and dropout, here left out as in every network of the comparison, would be last.

    Args:
        in_channels: C.
        out_channels: C'.
        graph: the skeleton.
        kernel: odd width of the temporal convolution, in samples.
        circular: time is circular; otherwise it is padded with zeros inside the convolution, as published.

    Shapes:
        - input: ``[B, C, T, V]``
        - output: ``[B, C', T, V]``
    """

    adjacency: Tensor

    def __init__(
        self, in_channels: int, out_channels: int, graph: SkeletonGraph, *, kernel: int, circular: bool = True
    ) -> None:
        super().__init__()
        adjacency = torch.from_numpy(graph.adjacency).transpose(1, 2).contiguous()  # [K, source, target]
        self.register_buffer("adjacency", adjacency)
        self.importance = nn.Parameter(torch.ones_like(adjacency))
        self.spatial = nn.Conv2d(in_channels, len(PARTITIONS) * out_channels, 1)
        self.spatial_norm = nn.BatchNorm2d(out_channels)
        self.spatial_relu = nn.ReLU()
        self.reach = kernel // 2 if circular else 0
        padding = (0 if circular else kernel // 2, 0)
        self.temporal = nn.Conv2d(out_channels, out_channels, (kernel, 1), padding=padding)
        self.temporal_norm = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Identity() if in_channels == out_channels else nn.Conv2d(in_channels, out_channels, 1)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Convolve ``[B, C, T, V]`` to ``[B, C', T, V]``."""
        y = self.spatial(x)
        y = y.view(len(x), len(PARTITIONS), -1, *x.shape[2:])
        y = torch.einsum("bkctv,kvw->bctw", y, self.adjacency * self.importance).contiguous()
        y = _wrapped(self.spatial_relu(self.spatial_norm(y)), self.reach)
        y = self.temporal_norm(self.temporal(y))
        return cast(Tensor, self.relu(y + self.shortcut(x)))

    def take_weights(self, block: SpatialTemporalBlock, graph: SkeletonGraph) -> None:
        """Copy the weights of our block; the outputs are equal while each joint's edge weights sum to 1.

        The bias of the map is aggregated too, so a joint whose weights sum to s has s times the bias.
        """
        spatial, partitions = block.spatial, len(PARTITIONS)
        edges = graph.partition_edges()
        source, target = edges.edge_index
        weight: Tensor = spatial.linear.weight
        with torch.no_grad():
            self.importance[edges.partition, source, target] = spatial.importance
            by_partition = weight.view(len(weight), partitions, -1).transpose(0, 1)  # [K, C', C]
            self.spatial.weight.copy_(by_partition.reshape(self.spatial.weight.shape))
            self.spatial.bias.copy_(spatial.linear.bias.repeat(partitions))  # type: ignore[union-attr]
        for name in ("spatial_norm", "temporal", "temporal_norm", "shortcut"):
            getattr(self, name).load_state_dict(getattr(block, name).state_dict())


class TemporalNetwork(nn.Module):
    """A temporal convolution network without a graph (Kim and Reiter, CVPR Workshops 2017), ST-GCN's own baseline.

    The channels of all joints of a sample are one vector. A first convolution over time is followed by residual units
    x + convolution(ReLU(BatchNorm(x))) at stride 1, with circular time.

    Args:
        in_channels: C.
        joints: V.
        widths: channels of each unit.
        kernel: odd width of the convolutions, in samples.

    Shapes:
        - input: ``[B, C, T, V]``
        - output: ``[B, C', T]``, C' the last of ``widths``
    """

    def __init__(self, in_channels: int, joints: int, widths: Sequence[int], *, kernel: int) -> None:
        super().__init__()
        self.reach = kernel // 2
        self.first = nn.Conv1d(in_channels * joints, widths[0], kernel)
        self.norms = nn.ModuleList(nn.BatchNorm1d(width) for width in widths)
        self.convolutions = nn.ModuleList(nn.Conv1d(c, out, kernel) for c, out in pairwise(widths))
        self.shortcuts = nn.ModuleList(nn.Identity() if c == o else nn.Conv1d(c, o, 1) for c, o in pairwise(widths))
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Convolve ``[B, C, T, V]`` to ``[B, C', T]``."""
        x = self.first(_wrapped(x.transpose(2, 3).flatten(1, 2), self.reach))
        *norms, last = self.norms
        for norm, convolution, shortcut in zip(norms, self.convolutions, self.shortcuts, strict=True):
            x = shortcut(x) + convolution(_wrapped(self.relu(norm(x)), self.reach))
        return cast(Tensor, self.relu(last(x)))


def _wrapped(x: Tensor, reach: int) -> Tensor:
    """Samples of the end before the start and the other way round, along the third axis."""
    return torch.cat([x[:, :, x.shape[2] - reach :], x, x[:, :, :reach]], dim=2) if reach else x


def our_network(in_channels: int, widths: Sequence[int], graph: SkeletonGraph, *, kernel: int) -> nn.Sequential:
    """A stack of our blocks without dropout, with random weights: every edge and every channel has another weight.

    The weights of a joint's edges sum to 1, as those of the graph do: see ``OriginalBlock.take_weights``.

    Args:
        in_channels: C.
        widths: channels of each block.
        graph: the skeleton.
        kernel: odd width of the temporal convolutions.
    """
    blocks = [
        SpatialTemporalBlock(c, width, graph, kernel=kernel, dropout=0.0)
        for c, width in pairwise([in_channels, *widths])
    ]
    edges = graph.partition_edges()
    target, weight = torch.from_numpy(edges.edge_index[1]), torch.from_numpy(edges.weight)
    with torch.no_grad():
        for block in blocks:
            importance = 0.5 + torch.rand(len(weight))
            sums = torch.zeros(graph.num_joints).index_add(0, target, importance * weight)
            block.spatial.importance.copy_(importance / sums[target])
            for norm in (block.spatial_norm, block.temporal_norm):
                norm.weight.uniform_(0.5, 1.5)
                norm.bias.normal_(std=0.1)
    return nn.Sequential(*blocks)


def original_network(ours: nn.Sequential, graph: SkeletonGraph, *, kernel: int, circular: bool = True) -> nn.Sequential:
    """The stack in ST-GCN's original form, with the weights of ours."""
    others = []
    for block in cast(list[SpatialTemporalBlock], list(ours)):
        out, columns = block.spatial.linear.weight.shape
        other = OriginalBlock(columns // len(PARTITIONS), out, graph, kernel=kernel, circular=circular)
        other.to(block.spatial.linear.weight.dtype)
        other.take_weights(block, graph)
        others.append(other)
    return nn.Sequential(*others)


def message_network(ours: nn.Sequential) -> nn.Sequential:
    """The stack with PyG's message passing in place of the fused spatial convolution, with the weights of ours."""
    network = deepcopy(ours)
    for module in network.modules():
        if isinstance(module, SkeletonConv):
            module.fused = False
    return network


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
