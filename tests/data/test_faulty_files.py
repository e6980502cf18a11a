"""Files as recorders write them, with one fault each: what the fault touches is left out and said, the rest is cut."""

import warnings

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, filtfilt

from stgcn_affect.data.prepare_clip import prepare_clip
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.readers.formats import read_clips
from walking_figure import (
    FIGURE,
    frozen,
    markers,
    missing,
    moved,
    span,
    walking_figure,
    wavering,
    write_bvh,
    write_c3d,
    write_long_table,
    write_table,
)

STRIDE_S = 1.1


def prepared(path, **how):
    """The prepared clip of a file; no warning may reach the terminal, and no finding may be long."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = prepare_clip(*read_clips(path, **how), keep_unlabelled=True)
    assert all(len(finding) < 500 for finding in found.findings)
    assert all(np.isfinite(cycle.positions).all() for cycle in found.cycles)
    return found


def strides(found, count, seconds=STRIDE_S, within=0.03):
    assert [cycle.stride_time_s for cycle in found.cycles] == pytest.approx([seconds] * count, abs=within)


def said(found, words):
    assert any(words in finding for finding in found.findings), found.findings


def jittered(seed=0, frames=149):
    steps = np.random.default_rng(seed).uniform(0.015, 0.052, frames)
    return np.concatenate([[0.0], np.cumsum(steps)])


@pytest.mark.parametrize(
    ("title", "unit", "start"),
    [("time", 1, 0), ("time", 1, 1.5e9), ("Time (ms)", 1e3, 0), ("timestamp", 1e3, 7e5), ("RelativeTime", 1e7, 0)],
)
def test_a_kinect_table_with_jitter_and_a_hole(tmp_path, title, unit, start):
    times = np.delete(jittered(), range(4, 10))
    clip = walking_figure(times=times, noise_m=0.002)
    path = write_table(tmp_path / "w.csv", clip, times=(times + start) * unit, time=title, digits=3 if unit == 1 else 0)
    found = prepared(path)
    strides(found, 3)
    said(found, f"column '{title}': uneven steps of 15 to 52 ms, resampled at")
    said(found, "nothing was recorded for")


@pytest.mark.parametrize("layout", ["kinect20", "kinect25"])
def test_resampled_positions_are_where_the_figure_was(tmp_path, layout):
    times = jittered()
    (read,) = read_clips(write_table(tmp_path / "w.csv", walking_figure(layout, times=times), times=times, digits=6))
    truth = walking_figure(layout, times=np.arange(read.num_frames) / read.fps_hz)
    assert np.abs(read.positions - truth.positions)[3:-3].max() < 0.02


LOST = np.delete(np.arange(150), range(52, 57))


@pytest.mark.parametrize("fps_hz", [None, 30])
@pytest.mark.parametrize("columns", ["time", "frame", "both", "frame; times close the gap up"])
def test_lost_frames_are_never_closed_up(tmp_path, columns, fps_hz):
    clip = walking_figure(times=LOST / 30, stride_time_s=1.3)
    times = np.arange(145) / 30 if "close" in columns else LOST / 30
    path = write_table(
        tmp_path / "w.csv",
        clip,
        times=times,
        time="" if columns == "frame" else "time",
        frames=None if columns == "time" else LOST + 7,
    )
    if columns == "frame" and fps_hz is None:
        return
    found = prepared(path, fps_hz=fps_hz)
    strides(found, 1, 1.3, within=0.01)  # strikes at 1.3, 2.6 and 3.9 s
    said(found, "5 frames lost: nothing was recorded for 0.20 s at 1.70 s")
    said(found, "all joints: missing for 0.17 s at 1.73 s")


def test_lost_frames_of_a_long_table(tmp_path):
    clip = walking_figure(times=LOST / 30, stride_time_s=1.3)
    for how in ({"frames": LOST}, {"times": LOST / 30}, {"frames": LOST, "times": LOST / 30}):
        strides(prepared(write_long_table(tmp_path / "w.csv", clip, **how), fps_hz=30), 1, 1.3, within=0.01)


def test_stamps_in_packets_beside_unbroken_frame_numbers(tmp_path):
    clip = walking_figure(seconds=5.0)
    stamps = np.ceil((np.arange(150) + 1) / 5) * 5 / 30
    found = prepared(write_table(tmp_path / "w.csv", clip, times=stamps, frames=np.arange(150)))
    strides(found, 3)
    said(found, "the mean rate of 30 is taken")


@pytest.mark.parametrize("size", [3, 5, 10])
@pytest.mark.parametrize("lost", [range(67, 70), range(61, 66), range(58, 66)])
def test_frames_lost_in_packets_without_numbers_stay_lost(tmp_path, size, lost):
    frames = np.delete(np.arange(180), lost)
    clip = walking_figure(times=frames / 30, stride_time_s=1.3)
    stamps = np.ceil((frames + 1) / size) * size / 30
    found = prepared(write_table(tmp_path / "w.csv", clip, times=stamps))
    assert 2 <= len(found.cycles) <= 3  # strikes at 1.3, 2.6, 3.9 and 5.2 s
    strides(found, len(found.cycles), 1.3, within=0.02)
    said(found, "nothing was recorded for")
    said(found, "the mean rate of 30 is taken")


@pytest.mark.parametrize(("said_hz", "seconds"), [(120.0, "0.28"), (7.5, "4.40")])
def test_strides_of_a_wrong_frame_rate_get_the_guess(tmp_path, said_hz, seconds):
    found = prepared(write_table(tmp_path / "w.csv", walking_figure(seconds=9), time=""), fps_hz=said_hz)
    assert found.cycles == ()
    assert f"strides seem to last {seconds} s" in found.left_out
    assert "may be wrong" in found.left_out


@pytest.mark.parametrize(("said_hz", "stride_time_s"), [(15, 1.1), (15, 1.3), (60, 1.1), (60, 1.3)])
def test_a_rate_that_is_wrong_by_half_gets_the_guess(tmp_path, said_hz, stride_time_s):
    path = write_table(tmp_path / "w.csv", walking_figure(seconds=6, stride_time_s=stride_time_s), time="")
    said(prepared(path, fps_hz=said_hz), f"the frame rate of {said_hz} a second may be wrong")
    assert not any("wrong" in finding for finding in prepared(path, fps_hz=30).findings)


@pytest.mark.parametrize("change", [1, -2])
def test_a_bvh_with_more_or_fewer_whole_frames_than_it_says(tmp_path, change):
    clip = walking_figure(FIGURE, seconds=3.3)
    found = prepared(write_bvh(tmp_path / "w.bvh", clip, said=clip.num_frames - change))
    strides(found, 1)
    said(found, f"the file says {clip.num_frames - change} frames and holds {clip.num_frames} whole ones")


def test_a_bvh_whose_last_line_is_cut_off(tmp_path):
    clip = walking_figure(FIGURE, seconds=4.6)
    found = prepared(write_bvh(tmp_path / "w.bvh", clip, said=clip.num_frames + 1, more="1.0 2.0 3.0"))
    strides(found, 3)
    said(found, "and a line that was cut off")


def t_pose(clip, at_m=(0.0, 0.0, 0.0)):
    """The figure's rest pose with its arms held out, somewhere in the room."""
    pose = np.array(FIGURE.rest)
    for side, sign in (("l", 1), ("r", -1)):
        for part, reach in (("elbow", 0.48), ("wrist", 0.73)):
            pose[FIGURE.index(f"{side}_{part}")] = [sign * reach, 1.42, 0]
    return pose + np.asarray(at_m)


