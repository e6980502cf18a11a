"""Put one gait cycle on the ground: a walk that repeats it without a seam, with a root path and feet on the floor.

A cycle is centred on the pelvis. Where the pelvis goes is worked out from the feet: a foot that stands does not move,
so the pelvis moves as that foot does seen from it, with the opposite sign.
"""

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

from stgcn_affect.motion.gait_events import gait_events, phase_bins
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]

FPS_HZ = 60.0
"""Frames a second of every walk."""

DURATION_S = 8.0
"""The length of every walk, so that it does not say how long the recording was."""

HEIGHT_M = 1.53
"""The body height (ankles to head) of every walk: that of a person of 1.70 m."""

PATH_HARMONICS = 8
"""Harmonics of the cycle that the root path keeps: it does not jump where the weight goes from foot to foot."""

_BLEND = 0.02
"""Standard deviation, in cycles, of the Gaussian that hands the weight from one foot to the other."""


def walk_of_cycle(
    cycle: Floats,
    layout: Layout,
    *,
    stride_time_s: float,
    duration_s: float = DURATION_S,
    fps_hz: float = FPS_HZ,
    height_m: float = HEIGHT_M,
) -> npt.NDArray[np.float32]:
    """Repeat a cycle as a walk along +z: ``[T, V, 3]`` to ``[duration_s * fps_hz, V, 3]`` in metres.

    Pose and path are periodic splines of the phase, so no stride begins with a jump. The lowest joint of the walk
    stands at height 0; the pelvis of the first frame stands over the origin.

    Args:
        cycle: pelvis-centred, facing +z, in body heights, beginning at a left heel strike.
        layout: its joints.
        stride_time_s: how long it takes.
        duration_s: the length of the walk.
        fps_hz: frames a second.
        height_m: metres of one body height.

    Raises:
        InputError: a foot that does not move.
    """
    shift, advance = root_path(cycle, layout)
    phase = np.arange(round(duration_s * fps_hz)) / fps_hz / stride_time_s
    grounded = _at_phases(cycle + shift[:, None], phase) * height_m
    grounded[..., [0, 2]] += (phase[:, None] * advance * height_m)[:, None]
    start = layout.role_position(grounded[0], "pelvis")
    grounded -= [start[0], grounded[..., 1].min(), start[2]]
    return np.asarray(grounded, np.float32)


def root_path(cycle: Floats, layout: Layout) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Where the pelvis of a cycle ``[T, V, 3]`` goes, from the feet that stand, in the cycle's unit.

    Returns:
        the periodic part of its path ``[T, 3]`` with its height over the lowest joint, and how far it comes to the left
        and forwards in one cycle ``[2]``.

    Raises:
        InputError: a foot that does not move.
    """
    cycle = np.asarray(cycle, float)
    velocity = sum(
        weight[:, None] * -phase_derivative(foot_centre(cycle, layout, side))[:, [0, 2]]
        for side, weight in stance_weights(cycle, layout).items()
    )
    advance = np.asarray(velocity).mean(axis=0)
    shift = np.zeros((len(cycle), 3))
    shift[:, [0, 2]] = _integral(np.asarray(velocity) - advance)
    shift[:, 1] = _low_passed(-cycle[..., 1].min(axis=1))
    return shift, advance


def stance_weights(cycle: Floats, layout: Layout) -> dict[str, npt.NDArray[np.float64]]:
    """How much of the weight each foot bears at each sample ``[T]``, by side; both together bear 1.

    A foot bears weight from its heel strike to its toe-off (``gait_events``), and hands it over smoothly. Where neither
    stands, as in running, both count alike.

    Raises:
        InputError: a foot that does not move.
    """
    stands = phase_bins(gait_events(cycle, layout), samples=len(cycle))
    sigma = _BLEND * len(cycle)
    raw = {
        side: gaussian_filter1d(stands[f"{name}_stance"].astype(float), sigma, mode="wrap") + 1e-3
        for side, name in (("l", "left"), ("r", "right"))
    }
    both = sum(raw.values())
    return {side: np.asarray(weight / both) for side, weight in raw.items()}


def foot_centre(positions: Floats, layout: Layout, side: str) -> npt.NDArray[np.float64]:
    """The middle of ankle and toe, or the ankle where the layout has no toes: ``[..., V, 3]`` to ``[..., 3]``."""
    parts = [part for part in ("ankle", "toe") if layout.has(f"{side}_{part}")]
    places = [layout.role_position(positions, f"{side}_{part}") for part in parts]
    return np.asarray(np.mean(places, axis=0, dtype=float))


def phase_derivative(path: Floats) -> npt.NDArray[np.float64]:
    """The derivative of a periodic path ``[T, ...]`` by its phase, per cycle."""
    order = 2j * np.pi * np.arange(len(path) // 2 + 1)
    return _filtered(path, order)


def _integral(velocity: Floats) -> npt.NDArray[np.float64]:
    """The periodic path ``[T, C]`` of mean 0 with this velocity of mean 0, low-passed."""
    order = 2j * np.pi * np.arange(len(velocity) // 2 + 1)
    kept = np.where(np.arange(len(order)) <= PATH_HARMONICS, 1.0, 0.0)
    kept[0] = 0.0
    return _filtered(velocity, kept / np.where(order == 0, 1.0, order))


def _low_passed(path: Floats) -> npt.NDArray[np.float64]:
    return _filtered(path, np.where(np.arange(len(path) // 2 + 1) <= PATH_HARMONICS, 1.0, 0.0))


def _filtered(path: Floats, response: npt.NDArray[np.complexfloating] | Floats) -> npt.NDArray[np.float64]:
    """Multiply each harmonic of a periodic ``[T, ...]`` by its ``response`` ``[T // 2 + 1]``."""
    spectrum = np.fft.rfft(np.asarray(path, float), axis=0)
    shaped = response.reshape(-1, *[1] * (np.ndim(path) - 1))
    return np.asarray(np.fft.irfft(spectrum * shaped, n=len(path), axis=0))


def _at_phases(cycle: Floats, phase: Floats) -> npt.NDArray[np.float64]:
    """A periodic ``[T, V, 3]`` at phases ``[F]`` in cycles: ``[F, V, 3]``."""
    closed = np.concatenate([cycle, cycle[:1]]).astype(float)
    spline = CubicSpline(np.arange(len(closed)) / len(cycle), closed, bc_type="periodic")
    return np.asarray(spline(phase % 1.0))
