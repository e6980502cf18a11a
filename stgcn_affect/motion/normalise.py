"""Take out of a walk what says nothing about how it is walked: place, direction and size."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.motion.heading import face_forward, heading
from stgcn_affect.motion.retarget import retarget
from stgcn_affect.motion.scale import body_height, bone_lengths
from stgcn_affect.skeleton.layout import Layout

__all__ = ["body_height", "bone_lengths", "centre", "face_forward", "heading", "normalise", "retarget"]

Floats = npt.NDArray[np.floating]


def centre(positions: Floats, layout: Layout) -> Floats:
    """Put the pelvis of ``[..., V, 3]`` at the origin in every frame."""
    return np.asarray(positions - layout.role_position(positions, "pelvis")[..., None, :], positions.dtype)


def normalise(positions: Floats, layout: Layout) -> npt.NDArray[np.float32]:
    """Pelvis at the origin, facing +z, body height 1: ``[T, V, 3]`` to ``[T, V, 3]``."""
    centred = face_forward(centre(np.asarray(positions, np.float32), layout), layout)
    return np.asarray(centred / body_height(positions, layout), np.float32)
