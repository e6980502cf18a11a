"""Retarget a walk to other bone lengths."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]


def retarget(positions: Floats, layout: Layout, lengths: Floats) -> npt.NDArray[np.float32]:
    """Retarget to other bone lengths: every bone keeps its direction, and the root joint stays where it is.

    Args:
        positions: ``[..., V, 3]``.
        layout: the joints' tree.
        lengths: ``[V-1]`` or anything that broadcasts to ``[..., V-1]``, in the order of ``layout.bones``.

    Returns:
        ``[..., V, 3]``. A bone that has no length in ``positions`` has no direction either and stays a point.

    Raises:
        InputError: the number of lengths is not V-1.
    """
    bones = len(layout.bones)
    if np.shape(lengths)[-1:] != (bones,):
        raise InputError(
            f"layout {layout.name}: retarget needs one length for each of {bones} bones (got {np.shape(lengths)})"
        )
    graph = SkeletonGraph(layout)
    parent, child = graph.bone_ends
    bone = positions[..., child, :] - positions[..., parent, :]
    norm = np.linalg.norm(bone, axis=-1, keepdims=True)
    unit = np.divide(bone, norm, out=np.zeros_like(bone), where=norm > 1e-9)
    root = positions[..., layout.root, None, :]
    placed = root + graph.bone_chains @ (unit * np.asarray(lengths)[..., None])
    return np.asarray(placed, np.float32)
