import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.cycles import average_cycle, cut_cycles
from stgcn_affect.motion.gait_events import (
    GaitEvents,
    _peaks,
    foot_travel,
    gait_events,
    heel_strikes,
    phase_bins,
    stride_fault,
)
from stgcn_affect.skeleton.layout import load_layout
from stgcn_affect.synthetic.walkers import synthetic_walkers


def test_strikes_where_the_foot_is_farthest_in_front(layout, walk_clip):
    clip = walk_clip(seconds=4.0, fps_hz=100)
    forward = np.tile([0.0, 0.0, 1.0], (400, 1))
    left, right = (heel_strikes(clip.positions, layout, fps_hz=100, side=side, forward=forward) / 100 for side in "lr")
    assert left == pytest.approx([1.2, 2.4, 3.6], abs=0.02)
    assert right == pytest.approx([0.6, 1.8, 3.0], abs=0.02)


def test_a_period_has_one_strike_wherever_it_begins(layout, walk_clip):
    clip = walk_clip(fps_hz=50, periodic=True)
    forward = np.tile([0.0, 0.0, 1.0], (60, 1))
    for shift in (0, 7, 59):
        rolled = np.roll(clip.positions, shift, axis=0)
        (strike,) = heel_strikes(rolled, layout, fps_hz=50, side="l", forward=forward, periodic=True)
        assert (strike - shift + 30) % 60 - 30 == pytest.approx(0, abs=1)


def test_foot_travel_is_seen_from_the_pelvis(layout):
    positions = np.zeros((1, 16, 3))
    positions[0, layout.index("l_foot")] = [0.1, -0.9, 0.3]
    positions += [5, 5, 5]
    assert foot_travel(positions, layout, "l", np.array([[0, 0, 1.0]])) == pytest.approx([0.3])


WITH_ANKLES, WITH_TOES = load_layout("emotion_gait16"), load_layout("bandai21")
PHASE = np.arange(64) / 64


def tooth(strike, off):
    """A foot that goes from farthest in front at one phase to farthest behind at another, along cosines."""
    stance = (off - strike) % 1
    since = (PHASE - strike) % 1
    down = since < stance
    return np.where(down, np.cos(np.pi * since / stance), -np.cos(np.pi * (since - stance) / (1 - stance)))


def cycle(layout, **roles):
    positions = np.zeros((64, layout.num_joints, 3))
    for role, travel in roles.items():
        positions[:, layout.role_indices(role)[0], 2] = travel
    return positions


def test_events_are_where_the_feet_turn():
    found = gait_events(cycle(WITH_ANKLES, l_ankle=tooth(0, 0.6), r_ankle=tooth(0.5, 0.12)), WITH_ANKLES)
    assert found.left_heel_strike_pct == 0.0
    assert found.left_toe_off_pct == pytest.approx(60, abs=1)
    assert found.right_heel_strike_pct == pytest.approx(50, abs=1)
    assert found.right_toe_off_pct == pytest.approx(12, abs=1)


def test_events_come_between_samples():
    travel = np.cos(2 * np.pi * (PHASE - 0.4))
    found = gait_events(cycle(WITH_ANKLES, l_ankle=np.cos(2 * np.pi * PHASE), r_ankle=travel), WITH_ANKLES)
    assert found.right_heel_strike_pct == pytest.approx(40, abs=0.02)  # sample 25.6
    assert found.right_toe_off_pct == pytest.approx(90, abs=0.02)


def test_toes_tell_when_they_leave_where_there_are_some():
    feet = {"l_ankle": tooth(0, 0.54), "r_ankle": tooth(0.5, 0.04), "l_toe": tooth(0, 0.62), "r_toe": tooth(0.45, 0.1)}
    found = gait_events(cycle(WITH_TOES, **feet), WITH_TOES)
    assert found.left_toe_off_pct == pytest.approx(62, abs=1)
    assert found.right_heel_strike_pct == pytest.approx(50, abs=1)


def test_the_pelvis_may_move():
    positions = cycle(WITH_ANKLES, l_ankle=tooth(0, 0.6), r_ankle=tooth(0.5, 0.12))
    moved = positions + 5 * np.sin(2 * np.pi * PHASE)[:, None, None]
    assert gait_events(moved, WITH_ANKLES) == pytest.approx(gait_events(positions, WITH_ANKLES))


