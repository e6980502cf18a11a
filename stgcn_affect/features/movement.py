"""Movement features: speeds, accelerations, jerk and ranges of motion."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.features.posture import angle_at, role_points
from stgcn_affect.features.signals import Signals, circular_derivative, cycle_range
from stgcn_affect.features.stride import stride_length
from stgcn_affect.features.table import (
    CRENN,
    GROSS,
    KARG,
    MICHALAK,
    OURS,
    RANDHAVANE,
    STEP,
    FeatureTable,
    Floats,
    checked_cycles,
    checked_times,
    concatenate,
)
from stgcn_affect.skeleton.layout import BODY_ROLES, Layout

SWINGS = {"shoulder": ("shoulder", "elbow"), "hip": ("hip", "knee")}
"""Joints whose range is that of the limb below them, seen from the side."""

BENDS = {"elbow": ("shoulder", "elbow", "wrist"), "knee": ("hip", "knee", "ankle")}
"""Joints whose range is that of the angle between the limbs above and below."""


def range_of_motion(positions: Floats, layout: Layout) -> FeatureTable:
    """Largest minus smallest angle of shoulders, hips, elbows and knees: ``[N, T, V, 3]`` to ``[N, 8]`` radians.

    Without the shoulders or the elbows that the layout does not have.

    Elbows and knees have the angle between their two limbs. Shoulders and hips swing through the straight line, where
    that angle would turn back, so they have the angle from the vertical of upper arm and thigh, seen from the side: the
    subject must face +z, as cycles do. A limb without length has no direction and the range 0. The definitions are
    ours.

    Raises:
        InputError: positions of another shape, or not finite.
    """
    points = role_points(checked_cycles(positions, layout), layout)
    ranges: dict[str, npt.NDArray[np.float64]] = {}
    for side in "lr":
        for joint, limb in SWINGS.items():
            if not layout.has(*(f"{side}_{role}" for role in limb)):
                continue
            upper, lower = (points[f"{side}_{role}"] for role in limb)
            swing = np.arctan2((lower - upper)[..., 2], (upper - lower)[..., 1])
            ranges[f"range_of_motion.{side}_{joint}"] = cycle_range(np.unwrap(swing, axis=-1))
        for joint, limbs in BENDS.items():
            if not layout.has(*(f"{side}_{role}" for role in limbs)):
                continue
            first, corner, second = (points[f"{side}_{role}"] for role in limbs)
            ranges[f"range_of_motion.{side}_{joint}"] = cycle_range(angle_at(first, corner, second))
    return FeatureTable(
        names=tuple(ranges),
        units=("rad",) * len(ranges),
        sources=(GROSS,) * len(ranges),
        values=np.stack(list(ranges.values()), axis=-1),
    )


DERIVATIVES = {"speed": "body heights/s", "acceleration": "body heights/s^2", "jerk": "body heights/s^3"}
"""Magnitudes of the first, second and third derivative, and their units."""

MOVING = tuple(role for role in BODY_ROLES if role != "pelvis")
"""The roles that move about the pelvis, at which cycles are centred."""

_EXTREMITIES = {"l_wrist", "r_wrist", "head", "l_ankle", "r_ankle"}


def movement_signals(positions: Floats, stride_time_s: Floats, layout: Layout) -> Signals:
    """Movement in each frame: ``[N, T, V, 3]`` and ``[N]`` seconds to ``[N, T, 43]``.

    Speed, magnitude of acceleration and of jerk of each of 14 roles about the pelvis, or of those that the layout has
    (see ``circular_derivative``; the papers take differences of frames), and the volume of the box along the axes
    around all roles. The volume is that of a subject who faces +z, as cycles do; the others do not depend on heading.
    They have the unit of the positions, which cycles give in body heights.

    Sources: the volume, and hands, feet and head in Randhavane et al., after Crenn et al.; elbows, shoulders, knees and
    hips, without their jerk, in STEP's released code; the neck and the other jerks are our choice, so that no role is
    left out.

    Raises:
        InputError: positions or stride times of another shape, not finite, or not positive.
    """
    cycles = checked_cycles(positions, layout)
    times = checked_times(stride_time_s, len(cycles))
    points = role_points(cycles, layout)
    moving = [role for role in MOVING if role in points]
    paths = np.stack([points[role] - points["pelvis"] for role in moving], axis=2)
    magnitudes = [
        np.linalg.norm(circular_derivative(paths, times, order=order), axis=-1)
        for order in range(1, len(DERIVATIVES) + 1)
    ]
    body = np.stack(list(points.values()), axis=2)
    volume = np.prod(body.max(axis=2) - body.min(axis=2), axis=-1)
    return Signals(
        names=(*(f"{kind}.{role}" for kind in DERIVATIVES for role in moving), "bounding_volume"),
        units=(*(unit for unit in DERIVATIVES.values() for _ in moving), "body heights^3"),
        sources=(*(_source(kind, role) for kind in DERIVATIVES for role in moving), CRENN),
        values=np.concatenate([*magnitudes, volume[..., None]], axis=-1),
    )


def movement_features(positions: Floats, stride_time_s: Floats, layout: Layout) -> FeatureTable:
    """Features with one value a stride: ``[N, T, V, 3]`` and ``[N]`` seconds to ``[N, 15]``.

    Stride length (``stride_length``), stride time, cadence (two steps a stride), walking speed (length by time), the
    range of motion of eight joints (``range_of_motion``), and the swing of the arms: how far each wrist goes from its
    hindmost to its foremost place, seen from its shoulder, and the difference between the sides by their sum, which is
    0 where they swing alike, 1 where one alone swings, and 0 where neither does. Where the layout has no arms there is
    no swing of them. The subject must face +z, as cycles do.

    Sources: stride length and time in Randhavane et al., cadence and speed in Karg et al., ranges in Gross et al., the
    arms in Michalak et al.; their definitions by role, and the asymmetry, are ours.

    Raises:
        InputError: positions or stride times of another shape, not finite, or not positive.
    """
    cycles = checked_cycles(positions, layout)
    times = checked_times(stride_time_s, len(cycles))
    length = stride_length(cycles, layout)
    rows = [
        ("stride_length", "body heights", RANDHAVANE, length),
        ("stride_time", "s", RANDHAVANE, times),
        ("cadence", "steps/min", KARG, 120 / times),
        ("walking_speed", "body heights/s", KARG, length / times),
    ]
    if layout.has(*(f"{side}_{part}" for side in "lr" for part in ("shoulder", "wrist"))):
        left, right = (_arm_swing(cycles, layout, side) for side in "lr")
        total = left + right
        asymmetry = np.divide(np.abs(left - right), total, out=np.zeros_like(total), where=total > 0)
        rows += [
            ("arm_swing.l", "body heights", MICHALAK, left),
            ("arm_swing.r", "body heights", MICHALAK, right),
            ("arm_swing_asymmetry", "1", OURS, asymmetry),
        ]
    names, units, sources, columns = zip(*rows, strict=True)
    return concatenate(
        [FeatureTable(names, units, sources, np.stack(columns, axis=-1)), range_of_motion(cycles, layout)]
    )


def _arm_swing(cycles: npt.NDArray[np.float64], layout: Layout, side: str) -> npt.NDArray[np.float64]:
    arm = layout.role_position(cycles, f"{side}_wrist") - layout.role_position(cycles, f"{side}_shoulder")
    return cycle_range(arm[..., 2])


def _source(kind: str, role: str) -> str:
    if role in _EXTREMITIES:
        return RANDHAVANE
    return OURS if kind == "jerk" or role == "neck" else STEP
