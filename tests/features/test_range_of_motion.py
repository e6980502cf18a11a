import numpy as np
import pytest

from stgcn_affect.features.range_of_motion import range_of_motion
from stgcn_affect.skeleton.layout import load_layout

LAYOUT = load_layout("emotion_gait16")
SWING = 0.4 * np.cos(2 * np.pi * np.arange(8) / 8)


def test_a_stiff_leg_swings_and_its_knee_does_not(standing):
    cycles = standing(LAYOUT)
    for joint, length in (("l_knee", 0.4), ("l_foot", 0.8)):
        below = np.stack([np.zeros(8), -np.cos(SWING), np.sin(SWING)], axis=-1)
        cycles[0, :, LAYOUT.index(joint)] = cycles[0, :, LAYOUT.index("l_hip")] + length * below
    table = range_of_motion(cycles, LAYOUT)
    assert table.column("range_of_motion.l_hip")[0] == pytest.approx(0.8)
    assert table.column("range_of_motion.l_knee")[0] == 0
    assert table.column("range_of_motion.r_hip")[0] == 0
    assert table.units == ("rad",) * 8


def test_an_elbow_that_bends_from_straight_to_a_right_angle(standing):
    cycles = standing(LAYOUT)
    elbow = cycles[0, 0, LAYOUT.index("r_shoulder")] - [0, 0.3, 0]
    cycles[0, :, LAYOUT.index("r_elbow")] = elbow
    cycles[0, :, LAYOUT.index("r_hand")] = elbow - [0, 0.25, 0]
    cycles[0, 3, LAYOUT.index("r_hand")] = elbow - [0, 0, 0.25]
    table = range_of_motion(cycles, LAYOUT)
    assert table.column("range_of_motion.r_elbow")[0] == pytest.approx(np.pi / 2)
    assert table.column("range_of_motion.r_shoulder")[0] == 0


def test_an_arm_that_circles_over_the_head_is_not_torn(standing):
    cycles = standing(LAYOUT, samples=16)
    angle = np.pi + 0.5 * np.cos(2 * np.pi * np.arange(16) / 16)
    arm = 0.3 * np.stack([np.zeros(16), -np.cos(angle), np.sin(angle)], axis=-1)
    cycles[0, :, LAYOUT.index("l_elbow")] = cycles[0, :, LAYOUT.index("l_shoulder")] + arm
    assert range_of_motion(cycles, LAYOUT).column("range_of_motion.l_shoulder")[0] == pytest.approx(1.0)


def test_limbs_without_length():
    assert not range_of_motion(np.zeros((1, 4, 16, 3)), LAYOUT).values.any()