@pytest.mark.parametrize("at_m", [(2.0, 0.0, -3.0), (0.0, 0.0, 0.0)])
@pytest.mark.parametrize("end", [False, True])
@pytest.mark.parametrize("wide", [1.0, 2.0])
def test_a_rest_pose_that_was_smoothed_into_the_walk(tmp_path, at_m, end, wide):
    clip = walking_figure(FIGURE, seconds=4.8 if end else 4.6, fps_hz=120)
    positions = clip.positions.copy()
    place = -1 if end else 0
    positions[place] = t_pose(clip, at_m)
    smooth = gaussian_filter1d(positions, sigma=wide, axis=0, mode="nearest")
    found = prepared(
        write_bvh(tmp_path / "w.bvh", Clip(positions=smooth, fps_hz=120, layout=FIGURE)),
    )
    strides(found, 3, within=0.01)


@pytest.mark.parametrize(("frames", "at_m"), [(2, (2.0, 0.0, -3.0)), (3, (2.0, 0.0, -3.0)), (8, (0.0, 0.0, 4.8))])
@pytest.mark.parametrize("end", [False, True])
@pytest.mark.parametrize("fps_hz", [30, 60])
def test_a_t_pose_of_a_few_frames_that_was_low_passed_into_the_walk(tmp_path, frames, at_m, end, fps_hz):
    clip = walking_figure(FIGURE, seconds=4.0, fps_hz=fps_hz)
    held = np.repeat(t_pose(clip, at_m if end else (at_m[0], 0, 0))[None], frames, axis=0)
    positions = np.concatenate([clip.positions, held] if end else [held, clip.positions])
    smooth = filtfilt(*butter(4, 6.0, fs=fps_hz), positions, axis=0)
    found = prepared(write_bvh(tmp_path / "w.bvh", Clip(positions=smooth, fps_hz=fps_hz, layout=FIGURE)))
    strides(found, 2, within=0.02)  # strikes at 1.1, 2.2 and 3.3 s


