"""Strides: which are gait cycles and which are not, and frame rates that give no stride its usual time."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d

from stgcn_affect.motion.gait_events import foot_travel
from stgcn_affect.motion.normalise import heading
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]

SHORTEST_S, LONGEST_S = 0.6, 2.4
"""Shortest and longest stride time, in seconds."""

LONGEST_BELIEVED_S = 3.0
"""Strides that seem to last longer are taken for a wrong frame rate."""

QUICK_S = 0.72
"""Shorter strides, 167 steps a minute, are quicker than adults walk: pedestrians make 95 to 160 (Sato and Ishizu, "Gait
patterns of Japanese pedestrians", Journal of Human Ergology 19 (1990))."""

SLOW_S, LARGEST_WALK_RATIO = 1.75, 0.007
"""Longer strides are those of slow walking, whose steps are short. The walk ratio, step length by cadence, is about
0.006 m per step a minute, somewhat more in slow walking (Murakami and Otaka, Journal of Physical Therapy Science 29
(2017)): about 0.004 body heights, and 0.006 in the slow and proud walks of the Bandai-Namco set. Half the true frame
rate doubles it."""

LONGEST_STILL_S = 1.0
"""How long both feet may rest within a stride."""

SMALLEST_SWING = 0.1
"""Least travel of a foot, seen from the pelvis, in body heights."""


class StrideLimits(NamedTuple):
    """What a stride may be off by.

    Args:
        turn_deg: most that the heading may change within it.
        gap: most that its end may miss its start by: root mean square over joints, in body heights.
    """

    turn_deg: float = 20.0
    gap: float = 0.15


LIMITS = StrideLimits()
"""Those of a motion capture system."""


def stride_fault(
    *,
    seconds: float,
    yaw: Floats,
    travel: Floats,
    right_strikes: int,
    gap: float,
    limits: StrideLimits = LIMITS,
) -> str:
    """The reason why a stride is no valid gait cycle, in words; "" for a valid one.

    Args:
        seconds: how long it lasts.
        yaw: ``[T]``, the smoothed heading in radians.
        travel: ``[2, T]``, how far the left and the right foot are in front of the pelvis, in body heights.
        right_strikes: right heel strikes within it.
        gap: root mean square distance of its end from its start, in body heights.
        limits: those of the kind of recording.
    """
    still = still_s(travel, seconds)
    if still > LONGEST_STILL_S:
        return f"standing still for {still:.1f} s of it"
    if not SHORTEST_S <= seconds <= LONGEST_S:
        return f"it lasts {seconds:.2f} s (between {SHORTEST_S} and {LONGEST_S} s expected)"
    swing = float(np.ptp(travel, axis=1).min())
    if swing < SMALLEST_SWING:
        return f"standing: a foot swings through {swing:.2f} body heights only (at least {SMALLEST_SWING} expected)"
    turn = float(np.degrees(np.ptp(yaw)))
    if turn > limits.turn_deg:
        return f"turning by {turn:.0f} degrees (at most {limits.turn_deg:.0f})"
    if right_strikes != 1:
        return f"expected one right heel strike within it (got {right_strikes})"
    if gap > limits.gap:
        return f"its end misses its start by {gap:.2f} body heights (at most {limits.gap})"
    return ""


def still_s(travel: Floats, seconds: float) -> float:
    """How long, within a stride, both feet are slower than a tenth of a body height a second, seen from the pelvis."""
    fps_hz = travel.shape[1] / seconds
    speed = np.abs(np.gradient(gaussian_filter1d(travel, sigma=0.1 * fps_hz, axis=1), axis=1)) * fps_hz
    return float((speed.max(axis=0) < 0.1).sum() / fps_hz)


def wrong_rate(positions: Floats, layout: Layout, fps_hz: float) -> str:
    """The guess that the frame rate is wrong, where strides of ``[T, V, 3]`` are several times longer or shorter than
    strides are; else "".
    """
    forward = heading(positions, layout)
    left, right = (foot_travel(positions, layout, side, forward) for side in "lr")
    seconds = stride_frames(left - right) / fps_hz
    if not seconds or SHORTEST_S <= seconds <= LONGEST_BELIEVED_S:
        return ""
    return (
        f"strides seem to last {seconds:.2f} s, which no walk has: the frame rate of {fps_hz:.4g} a second may be wrong"
    )


def unlikely_rate(strides: Sequence[tuple[float, float]], fps_hz: float) -> str:
    """The guess that the frame rate is wrong, where strides may be as long as they are but seldom are; else "".

    So it is with strides quicker than adults walk, and slow ones with steps as long as in usual walking.

    Args:
        strides: seconds and step length of each, in body heights: the largest distance of the ankles along the heading.
        fps_hz: the frame rate.
    """
    if not strides:
        return ""
    lasts, step = np.median(strides, axis=0)
    maybe = f"the frame rate of {fps_hz:.4g} a second may be wrong"
    if lasts < QUICK_S:
        return f"strides last {lasts:.2f} s, quicker than adults walk: {maybe}"
    if lasts > SLOW_S and step * lasts / 120 > LARGEST_WALK_RATIO:
        return f"strides last {lasts:.2f} s, yet their steps are long ({step:.2f} body heights): {maybe}"
    return ""


def stride_frames(travel: Floats) -> float:
    """How many frames a stride lasts, going by how the feet's travel ``[T]`` repeats; 0 where it does not.

    Unlike ``heel_strikes`` it believes no frame rate: it takes the first high peak of the autocorrelation.
    """
    from scipy.signal import find_peaks

    known = np.flatnonzero(np.isfinite(travel))
    if len(known) < 3:
        return 0.0
    swing = np.interp(np.arange(known[0], known[-1] + 1), known, np.asarray(travel, float)[known])
    swing -= swing.mean()
    count = len(swing)
    power = np.correlate(swing, swing, "full")[count - 1 :] / np.arange(count, 0, -1)
    below = np.flatnonzero(power < 0)
    if not len(below) or not power[0] > 0:
        return 0.0
    start = int(below[0])
    peaks, _ = find_peaks(power[start : count * 2 // 3], height=0.5 * power[0])
    return float(start + peaks[0]) if len(peaks) else 0.0
