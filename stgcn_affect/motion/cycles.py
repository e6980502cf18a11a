"""Cut a clip into gait cycles of equal length, and average them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

from stgcn_affect.errors import InputError
from stgcn_affect.motion.camera import CAMERA_LIMITS, from_camera
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.gait_events import foot_travel, heel_strikes
from stgcn_affect.motion.gaps import runs
from stgcn_affect.motion.normalise import body_height, centre, heading, turn_to_front
from stgcn_affect.motion.strides import (
    LIMITS,
    LONGEST_STILL_S,
    SHORTEST_S,
    still_s,
    stride_fault,
    unlikely_rate,
    wrong_rate,
)
from stgcn_affect.settings import CYCLE_SAMPLES

Floats = npt.NDArray[np.floating]

_HALF_STEP = np.array([15, -10, 3]) / 8
"""Weights of three samples, the nearest first, that continue them by half a step along a parabola."""


@dataclass(frozen=True, eq=False)
class Cycle:
    """One gait cycle: left heel strike to next left heel strike, half-open and circular.

    Args:
        positions: ``[T, V, 3]`` (T = 64 unless asked otherwise), pelvis at the origin in each frame, facing +z, in body
            heights; sample i stands at phase 100 * i / T %.
        stride_time_s: how long the stride took.
        height_m: the body height that positions were divided by (see ``body_height``), in metres where the source has a
            unit.
        clip: where it was cut from.
    """

    positions: npt.NDArray[np.float32]
    stride_time_s: float
    height_m: float
    clip: Clip

    @property
    def cadence_steps_per_min(self) -> float:
        """Cadence, at two steps per stride."""
        return 120.0 / self.stride_time_s


def cut_cycles(clip: Clip, *, samples: int = CYCLE_SAMPLES) -> tuple[list[Cycle], list[str]]:
    """Cut a clip into gait cycles.

    Left and right joints are exchanged first where their names are swapped. Heading follows the body, smoothed over a
    stride. Frames with a missing value are left out, and no cycle goes over one. A clip that is one period gives one
    cycle, where it is whole. The small gap between the ends of a stride is spread evenly over it, so that every cycle
    closes.

    Returns:
        the cycles in the order of time, and why the other parts were refused, one sentence each.

    Raises:
        InputError: fewer than four samples, or infinite positions (``check_clip`` takes those as missing).
    """
    where = clip.source or "clip"
    if samples < 4:
        raise InputError(f"{where}: samples must be at least 4 (got {samples})")
    if np.isinf(clip.positions).any():
        raise InputError(f"{where}: positions must be finite or missing before cutting (got infinite values)")
    whole = np.asarray(np.isfinite(clip.positions).all(axis=(1, 2)))
    pieces = [np.arange(clip.num_frames)] if whole.all() else [] if clip.periodic else runs(whole)
    if len(pieces) > 1 or not whole.all():
        pieces = [piece for piece in pieces if len(piece) >= SHORTEST_S * clip.fps_hz]
    if not pieces:
        return [], [f"no stretch of {SHORTEST_S} s or more in which all joints are there"]
    height, named = _sized(clip)
    cycles: list[Cycle] = []
    refused: list[str] = []
    strikes = 0
    strides: list[tuple[float, float]] = []
    for piece in pieces:
        found = _cut_piece(named if whole.all() else named[piece], height, clip, first=int(piece[0]), samples=samples)
        cycles, refused, strikes = cycles + found.cycles, refused + found.refused, strikes + found.left_strikes
        strides += found.strides
    if not cycles and not refused:
        longest = max(map(len, pieces)) / clip.fps_hz
        seconds = f"in {clip.duration_s:.2f} s" if whole.all() else f"in any whole stretch, the longest {longest:.2f} s"
        refused.append(f"fewer than two left heel strikes (got {strikes}) {seconds}")
    guess = "" if clip.periodic else wrong_rate(named[max(pieces, key=len)], clip.layout, clip.fps_hz)
    if guess:
        refused.append(guess)
        cycles = []  # each holds several strides, or a part of one
    elif not clip.periodic:
        refused += filter(None, [unlikely_rate(strides, clip.fps_hz)])
    return cycles, refused


class _Cut(NamedTuple):
    """What one whole piece of a clip gives; of each stride without a halt, cut or refused, seconds and step length."""

    cycles: list[Cycle]
    refused: list[str]
    left_strikes: int
    strides: list[tuple[float, float]]


def _cut_piece(named: Floats, height: float, clip: Clip, *, first: int, samples: int) -> _Cut:
    """Cut one piece without missing values, which begins with the frame ``first`` of the clip."""
    body, gap = _body(named, height, clip)
    yaw = _yaw(body, clip)
    forward = np.stack([np.sin(yaw), np.zeros_like(yaw), np.cos(yaw)], axis=-1)
    pelvis = None if clip.periodic else clip.layout.role_position(named, "pelvis")[:, 1].astype(float) / height
    how: dict[str, Any] = {"fps_hz": clip.fps_hz, "periodic": clip.periodic, "pelvis_height": pelvis}
    how |= {"by_toes": not from_camera(clip), "height": None if clip.periodic else body_height(body, clip.layout)}
    left, right = (heel_strikes(body, clip.layout, side=side, forward=forward, **how) for side in "lr")
    spans = [(left[0], left[0] + len(body))] if clip.periodic else list(pairwise(left))
    travel = np.stack([foot_travel(body, clip.layout, side, forward) for side in "lr"])
    spline = _spline(body, clip.periodic)
    cycles, refused, strides = [], [], []
    for start, end in spans:
        inside = slice(None) if clip.periodic else slice(round(start), round(end) + 1)
        stride = spline(np.linspace(start, end, samples + 1))
        if not clip.periodic:
            stride, gap = _close(stride)
        seconds = float(end - start) / clip.fps_hz
        right_strikes = len(right) if clip.periodic else int(((right > start) & (right < end)).sum())
        if right_strikes == 1 and still_s(travel[:, inside], seconds) <= LONGEST_STILL_S:
            strides.append((seconds, float(np.ptp(travel[0, inside] - travel[1, inside])) / 2))
        fault = stride_fault(
            seconds=seconds,
            yaw=yaw[inside],
            travel=travel[:, inside],
            right_strikes=right_strikes,
            gap=gap,
            limits=CAMERA_LIMITS if from_camera(clip) else LIMITS,
        )
        if fault:
            from_s, to_s = ((frame + first) / clip.fps_hz for frame in (start, end))
            refused.append(f"stride at {from_s:.2f} to {to_s:.2f} s: {fault}")
            continue
        front = yaw[inside].mean()
        facing = turn_to_front(stride[:samples], np.array([np.sin(front), 0.0, np.cos(front)]))
        cycles.append(Cycle(facing.astype(np.float32), seconds, height, clip))
    return _Cut(cycles, refused, len(left), strides)


def average_cycle(cycles: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """The mean over a set of cycles, phase by phase: ``[N, T, V, 3]`` to ``[T, V, 3]``.

    Raises:
        InputError: the set is empty or has another shape.
    """
    if np.ndim(cycles) != 4 or len(cycles) == 0:
        raise InputError(f"average_cycle needs at least one cycle in an array [N, T, V, 3] (got {np.shape(cycles)})")
    return np.asarray(np.mean(cycles, axis=0, dtype=float), np.float32)


def average_cycles(cycles: npt.NDArray[np.floating], groups: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
    """The average cycle of each group, by sorted name: ``[N, T, V, 3]`` and N names to ``{name: [T, V, 3]}``.

    Raises:
        InputError: there is not one name for each cycle.
    """
    names = np.asarray(groups)
    if names.shape != (len(cycles),):
        raise InputError(f"average_cycles needs one group name for each of {len(cycles)} cycles (got {names.shape})")
    return {str(name): average_cycle(cycles[names == name]) for name in np.unique(names)}


def _sized(clip: Clip) -> tuple[float, Floats]:
    """Body height, and the walk with swapped sides exchanged."""
    named = clip.positions[:, clip.layout.mirror_permutation] if clip.sides_swapped else clip.positions
    height = body_height(named, clip.layout) if clip.sides_swapped else clip.body_height
    if not height > 0:
        raise InputError(f"{clip.source or 'clip'}: expected a body height above 0 (got {height})")
    return height, named


def _body(named: Floats, height: float, clip: Clip) -> tuple[npt.NDArray[np.float64], float]:
    """The centred walk in body heights, and the gap closed in a period."""
    body = centre(named, clip.layout).astype(float) / height
    if not clip.periodic:
        return body, 0.0
    before, after = (np.tensordot(_HALF_STEP, ends, axes=1) for ends in (body[:-4:-1], body[:3]))
    gap = after - before
    ramp = np.linspace(-0.5, 0.5, len(body))[:, None, None]
    return body + ramp * gap, _rms(gap)


def _yaw(body: Floats, clip: Clip) -> npt.NDArray[np.float64]:
    """``[T]``: the angle from +z towards +x that the body faces, in radians, without its sway within a stride."""
    faces = heading(body, clip.layout)
    if clip.periodic:
        mean = faces.mean(axis=0)
        return np.full(len(body), np.arctan2(mean[0], mean[2]))
    yaw = np.unwrap(np.arctan2(faces[:, 0], faces[:, 2]))
    return np.asarray(gaussian_filter1d(yaw, sigma=0.4 * clip.fps_hz, mode="nearest"))


def _spline(body: Floats, periodic: bool) -> CubicSpline:
    if periodic:
        return CubicSpline(np.arange(len(body) + 1), np.concatenate([body, body[:1]]), bc_type="periodic")
    return CubicSpline(np.arange(len(body)), body)


def _close(stride: Floats) -> tuple[Floats, float]:
    """Spread the gap between the last and the first of ``[T+1, V, 3]`` evenly, and say how large it was."""
    gap = stride[-1] - stride[0]
    ramp = np.linspace(0.5, -0.5, len(stride))[:, None, None]
    return stride + ramp * gap, _rms(gap)


def _rms(offsets: Floats) -> float:
    return float(np.sqrt((offsets**2).sum(axis=-1).mean()))
