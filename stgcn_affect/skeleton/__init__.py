"""Skeletons: joints, bones, mirror pairs, roles, and the graph made of them."""

from stgcn_affect.skeleton.exports import partition_graph, write_graph
from stgcn_affect.skeleton.graph import PARTITIONS, PartitionEdges, SkeletonGraph
from stgcn_affect.skeleton.layout import OPTIONAL_ROLES, ROLES, Layout, layout_names, load_layout
from stgcn_affect.skeleton.limbs import LIMBS, limb_groups

__all__ = [
    "LIMBS",
    "OPTIONAL_ROLES",
    "PARTITIONS",
    "ROLES",
    "Layout",
    "PartitionEdges",
    "SkeletonGraph",
    "layout_names",
    "limb_groups",
    "load_layout",
    "partition_graph",
    "write_graph",
]
