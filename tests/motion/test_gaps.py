import numpy as np
import pytest

from stgcn_affect.motion.gaps import fill_gaps, longest_run


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


def test_longest_run():
    flags = np.array([1, 0, 1, 1, 0, 1], bool)
    assert longest_run(flags) == (2, 2)
    assert longest_run(flags, periodic=True) == (2, 2)
    assert longest_run(np.array([1, 0, 0, 1, 1], bool), periodic=True) == (3, 3)
    assert longest_run(np.zeros(3, bool)) == (0, 0)
    assert longest_run(np.ones(3, bool), periodic=True) == (0, 3)