def test_synthetic_walkers_alternate_and_have_double_support():
    clips = synthetic_walkers(walkers=6, takes=1, emotions=("neutral",)).clips
    average = average_cycle(np.stack([c.positions for clip in clips for c in cut_cycles(clip)[0]]))
    found = gait_events(average, WITH_ANKLES)
    assert 0 < found.right_toe_off_pct < found.right_heel_strike_pct < found.left_toe_off_pct < 100
    assert found.right_heel_strike_pct == pytest.approx(50, abs=2)
    assert found.left_toe_off_pct - found.right_heel_strike_pct == pytest.approx(found.right_toe_off_pct, abs=2)


def test_phases_of_eight_samples():
    phases = phase_bins(GaitEvents(0.0, 12.5, 50.0, 62.5), samples=8)
    assert phases["left_stance"].tolist() == [True] * 5 + [False] * 3
    assert phases["left_swing"].tolist() == [False] * 5 + [True] * 3
    assert phases["right_stance"].tolist() == [True] + [False] * 3 + [True] * 4
    assert phases["right_swing"].tolist() == [False] + [True] * 3 + [False] * 4
    assert phases["double_support"].tolist() == [True, False, False, False, True, False, False, False]


def test_names_for_pictures():
    assert GaitEvents(0.0, 11.0, 50.0, 61.0).lines() == {"LHS": 0.0, "RTO": 11.0, "RHS": 50.0, "LTO": 61.0}


def test_a_foot_that_stands_and_a_wrong_shape_are_refused():
    with pytest.raises(InputError, match=r"foot 'r' must move to and fro \(got"):
        gait_events(cycle(WITH_ANKLES, l_ankle=tooth(0, 0.6)), WITH_ANKLES)
    with pytest.raises(InputError, match=r"\[T, 16, 3\].*\(got \[2, 64, 16, 3\]\)"):
        gait_events(np.zeros((2, 64, 16, 3)), WITH_ANKLES)


PHASE_STRIDE_FAULT = np.linspace(0, 2 * np.pi, 61)
SOUND = {
    "seconds": 1.2,
    "yaw": np.zeros(61),
    "travel": np.stack([np.cos(PHASE_STRIDE_FAULT), -np.cos(PHASE_STRIDE_FAULT)]) * 0.25,
    "right_strikes": 1,
    "gap": 0.02,
}


def test_a_sound_stride_has_no_fault():
    assert stride_fault(**SOUND) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seconds": 0.5}, "it lasts 0.50 s (between 0.6 and 2.4 s expected)"),
        ({"seconds": 2.5}, "it lasts 2.50 s (between 0.6 and 2.4 s expected)"),
        ({"seconds": 1.8, "travel": SOUND["travel"] * 0.1}, "standing still for 1.8 s of it"),
        (
            {"travel": SOUND["travel"] * [[1.0], [0.1]]},
            "standing: a foot swings through 0.05 body heights only (at least 0.1 expected)",
        ),
        ({"yaw": np.linspace(0, np.pi / 6, 61)}, "turning by 30 degrees (at most 20)"),
        ({"right_strikes": 0}, "expected one right heel strike within it (got 0)"),
        ({"gap": 0.2}, "its end misses its start by 0.20 body heights (at most 0.15)"),
    ],
)
def test_faults_in_words(change, words):
    assert stride_fault(**SOUND | change) == words


@pytest.mark.parametrize("seconds", [0.6, 2.4])
def test_limits_of_duration_are_within(seconds):
    assert stride_fault(**SOUND | {"seconds": seconds}) == ""


def _peak_at(signal, fps_hz=100.0):
    return _peaks(np.asarray(signal, float), least=1.0, fps_hz=fps_hz).tolist()


def test_half_the_return_is_enough_where_the_recording_ends_soon():
    rise, whole, half, less = np.linspace(0, 1.2, 60), np.linspace(1.2, 0, 60), [1.0, 0.8, 0.6], [1.1, 1.0, 0.9]
    assert _peak_at([*rise, *whole]) == [59]
    assert _peak_at([*rise, *half]) == [59]
    assert _peak_at([*rise, *less]) == []
    assert _peak_at([*half[::-1], *whole]) == [3]
    long = np.linspace(1.15, 0.6, 40)  # half of it again, but not soon: the foot hesitated
    assert _peak_at([*rise, *long]) == []
