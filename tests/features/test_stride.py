import os
from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.features.stride import stride_length, stride_time
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.skeleton.layout import load_layout

PHASE = 2 * np.pi * np.arange(64) / 64


def test_feet_on_opposite_sines(standing):
    layout = load_layout("emotion_gait16")
    cycles = standing(layout, samples=64)
    cycles[0, :, layout.index("l_foot"), 2] = 0.3 * np.cos(PHASE)
    cycles[0, :, layout.index("r_foot"), 2] = -0.3 * np.cos(PHASE)
    # two steps of 0.6, less what the samples cut from the cusps between them
    assert stride_length(cycles, layout)[0] == pytest.approx(1.2, rel=1e-3)
    assert stride_length(2 * cycles, layout)[0] == pytest.approx(2 * stride_length(cycles, layout)[0])
    assert stride_length(cycles - [0, 0, 5], layout)[0] == pytest.approx(stride_length(cycles, layout)[0])


def test_feet_that_stand_while_the_pelvis_goes_on(standing):
    # seen from the pelvis, each foot goes 0.6 backwards in three fifths of the cycle: 1.0 a cycle
    layout = load_layout("emotion_gait16")
    cycles = standing(layout, samples=64)
    phase = np.arange(64) / 64
    stance, swing = 0.3 - phase, -0.3 + 0.6 * (1 - np.cos(np.pi * (phase - 0.6) / 0.4)) / 2
    path = np.where(phase < 0.6, stance, swing)
    cycles[0, :, layout.index("l_foot"), 2] = path
    cycles[0, :, layout.index("r_foot"), 2] = np.roll(path, 32)
    assert stride_length(cycles, layout)[0] == pytest.approx(1.0, rel=0.05)


def test_toes_tell_what_an_ankle_hides(standing):
    layout = load_layout("kinect20")
    cycles = standing(layout, samples=64)
    cycles[0, :, layout.index("FootLeft"), 2] = 0.3 * np.cos(PHASE)
    cycles[0, :, layout.index("FootRight"), 2] = -0.3 * np.cos(PHASE)
    assert stride_length(cycles, layout)[0] == pytest.approx(1.2, rel=1e-3)


def test_a_subject_who_stands(standing):
    layout = load_layout("coco17")
    assert stride_length(standing(layout), layout)[0] == pytest.approx(0, abs=1e-12)


@pytest.mark.skipif("STGCN_AFFECT_DATA" not in os.environ, reason="needs STGCN_AFFECT_DATA")
@pytest.mark.parametrize("style", ["normal", "sad", "angry"])
def test_captured_subjects_go_as_fast_as_their_feet_say(style):
    path = Path(os.environ["STGCN_AFFECT_DATA"]) / "bandai-namco" / f"dataset-1_walk_{style}_001.bvh"
    (clip,) = read_clips(path)
    cycles, _ = cut_cycles(clip)
    length = stride_length(np.stack([cycle.positions for cycle in cycles]), clip.layout) * cycles[0].height_m
    pelvis = clip.layout.role_position(clip.positions, "pelvis")[:, [0, 2]].astype(float)
    speed = np.linalg.norm(np.diff(pelvis, axis=0), axis=1) * clip.fps_hz
    found = np.median(length / [cycle.stride_time_s for cycle in cycles])
    assert found == pytest.approx(np.median(speed[len(speed) // 4 : -len(speed) // 4]), rel=0.05)


LAYOUT = load_layout("emotion_gait16")


def test_times_alone():
    table = stride_time(np.array([1.0, np.e]))
    assert table.names == ("log_stride_time", "cadence")
    assert table.column("log_stride_time").tolist() == pytest.approx([0, 1])
    assert table.column("cadence").tolist() == pytest.approx([120, 120 / np.e])


def test_speed_where_positions_are_given(walking):
    times = np.array([1.0, 1.25])
    table = stride_time(times, positions=walking, layout=LAYOUT)
    assert table.names == ("log_stride_time", "cadence", "walking_speed")
    np.testing.assert_allclose(table.column("walking_speed"), stride_length(walking, LAYOUT) / times, rtol=1e-6)


def test_positions_need_their_layout(walking):
    with pytest.raises(InputError, match=r"\(got positions alone\)"):
        stride_time(np.array([1.0, 1.0]), positions=walking)
    with pytest.raises(InputError, match=r"\(got layout alone\)"):
        stride_time(np.array([1.0, 1.0]), layout=LAYOUT)
