"""Gait events: heel strikes and toe-offs from the travel of the feet, stance and swing.

A heel strikes the ground about where the foot is farthest in front of the pelvis, and a toe leaves it where the foot is
farthest behind: Zeni, Richards and Higginson, "Two simple methods for determining gait events during treadmill and
overground walking using kinematic data", Gait & Posture 27 (2008). ``heel_strikes`` finds them in a recording,
``gait_events`` in one cycle, such as the average of many.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d

from stgcn_affect.errors import InputError
from stgcn_affect.motion.normalise import body_height
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]

SMOOTHING_S = 0.015
"""Standard deviation of the Gaussian that keeps noise from moving a heel strike; a wider one would move it itself."""

SPEED_SMOOTHING_S = 0.019
"""The same for the vertical velocity of a foot: half the power of 7 Hz is left, as in O'Connor's low-pass."""

TROUGH_S = 0.1
"""How far the fastest fall of the foot may be from where it is farthest in front; that of mid-swing is twice as far."""

USUAL_STRIDE_S = 1.1
"""The stride time of a cycle that does not say its own."""

SMALLEST_RETURN = 0.08
"""How far a foot goes forwards before a heel strike and back after it, in body heights."""

EDGE_S, EDGE_SHARES = 0.3, (1 / 8, 1 / 2)
"""An eighth to a half of it is enough on a side where the recording begins or ends within so many seconds."""

NEAREST_S = 0.1
"""Nearer to the end it is a half again: a filter or a pose before the walk makes a peak as easily as a foot does."""

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
    positions: Floats,
    layout: Layout,
    *,
    fps_hz: float,
    side: str,
    forward: Floats,
    periodic: bool = False,
    by_toes: bool = True,
    pelvis_height: Floats | None = None,
    height: float | None = None,
) -> npt.NDArray[np.float64]:
    """Heel strikes of one foot in a recording, in frames and fractions of a frame.

    They are found by the ankle. Where the layout has toes, each is then put midway to the moment at which the foot
    falls the fastest as it is put down (``_with_troughs``).

    Args:
        positions: ``[T, V, 3]``.
        layout: the joints.
        fps_hz: frames a second.
        side: "l" or "r".
        forward: ``[T, 3]``, level unit vectors: where the subject heads.
        periodic: time is circular, and there is exactly one strike in it: the farthest.
        by_toes: False where toes are not to be trusted, as in poses from one camera.
        pelvis_height: ``[T]``, over any level, in the positions' unit, where these are centred on the pelvis.
        height: the body height (``body_height``) in the positions' unit; None measures it.
    """
    mode = "wrap" if periodic else "nearest"
    travel = foot_travel(positions, layout, side, forward)
    smooth = gaussian_filter1d(travel, sigma=SMOOTHING_S * fps_hz, mode=mode)
    if periodic:
        peaks = np.array([int(np.argmax(smooth))])
    else:
        height = body_height(positions, layout) if height is None else height
        peaks = _peaks(smooth, least=SMALLEST_RETURN * height, fps_hz=fps_hz)
    strikes = _tops(smooth, peaks)
    if not (by_toes and layout.roles.get(f"{side}_toe")):
        return strikes
    foot = _foot_height(positions, layout, side) + (0.0 if pelvis_height is None else pelvis_height)
    if not periodic:
        return _with_troughs(strikes, foot, fps_hz=fps_hz)
    return np.array([_with_trough(strikes[0], foot, fps_hz=fps_hz)])


def _foot_height(positions: Floats, layout: Layout, side: str) -> npt.NDArray[np.float64]:
    """``[T]``: the height of a foot's centre, midway between ankle and toe."""
    ankle, toe = (layout.role_position(positions, f"{side}_{part}")[..., 1] for part in ("ankle", "toe"))
    return np.asarray((ankle + toe) / 2, float)


