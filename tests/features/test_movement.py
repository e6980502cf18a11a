import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.features.movement import MOVING, movement_features, movement_signals, range_of_motion
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


PHASE = 2 * np.pi * np.arange(64) / 64


def test_a_foot_on_a_sine_of_known_derivatives(standing):
    cycles = standing(LAYOUT, samples=64)
    cycles[0, :, LAYOUT.index("l_foot"), 2] = 0.3 * np.sin(PHASE)
    signals = movement_signals(cycles, np.array([0.5]), LAYOUT)
    omega = 2 * np.pi / 0.5
    for kind, order, wave in (("speed", 1, np.cos), ("acceleration", 2, np.sin), ("jerk", 3, np.cos)):
        expected = 0.3 * omega**order * np.abs(wave(PHASE))
        np.testing.assert_allclose(signals.signal(f"{kind}.l_ankle")[0], expected, atol=1e-8 * omega**order)
        assert signals.signal(f"{kind}.r_ankle").max() < 1e-8 * omega**order
    assert signals.units[:14] == ("body heights/s",) * 14
    assert signals.units[-1] == "body heights^3"


def test_names_of_three_derivatives_of_each_moving_role_and_the_volume(walking):
    signals = movement_signals(walking, np.array([1.0, 1.1]), LAYOUT)
    assert len(MOVING) == 14
    assert "pelvis" not in MOVING
    assert signals.values.shape == (2, 64, 43)
    assert len(set(signals.names)) == 43
    by_name = dict(zip(signals.names, signals.sources, strict=True))
    assert by_name["speed.l_wrist"] == "Randhavane et al. 2019"
    assert by_name["speed.l_knee"] == "Bhattacharya et al. 2020 (STEP)"
    assert by_name["jerk.l_knee"] == by_name["speed.neck"] == "our choice"


def test_a_slower_subject_has_the_speeds_divided():
    cycles = np.random.default_rng(0).normal(size=(1, 8, 16, 3))
    fast, slow = (movement_signals(cycles, np.array([time]), LAYOUT).values for time in (1.0, 2.0))
    for part, power in ((slice(0, 14), 1), (slice(14, 28), 2), (slice(28, 42), 3), (slice(42, 43), 0)):
        np.testing.assert_allclose(slow[..., part] * 2**power, fast[..., part], rtol=1e-9)


def test_movement_is_about_the_pelvis(standing):
    cycles = standing(LAYOUT) + np.sin(PHASE[::8])[None, :, None, None]
    assert movement_signals(cycles, np.array([1.0]), LAYOUT).values[..., :42].max() < 1e-8


def test_the_volume_of_a_box(standing):
    cycles = np.zeros((1, 4, 16, 3))
    cycles[:, :, LAYOUT.index("head")] = [0, 2, 0]
    cycles[:, :, LAYOUT.index("l_hand")] = [0.5, 0, 0]
    cycles[:, :, LAYOUT.index("r_foot")] = [-0.5, 0, 3]
    assert movement_signals(cycles, np.array([1.0]), LAYOUT).signal("bounding_volume").tolist() == [[6.0] * 4]


def test_stride_and_tempo(walking):
    table = movement_features(walking, np.array([1.0, 1.2]), LAYOUT)
    assert table.names[:4] == ("stride_length", "stride_time", "cadence", "walking_speed")
    assert table.column("stride_time").tolist() == pytest.approx([1.0, 1.2])
    assert table.column("cadence").tolist() == pytest.approx([120, 100])
    length = table.column("stride_length")
    assert length[1] > length[0] > 0.5
    np.testing.assert_allclose(table.column("walking_speed"), length / [1.0, 1.2], rtol=1e-6)


def test_arms_that_swing_three_to_one(standing):
    cycles = standing(LAYOUT)
    wave = np.cos(PHASE[::8])
    cycles[0, :, LAYOUT.index("l_hand"), 2] = 0.3 * wave
    cycles[0, :, LAYOUT.index("r_hand"), 2] = -0.1 * wave
    table = movement_features(cycles, np.array([1.0]), LAYOUT)
    assert table.column("arm_swing.l")[0] == pytest.approx(0.6)
    assert table.column("arm_swing.r")[0] == pytest.approx(0.2)
    assert table.column("arm_swing_asymmetry")[0] == pytest.approx(0.5)


def test_a_body_that_is_one_point_has_no_movement():
    table = movement_features(np.zeros((1, 4, 16, 3)), np.array([1.0]), LAYOUT)
    kept = [table.names.index(name) for name in ("stride_time", "cadence")]
    assert not np.delete(table.values, kept).any()


def test_one_stride_time_for_each_cycle(walking):
    with pytest.raises(InputError, match=r"expected one for each of 2 cycles \(got \[1\]\)"):
        movement_signals(walking, np.array([1.0]), LAYOUT)
