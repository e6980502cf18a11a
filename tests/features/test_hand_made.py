import os
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stgcn_affect.errors import InputError
from stgcn_affect.features.hand_made import hand_made_features
from stgcn_affect.features.posture import posture_signals
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.skeleton.layout import layout_names, load_layout

LAYOUT = load_layout("emotion_gait16")
TIME = np.array([1.0])


def test_every_feature_has_a_name_a_unit_and_a_source(walking):
    table = hand_made_features(walking, np.array([1.0, 1.1]), LAYOUT)
    assert table.values.shape == (2, 311)
    assert len(set(table.names)) == 311
    assert all(table.units)
    assert all(table.sources)
    assert table.column("angle.l_hip-l_knee-l_ankle.mean").tolist() == pytest.approx(
        posture_signals(walking, LAYOUT).signal("angle.l_hip-l_knee-l_ankle").mean(axis=1)
    )


@pytest.mark.parametrize("name", layout_names())
def test_every_layout_has_the_same_features(name, standing):
    layout = load_layout(name)
    table = hand_made_features(standing(layout), TIME, layout)
    assert table.names == hand_made_features(standing(LAYOUT), TIME, LAYOUT).names
    assert np.isfinite(table.values).all()
    moving = [n for n in table.names if n.startswith(("speed", "range_of_motion", "arm_swing", "stride_length"))]
    assert max(abs(table.column(n)[0]) for n in moving) < 1e-6


def test_cycles_do_not_know_of_each_other(walking):
    times = np.array([1.0, 1.1])
    both = hand_made_features(walking, times, LAYOUT).values
    for n in range(2):
        alone = hand_made_features(walking[n : n + 1], times[n : n + 1], LAYOUT).values
        np.testing.assert_allclose(alone, both[n : n + 1], rtol=1e-6)


def test_where_a_cycle_starts_does_not_matter(walking):
    times = np.array([1.0, 1.1])
    before, after = (hand_made_features(np.roll(walking, s, axis=1), times, LAYOUT).values for s in (0, 20))
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-6)


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_the_mirror_image_swaps_left_and_right(seed):
    positions = np.random.default_rng(seed).normal(size=(1, 8, 16, 3))
    image = positions[..., LAYOUT.mirror_permutation, :] * [-1, 1, 1]
    before, after = (hand_made_features(p, TIME, LAYOUT) for p in (positions, image))
    others = [other_side(name, before.names) for name in before.names]
    assert sorted(others) == sorted(before.names)
    assert sum(other != name for name, other in zip(before.names, others, strict=True)) > 200
    for name, other in zip(before.names, others, strict=True):
        assert after.column(other)[0] == pytest.approx(before.column(name)[0], rel=1e-4, abs=1e-6)


def other_side(name, names):
    """The same feature of the other side; one of both sides is its own, its roles read backwards."""
    swapped = re.sub(r"(?<![a-z_])[lr](?![a-z])", lambda side: {"l": "r", "r": "l"}[side[0]], name)
    backwards = ".".join("-".join(part.split("-")[::-1]) for part in swapped.split("."))
    return swapped if swapped in names else backwards


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=10)
def test_joints_that_coincide_give_finite_values(seed, all_of_them):
    rng = np.random.default_rng(seed)
    positions = rng.normal(size=(1, 8, 16, 3))
    positions[:, :, slice(None) if all_of_them else rng.choice(16, size=6)] = 0
    assert np.isfinite(hand_made_features(positions, TIME, LAYOUT).values).all()


def test_missing_positions_are_refused(walking):
    walking[1, 3, LAYOUT.index("l_knee"), 1] = np.nan
    with pytest.raises(InputError, match=r"joint 'l_knee' in cycle 1, sample 3 must be finite \(got nan\)"):
        hand_made_features(walking, np.array([1.0, 1.0]), LAYOUT)


@pytest.mark.skipif("STGCN_AFFECT_DATA" not in os.environ, reason="needs STGCN_AFFECT_DATA")
def test_the_angry_walk_faster_and_swing_their_arms_more_than_the_sad():
    path = Path(os.environ["STGCN_AFFECT_DATA"]) / "emotion-gait" / "features.h5"
    acted = [clip for clip in read_clips(path) if clip.emotion in ("angry", "sad")]
    cycles = [cut_cycles(clip)[0][0] for clip in acted]
    times = np.array([cycle.stride_time_s for cycle in cycles])
    table = hand_made_features(np.stack([c.positions for c in cycles]), times, acted[0].layout)
    angry = np.array([clip.emotion == "angry" for clip in acted])
    for name in ("walking_speed", "cadence", "stride_length", "arm_swing.l", "arm_swing.r", "speed.l_wrist.mean"):
        assert table.column(name)[angry].mean() > 1.1 * table.column(name)[~angry].mean(), name
