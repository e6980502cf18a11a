import numpy as np
import pytest

from stgcn_affect.data.walk import Walk, cut_walk
from stgcn_affect.evaluation.plausibility import bone_drift, closure, foot_slide, jerk, plausibility
from stgcn_affect.motion.clip import Clip
from stgcn_affect.release.ground import walk_of_cycle
from stgcn_affect.skeleton.layout import load_layout

LAYOUT = load_layout("emotion_gait16")


def cycle(*, slip=0.0, samples=64):
    """Feet that swing as triangles: each goes back evenly for half of the cycle; the left one is ``slip`` longer."""
    phase = np.arange(samples) / samples
    positions = np.repeat(np.asarray(LAYOUT.rest, float)[None], samples, axis=0)
    positions -= positions[:, [0]]
    for side, start, reach in (("l_foot", 0.0, 0.2 + slip), ("r_foot", 0.5, 0.2)):
        positions[:, LAYOUT.index(side), 2] = reach * (4 * np.abs((phase - start) % 1 - 0.5) - 1)
    return positions


def test_feet_that_go_back_evenly_and_alike_do_not_slide():
    assert foot_slide(cycle(), LAYOUT) == pytest.approx(0.0, abs=2e-3)


def test_a_foot_that_goes_back_farther_than_the_other_slides_by_what_is_between_them():
    # In mid-stance, 0.6 of half a cycle, one foot goes back by 2 (0.2 + slip) 0.6 and the other by 2 0.2 0.6.
    assert foot_slide(cycle(slip=0.05), LAYOUT) == pytest.approx(2 * 0.05 * 0.6, rel=0.1)


def test_the_bone_that_changes_most_counts():
    clip = np.repeat(np.asarray(LAYOUT.rest, float)[None], 3, axis=0)
    clip[1, LAYOUT.index("head"), 1] += 0.03
    clip[2, LAYOUT.index("l_hand"), 1] -= 0.05
    length = np.linalg.norm(LAYOUT.rest[LAYOUT.index("l_hand")] - LAYOUT.rest[LAYOUT.index("l_elbow")])
    longer = np.linalg.norm(LAYOUT.rest[LAYOUT.index("l_hand")] - LAYOUT.rest[LAYOUT.index("l_elbow")] - [0, 0.05, 0])
    assert bone_drift(clip, LAYOUT) == pytest.approx(longer - length, abs=1e-6)
    clip[2, 0] = np.nan
    assert bone_drift(clip, LAYOUT) == pytest.approx(0.03, abs=2e-3)


def test_the_jerk_of_a_cosine_is_that_of_its_third_derivative_and_high_harmonics_do_not_count():
    phase = np.arange(64) / 64
    path = np.zeros((64, 1, 3))
    path[:, 0, 1] = 0.1 * np.cos(2 * np.pi * phase) + 0.5 * np.cos(2 * np.pi * 6 * phase)
    assert jerk(path, 2.0, harmonics=5) == pytest.approx(0.1 * np.pi**3 / np.sqrt(2))


def test_a_motion_that_repeats_is_closed_and_one_that_grows_is_not(walk):
    clip = walk(strides=3, fps_hz=60)
    assert closure(clip, 1.0) == pytest.approx(0.0, abs=1e-5)
    assert closure(clip, 0.5) > 0.05
    assert np.isnan(closure(clip, 60.0))


def test_a_written_walk_is_plausible(walk):
    first = cut_walk(walk(strides=3)).cycles[0]
    positions = walk_of_cycle(first.positions, LAYOUT, stride_time_s=1.0)
    written = cut_walk(Clip(positions, 60.0, LAYOUT))
    found = plausibility(written, harmonics=5)
    assert found.bone_drift_cm < 0.5
    assert found.penetration_cm == pytest.approx(0.0, abs=1e-4)
    assert found.closure_cm < 0.1
    sunk = Walk(Clip(positions - [0.0, 0.02, 0.0], 60.0, LAYOUT), written.cycles)
    assert plausibility(sunk, harmonics=5).penetration_cm == pytest.approx(2.0, rel=0.1)
