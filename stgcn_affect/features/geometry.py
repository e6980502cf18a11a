"""Angles, distances and areas between points; coincident points give 0, never NaN."""

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]


def angle_at(first: Points, corner: Points, second: Points) -> npt.NDArray[np.float64]:
    """The angle at ``corner`` between the ways to two points, 0 to pi rad: three ``[..., 3]`` to ``[...]``.

    Where a point coincides with the corner there is no angle, and 0 stands for it. The arc tangent keeps its precision
    near 0 and pi, where the arc cosine of the scalar product loses half of its digits.
    """
    to_first, to_second = first - corner, second - corner
    across = np.linalg.norm(np.cross(to_first, to_second), axis=-1)
    return np.asarray(np.arctan2(across, (to_first * to_second).sum(axis=-1)))


def distance(first: Points, second: Points) -> npt.NDArray[np.float64]:
    """How far two points are apart: two ``[..., 3]`` to ``[...]``."""
    return np.asarray(np.linalg.norm(first - second, axis=-1))


def triangle_area(first: Points, second: Points, third: Points) -> npt.NDArray[np.float64]:
    """The area of the triangle between three points, 0 where they are in line: three ``[..., 3]`` to ``[...]``."""
    return np.asarray(np.linalg.norm(np.cross(first - second, third - second), axis=-1) / 2)
