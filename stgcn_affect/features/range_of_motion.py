"""How far the joints of the limbs bend and swing over a stride."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.features.geometry import angle_at
from stgcn_affect.features.input_checks import Floats, checked_cycles
from stgcn_affect.features.role_points import role_points
from stgcn_affect.features.sources import GROSS
from stgcn_affect.features.statistics import cycle_range
from stgcn_affect.features.table import FeatureTable
from stgcn_affect.skeleton.layout import Layout

SWINGS = {"shoulder": ("shoulder", "elbow"), "hip": ("hip", "knee")}
"""Joints whose range is that of the limb below them, seen from the side."""

BENDS = {"elbow": ("shoulder", "elbow", "wrist"), "knee": ("hip", "knee", "ankle")}
"""Joints whose range is that of the angle between the limbs above and below."""


def range_of_motion(positions: Floats, layout: Layout) -> FeatureTable:
    """Largest minus smallest angle of shoulders, hips, elbows and knees: ``[N, T, V, 3]`` to ``[N, 8]`` radians.

    Elbows and knees have the angle between their two limbs. Shoulders and hips swing through the straight line, where
    that angle would turn back, so they have the angle from the vertical of upper arm and thigh, seen from the side: the
    walker must face +z, as cycles do. A limb without length has no direction and the range 0. The definitions are ours.

    Raises:
        InputError: positions of another shape, or not finite.
    """
    points = role_points(checked_cycles(positions, layout), layout)
    ranges: dict[str, npt.NDArray[np.float64]] = {}
    for side in "lr":
        for joint, limb in SWINGS.items():
            upper, lower = (points[f"{side}_{role}"] for role in limb)
            swing = np.arctan2((lower - upper)[..., 2], (upper - lower)[..., 1])
            ranges[f"range_of_motion.{side}_{joint}"] = cycle_range(np.unwrap(swing, axis=-1))
        for joint, limbs in BENDS.items():
            first, corner, second = (points[f"{side}_{role}"] for role in limbs)
            ranges[f"range_of_motion.{side}_{joint}"] = cycle_range(angle_at(first, corner, second))
    return FeatureTable(
        names=tuple(ranges),
        units=("rad",) * len(ranges),
        sources=(GROSS,) * len(ranges),
        values=np.stack(list(ranges.values()), axis=-1),
    )
