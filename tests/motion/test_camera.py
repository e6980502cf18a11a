import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.camera import exchange_back, from_camera, smooth_camera, with_quality
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.skeleton.layout import load_layout
from walking_figure import walking_figure

VIDEO = Path(os.environ.get("STGCN_AFFECT_DATA", "")) / "pose-video" / "mediapipe-demo-walk.csv"


@pytest.mark.parametrize(
    ("layout", "quality", "camera"),
    [
        ("coco17", "", True),
        ("coco17", "mocap", False),
        ("coco17", "camera", True),
        ("kinect25", "", False),
        ("kinect25", "camera", True),
    ],
)
def test_the_layout_says_it_unless_something_else_is_said(layout, quality, camera):
    layout = load_layout(layout)
    clip = with_quality(Clip(np.zeros((2, layout.num_joints, 3)), fps_hz=30, layout=layout), quality)
    assert from_camera(clip) == camera
    assert from_camera(with_quality(clip)) == camera


def test_another_quality_is_refused():
    with pytest.raises(InputError, match=r"clip: quality must be camera or mocap \(got 'good'\)"):
        with_quality(walking_figure(seconds=0.2), "good")


def _swaying(layout, frequency_hz, fps_hz=48.0, **about):
    """Every joint sways by 1 m along x, with the phase 0 in the first frame."""
    time = np.arange(240) / fps_hz
    positions = np.zeros((240, layout.num_joints, 3))
    positions[..., 0] = np.sin(2 * np.pi * frequency_hz * time)[:, None]
    return Clip(positions, fps_hz=fps_hz, layout=layout, **about)


def _gain(clip):
    """Amplitudes, in phase and a quarter of a period late, of the middle two seconds after smoothing."""
    smooth, _ = smooth_camera(clip, clip.positions)
    middle = slice(72, 168)
    path, before = smooth[middle, 0, 0], clip.positions[middle, 0, 0]
    return path @ before / (before @ before)


@pytest.mark.parametrize(("frequency_hz", "gain"), [(1.0, 0.9997), (2.0, 0.9958), (6.0, 0.7071), (12.0, 0.0664)])
def test_the_filter_halves_6_hz_and_has_no_lag(layout, frequency_hz, gain):
    clip = with_quality(_swaying(layout, frequency_hz), "camera")
    assert _gain(clip) == pytest.approx(gain, abs=0.0005)
    smooth, _ = smooth_camera(clip, clip.positions)
    late = np.roll(clip.positions, round(48 / frequency_hz / 4), axis=0)[72:168, 0, 0]
    assert smooth[72:168, 0, 0] @ late / (late @ late) == pytest.approx(0, abs=0.0005)


def test_other_clips_and_low_frame_rates_stay_as_they_are(layout):
    mocap, slow = _swaying(layout, 6.0), with_quality(_swaying(layout, 1.0, fps_hz=12.0), "camera")
    assert smooth_camera(mocap, mocap.positions) == (mocap.positions, [])
    positions, (said,) = smooth_camera(slow, slow.positions)
    assert positions is slow.positions
    assert said.endswith("; 12 frames a second are too few to be smoothed")


def test_what_is_missing_stays_missing_and_parts_are_smoothed_apart(layout):
    clip = with_quality(_swaying(layout, 1.0), "camera")
    clip.positions[100:110, 3] = np.nan
    clip.positions[110:, 3] += 5
    clip.positions[239, 4] = np.nan
    smooth, _ = smooth_camera(clip, clip.positions)
    assert np.isnan(smooth[100:110, 3]).all()
    assert np.isfinite(np.delete(smooth[:239], 3, axis=1)).all()
    assert np.abs(smooth[:100, 3, 0]).max() < 1.1
    assert smooth[110:, 3, 0].min() > 3.9


