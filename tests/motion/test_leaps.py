import numpy as np
import pytest

from stgcn_affect.motion.gaps import seen
from stgcn_affect.motion.leaps import leaps, spikes, whole_body_leaps
from walking_figure import FIGURE, moved, walking_figure

HEIGHT_M = 1.7


@pytest.mark.parametrize("fps_hz", [15, 30, 60, 120])
@pytest.mark.parametrize("noise_m", [0.0, 0.005, 0.01])
def test_a_walk_has_no_leap_at_any_frame_rate(fps_hz, noise_m):
    positions = walking_figure(FIGURE, fps_hz=fps_hz, noise_m=noise_m).positions.astype(float)
    assert not leaps(positions, seen(positions), HEIGHT_M, fps_hz)[0].any()
    assert not spikes(positions, HEIGHT_M, fps_hz).any()
    assert not whole_body_leaps(positions, seen(positions), HEIGHT_M, fps_hz)[0].any()


@pytest.mark.parametrize("fps_hz", [30, 120])
def test_a_step_is_a_leap_and_a_single_frame_is_a_spike(fps_hz):
    clip = walking_figure(FIGURE, fps_hz=fps_hz)
    knee = clip.layout.index("l_knee")
    step = moved(clip, ["l_knee"], 2.0, 9.0, (0.3, 0, 0)).positions.astype(float)
    found, _ = leaps(step, seen(step), HEIGHT_M, fps_hz)
    assert set(np.flatnonzero(found.any(axis=0))) == {knee}
    assert {2 * fps_hz - 1, 2 * fps_hz} <= set(np.flatnonzero(found[:, knee]))
    assert not spikes(step, HEIGHT_M, fps_hz).any()
    for frame in (0, 1, 50, -1):
        single = clip.positions.astype(float)
        single[frame, knee, 0] += 0.3
        assert np.argwhere(spikes(single, HEIGHT_M, fps_hz)).tolist() == [[frame % len(single), knee]]
