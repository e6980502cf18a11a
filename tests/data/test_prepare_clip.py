from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.data.prepare_clip import prepare_clip
from stgcn_affect.motion.clip import Unreadable
from stgcn_affect.synthetic.walkers import synthetic_walkers


def test_a_good_clip_gives_cycles(walk):
    found = prepare_clip(walk(subject="ana", emotion="sad", take="1", source="a.bvh", attributes={"age": "30"}))
    assert len(found.cycles) == 1
    assert found.cycles[0].positions.shape == (64, 16, 3)
    assert found.left_out == ""
    assert found.attributes == {"age": "30"}
    assert found.summary().startswith("a.bvh: ana, sad, take 1, 1 cycle of 1.00 s")


def test_samples_are_passed_on(walk):
    assert prepare_clip(walk(subject="a", emotion="b"), samples=32).cycles[0].positions.shape == (32, 16, 3)


def test_a_clip_without_labels_is_left_out_unless_wanted(walk):
    assert prepare_clip(walk(subject="ana")).left_out == "unknown emotion"
    assert prepare_clip(walk()).left_out == "unknown subject and emotion"
    assert prepare_clip(walk(source="a")).summary() == "a: left out: unknown subject and emotion; 1 cycle of 1.00 s"
    assert prepare_clip(walk(subject="ana", emotion="sad")).left_out == ""
    assert len(prepare_clip(walk(), keep_unlabelled=True).cycles) == 1


def test_a_standing_clip_is_left_out_with_a_reason(walk):
    found = prepare_clip(walk(subject="a", emotion="b", swing=0, source="a.bvh"))
    assert found.cycles == ()
    assert found.left_out
    assert found.summary().startswith("a.bvh: left out: ")


def test_a_broken_clip_is_left_out_with_a_reason(walk):
    clip = walk(subject="a", emotion="b")
    positions = clip.positions.copy()
    positions[10:] = np.nan
    found = prepare_clip(replace(clip, positions=positions))
    assert found.cycles == ()
    assert found.left_out


def test_the_reason_comes_before_the_details(walk):
    clip = walk(subject="a", emotion="b", source="a.bvh")
    positions = clip.positions[:40].copy()
    positions[5, 3] = np.nan
    found = prepare_clip(replace(clip, positions=positions))
    filled = f"joint {clip.layout.joints[3]!r}: 1 frame missing, filled by interpolation"
    assert found.findings[1:] == (filled,)
    assert found.left_out.startswith("fewer than two left heel strikes (got ")
    assert found.summary() == f"a.bvh: left out: {found.findings[0]}; {filled}"
    positions[5:30, 3] = np.nan
    found = prepare_clip(replace(clip, positions=positions))
    assert "missing" in found.left_out
    assert found.left_out.startswith("all joints with a role are nowhere there")


def test_an_unreadable_file_keeps_its_reason():
    found = prepare_clip(Unreadable("a.bvh", "no HIERARCHY in it"))
    assert found.summary() == "a.bvh: left out: no HIERARCHY in it"


def pinned(clip):
    """The pelvis stays at one spot, as in centred files."""
    return clip.positions - clip.layout.role_position(clip.positions, "pelvis")[:, None]


def in_place(clip):
    """The pelvis goes up and down but not along, as in game animation."""
    pelvis = clip.layout.role_position(clip.positions, "pelvis") * [1, 0, 1]
    return clip.positions - pelvis[:, None]


def treadmill(clip):
    """The subject drifts slowly to and fro on the belt and off its middle line, turned to another wall of the room."""
    time = np.arange(clip.num_frames) / clip.fps_hz
    drift = np.stack([0.05 * np.sin(time), 0 * time, 0.15 * np.sin(0.7 * time)], axis=1)
    return (in_place(clip) + drift[:, None]) @ np.array([[0, 0, -1], [0, 1, 0], [1, 0, 0]])


@pytest.mark.parametrize("without_travel", [pinned, in_place, treadmill])
def test_a_walk_without_travel_gives_the_cycles_of_the_walk(without_travel):
    for clip in synthetic_walkers(walkers=2, takes=1, seed=3).clips:
        walked, stayed = (
            prepare_clip(c) for c in (clip, replace(clip, positions=without_travel(clip).astype(np.float32)))
        )
        assert stayed.findings == walked.findings
        assert len(stayed.cycles) == len(walked.cycles) > 0
        for cycle, other in zip(stayed.cycles, walked.cycles, strict=True):
            assert cycle.stride_time_s == pytest.approx(other.stride_time_s, abs=1e-3)
            np.testing.assert_allclose(cycle.positions, other.positions, atol=2e-3)
