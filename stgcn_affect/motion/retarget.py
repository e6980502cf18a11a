"""Put a walk on a body of other proportions."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]


def retarget(positions: Floats, layout: Layout, lengths: Floats) -> npt.NDArray[np.float32]:
    """Keep the direction of every bone and replace its length; the root joint stays where it is.

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
    parent, child = np.array(layout.bones).T
    bone = positions[..., child, :] - positions[..., parent, :]
    norm = np.linalg.norm(bone, axis=-1, keepdims=True)
    unit = np.divide(bone, norm, out=np.zeros_like(bone), where=norm > 1e-9)
    root = positions[..., layout.root, None, :]
    placed = root + _ancestry(layout) @ (unit * np.asarray(lengths)[..., None])
    return np.asarray(placed, np.float32)


def _ancestry(layout: Layout) -> npt.NDArray[np.float32]:
    """``[V, V-1]``: 1 where a bone lies on the way from the root to a joint."""
    number = {child: b for b, (_, child) in enumerate(layout.bones)}
    on_the_way = np.zeros((layout.num_joints, len(layout.bones)), np.float32)
    for v in layout.topological[1:]:
        on_the_way[v] = on_the_way[layout.parents[v]]
        on_the_way[v, number[v]] = 1
    return on_the_way
