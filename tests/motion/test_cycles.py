import re
from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.cycles import average_cycle, average_cycles, cut_cycles
from stgcn_affect.motion.readers.formats import read_clips


def test_mean_phase_by_phase():
    cycles = np.zeros((2, 4, 1, 3))
    cycles[0, 1], cycles[1, 1] = 1, 3
    assert average_cycle(cycles)[:, 0, 0] == pytest.approx([0, 2, 0, 0])


def test_one_average_for_each_group():
    cycles = np.arange(3.0)[:, None, None, None] * np.ones((3, 4, 2, 3))
    averages = average_cycles(cycles, ["sad", "angry", "sad"])
    assert list(averages) == ["angry", "sad"]
    assert (averages["angry"] == 1).all()
    assert (averages["sad"] == 1).all()


def test_wrong_input():
    with pytest.raises(InputError, match="at least one cycle"):
        average_cycle(np.zeros((0, 4, 1, 3)))
    with pytest.raises(InputError, match="each of 2 cycles"):
        average_cycles(np.zeros((2, 4, 1, 3)), ["sad"])


def test_strides_of_a_straight_walk(layout, walk_clip):
    cycles, refused = cut_cycles(walk_clip(seconds=5.0, yaw=2.2))
    assert refused == []
    assert [c.stride_time_s for c in cycles] == pytest.approx([1.2] * 3, abs=0.01)  # strikes at 1.2, 2.4, 3.6, 4.8
    for cycle in cycles:
        assert cycle.positions.shape == (64, 16, 3)
        assert cycle.positions.dtype == np.float32
        assert cycle.cadence_steps_per_min == pytest.approx(100, abs=1)
        assert cycle.height_m == pytest.approx(1.54, abs=0.01)
        assert not cycle.positions[:, 0].any()
        assert cycle.positions[:, layout.index("l_hip"), 0].min() > 0


def test_a_cycle_starts_with_the_left_foot_in_front_and_the_right_follows_after_half(layout, walk_clip):
    (cycle,), _ = cut_cycles(walk_clip(seconds=3.2))
    left, right = (cycle.positions[:, layout.index(f"{side}_foot"), 2] for side in "lr")
    assert abs((int(left.argmax()) + 32) % 64 - 32) <= 1
    assert abs(int(right.argmax()) - 32) <= 1
    assert left[0] > 0 > right[0]


@pytest.mark.parametrize("start", [0, 11, 40])
def test_a_period_gives_one_cycle_wherever_it_begins(walk_clip, start):
    clip = walk_clip(fps_hz=30, periodic=True)
    reference = cut_cycles(clip)[0][0]
    ((cycle,), refused) = cut_cycles(replace(clip, positions=np.roll(clip.positions, start, axis=0)))
    assert refused == []
    assert cycle.stride_time_s == pytest.approx(1.2)
    assert cycle.positions == pytest.approx(reference.positions, abs=0.01)


def test_swapped_names_are_put_right(layout, walk_clip):
    clip = walk_clip(seconds=3.2)
    swapped = replace(clip, positions=clip.positions[:, layout.mirror_permutation])
    assert cut_cycles(swapped)[0][0].positions == pytest.approx(cut_cycles(clip)[0][0].positions, abs=1e-6)


def test_every_cycle_closes(walk_clip):
    clip = walk_clip(seconds=3.2)
    drift = np.linspace(0, 0.05, clip.num_frames)[:, None]
    positions = clip.positions.copy()
    positions[:, 6, :2] += drift
    ((cycle,), _) = cut_cycles(replace(clip, positions=positions))
    steps = np.linalg.norm(np.diff(cycle.positions, axis=0, append=cycle.positions[:1]), axis=-1)[:, 6]
    assert steps[-1] < 2 * np.median(steps) + 1e-4


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"turn": 0.6}, r"turning by \d+ degrees \(at most 20\)"),
        ({"stride_s": 2.6, "seconds": 9.0}, r"lasts 2\.60 s \(between 0\.6 and 2\.4 s expected\)"),
        ({"stride_s": 0.5}, r"lasts 0\.50 s"),
        ({"swing_rad": 0.05}, r"fewer than two left heel strikes \(got 0\) in 3\.98 s"),
        ({"seconds": 2.0}, r"fewer than two left heel strikes \(got 1\)"),
    ],
)
def test_what_is_no_straight_walk_is_refused_in_words(walk_clip, how, reason):
    cycles, refused = cut_cycles(walk_clip(**how))
    assert cycles == []
    assert refused
    assert re.search(reason, refused[0])


def test_standing_between_two_walks_is_refused(walk_clip):
    clip = walk_clip(seconds=6.0)
    positions = np.concatenate(
        [clip.positions[:180], np.repeat(clip.positions[180:181], 150, axis=0), clip.positions[180:]]
    )
    cycles, refused = cut_cycles(replace(clip, positions=positions))
    assert [c.stride_time_s for c in cycles] == pytest.approx([1.2, 1.2], abs=0.01)
    assert len(refused) == 1
    assert re.fullmatch(r"stride at 2\.\d\d to 6\.\d\d s: standing still for 2\.\d s of it", refused[0])


