"""Forward kinematics: from the channels of a BVH file to positions."""

import numpy as np
import numpy.typing as npt
from pybvh.rotations import euler_to_rotmat

from stgcn_affect.motion.bvh import Bvh


def bvh_positions(bvh: Bvh) -> npt.NDArray[np.float64]:
    """Where all joints are in each frame, ``[T, V, 3]``, in the file's axes and unit.

    A joint stands at its parent's place plus its own translation turned by its parent's rotation. The translation is
    its position channels where it has them (they replace the offset, axis by axis), else its offset. Rotations apply in
    the order of the channels, each about the axes that the ones before it have turned.
    """
    frames, joints = len(bvh.motion), len(bvh.joints)
    angles, orders, translations = _local(bvh)
    turned = np.asarray(euler_to_rotmat(angles, orders))
    positions = np.empty((frames, joints, 3))
    for v, parent in enumerate(bvh.parents):
        if parent < 0:
            positions[:, v] = translations[:, v]
            continue
        positions[:, v] = positions[:, parent] + np.einsum("tij,tj->ti", turned[:, parent], translations[:, v])
        turned[:, v] = turned[:, parent] @ turned[:, v]
    return positions


def _local(bvh: Bvh) -> tuple[npt.NDArray[np.float64], list[str], npt.NDArray[np.float64]]:
    """Angles ``[T, V, 3]`` in radians, the order of the axes they turn about, and translations ``[T, V, 3]``."""
    frames, joints = len(bvh.motion), len(bvh.joints)
    angles = np.zeros((frames, joints, 3))
    translations = np.broadcast_to(bvh.offsets, (frames, joints, 3)).copy()
    orders = []
    column = 0
    for v, names in enumerate(bvh.channels):
        order = ""
        for name in names:
            value = bvh.motion[:, column]
            if name.endswith("position"):
                translations[:, v, "XYZ".index(name[0])] = value
            else:
                angles[:, v, len(order)] = np.deg2rad(value)
                order += name[0]
            column += 1
        orders.append(order + "".join(axis for axis in "XYZ" if axis not in order))
    return angles, orders, translations
