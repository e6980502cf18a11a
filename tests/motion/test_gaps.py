import numpy as np
import pytest

from stgcn_affect.motion.gaps import by_joint, fill_gaps, runs, stretches, without_origin


def ramp(frames=30):
    return np.arange(frames, dtype=np.float32)[:, None, None] * np.ones((1, 2, 3), np.float32)


def test_a_short_run_is_interpolated():
    positions = ramp()
    positions[4:6, 1] = np.nan
    positions[10, 0, 2] = np.inf
    filled, mended, too_long = fill_gaps(positions, ["hip", "knee"], fps_hz=30)
    assert filled == pytest.approx(ramp())
    assert mended == [
        "joint 'hip': 1 frame missing, filled by interpolation",
        "joint 'knee': 2 frames missing, filled by interpolation",
    ]
    assert too_long == []


def test_a_long_run_is_refused_with_its_place():
    positions = ramp()
    positions[6:10, 1] = np.nan  # 4 frames are 0.13 s
    _, mended, too_long = fill_gaps(positions, ["hip", "knee"], fps_hz=30)
    assert mended == []
    assert too_long == ["joint 'knee': missing for 0.13 s at 0.20 s (at most 0.1 s can be filled)"]


def test_exactly_a_tenth_of_a_second_is_filled():
    positions = ramp()
    positions[6:9, 1] = np.nan
    assert fill_gaps(positions, ["hip", "knee"], fps_hz=30)[2] == []


def test_ends_take_the_nearest_value_and_periods_go_round():
    positions = ramp(10)
    positions[-1, 0] = np.nan
    assert fill_gaps(positions, ["hip", "knee"], fps_hz=30)[0][-1, 0, 0] == 8
    assert fill_gaps(positions, ["hip", "knee"], fps_hz=30, periodic=True)[0][-1, 0, 0] == 4  # between 8 and 0


def test_a_joint_that_is_never_there():
    positions = ramp(5)
    positions[:, 0] = np.nan
    assert fill_gaps(positions, ["hip", "knee"], fps_hz=30)[2] == ["joint 'hip': missing in all 5 frames"]


def test_nothing_missing_is_nothing_done():
    positions = ramp()
    assert fill_gaps(positions, ["hip", "knee"], fps_hz=30)[0] is positions


def test_short_runs_beside_long_ones_are_filled():
    positions = ramp()
    positions[4, 1] = np.nan
    positions[10:20, 1] = np.nan
    filled, mended, too_long = fill_gaps(positions, ["hip", "knee"], fps_hz=30)
    assert np.flatnonzero(np.isnan(filled[:, 1, 0])).tolist() == list(range(10, 20))
    assert mended == ["joint 'knee': 1 frame missing, filled by interpolation"]
    assert too_long == ["joint 'knee': missing for 0.33 s at 0.33 s (at most 0.1 s can be filled)"]


def test_runs():
    flags = np.array([1, 0, 1, 1, 0, 1], bool)
    assert [run.tolist() for run in runs(flags)] == [[0], [2, 3], [5]]
    assert [run.tolist() for run in runs(flags, periodic=True)] == [[2, 3], [5, 0]]
    assert runs(np.zeros(3, bool)) == []
    assert [run.tolist() for run in runs(np.ones(3, bool), periodic=True)] == [[0, 1, 2]]
    assert stretches(runs(flags), 10) == "0.40 s in 3 stretches, the longest 0.20 s at 0.20 s"
    assert stretches(runs(flags)[1:2], 10) == "0.20 s at 0.20 s"


def test_joints_of_which_the_same_is_said_share_a_sentence():
    joints = [*"abcdef"]
    assert by_joint([("a", "x")], joints) == ["joint 'a': x"]
    assert by_joint([("a", "x"), ("b", "y"), ("c", "x")], joints) == ["joints a, c: x", "joint 'b': y"]
    assert by_joint([(joint, "x") for joint in joints], joints) == ["all joints: x"]
    assert by_joint([(joint, joint * 2) for joint in "abcd"], joints) == [
        "joint 'a': aa",
        "joint 'b': bb",
        "joints c, d: the same at other times, the first cc",
    ]


def test_zeros_far_from_a_joints_place_are_missing():
    positions = 5 + ramp()
    positions[3:6, 0] = 0
    positions[9] = 0
    positions[-1, 1] = 0
    mended = without_origin(positions)
    assert np.argwhere(np.isnan(mended).all(axis=-1)).tolist() == [[3, 0], [4, 0], [5, 0], [9, 0], [9, 1], [29, 1]]


def test_a_joint_that_is_the_origin_or_passes_by_it_is_there():
    centred = np.stack([np.zeros((30, 3)), np.ones((30, 3))], axis=1)
    assert without_origin(centred) is not None
    assert np.isfinite(without_origin(centred)).all()
    passing = np.stack([ramp()[:, 0] * 0.01 - 0.1, 1 + ramp()[:, 0]], axis=1)
    passing[10, 0] = 0
    assert np.isfinite(without_origin(passing)).all()
    assert without_origin(5 + ramp()) == pytest.approx(5 + ramp())
