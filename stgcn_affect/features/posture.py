"""Posture features: angles, distances and areas between points of the body."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from stgcn_affect.features.signals import Signals
from stgcn_affect.features.table import RANDHAVANE, STEP, Floats, checked_cycles
from stgcn_affect.skeleton.layout import BODY_ROLES, Layout

Points = npt.NDArray[np.float64]


def angle_at(first: Points, corner: Points, second: Points) -> npt.NDArray[np.float64]:
    """The angle at ``corner`` between the directions to two points, 0 to pi rad: three ``[..., 3]`` to ``[...]``.

    Where a point coincides with the corner there is no angle, and 0 stands for it. The arc tangent keeps its precision
    near 0 and pi, where the arc cosine of the scalar product loses half of its digits.
    """
    to_first, to_second = first - corner, second - corner
    across = np.linalg.norm(np.cross(to_first, to_second), axis=-1)
    return np.asarray(np.arctan2(across, (to_first * to_second).sum(axis=-1)))


def distance(first: Points, second: Points) -> npt.NDArray[np.float64]:
    """The distance between two points: two ``[..., 3]`` to ``[...]``."""
    return np.asarray(np.linalg.norm(first - second, axis=-1))


def triangle_area(first: Points, second: Points, third: Points) -> npt.NDArray[np.float64]:
    """The area of the triangle between three points, 0 where they are in line: three ``[..., 3]`` to ``[...]``."""
    return np.asarray(np.linalg.norm(np.cross(first - second, third - second), axis=-1) / 2)


def role_points(positions: npt.NDArray[np.float64], layout: Layout) -> dict[str, npt.NDArray[np.float64]]:
    """The position of each role of the body that the layout has, and of the spine: ``[..., V, 3]`` to ``[..., 3]``.

    Where a layout has no spine, the middle between pelvis and neck stands in for it: the angle neck-spine-pelvis is
    then pi throughout. Without a neck there is no such middle.
    """
    points = {role: layout.role_position(positions, role) for role in BODY_ROLES if layout.has(role)}
    if layout.has("spine"):
        points["spine"] = layout.role_position(positions, "spine")
    elif layout.has("neck"):
        points["spine"] = (points["pelvis"] + points["neck"]) / 2
    return points


ANGLES: dict[tuple[str, ...], str] = {
    ("l_shoulder", "neck", "r_shoulder"): RANDHAVANE,
    ("neck", "l_shoulder", "r_shoulder"): RANDHAVANE,
    ("neck", "r_shoulder", "l_shoulder"): RANDHAVANE,
    ("neck", "l_shoulder", "l_elbow"): STEP,
    ("neck", "r_shoulder", "r_elbow"): STEP,
    ("l_shoulder", "l_elbow", "l_wrist"): STEP,
    ("r_shoulder", "r_elbow", "r_wrist"): STEP,
    ("neck", "spine", "pelvis"): STEP,
    ("head", "neck", "spine"): RANDHAVANE,
    ("pelvis", "l_hip", "l_knee"): STEP,
    ("pelvis", "r_hip", "r_knee"): STEP,
    ("l_hip", "l_knee", "l_ankle"): STEP,
    ("r_hip", "r_knee", "r_ankle"): STEP,
    ("head", "pelvis", "up"): RANDHAVANE,
}
"""Angles at the second role, and their sources."""

DISTANCES: dict[tuple[str, ...], str] = {
    ("l_wrist", "pelvis"): RANDHAVANE,
    ("r_wrist", "pelvis"): RANDHAVANE,
    ("l_wrist", "l_shoulder"): STEP,
    ("r_wrist", "r_shoulder"): STEP,
    ("l_elbow", "pelvis"): STEP,
    ("r_elbow", "pelvis"): STEP,
    ("l_ankle", "pelvis"): RANDHAVANE,
    ("r_ankle", "pelvis"): RANDHAVANE,
    ("l_ankle", "r_ankle"): STEP,
}

AREAS: dict[tuple[str, ...], str] = {
    ("l_wrist", "neck", "r_wrist"): RANDHAVANE,
    ("l_shoulder", "neck", "r_shoulder"): STEP,
    ("l_wrist", "pelvis", "r_wrist"): STEP,
    ("l_elbow", "neck", "r_elbow"): STEP,
    ("l_ankle", "neck", "r_ankle"): STEP,
    ("l_hip", "neck", "r_hip"): STEP,
    ("l_ankle", "pelvis", "r_ankle"): RANDHAVANE,
    ("l_knee", "neck", "r_knee"): STEP,
}


def posture_signals(positions: Floats, layout: Layout) -> Signals:
    """The 31 posture features in each frame, ``[N, T, V, 3]`` to ``[N, T, 31]``: angles, then distances, then areas.

    Fewer where the layout has no head, no neck or no arms: those that need them are left out.

    Angles are in radians; distances and areas have the unit of the positions, which cycles give in body heights. Angles
    and the rest stay the same when the subject turns about the vertical or moves; angles also when the size changes.
    Coincident joints give 0.

    The list is the one that the released code of STEP computes. ``sources`` marks those that are in the list of
    Randhavane et al. already; both take the idea of angles, distances and triangles between joints from Crenn et al.
    (``features/table.py`` has the titles). Our choices: hands are the role wrist, feet the role
    ankle, the root is the pelvis; the lean of the body is the angle between the vertical and the way from pelvis to
    head, as in the code (in words they put it at the neck); and where a layout has no spine, the middle of pelvis and
    neck stands in (see ``role_points``).

    Raises:
        InputError: positions of another shape, or not finite.
    """
    points = role_points(checked_cycles(positions, layout), layout)
    points["up"] = points["pelvis"] + np.array([0.0, 1.0, 0.0])
    kinds: list[tuple[str, str, Callable[..., Points], Mapping[tuple[str, ...], str]]] = [
        ("angle", "rad", angle_at, ANGLES),
        ("distance", "body heights", distance, DISTANCES),
        ("area", "body heights^2", triangle_area, AREAS),
    ]
    rows = [
        (f"{kind}.{'-'.join(roles)}", unit, source, measure(*(points[role] for role in roles)))
        for kind, unit, measure, table in kinds
        for roles, source in table.items()
        if points.keys() >= set(roles)
    ]
    names, units, sources, columns = zip(*rows, strict=True)
    return Signals(names=names, units=units, sources=sources, values=np.stack(columns, axis=-1))