def test_a_t_pose_before_the_walk_costs_no_stride(tmp_path):
    clip = walking_figure(FIGURE, seconds=4.6, fps_hz=60)
    held = np.repeat(t_pose(clip)[None], 60, axis=0) + np.random.default_rng(0).normal(scale=1e-3, size=(60, 18, 3))
    positions = np.concatenate([held, clip.positions])
    found = prepared(write_bvh(tmp_path / "w.bvh", Clip(positions=positions, fps_hz=60, layout=FIGURE)))
    strides(found, 3, within=0.01)


def test_a_walk_through_a_volume(tmp_path):
    clip = walking_figure("plug_in_gait18", seconds=6.5, fps_hz=100, stride_time_s=0.8)
    labels, points = markers(clip)
    rng = np.random.default_rng(0)
    for marker in range(len(labels)):
        points[: rng.integers(90, 167), marker] = np.nan
        points[rng.integers(444, 560) :, marker] = np.nan
    found = prepared(write_c3d(tmp_path / "w.c3d", labels, points))
    strides(found, 2, 0.8, within=0.01)
    said(found, "all joints with a role are there for")


def test_a_person_who_leaves_the_volume_in_the_middle(tmp_path):
    clip = walking_figure("plug_in_gait18", seconds=7.0, fps_hz=100, stride_time_s=0.8)
    labels, points = markers(clip)
    points[260:410] = np.nan  # 0.8, 1.6 and 2.4 s, and 4.8, 5.6 and 6.4 s are left
    found = prepared(write_c3d(tmp_path / "w.c3d", labels, points))
    strides(found, 4, 0.8, within=0.01)
    said(found, "all joints: missing for 1.50 s at 2.60 s")


@pytest.mark.parametrize("empty", ["", "NaN", "0", "-", "#N/A"])
def test_missing_values_of_one_joint(tmp_path, empty):
    clip = missing(walking_figure(), ["KneeLeft"], 1.4, 1.9)
    found = prepared(write_table(tmp_path / "w.csv", clip, empty=empty))
    strides(found, 2)  # strikes at 1.1, 2.2, 3.3 and 4.4 s
    said(found, "joint 'KneeLeft': missing for 0.50 s at 1.40 s")


def test_zeros_for_the_whole_body(tmp_path):
    clip = missing(walking_figure(), walking_figure().layout.joints, 1.4, 1.9, value=0.0)
    found = prepared(write_table(tmp_path / "w.csv", clip))
    strides(found, 2)


TOUCHED = [
    lambda clip, joint: frozen(clip, [joint], 1.4, 1.9),
    lambda clip, joint: moved(clip, [joint], 1.4, 1.9, (0.3, 0.1, -0.2)),
    lambda clip, joint: missing(clip, [joint], 1.4, 1.9),
    lambda clip, joint: wavering(clip, [joint], 1.2, 2.0, 0.6),
    lambda clip, joint: missing(clip, [joint], 1.4, 1.9, value=9999.0),
]


@pytest.mark.parametrize("fault", TOUCHED)
@pytest.mark.parametrize("joint", ["WristRight", "KneeLeft", "Head"])
def test_a_fault_of_a_joint_costs_the_stride_that_it_lies_in(tmp_path, fault, joint):
    found = prepared(write_table(tmp_path / "w.csv", fault(walking_figure(noise_m=0.002), joint)))
    strides(found, 2)
    said(found, f"joint '{joint}': ")