def _with_troughs(
    strikes: npt.NDArray[np.float64], height: npt.NDArray[np.float64], *, fps_hz: float
) -> npt.NDArray[np.float64]:
    """Heel strikes ``[N]`` by the ankle's travel, averaged with those by the foot's vertical velocity.

    After the heel the forefoot comes down: the centre of the foot, at the height ``[T]``, falls the fastest there, a
    trough of its vertical velocity (O'Connor, Thorpe, O'Malley and Vaughan, "Automatic detection of gait events using
    kinematic data", Gait & Posture 25 (2007), with the ankle in place of the heel). That comes late, by 16 ms in their
    measurements, while in slow walking the foot is farthest in front too early and not sharply so. Hence the mean. A
    strike without a trough is moved as the others of its foot are; where no more than half have one, as of a foot that
    is put down flat, none is moved.
    """
    from scipy.signal import find_peaks

    speed = np.gradient(gaussian_filter1d(height, sigma=SPEED_SMOOTHING_S * fps_hz, mode="nearest"))
    troughs, _ = find_peaks(-speed)
    troughs = troughs[speed[troughs] < 0]
    lags = np.full(len(strikes), np.nan)
    for i, strike in enumerate(strikes):
        near = troughs[np.abs(troughs - strike) <= TROUGH_S * fps_hz]
        if len(near):
            lags[i] = _tops(-speed, near[[np.argmin(speed[near])]])[0] - strike
    there = np.isfinite(lags)
    if 2 * there.sum() <= len(there):
        return strikes
    return strikes + np.where(there, lags, np.median(lags[there])) / 2


def _with_trough(strike: float, height: npt.NDArray[np.float64], *, fps_hz: float) -> float:
    """The same of one strike in a circular ``[T]``."""
    count = len(height)
    shift = count // 2 - round(strike)
    turned = np.roll(np.tile(height, 3), shift)
    return float((_with_troughs(np.array([strike + shift + count]), turned, fps_hz=fps_hz)[0] - shift) % count)


def _peaks(signal: npt.NDArray[np.float64], *, least: float, fps_hz: float) -> npt.NDArray[np.int_]:
    """Peaks that stand out by ``least`` on both sides; where the recording ends soon, by ``EDGE_SHARES`` of it."""
    from scipy.signal import find_peaks, peak_prominences

    peaks, _ = find_peaks(signal, distance=max(1, round(0.4 * fps_hz)))
    _, before, after = peak_prominences(signal, peaks)
    rises = signal[peaks] - signal[before] >= least * _edge_share(peaks / fps_hz)
    falls = signal[peaks] - signal[after] >= least * _edge_share((len(signal) - 1 - peaks) / fps_hz)
    found: npt.NDArray[np.int_] = peaks[rises & falls]
    return found


def _edge_share(seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The share of the usual return that is asked for so long before the end: about its peak a foot returns by the
    square of the time.
    """
    near = np.clip((seconds / EDGE_S) ** 2, *EDGE_SHARES)
    near = np.where(seconds < NEAREST_S, EDGE_SHARES[1], near)
    return np.asarray(np.where(seconds < EDGE_S, near, 1.0))


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

    The right heel strike is found as by ``heel_strikes``, toe-offs by the toes. Where the layout has no toes the ankle
    stands in; it turns forwards as the heel lifts, so toe-off comes out early (by 2 to 7 % of the cycle in 15 walks of
    the Bandai-Namco motion data set, whose layout has both).

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
        right_heel_strike_pct=_right_strike(cycle, layout),
        left_toe_off_pct=_phase_behind(cycle, layout, "l"),
    )


def _right_strike(cycle: Floats, layout: Layout) -> float:
    """Found as the left one, where the cycle begins, was found in the recording."""
    pct = _phase_of_top(foot_travel(cycle, layout, "r"), layout, "r")
    if not layout.roles.get("r_toe"):
        return pct
    count = len(cycle)
    height = _foot_height(cycle, layout, "r")
    return 100 * _with_trough(pct * count / 100, height, fps_hz=count / USUAL_STRIDE_S) / count


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
