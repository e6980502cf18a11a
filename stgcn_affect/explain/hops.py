"""How far along the bones a block sees, without which a joint's map cannot be read."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.graph import SkeletonGraph


def hops_seen(block: int) -> int:
    """Bones between a joint and the farthest one that its activation depends on: one more for every block.

    Raises:
        InputError: a negative block.
    """
    if block < 0:
        raise InputError(f"block: expected 0 or more (got {block})")
    return block + 1


def share_seen(graph: SkeletonGraph, block: int) -> npt.NDArray[np.float64]:
    """Share of the joints that each joint has seen at a block's output, itself included, ``[V]`` in 0..1.

    Where it is near 1 for all, every joint has seen the whole body, and a map of that block is less local than it
    looks.

    Raises:
        InputError: a negative block.
    """
    near: npt.NDArray[np.float64] = (graph.hops <= hops_seen(block) * graph.max_hop).mean(axis=1)
    return near
