"""Gait events: heel strikes and toe-offs from the travel of the feet, stance and swing, and faults of a stride.

A heel strikes the ground where the foot is farthest in front of the pelvis, and a toe leaves it where the foot is
farthest behind: Zeni, Richards and Higginson, "Two simple methods for determining gait events during treadmill and
overground walking using kinematic data", Gait & Posture 27 (2008). ``heel_strikes`` finds them in a recording,
``gait_events`` in one cycle, such as the average of many.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks, peak_prominences

from stgcn_affect.errors import InputError
from stgcn_affect.motion.normalise import body_height, heading
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]

SMOOTHING_S = 0.015
"""Standard deviation of the Gaussian that keeps noise from moving a heel strike; a wider one would move it itself."""

SHORTEST_S, LONGEST_S = 0.6, 2.4
"""Shortest and longest stride time, in seconds."""

LONGEST_BELIEVED_S = 3.0
"""Strides that seem to last longer are taken for a wrong frame rate."""

LONGEST_STILL_S = 1.0
"""How long both feet may rest within a stride."""

LARGEST_TURN_DEG = 20.0
"""Most that the heading may change within a stride."""

SMALLEST_RETURN, EDGE_S = 0.08, 0.3
"""How far a foot goes forwards before a heel strike and back after it, in body heights; half of it is enough on a side
where the recording begins or ends within so many seconds."""

SMALLEST_SWING = 0.1
"""Least travel of a foot, seen from the pelvis, in body heights."""

LARGEST_GAP = 0.15
"""Most that the end of a stride may miss its start by: root mean square over joints, in body heights."""

_AHEAD = np.array([0.0, 0.0, 1.0])
_STANDS = 1e-6


def foot_travel(
    positions: Floats, layout: Layout, side: str, forward: Floats = _AHEAD, *, part: str = "ankle"
) -> npt.NDArray[np.float64]:
    """Distance of one foot in front of the pelvis along the heading: ``[..., V, 3]`` to ``[...]``.

    Args:
        positions: ``[..., V, 3]``.
        layout: the joints.
        side: "l" or "r".
        forward: level unit vectors that broadcast to ``[..., 3]``: where the subject heads; +z, as in cycles, by
            default.
        part: "ankle" or "toe", which not every layout has.
    """
    foot = layout.role_position(positions, f"{side}_{part}") - layout.role_position(positions, "pelvis")
    return np.asarray((foot * forward).sum(axis=-1), float)


def heel_strikes(
    positions: Floats, layout: Layout, *, fps_hz: float, side: str, forward: Floats, periodic: bool = False
) -> npt.NDArray[np.float64]:
    """Heel strikes of one foot in a recording, in frames and fractions of a frame.

    Args:
        positions: ``[T, V, 3]``.
        layout: the joints.
        fps_hz: frames a second.
        side: "l" or "r".
        forward: ``[T, 3]``, level unit vectors: where the subject heads.
        periodic: time is circular, and there is exactly one strike in it: the farthest.
    """
    travel = foot_travel(positions, layout, side, forward)
    smooth = gaussian_filter1d(travel, sigma=SMOOTHING_S * fps_hz, mode="wrap" if periodic else "nearest")
    if periodic:
        peaks = np.array([int(np.argmax(smooth))])
    else:
        peaks = _peaks(smooth, least=SMALLEST_RETURN * body_height(positions, layout), fps_hz=fps_hz)
    return _tops(smooth, peaks)


def _peaks(signal: npt.NDArray[np.float64], *, least: float, fps_hz: float) -> npt.NDArray[np.int_]:
    """Peaks that stand out by ``least`` on both sides; half of it is enough on a side where the recording ends soon."""
    peaks, _ = find_peaks(signal, prominence=least / 2, distance=max(1, round(0.4 * fps_hz)))
    _, before, after = peak_prominences(signal, peaks)
    near = EDGE_S * fps_hz
    rises = (signal[peaks] - signal[before] >= least) | (peaks < near)
    falls = (signal[peaks] - signal[after] >= least) | (len(signal) - 1 - peaks < near)
    found: npt.NDArray[np.int_] = peaks[rises & falls]
    return found


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


def stride_frames(travel: Floats) -> float:
    """How many frames a stride lasts, going by how the feet's travel ``[T]`` repeats; 0 where it does not.

    Unlike ``heel_strikes`` it believes no frame rate: it takes the first high peak of the autocorrelation.
    """
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


def _tops(signal: npt.NDArray[np.float64], peaks: npt.NDArray[np.int_]) -> npt.NDArray[np.float64]:
    """Where the parabola through each peak of a circular signal and its two neighbours is highest, in samples."""
    before, top, after = (signal[(peaks + step) % len(signal)] for step in (-1, 0, 1))
    curve = before - 2 * top + after
    shift = np.divide(before - after, 2 * curve, out=np.zeros(len(peaks)), where=curve < -1e-12)
    return np.asarray(peaks + np.clip(shift, -0.5, 0.5))


class GaitEvents(NamedTuple):
    """Heel strikes and toe-offs in percent of the cycle, 0 to below 100; the left heel strike is 0 by definition."""

    left_heel_strike_pct: float
    right_toe_off_pct: float
    right_heel_strike_pct: float
    left_toe_off_pct: float

    def lines(self) -> dict[str, float]:
        """The events by their abbreviations: LHS, RTO, RHS, LTO."""
        return dict(zip(("LHS", "RTO", "RHS", "LTO"), self, strict=True))


def gait_events(cycle: Floats, layout: Layout) -> GaitEvents:
    """Find heel strikes and toe-offs in one cycle ``[T, V, 3]`` that begins at a left heel strike and faces +z.

    Heel strikes are found by the ankles, toe-offs by the toes. Where the layout has no toes the ankle stands in; it
    turns forwards as the heel lifts, so toe-off comes out early (by 2 to 7 % of the cycle in 15 walks of the
    Bandai-Namco motion data set, whose layout has both).

    Raises:
        InputError: another shape than the layout asks for, or a foot that does not move.
    """
    shape = np.shape(cycle)
    if len(shape) != 3 or shape[1:] != (layout.num_joints, 3) or shape[0] < 4:
        raise InputError(
            f"layout {layout.name}: gait events need one cycle [T, {layout.num_joints}, 3] of at least 4 samples"
            f" (got {list(shape)})"
        )
    return GaitEvents(
        left_heel_strike_pct=0.0,
        right_toe_off_pct=_phase_behind(cycle, layout, "r"),
        right_heel_strike_pct=_phase_of_top(foot_travel(cycle, layout, "r"), layout, "r"),
        left_toe_off_pct=_phase_behind(cycle, layout, "l"),
    )


def _phase_behind(cycle: Floats, layout: Layout, side: str) -> float:
    part = "toe" if layout.roles.get(f"{side}_toe") else "ankle"
    return _phase_of_top(-foot_travel(cycle, layout, side, part=part), layout, side)


def _phase_of_top(travel: npt.NDArray[np.float64], layout: Layout, side: str) -> float:
    """Where a circular signal ``[T]`` is highest, in percent of the cycle."""
    if np.ptp(travel) < _STANDS:
        raise InputError(
            f"layout {layout.name}: foot {side!r} must move to and fro (got a range of {np.ptp(travel):.1g})"
        )
    (top,) = _tops(travel, np.array([int(np.argmax(travel))]))
    return float(100 * (top % len(travel)) / len(travel))


def phase_bins(events: GaitEvents, *, samples: int) -> dict[str, npt.NDArray[np.bool_]]:
    """Stance, swing and double support by name, as booleans over the samples ``[T]``.

    Stance runs from a foot's heel strike to its toe-off, swing is the rest, and in double support both feet stand; so a
    sample belongs to one phase of each foot, and double support lies inside both stances.
    """
    left = _between(events.left_heel_strike_pct, events.left_toe_off_pct, samples)
    right = _between(events.right_heel_strike_pct, events.right_toe_off_pct, samples)
    return {
        "left_stance": left,
        "left_swing": ~left,
        "right_stance": right,
        "right_swing": ~right,
        "double_support": left & right,
    }


def _between(start_pct: float, end_pct: float, samples: int) -> npt.NDArray[np.bool_]:
    phase = 100 * np.arange(samples) / samples
    return np.asarray((phase - start_pct) % 100 < (end_pct - start_pct) % 100)


def stride_fault(*, seconds: float, yaw: Floats, travel: Floats, right_strikes: int, gap: float) -> str:
    """The reason why a stride is no valid gait cycle, in words; "" for a valid one.

    Args:
        seconds: how long it lasts.
        yaw: ``[T]``, the smoothed heading in radians.
        travel: ``[2, T]``, how far the left and the right foot are in front of the pelvis, in body heights.
        right_strikes: right heel strikes within it.
        gap: root mean square distance of its end from its start, in body heights.
    """
    still = _still_s(travel, seconds)
    if still > LONGEST_STILL_S:
        return f"standing still for {still:.1f} s of it"
    if not SHORTEST_S <= seconds <= LONGEST_S:
        return f"it lasts {seconds:.2f} s (between {SHORTEST_S} and {LONGEST_S} s expected)"
    swing = float(np.ptp(travel, axis=1).min())
    if swing < SMALLEST_SWING:
        return f"standing: a foot swings through {swing:.2f} body heights only (at least {SMALLEST_SWING} expected)"
    turn = float(np.degrees(np.ptp(yaw)))
    if turn > LARGEST_TURN_DEG:
        return f"turning by {turn:.0f} degrees (at most {LARGEST_TURN_DEG:.0f})"
    if right_strikes != 1:
        return f"expected one right heel strike within it (got {right_strikes})"
    if gap > LARGEST_GAP:
        return f"its end misses its start by {gap:.2f} body heights (at most {LARGEST_GAP})"
    return ""


def _still_s(travel: Floats, seconds: float) -> float:
    """How long, within a stride, both feet are slower than a tenth of a body height a second, seen from the pelvis."""
    fps_hz = travel.shape[1] / seconds
    speed = np.abs(np.gradient(gaussian_filter1d(travel, sigma=0.1 * fps_hz, axis=1), axis=1)) * fps_hz
    return float((speed.max(axis=0) < 0.1).sum() / fps_hz)
