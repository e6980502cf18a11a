"""Joint positions from joint angles: segment lengths, forward kinematics, and the travel over the standing foot."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from stgcn_affect.skeleton.layout import Layout, load_layout
from stgcn_affect.synthetic.angles import TrunkAngles, arm_angles, leg_angles, trunk_angles
from stgcn_affect.synthetic.style import GaitStyle

Floats = npt.NDArray[np.float64]

# Segment lengths as fractions of the body height (limbs: Drillis & Contini 1966, in Winter 2009, fig. 4.1; trunk and
# girdles: between joint centres, as in the layout's rest pose).
_THIGH, _SHANK, _ANKLE = 0.245, 0.246, 0.039
_UPPER_ARM, _FOREARM = 0.186, 0.146
_LOWER_TRUNK, _UPPER_TRUNK, _NECK_TO_HEAD = 0.147, 0.153, 0.106
_HALF_SHOULDERS, _HALF_HIPS, _HIPS_BELOW_PELVIS = 0.108, 0.053, 0.018

_SWITCH = 0.012
"""Difference in height of the two feet, as a fraction of the body height, within which both carry the body."""


@lru_cache(maxsize=1)
def walker_layout() -> Layout:
    """The layout of synthetic walkers: Emotion-Gait's 16 joints."""
    return load_layout("emotion_gait16")


def walk_positions(cycle: Floats, style: GaitStyle) -> Floats:
    """Joints of a walk along +z from the origin, in the order of ``walker_layout``.

    Args:
        cycle: cycle counts ``[T]`` of the left leg; whole numbers are left heel strikes.
        style: body and way of walking.

    Returns:
        Metres ``[T, 16, 3]``. The ankle of the standing foot stays where it is, at its height over the ground (y = 0).
    """
    layout = walker_layout()
    trunk = trunk_angles(cycle, style)
    joints = _trunk(trunk, style) | _legs(cycle, trunk, style) | _arms(cycle, trunk, style)
    positions = np.zeros((len(cycle), layout.num_joints, 3))
    for joint in layout.topological:
        above = layout.parents[joint]
        if above >= 0:
            positions[:, joint] = positions[:, above] + joints[layout.joints[joint]]
    left, right = positions[:, layout.index("l_foot")], positions[:, layout.index("r_foot")]
    return positions + _travel(left, right, style.height_m)[:, None]


def _trunk(angles: TrunkAngles, style: GaitStyle) -> dict[str, Floats]:
    trunk = style.height_m * style.trunk_length_ratio
    neck = style.height_m * style.neck_length_ratio
    level = np.zeros(len(angles.lean))
    return {
        "spine": _turned(_segment(0, _LOWER_TRUNK * trunk, 0), 0.5 * angles.lean, 0.5 * angles.bend, level),
        "neck": _turned(_segment(0, _UPPER_TRUNK * trunk, 0), angles.lean, angles.bend, level),
        "head": _turned(_segment(0, _NECK_TO_HEAD * neck, 0), angles.head, level + style.head_tilt_deg, level),
    }


def _legs(cycle: Floats, pelvis: TrunkAngles, style: GaitStyle) -> dict[str, Floats]:
    level = np.zeros(len(cycle))
    bones: dict[str, Floats] = {}
    for side, name in ((1, "l"), (-1, "r")):
        angles = leg_angles(cycle, style, side)
        width = side * _HALF_HIPS * style.hip_width_ratio * style.height_m
        hip = _segment(width, -_HIPS_BELOW_PELVIS * style.height_m, 0)
        thigh = _segment(0, -_THIGH * style.thigh_length_ratio * style.height_m, 0)
        shank = _segment(0, -_SHANK * style.shank_length_ratio * style.height_m, 0)
        bones[f"{name}_hip"] = _turned(hip, level, -pelvis.pelvis_list, pelvis.pelvis_turn)
        bones[f"{name}_knee"] = _turned(thigh, -angles.thigh, -side * angles.abduction, level)
        bones[f"{name}_foot"] = _turned(shank, angles.knee - angles.thigh, -side * angles.abduction, level)
    return bones


def _arms(cycle: Floats, trunk: TrunkAngles, style: GaitStyle) -> dict[str, Floats]:
    level = np.zeros(len(cycle))
    bones: dict[str, Floats] = {}
    for side, name in ((1, "l"), (-1, "r")):
        angles = arm_angles(cycle, style, side)
        girdle = _segment(side * _HALF_SHOULDERS * style.shoulder_width_ratio * style.height_m, 0, 0)
        raised = -side * trunk.girdle - style.shoulder_tilt_deg
        girdle = _turned(girdle, level, raised, level + side * style.shoulder_protraction_deg)
        upper_arm = _segment(0, -_UPPER_ARM * style.upper_arm_length_ratio * style.height_m, 0)
        forearm = _segment(0, -_FOREARM * style.forearm_length_ratio * style.height_m, 0)
        bones[f"{name}_shoulder"] = _turned(girdle, trunk.lean, trunk.bend, trunk.turn)
        bones[f"{name}_elbow"] = _turned(upper_arm, -angles.shoulder, level - side * angles.abduction, level)
        flexion, abduction = angles.shoulder + angles.elbow, level - 0.4 * side * angles.abduction
        bones[f"{name}_hand"] = _turned(forearm, -flexion, abduction, level)
    return bones


def _travel(left: Floats, right: Floats, height_m: float) -> Floats:
    """Pelvis positions ``[T, 3]`` that keep the standing foot in place, from the feet relative to the pelvis.

    The lower foot stands. Where both are about as low the load passes smoothly from one to the other.
    """
    switch = _SWITCH * height_m
    load = np.clip(0.5 + 0.5 * (right[:, 1] - left[:, 1]) / switch, 0, 1)
    lowest = load * left[:, 1] + (1 - load) * right[:, 1] - switch * load * (1 - load)
    between = (load[1:] + load[:-1])[:, None] / 2
    steps = -(between * np.diff(left, axis=0) + (1 - between) * np.diff(right, axis=0))
    travel = np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])
    travel[:, 1] = _ANKLE * height_m - lowest
    return travel


def _segment(x: float, y: float, z: float) -> Floats:
    return np.array([[x, y, z]], dtype=np.float64)


def _turned(bone: Floats, lean: Floats, bend: Floats, turn: Floats) -> Floats:
    """Bones ``[T, 3]`` turned by degrees ``[T]``: lean forward, bend to the left, turn the left side forward."""
    return _rotated(_rotated(_rotated(bone, 0, lean), 2, -bend), 1, -turn)


def _rotated(vectors: Floats, axis: int, degrees: Floats) -> Floats:
    sine, cosine = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    a, b = (axis + 1) % 3, (axis + 2) % 3
    result = np.broadcast_to(vectors, (len(degrees), 3)).copy()
    result[:, a] = cosine * vectors[:, a] - sine * vectors[:, b]
    result[:, b] = sine * vectors[:, a] + cosine * vectors[:, b]
    return result
