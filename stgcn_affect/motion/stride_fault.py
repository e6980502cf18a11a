"""Tell a gait cycle from a piece of motion that only begins and ends with a heel strike."""

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d

Floats = npt.NDArray[np.floating]

SHORTEST_S, LONGEST_S = 0.6, 2.4
LONGEST_STILL_S = 1.0
LARGEST_TURN_DEG = 20.0

SMALLEST_SWING = 0.1
"""Least travel of a foot, seen from the pelvis, in body heights."""

LARGEST_GAP = 0.15
"""Most that the end of a stride may miss its start by: root mean square over joints, in body heights."""


def stride_fault(*, seconds: float, yaw: Floats, travel: Floats, right_strikes: int, gap: float) -> str:
    """Why a stride is no gait cycle, in words; "" where it is one.

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
    """For how long of a stride neither foot moves past the pelvis: slower than a tenth of a body height a second."""
    fps_hz = travel.shape[1] / seconds
    speed = np.abs(np.gradient(gaussian_filter1d(travel, sigma=0.1 * fps_hz, axis=1), axis=1)) * fps_hz
    return float((speed.max(axis=0) < 0.1).sum() / fps_hz)
