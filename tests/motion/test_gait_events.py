import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.cycles import average_cycle, cut_cycles
from stgcn_affect.motion.gait_events import (
    GaitEvents,
    _peaks,
    _with_trough,
    _with_troughs,
    foot_travel,
    gait_events,
    heel_strikes,
    phase_bins,
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


def _peak_at(signal, fps_hz=100.0):
    return _peaks(np.asarray(signal, float), least=1.0, fps_hz=fps_hz).tolist()


def test_less_of_a_return_is_enough_where_the_recording_ends_soon():
    rise, whole, half = np.linspace(0, 1.2, 60), np.linspace(1.2, 0, 60), [1.0, 0.8, 0.6]
    assert _peak_at([*rise, *whole]) == [59]
    assert _peak_at([*rise, *half]) == [59]
    assert _peak_at([*rise, 1.1, 1.0, 0.9]) == []  # within 0.1 s of the end a half of 1.0 is asked for
    assert _peak_at([*rise, *np.linspace(1.2, 1.06, 11)[1:]]) == [59]  # 0.14 in 0.1 s, where an eighth is enough
    assert _peak_at([*rise, *np.linspace(1.2, 1.1, 11)[1:]]) == []
    assert _peak_at([*half[::-1], *whole]) == [3]
    after = np.linspace(1.2, 1.2 - 0.24, 16)[1:]  # 0.15 s before the end (0.15 / 0.3) squared of 1.0 is asked for: 0.25
    assert _peak_at([*rise, *after]) == []
    assert _peak_at([*rise, *(after * 1.2 - 0.24)]) == [59]  # it falls by 0.288 instead
    long = np.linspace(1.15, 0.6, 40)  # half of it again, but not soon: the foot hesitated
    assert _peak_at([*rise, *long]) == []


def _falls(*seconds):
    """The height, over 4 s at 100 frames a second, of a foot that falls by 0.1 about each moment, fastest at it."""
    time = np.arange(400) / 100
    return -0.05 * sum(np.tanh((time - moment) / 0.03) for moment in seconds)


def test_a_strike_is_midway_to_the_fastest_fall_of_the_foot():
    strikes = np.array([94.0, 204.0, 304.0])
    moved = _with_troughs(strikes, _falls(1.0, 2.0, 3.0), fps_hz=100.0)
    assert moved == pytest.approx([97.0, 202.0, 302.0], abs=0.05)


def test_a_strike_without_a_fall_is_moved_as_the_others_are():
    strikes = np.array([94.0, 196.0, 296.0])
    moved = _with_troughs(strikes, _falls(1.0, 2.0), fps_hz=100.0)
    assert moved == pytest.approx([97.0, 198.0, 298.5], abs=0.05)  # the third by half of the median of 6 and 4 frames


@pytest.mark.parametrize("height", [np.zeros(400), _falls(1.0), _falls(1.12, 2.12, 3.12), -_falls(1.0, 2.0, 3.0)])
def test_no_strike_is_moved_where_most_have_no_fall(height):
    strikes = np.array([100.0, 200.0, 300.0])
    assert _with_troughs(strikes, height, fps_hz=100.0).tolist() == strikes.tolist()


@pytest.mark.parametrize("shift", [0, 50, 99])
def test_time_may_be_circular(shift):
    time = (np.arange(100) + 50) % 100 / 100 - 0.5
    height = -0.05 * np.tanh(time / 0.03) + 0.1 * time
    moved = _with_trough((96.0 + shift) % 100, np.roll(height, shift), fps_hz=100.0)
    assert (moved - shift - 98 + 50) % 100 == pytest.approx(50, abs=0.05)


def test_toes_move_the_strike_of_a_recording_and_of_a_cycle():
    travel, fall = np.cos(2 * np.pi * (PHASE - 0.5)), np.tanh((PHASE - 0.53) / 0.03) - 2 * PHASE
    positions = cycle(WITH_TOES, l_ankle=-travel, l_toe=-travel, r_ankle=travel, r_toe=travel)
    positions[:, WITH_TOES.role_indices("r_toe")[0], 1] = -0.05 * fall
    fps_hz, forward = 64 / 1.1, np.tile([0.0, 0.0, 1.0], (64, 1))
    how = {"fps_hz": fps_hz, "side": "r", "forward": forward, "periodic": True}
    (strike,) = heel_strikes(positions, WITH_TOES, **how)
    assert 100 * strike / 64 == pytest.approx(51.5, abs=0.1)
    assert gait_events(positions, WITH_TOES).right_heel_strike_pct == pytest.approx(51.5, abs=0.1)
    assert 100 * heel_strikes(positions, WITH_TOES, by_toes=False, **how)[0] / 64 == pytest.approx(50, abs=0.1)