@pytest.mark.parametrize("fault", TOUCHED)
@pytest.mark.parametrize("joint", ["ThumbLeft", "HandTipRight", "HandLeft", "SpineShoulder"])
def test_a_fault_of_a_joint_without_a_role_costs_nothing(tmp_path, fault, joint):
    found = prepared(write_table(tmp_path / "w.csv", fault(walking_figure(noise_m=0.002), joint)))
    strides(found, 3)
    said(found, joint)


@pytest.mark.parametrize("start_s", [2.3, 2.6, 2.9])
def test_a_foot_that_froze_and_leaps_back_costs_the_stride_alone(tmp_path, start_s):
    clip = frozen(walking_figure(seconds=6.6, noise_m=0.002), ["FootLeft"], start_s, start_s + 0.88)
    found = prepared(write_table(tmp_path / "w.csv", clip))
    assert 2 <= len(found.cycles) <= 4
    strides(found, len(found.cycles))


def test_a_thumb_that_is_never_right_stands_beside_its_wrist(tmp_path):
    clip = walking_figure(noise_m=0.002)
    found = prepared(write_table(tmp_path / "w.csv", wavering(clip, ["ThumbLeft"], 0, 9, 0.15)))
    strides(found, 3)
    said(found, "joint 'ThumbLeft': its distance from 'WristLeft' varies by")
    thumb, wrist = (clip.layout.index(joint) for joint in ("ThumbLeft", "WristLeft"))
    for cycle in found.cycles:
        assert np.ptp(np.linalg.norm(cycle.positions[:, thumb] - cycle.positions[:, wrist], axis=-1)) < 0.01


def test_a_joint_that_drifts_away_costs_what_comes_after(tmp_path):
    clip = walking_figure(seconds=6.0, noise_m=0.002)
    positions = clip.positions.copy()
    frames = span(clip, 2.3, 6.0)
    positions[frames, clip.layout.index("AnkleRight"), 0] -= np.linspace(0, 0.8, len(positions[frames]))
    found = prepared(write_table(tmp_path / "w.csv", Clip(positions=positions, fps_hz=30, layout=clip.layout)))
    assert 1 <= len(found.cycles) <= 2
    said(found, "joint 'AnkleRight': ")


def test_a_last_line_that_was_cut_off_and_words_before_the_heading(tmp_path):
    path = write_table(tmp_path / "w.csv", walking_figure())
    lines = path.read_text().splitlines()
    path.write_text("\n".join(["Kinect recording of a walk", *lines[:-1], lines[-1][:200]]))
    found = prepared(path)
    strides(found, 3)
    said(found, "line 1 has 1 columns in place of 76, as 1 other line: left out")


def test_a_last_frame_that_is_garbage(tmp_path):
    clip = walking_figure()
    for frame in (0, -1):
        positions = clip.positions.copy()
        positions[frame] = 0.37
        strides(prepared(write_table(tmp_path / "w.csv", Clip(positions=positions, fps_hz=30, layout=clip.layout))), 3)


def test_a_damaged_line_within_a_table_is_a_missing_frame(tmp_path):
    path = write_table(tmp_path / "w.csv", walking_figure(), time="")
    lines = path.read_text().splitlines()
    lines[40] = lines[40][:100]
    lines[60] = ",".join(["error" if i == 5 else cell for i, cell in enumerate(lines[60].split(","))])
    path.write_text("\n".join(lines))
    found = prepared(path, fps_hz=30)
    strides(found, 3)
    said(found, "line 41 has")
    said(found, "line 61, column 'SpineMidZ' is no number ('error')")


def test_a_recording_without_a_whole_stride_is_refused_with_its_reason(tmp_path):
    clip = walking_figure()
    for start in (0.3, 1.4, 2.5, 3.6, 4.5):
        clip = missing(clip, ["KneeLeft"], start, start + 0.2)
    found = prepared(write_table(tmp_path / "w.csv", clip))
    assert found.cycles == ()
    assert "joint 'KneeLeft': missing for" in found.left_out
    assert "fewer than two left heel strikes" in found.left_out
