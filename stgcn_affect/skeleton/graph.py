"""The skeleton as a graph: distances, ST-GCN's partitions and adjacency, and views for PyG and networkx."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout

if TYPE_CHECKING:
    from stgcn_affect.pyg import Data

PARTITIONS: tuple[str, str, str] = ("root", "centripetal", "centrifugal")
"""Names of the K=3 spatial partitions, in the order of the adjacency's first axis."""


class PartitionEdges(NamedTuple):
    """The adjacency's nonzero entries as a list of E edges, self loops included.

    Shapes:
        - edge_index: ``[2, E]`` int64, row 0 the source, row 1 the target.
        - partition: ``[E]`` int64 in 0..2, a position in ``PARTITIONS``.
        - weight: ``[E]`` float32, ``adjacency[partition, target, source]``.
    """

    edge_index: npt.NDArray[np.int64]
    partition: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SkeletonGraph:
    """A layout as an undirected graph of V joints, with the spatial partitions of ST-GCN (Yan et al., AAAI 2018).

    Dense matrices are indexed ``[target, source]``, so that ``adjacency[k] @ x`` with ``x`` of shape ``[V, C]`` gathers
    at each target; edge lists follow PyG: row 0 the source, row 1 the target.

    Args:
        layout: joints, parents and roles.
        max_hop: joints at most this many bones apart are neighbours, at least 1.

    Raises:
        InputError: ``max_hop`` is below 1.
    """

    layout: Layout
    max_hop: int = 1

    def __post_init__(self) -> None:
        if self.max_hop < 1:
            raise InputError(f"layout {self.layout.name}: max_hop must be at least 1 (got {self.max_hop})")

    @property
    def num_joints(self) -> int:
        """Number of joints, V."""
        return self.layout.num_joints

    @property
    def bones(self) -> tuple[tuple[int, int], ...]:
        """The V-1 bones as pairs (parent, child) of joint indices."""
        return self.layout.bones

    @cached_property
    def bone_ends(self) -> npt.NDArray[np.int64]:
        """``[2, V-1]``: the parents and the children of ``bones``."""
        return np.array(self.bones, dtype=np.int64).reshape(-1, 2).T

    @cached_property
    def bone_chains(self) -> npt.NDArray[np.float32]:
        """``[V, V-1]``: 1 where a bone lies between the root and a joint, else 0.

        Times the bones' vectors ``[V-1, 3]`` it gives the joints' positions from the root.
        """
        number = {child: bone for bone, (_, child) in enumerate(self.bones)}
        chains = np.zeros((self.num_joints, len(self.bones)), np.float32)
        for joint in self.layout.topological[1:]:
            chains[joint] = chains[self.layout.parents[joint]]
            chains[joint, number[joint]] = 1.0
        return chains

    @cached_property
    def hops(self) -> npt.NDArray[np.int64]:
        """``[V, V]``: number of bones between two joints."""
        v = self.num_joints
        hops = np.zeros((v, v), dtype=np.int64)
        done: list[int] = []
        for joint in self.layout.topological:
            if done:
                hops[joint, done] = hops[done, joint] = hops[self.layout.parents[joint], done] + 1
            done.append(joint)
        return hops

    @cached_property
    def centre_hops(self) -> npt.NDArray[np.int64]:
        """``[V]``: bones between each joint and the pelvis, to the nearest joint where several play the pelvis."""
        nearest: npt.NDArray[np.int64] = self.hops[:, list(self.layout.role_indices("pelvis"))].min(axis=1)
        return nearest

    @cached_property
    def partition(self) -> npt.NDArray[np.int64]:
        """``[V, V]`` (target, source): 0 root, 1 centripetal, 2 centrifugal, -1 where they are no neighbours.

        A neighbour as far from the centre as the target, itself included, is in the root group; one nearer to the
        centre is centripetal; one farther away is centrifugal (Yan et al. 2018, equation 8).
        """
        target, source = self.centre_hops[:, None], self.centre_hops[None, :]
        group = np.where(source == target, 0, np.where(source < target, 1, 2))
        return np.where(self.hops <= self.max_hop, group, -1).astype(np.int64)

    @cached_property
    def adjacency(self) -> npt.NDArray[np.float32]:
        """``[3, V, V]`` (partition, target, source), normalised as in ST-GCN.

        Every neighbour of a target, itself included, weighs 1 / (number of its neighbours with itself), whatever its
        partition: each target's weights sum to 1 over sources and partitions. ST-GCN writes this A D^-1 with the
        source first; with the target first it is D^-1 A, D the degrees of the undirected graph with self loops.
        """
        near = self.hops <= self.max_hop
        weight = near / near.sum(axis=1, keepdims=True)
        stacked = np.stack([np.where(self.partition == k, weight, 0.0) for k in range(len(PARTITIONS))])
        return stacked.astype(np.float32)

    @cached_property
    def edge_index(self) -> npt.NDArray[np.int64]:
        """``[2, 2(V-1)]``: every bone both ways, without self loops, in PyG's order (by source, then target)."""
        source, target = np.nonzero(self.hops == 1)
        return np.stack([source, target]).astype(np.int64)

    def partition_edges(self) -> PartitionEdges:
        """The adjacency as edges: scattering ``weight * x[source]`` to the targets equals the dense product.

        Neighbours come first, in the order of ``edge_index``, then the V self loops: what PyG expects of a layer that
        adds self loops when it spreads an edge mask over the messages.
        """
        source, target = np.nonzero((self.hops > 0) & (self.hops <= self.max_hop))
        loops = np.arange(self.num_joints)
        source, target = np.concatenate([source, loops]), np.concatenate([target, loops])
        partition = self.partition[target, source]
        return PartitionEdges(
            edge_index=np.stack([source, target]).astype(np.int64),
            partition=partition,
            weight=self.adjacency[partition, target, source],
        )

    def to_networkx(self) -> nx.Graph:
        """An undirected ``networkx.Graph`` whose nodes are the joints' names.

        Attributes are strings and numbers alone, so that every writer (GraphML, GEXF) takes them. Node: ``index``,
        ``roles`` (joined by a comma), ``mirror`` (the joint on the other side), ``centre_hops``, and ``x``, ``y``,
        ``z`` in metres where the layout has a rest pose. Edge: ``length_m``, likewise.
        """
        layout = self.layout
        graph = nx.Graph(name=layout.name)
        for v, joint in enumerate(layout.joints):
            roles = ",".join(role for role, players in layout.roles.items() if joint in players)
            other = layout.joints[int(layout.mirror_permutation[v])]
            graph.add_node(joint, index=v, roles=roles, mirror=other, centre_hops=int(self.centre_hops[v]))
            if layout.rest is not None:
                graph.nodes[joint].update(zip("xyz", map(float, layout.rest[v]), strict=True))
        for parent, child in layout.bones:
            graph.add_edge(layout.joints[parent], layout.joints[child])
            if layout.rest is not None:
                length = float(np.linalg.norm(layout.rest[child] - layout.rest[parent]))
                graph.edges[layout.joints[parent], layout.joints[child]]["length_m"] = length
        return graph

    def to_data(self) -> "Data":
        """A ``torch_geometric.data.Data`` of the skeleton at rest.

        Shapes:
            - edge_index: ``[2, 2(V-1)]``, every bone both ways.
            - edge_type: ``[2(V-1)]``, the partition of each edge, a position in ``PARTITIONS``.
            - pos: ``[V, 3]`` rest positions in metres, where the layout has them.
            - joints: V names; num_nodes: V.
        """
        import torch  # here, so that the pictures, which need the graph alone, do without torch

        from stgcn_affect.pyg import Data

        source, target = self.edge_index
        data = Data(
            edge_index=torch.from_numpy(self.edge_index.copy()),
            edge_type=torch.from_numpy(self.partition[target, source]),
            num_nodes=self.num_joints,
            joints=list(self.layout.joints),
        )
        if self.layout.rest is not None:
            data.pos = torch.from_numpy(np.array(self.layout.rest, dtype=np.float32))
        return data
