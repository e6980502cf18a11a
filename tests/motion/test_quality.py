from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.motion.quality import check_clip, fill_gaps, longest_run
from stgcn_affect.motion.readers.formats import read_clips


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


@pytest.fixture
def clip(walk_clip):
    return walk_clip(fps_hz=60, seconds=4.0)


def changed(clip, change):
    positions = clip.positions.copy()
    change(positions)
    return replace(clip, positions=positions)


def test_a_sound_clip_comes_back_as_it_is(clip):
    mended, findings = check_clip(clip)
    assert mended is clip
    assert findings == []


def test_short_gaps_are_filled_and_long_ones_refused(layout, clip):
    knee = layout.index("l_knee")

    def lose(frames):
        def change(positions):
            positions[20 : 20 + frames, knee] = np.nan

        return change

    mended, findings = check_clip(changed(clip, lose(4)))
    assert findings == ["joint 'l_knee': 4 frames missing, filled by interpolation"]
    assert np.abs(mended.positions - clip.positions).max() < 0.01
    mended, findings = check_clip(changed(clip, lose(30)))
    assert mended is None
    assert findings == ["joint 'l_knee': missing for 0.50 s at 0.33 s (at most 0.1 s can be filled)"]
    mended, findings = check_clip(changed(clip, lose(500)))
    assert mended is None
    assert "missing for" in findings[0]


def test_a_joint_that_is_never_there_quality(layout, clip):
    mended, findings = check_clip(changed(clip, lambda p: p.__setitem__((slice(None), 3), np.nan)))
    assert mended is None
    assert findings == ["joint 'head': missing in all 240 frames"]


def test_a_spike_is_mended(layout, clip):
    def spike(positions):
        positions[50, layout.index("r_hand"), 0] += 3

    mended, findings = check_clip(changed(clip, spike))
    assert findings[0] == "joint 'r_hand': 1 spike of one frame taken as missing"
    assert np.abs(mended.positions - clip.positions).max() < 0.01


def test_a_jump_is_refused(layout, clip):
    def jump(positions):
        positions[120:, layout.index("r_hand"), 1] += 1.0

    mended, findings = check_clip(changed(clip, jump))
    assert mended is None
    assert findings[0] == "joint 'r_hand': jumps by 0.65 body heights from one frame to the next at 1.98 s"


def test_a_clip_in_pieces_is_refused(clip):
    mended, findings = check_clip(changed(clip, lambda p: p.__setitem__(slice(100, None), p[100:] + 4)))
    assert mended is None
    assert "most joints jump, the farthest at 1.65 s" in findings[0]


def test_a_rest_pose_in_the_first_frame_is_dropped(clip):
    mended, findings = check_clip(changed(clip, lambda p: p.__setitem__((0, slice(4, 10), 0), 2.0)))
    assert findings == ["the first frame stands apart from the walk and was dropped"]
    assert mended.positions == pytest.approx(clip.positions[1:])


def test_a_frozen_joint_is_refused(layout, clip):
    hand = layout.index("l_hand")
    mended, findings = check_clip(changed(clip, lambda p: p.__setitem__((slice(60, 180), hand), p[60, hand])))
    assert mended is None
    assert "joint 'l_hand': frozen for 1.98 s from 1.00 s on, while the body moves" in findings


def test_a_frozen_limb_of_a_centred_walk_is_refused_and_its_trunk_is_not(layout, walk_clip):
    clip = walk_clip(speed=0.0)
    assert check_clip(clip) == (clip, [])  # its trunk does not move at all
    hand = layout.index("l_hand")
    mended, findings = check_clip(changed(clip, lambda p: p.__setitem__((slice(None), hand), p[0, hand])))
    assert mended is None
    assert any("joint 'l_hand': frozen" in finding for finding in findings)


def test_bones_that_stretch(layout, clip):
    foot = layout.index("l_foot")
    wave = np.sin(np.arange(240) / 10)[:, None] * [0, 1, 0]

    def stretch(amount):
        return changed(clip, lambda p: p.__setitem__((slice(None), foot), p[:, foot] + amount * wave))

    mended, findings = check_clip(stretch(0.05))
    assert mended is not None
    assert "bones whose length varies: 'l_knee' to 'l_foot' by 2" in findings[0]
    mended, findings = check_clip(stretch(0.3))
    assert mended is None
    assert "bones whose length varies too much for a body: 'l_knee' to 'l_foot' by 1" in findings[0]


def test_wrong_units(clip):
    mended, findings = check_clip(replace(clip, positions=clip.positions * 100))
    assert findings == [
        "body height from ankles to head is 154.1, which is not in metres: taken as centimetres and converted"
    ]
    assert mended.positions == pytest.approx(clip.positions, abs=1e-4)
    is_outlier = replace(clip, positions=clip.positions * 5)
    mended, findings = check_clip(is_outlier)
    assert "nor in any unit we know: kept as a relative size" in findings[0]
    assert mended.positions == pytest.approx(is_outlier.positions)
    assert check_clip(replace(is_outlier, attributes={"unit": "relative"}))[1] == []


def test_a_body_of_no_size(clip):
    assert check_clip(replace(clip, positions=np.zeros_like(clip.positions))) == (None, ["all joints are at one spot"])


@pytest.mark.tool
def test_published_clips_are_sound(real_data):
    clips = read_clips(real_data / "emotion-gait" / "features.h5")
    for path in sorted((real_data / "bandai-namco").glob("*.bvh")):
        clips += read_clips(path)
    checked = [check_clip(clip) for clip in clips]
    assert all(mended is not None for mended, _ in checked)
    known = ("bones whose length varies:", "left joints stand at the subject's right")
    assert all(finding.startswith(known) for _, findings in checked for finding in findings)
    assert not any(
        "left joints" in words
        for clip, (_, found) in zip(clips, checked, strict=True)
        for words in found
        if clip.emotion
    )


@pytest.mark.parametrize("mirror", [False, True])
def test_left_joints_at_the_right_are_told(layout, walk_clip, mirror):
    clip = walk_clip(yaw=0.7)
    wrong = clip.positions * np.float32([-1, 1, 1]) if mirror else clip.positions[:, layout.mirror_permutation]
    mended, findings = check_clip(replace(clip, positions=wrong))
    assert len(findings) == 1
    assert findings[0].startswith("left joints stand at the subject's right, going by knees and feet")
    assert np.array_equal(mended.positions, wrong)
