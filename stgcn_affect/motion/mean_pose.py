"""How a walker stands on average: a picture of it shows whether joints, axes and sides were understood."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.motion.heading import face_forward
from stgcn_affect.motion.normalise import centre
from stgcn_affect.motion.scale import body_height
from stgcn_affect.skeleton.layout import Layout


def mean_pose(positions: npt.NDArray[np.floating], layout: Layout) -> npt.NDArray[np.float32] | None:
    """The mean over the frames in which all joints are there: ``[T, V, 3]`` to ``[V, 3]``.

    Pelvis at the origin, facing +z, in body heights. None where no frame is whole or the body has no height.
    """
    whole = positions[np.isfinite(positions).all(axis=(1, 2))]
    if len(whole) < 2:
        return None
    height = body_height(whole, layout)
    if not height > 0:
        return None
    return np.asarray(face_forward(centre(whole, layout), layout).mean(axis=0) / height, np.float32)
