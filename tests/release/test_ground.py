import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.release.ground import root_path, stance_weights, walk_of_cycle
from stgcn_affect.skeleton.layout import load_layout

LAYOUT = load_layout("emotion_gait16")
STEP = 0.2


def cycle(samples=64, step=STEP):
    """Feet that swing as cosines, the left one in front at 0; they go forwards 0.02 over the ground."""
    angle = 2 * np.pi * np.arange(samples) / samples
    positions = np.repeat(np.asarray(LAYOUT.rest, float)[None] / 1.53, samples, axis=0)
    positions -= positions[:, [0]]
    for side, sign in (("l_foot", 1), ("r_foot", -1)):
        foot = LAYOUT.index(side)
        positions[:, foot, 2] = sign * step * np.cos(angle)
        positions[:, foot, 1] += 0.02 * np.maximum(0, -sign * np.sin(angle))
    return positions


def test_the_pelvis_goes_as_far_as_the_standing_feet_go_back():
    _, advance = root_path(cycle(), LAYOUT)
    assert advance == pytest.approx([0.0, 4 * STEP], abs=0.01)  # each foot goes back by twice its step, once a cycle


def test_a_foot_bears_the_weight_from_its_strike_to_its_toe_off():
    weights = stance_weights(cycle(), LAYOUT)
    assert weights["l"] + weights["r"] == pytest.approx(np.ones(64))
    assert weights["l"][16] > 0.99  # a quarter of the cycle after the left strike
    assert weights["r"][48] > 0.99
    assert weights["l"][0] + weights["l"][-1] == pytest.approx(1.0, abs=0.01)  # handed over between these samples


def test_a_walk_repeats_its_cycle_without_a_seam():
    walk = walk_of_cycle(cycle(), LAYOUT, stride_time_s=1.0, duration_s=3.0, fps_hz=60, height_m=1.5)
    assert walk.shape == (180, 16, 3)
    steps = walk[60:] - walk[:-60]
    assert np.ptp(steps, axis=(0, 1)) == pytest.approx(np.zeros(3), abs=1e-5)
    assert steps[0, 0] == pytest.approx([0, 0, 1.5 * 4 * STEP], abs=0.02)
    speed = np.linalg.norm(np.diff(walk, axis=0), axis=-1)
    assert speed[59].max() <= speed.max(axis=0).max()


def test_the_lowest_joint_stands_on_the_floor_and_a_standing_foot_stays():
    walk = walk_of_cycle(cycle(), LAYOUT, stride_time_s=1.0, duration_s=2.0)
    assert walk[..., 1].min() == pytest.approx(0.0, abs=1e-6)
    left = walk[8:24, LAYOUT.index("l_foot")]  # within the first left stance, which lasts 30 frames
    assert np.linalg.norm(np.ptp(left, axis=0)) < 0.02
    assert walk[0, 0, [0, 2]] == pytest.approx([0, 0])


@pytest.mark.parametrize("stride_time_s", [0.9, 1.37])
def test_every_walk_is_as_long(stride_time_s):
    assert len(walk_of_cycle(cycle(), LAYOUT, stride_time_s=stride_time_s)) == 480


def test_feet_that_stand_are_refused():
    with pytest.raises(InputError, match="must move to and fro"):
        walk_of_cycle(cycle(step=0.0), LAYOUT, stride_time_s=1.0)
