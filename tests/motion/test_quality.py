from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.readers.formats import read_clips


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


def test_short_gaps_are_filled_and_long_ones_set_aside(layout, clip):
    knee = layout.index("l_knee")

    def lose(frames):
        def change(positions):
            positions[20 : 20 + frames, knee] = np.nan

        return change

    mended, findings = check_clip(changed(clip, lose(4)))
    assert findings == ["joint 'l_knee': 4 frames missing, filled by interpolation"]
    assert np.abs(mended.positions - clip.positions).max() < 0.01
    mended, findings = check_clip(changed(clip, lose(30)))
    assert np.flatnonzero(np.isnan(mended.positions[:, knee, 0])).tolist() == list(range(20, 50))
    assert findings == [
        "joint 'l_knee': missing for 0.50 s at 0.33 s (at most 0.1 s can be filled)",
        "all joints with a role are there for 3.50 s in 2 stretches, the longest 3.17 s at 0.83 s",
    ]
    mended, findings = check_clip(changed(clip, lambda p: p.__setitem__((slice(None, None, 20), knee), np.nan)))
    assert findings == ["joint 'l_knee': 12 frames missing, filled by interpolation"]
    mended, findings = check_clip(changed(clip, lambda p: p.__setitem__(slice(None), np.nan)))
    assert mended is None
    assert findings == ["all joints: missing in all 240 frames"]


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


def aside(clip, joint):
    """Frames in which a joint is missing."""
    return np.flatnonzero(np.isnan(clip.positions[:, clip.layout.index(joint), 0])).tolist()


def test_a_joint_that_jumps_out_and_back_is_set_aside_in_between(layout, clip):
    def jump(positions):
        positions[120:150, layout.index("r_hand"), 1] += 1.0

    mended, findings = check_clip(changed(clip, jump))
    assert aside(mended, "r_hand") == list(range(118, 152))  # two frames are 1/30 s
    assert findings[0].startswith("joint 'r_hand': jumps by 0.65 body heights at 2.47 s and once more")


def test_a_joint_that_stays_elsewhere_is_set_aside_from_there_on(layout, clip):
    mended, _ = check_clip(changed(clip, lambda p: p.__setitem__((slice(150, None), 9), p[150:, 9] + [0.3, 0, 0])))
    assert aside(mended, layout.joints[9]) == list(range(148, 240))


def test_a_recording_in_pieces_loses_the_frames_between_them(clip):
    mended, findings = check_clip(changed(clip, lambda p: p.__setitem__(slice(100, None), p[100:] + 4)))
    lost = np.flatnonzero(np.isnan(mended.positions).all(axis=(1, 2)))
    assert 98 <= lost.min() <= 99
    assert 100 <= lost.max() <= 101
    assert findings[0] == "most joints jump at 1.67 s: the clip is in pieces or the subject changes"


def test_a_piece_that_shows_another_body_is_left_out(clip):
    mended, findings = check_clip(changed(clip, lambda p: p.__setitem__(slice(150, None), 1.3 * p[150:] + 4)))
    assert np.isnan(mended.positions[150:]).all()
    assert np.isfinite(mended.positions[:140]).all()
    assert "another body from 2.53 to 3.98 s: its bones differ by 30%; left out" in findings


def test_a_rest_pose_in_the_first_frame_is_dropped(clip):
    mended, findings = check_clip(changed(clip, lambda p: p.__setitem__((0, slice(4, 10), 0), 2.0)))
    assert findings == ["the first frame stands apart from the walk and was dropped"]
    assert mended.positions == pytest.approx(clip.positions[1:])


def test_a_frozen_joint_is_set_aside(layout, clip):
    hand = layout.index("l_hand")
    mended, findings = check_clip(changed(clip, lambda p: p.__setitem__((slice(60, 90), hand), p[60, hand])))
    assert set(range(61, 90)) <= set(aside(mended, "l_hand")) <= set(range(58, 93))
    assert any("frozen for 0.48 s at 1.00 s, while the body moves" in finding for finding in findings)


def test_repeated_frames_are_set_aside(clip):
    mended, findings = check_clip(changed(clip, lambda p: p.__setitem__(slice(60, 75), p[60])))
    assert set(range(61, 75)) <= set(aside(mended, "root"))
    assert "the whole body stays at one spot for 0.23 s at 1.00 s, as where frames are repeated" in findings


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
    assert np.isfinite(mended.positions).all()
    assert "bones whose length varies: 'l_knee' to 'l_foot' by 2" in findings[0]
    mended, findings = check_clip(stretch(0.3))
    assert mended is None
    assert any("joint 'l_foot': " in finding for finding in findings)
    assert findings[-1] == "all joints with a role are nowhere there for 0.6 s"


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