def test_standing_is_refused(walk_clip):
    cycles, refused = cut_cycles(walk_clip(periodic=True, swing_rad=0.05))
    assert cycles == []
    assert "standing" in refused[0]


def test_a_stride_that_does_not_come_back_is_refused(walk_clip):
    clip = walk_clip(seconds=3.2)
    positions = clip.positions.copy()
    positions[:, 3:10] += np.linspace(0, 2, clip.num_frames)[:, None, None]
    cycles, refused = cut_cycles(replace(clip, positions=positions))
    assert cycles == []
    assert "its end misses its start by" in refused[0]


def test_a_missing_right_step_is_refused(layout, walk_clip):
    clip = walk_clip(seconds=3.2)
    positions = clip.positions.copy()
    right = [layout.index(f"r_{part}") for part in ("knee", "foot")]
    slow = walk_clip(seconds=3.2, stride_s=0.6).positions
    positions[:, right] = slow[:, right]
    assert "expected one right heel strike within it (got 2)" in cut_cycles(replace(clip, positions=positions))[1][0]


def test_samples_and_missing_values(walk_clip):
    clip = walk_clip(seconds=3.2)
    assert cut_cycles(clip, samples=16)[0][0].positions.shape == (16, 16, 3)
    with pytest.raises(InputError, match="at least 4"):
        cut_cycles(clip, samples=2)
    with pytest.raises(InputError, match="walk: positions must be finite or missing"):
        cut_cycles(replace(clip, positions=np.full_like(clip.positions, np.inf)))
    nothing = replace(clip, positions=np.full_like(clip.positions, np.nan))
    assert cut_cycles(nothing) == ([], ["no stretch of 0.6 s or more in which all joints are there"])


def test_no_cycle_goes_over_a_missing_value(layout, walk_clip):
    clip = walk_clip(seconds=6.2)  # strikes at 1.2, 2.4, 3.6, 4.8, 6.0
    positions = clip.positions.copy()
    positions[180, layout.index("head")] = np.nan
    cycles, refused = cut_cycles(replace(clip, positions=positions))
    whole, _ = cut_cycles(clip)
    assert refused == []
    assert [cycle.stride_time_s for cycle in cycles] == pytest.approx([1.2, 1.2, 1.2], abs=0.01)
    for cycle, same in zip(cycles, (whole[0], whole[2], whole[3]), strict=True):
        assert cycle.positions == pytest.approx(same.positions, abs=1e-2)
    periodic = walk_clip(periodic=True)
    periodic.positions[5, 3] = np.nan
    assert cut_cycles(periodic)[0] == []


@pytest.mark.parametrize(("fps_hz", "said_hz", "seconds"), [(120, 30, "4.77"), (30, 120, "0.30")])
def test_a_wrong_frame_rate_is_guessed(walk_clip, fps_hz, said_hz, seconds):
    cycles, refused = cut_cycles(replace(walk_clip(seconds=6.0, fps_hz=fps_hz), fps_hz=said_hz))
    assert cycles == []
    assert refused[-1] == (
        f"strides seem to last {seconds} s, which no walk has: the frame rate of {said_hz} a second may be wrong"
    )


@pytest.mark.tool
def test_all_acted_clips_of_emotion_gait_give_a_cycle(real_data):
    clips = read_clips(real_data / "emotion-gait" / "features.h5")
    index = clips[0].layout.index
    counts = {}
    for clip in clips:
        cycles, _ = cut_cycles(clip)
        counts[clip.source] = len(cycles)
        for cycle in cycles:
            left, right = cycle.positions[:, index("l_foot")], cycle.positions[:, index("r_foot")]
            assert cycle.positions[:, index("l_hip"), 0].mean() > 0
            assert left[0, 2] > right[0, 2]
            assert abs((int(left[:, 2].argmax()) + 32) % 64 - 32) <= 3
    assert all(counts[clip.source] == 1 for clip in clips if clip.emotion)
    assert sum(counts.values()) >= 203


def test_all_long_walks_of_bandai_namco_give_cycles(real_data):
    counts = []
    for path in sorted((real_data / "bandai-namco").glob("*.bvh")):
        (clip,) = read_clips(path)
        cycles, _ = cut_cycles(clip)
        counts.append(len(cycles))
        for cycle in cycles:
            toe, ankle = (cycle.positions[:, clip.layout.index(name)] for name in ("Toes_L", "Foot_L"))
            assert (toe - ankle)[:, 2].mean() > 0
            assert cycle.positions[:, clip.layout.index("UpperLeg_L"), 0].mean() > 0
    assert sorted(counts)[:2] == [0, 4]  # one clip lasts a second only