def test_a_period_is_smoothed_over_its_ends(layout):
    clip = with_quality(_swaying(layout, 1.0, periodic=True), "camera")
    turned = replace(clip, positions=np.roll(clip.positions, 37, axis=0))
    smooth, again = (smooth_camera(one, one.positions)[0] for one in (clip, turned))
    assert np.roll(smooth, 37, axis=0) == pytest.approx(again, abs=1e-4)


def _estimated(stride_time_s=1.1):
    """A walk as an estimator sees it: noisy, most of all in depth, with left and right exchanged for two frames."""
    clip = walking_figure("kinect25", seconds=4.8, noise_m=0.01, stride_time_s=stride_time_s)
    positions = clip.positions + np.random.default_rng(1).normal(0, [0, 0, 0.02], clip.positions.shape)
    for first in (40, 90):
        positions[first : first + 2] = positions[first : first + 2, clip.layout.mirror_permutation]
    return replace(clip, positions=positions)


def test_sides_that_were_exchanged_for_a_moment_are_exchanged_back():
    clip = with_quality(walking_figure(seconds=2.0), "camera")
    other = clip.layout.mirror_permutation
    wrong = clip.positions.copy()
    for frames in (slice(10, 12), slice(14, 17), slice(40, 46)):
        wrong[frames] = clip.positions[frames, other]
    mended, words = exchange_back(clip, wrong)
    assert words == ["left and right were exchanged in 11 frames: exchanged back"]
    assert mended == pytest.approx(clip.positions)
    assert exchange_back(replace(clip, attributes={}), wrong) == (wrong, [])


def test_sides_that_stay_exchanged_are_left_alone():
    clip = with_quality(walking_figure(seconds=2.0), "camera")
    wrong = clip.positions.copy()
    wrong[20:27] = clip.positions[20:27, clip.layout.mirror_permutation]  # for 0.23 s: it may be a turn
    assert exchange_back(clip, wrong) == (wrong, [])
    assert exchange_back(clip, clip.positions) == (clip.positions, [])


def _stride_times(clip):
    checked, _ = check_clip(clip)
    return [] if checked is None else [cycle.stride_time_s for cycle in cut_cycles(checked)[0]]


def test_a_walk_of_an_estimator_gives_its_strides_once_it_is_smoothed():
    clip = _estimated()
    assert _stride_times(with_quality(clip, "camera")) == pytest.approx([1.1] * 3, rel=0.02)
    assert len(_stride_times(with_quality(clip, "mocap"))) < 3


def test_a_stride_may_turn_more():
    clip = walking_figure("kinect25", seconds=3.6)
    turn = np.radians(27) * np.arange(108) / 30
    cos, sin, zero, one = np.cos(turn), np.sin(turn), np.zeros(108), np.ones(108)
    rotation = np.stack([np.stack(row, -1) for row in ([cos, zero, sin], [zero, one, zero], [-sin, zero, cos])], axis=1)
    centred = clip.positions - clip.layout.role_position(clip.positions, "pelvis")[:, None]
    circling = replace(clip, positions=np.einsum("tij,tvj->tvi", rotation, centred))
    assert len(cut_cycles(with_quality(circling, "camera"))[0]) == 2
    cycles, refused = cut_cycles(with_quality(circling, "mocap"))
    assert cycles == []
    assert "turning by" in refused[0]


def test_the_report_of_a_clip_says_so():
    _, found = check_clip(with_quality(walking_figure("kinect25"), "camera"))
    assert found == [
        "poses from one camera: a stride may turn by 40 degrees and miss its start by 0.2 body heights, a bone change"
        " by 35%; smoothed by a low-pass at 6 Hz"
    ]


@pytest.mark.skipif("STGCN_AFFECT_DATA" not in os.environ or not VIDEO.is_file(), reason="needs pose-video")
def test_nobody_walks_in_the_poses_of_a_jumping_man():
    """The estimator followed a man who does jumping jacks and leaps off a box, and the walker behind him for 0.7 s."""
    (clip,) = read_clips(VIDEO, layout="coco17")
    assert from_camera(clip)
    assert _stride_times(clip) == []
