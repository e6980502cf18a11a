from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.normalise import body_height


def test_positions_become_float32_and_durations_count_steps(layout):
    clip = Clip(np.zeros((31, 16, 3)), 30, layout)
    assert clip.positions.dtype == np.float32
    assert (clip.num_frames, clip.duration_s) == (31, 1.0)
    assert Clip(np.zeros((30, 16, 3)), 30, layout, periodic=True).duration_s == 1.0


def test_body_height_and_swapped_sides_are_measured_once(layout, walk, monkeypatch):
    clip = walk()
    other = replace(clip, positions=2 * clip.positions[:, layout.mirror_permutation])
    assert (clip.sides_swapped, other.sides_swapped) == (False, True)
    assert other.body_height == pytest.approx(2 * clip.body_height)
    assert clip.body_height == body_height(clip.positions, layout)
    monkeypatch.setattr("stgcn_affect.motion.clip.body_height", None)
    monkeypatch.setattr("stgcn_affect.motion.clip.sides_swapped", None)
    assert clip.body_height == other.body_height / 2
    assert other.sides_swapped


@pytest.mark.parametrize(
    ("shape", "fps", "words"),
    [
        ((5, 15, 3), 30, r"f\.bvh: positions must have shape \[T, 16, 3\].*\(got \[5, 15, 3\]\)"),
        ((1, 16, 3), 30, r"at least two frames \(got 1\)"),
        ((5, 16, 3), 0, r"fps_hz must be a positive number \(got 0\)"),
        ((5, 16, 3), np.nan, r"\(got nan\)"),
    ],
)
def test_a_wrong_clip_says_what_is_wrong(layout, shape, fps, words):
    with pytest.raises(InputError, match=words):
        Clip(np.zeros(shape), fps, layout, source="f.bvh")


def test_positions_that_are_no_numbers(layout):
    with pytest.raises(InputError, match="array of numbers"):
        Clip("walk", 30, layout)


def test_missing_values_are_allowed(layout):
    assert np.isnan(Clip(np.full((2, 16, 3), np.nan), 30, layout).positions).all()
