import numpy as np
import pytest

from stgcn_affect.motion.strikes import foot_travel, heel_strikes


def test_strikes_where_the_foot_is_farthest_in_front(layout, walk_clip):
    clip = walk_clip(seconds=4.0, fps_hz=100)
    forward = np.tile([0.0, 0.0, 1.0], (400, 1))
    left, right = (heel_strikes(clip.positions, layout, fps_hz=100, side=side, forward=forward) / 100 for side in "lr")
    assert left == pytest.approx([1.2, 2.4, 3.6], abs=0.02)
    assert right == pytest.approx([0.6, 1.8, 3.0], abs=0.02)


def test_a_period_has_one_strike_wherever_it_begins(layout, walk_clip):
    clip = walk_clip(fps_hz=50, periodic=True)
    forward = np.tile([0.0, 0.0, 1.0], (60, 1))
    for shift in (0, 7, 59):
        rolled = np.roll(clip.positions, shift, axis=0)
        (strike,) = heel_strikes(rolled, layout, fps_hz=50, side="l", forward=forward, periodic=True)
        assert (strike - shift + 30) % 60 - 30 == pytest.approx(0, abs=1)


def test_foot_travel_is_seen_from_the_pelvis(layout):
    positions = np.zeros((1, 16, 3))
    positions[0, layout.index("l_foot")] = [0.1, -0.9, 0.3]
    positions += [5, 5, 5]
    assert foot_travel(positions, layout, "l", np.array([[0, 0, 1.0]])) == pytest.approx([0.3])
