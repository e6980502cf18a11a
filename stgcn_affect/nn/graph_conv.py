"""Graph convolution over the joints, in ST-GCN's three partitions."""

import torch
from torch import Tensor, nn

from stgcn_affect.nn.rows import joint_conv
from stgcn_affect.pyg import MessagePassing
from stgcn_affect.skeleton.graph import PARTITIONS, SkeletonGraph


class SkeletonConv(MessagePassing):  # type: ignore[misc]  # torch_geometric is untyped
    r"""Spatial convolution of ST-GCN: :math:`\sum_k (A_k \odot M_k)\, x\, W_k` (Yan et al. 2018, equation 10).

    The neighbours are aggregated first and one linear map follows. Two paths compute the same: a fused dense one, and
    PyG's message path, taken when ``fused`` is false or while an explainer masks edges (``torch_geometric.explain``).

    Args:
        in_channels: C.
        out_channels: C'.
        graph: the skeleton.
        fused: take the dense path unless edges are being explained.

    Shapes:
        - input: ``[..., V, C]``
        - output: ``[..., V, C']``
    """

    edge_index: Tensor
    edge_partition: Tensor
    edge_slot: Tensor
    edge_weight: Tensor

    def __init__(self, in_channels: int, out_channels: int, graph: SkeletonGraph, *, fused: bool = True) -> None:
        super().__init__(aggr="add", node_dim=-2)
        edges = graph.partition_edges()
        source, target = torch.from_numpy(edges.edge_index)
        partition = torch.from_numpy(edges.partition)
        self.num_joints = graph.num_joints
        self.fused = fused
        self.register_buffer("edge_index", torch.from_numpy(edges.edge_index), persistent=False)
        self.register_buffer("edge_partition", partition, persistent=False)
        self.register_buffer("edge_weight", torch.from_numpy(edges.weight), persistent=False)
        slot = (target * len(PARTITIONS) + partition) * self.num_joints + source
        self.register_buffer("edge_slot", slot, persistent=False)
        self.importance = nn.Parameter(torch.ones(len(slot)))
        self.linear = nn.Linear(len(PARTITIONS) * in_channels, out_channels)

    def adjacency(self) -> Tensor:
        """``[V * K, V]``: the weighted adjacency with the learned importance in it, row ``target * K + partition``."""
        size = self.num_joints * len(PARTITIONS) * self.num_joints
        flat = self.edge_weight.new_zeros(size).index_copy(0, self.edge_slot, self.edge_weight * self.importance)
        return flat.view(-1, self.num_joints)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve ``[..., V, C]`` to ``[..., V, C']``."""
        if self.fused and not self.explain:
            nodes = x.reshape(-1, *x.shape[-2:])
            # Not matmul, which would fold the expanded matrix into a single product with two transposed copies.
            gathered = torch.bmm(self.adjacency().expand(nodes.shape[0], -1, -1), nodes)
        else:
            gathered = self.propagate(self.edge_index, x=x, weight=self.edge_weight * self.importance)
        return self.linear(gathered.reshape(*x.shape[:-1], -1))  # type: ignore[no-any-return]

    def on_rows(self, x: Tensor) -> Tensor:
        """Convolve ``[T, V, B, C]`` to ``[T, V, B, C']``: the dense path for training, see ``joint_conv``."""
        adjacency = self.adjacency().view(self.num_joints, -1, self.num_joints).transpose(0, 1).contiguous()
        weight = self.linear.weight.view(self.linear.out_features, len(adjacency), -1).permute(1, 2, 0)
        return joint_conv(x, adjacency, weight, self.linear.bias)

    def message(self, x_j: Tensor, weight: Tensor) -> Tensor:
        """Place each edge's weighted source ``[..., E, C]`` in the slot of its partition, ``[..., E, K * C]``."""
        slots = nn.functional.one_hot(self.edge_partition, len(PARTITIONS)) * weight[:, None]
        return (slots[:, :, None] * x_j[..., None, :]).flatten(-2)
