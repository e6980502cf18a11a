"""When the heels strike the ground."""

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from stgcn_affect.motion.scale import body_height
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]

SMOOTHING_S = 0.015
"""Standard deviation of the Gaussian that keeps noise from moving a strike; more would itself move it."""


def foot_travel(positions: Floats, layout: Layout, side: str, forward: Floats) -> npt.NDArray[np.float64]:
    """How far one foot is in front of the pelvis along ``forward``: ``[T, V, 3]`` and ``[T, 3]`` to ``[T]``."""
    foot = layout.role_position(positions, f"{side}_ankle") - layout.role_position(positions, "pelvis")
    return np.asarray((foot * forward).sum(axis=-1), float)


def heel_strikes(
    positions: Floats, layout: Layout, *, fps_hz: float, side: str, forward: Floats, periodic: bool = False
) -> npt.NDArray[np.float64]:
    """Heel strikes in frames, to a fraction of a frame: where the foot is farthest in front of the pelvis.

    Source: Zeni, Richards and Higginson, "Two simple methods for determining gait events during treadmill and
    overground walking using kinematic data", Gait & Posture 27 (2008).

    Args:
        positions: ``[T, V, 3]``.
        layout: its joints.
        fps_hz: frames a second.
        side: "l" or "r".
        forward: ``[T, 3]``, level unit vectors: where the walker heads.
        periodic: time is circular, and there is exactly one strike in it: the farthest.
    """
    travel = foot_travel(positions, layout, side, forward)
    smooth = gaussian_filter1d(travel, sigma=SMOOTHING_S * fps_hz, mode="wrap" if periodic else "nearest")
    if periodic:
        peaks = np.array([int(np.argmax(smooth))])
    else:
        prominence = 0.08 * body_height(positions, layout)
        peaks, _ = find_peaks(smooth, prominence=prominence, distance=max(1, round(0.4 * fps_hz)))
    return _to_fractions(smooth, peaks)


def _to_fractions(signal: npt.NDArray[np.float64], peaks: npt.NDArray[np.int_]) -> npt.NDArray[np.float64]:
    """The tops of the parabolas through each peak and its two neighbours."""
    before, top, after = (signal[(peaks + step) % len(signal)] for step in (-1, 0, 1))
    curve = before - 2 * top + after
    shift = np.divide(before - after, 2 * curve, out=np.zeros(len(peaks)), where=curve < -1e-12)
    return np.asarray(peaks + np.clip(shift, -0.5, 0.5))
