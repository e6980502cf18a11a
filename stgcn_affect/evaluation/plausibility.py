"""Plausibility of a walk: bones that keep their lengths, feet that do not slide, smooth motion, closed cycles.

The same is measured of true recordings, which are not perfect either.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.walk import Walk
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.gait_events import gait_events, phase_bins
from stgcn_affect.motion.normalise import body_height, centre
from stgcn_affect.release.ground import HEIGHT_M, foot_centre, phase_derivative
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]

MID_STANCE = (0.2, 0.8)
"""The part of a stance in which the foot is flat: later the heel rises, earlier the toes come down."""


class Plausibility(NamedTuple):
    """Measures of one walk; lengths in centimetres of a body of 1.70 m, so that small and tall people count alike.

    Args:
        bone_drift_cm: by how much the length of the worst bone changes over the recording.
        foot_slide_cm: how far a foot moves over the ground in mid-stance, mean over both feet and all cycles.
        jerk_m_s3: root mean square of the third derivative of the joints' places, pelvis-centred and low-passed.
        penetration_cm: how far the lowest joint goes below height 0.
        closure_cm: how far joints are from their places one stride before, pelvis-centred, on average.
    """

    bone_drift_cm: float
    foot_slide_cm: float
    jerk_m_s3: float
    penetration_cm: float
    closure_cm: float


def plausibility(walk: Walk, *, harmonics: int) -> Plausibility:
    """Measure a walk that was read from its file.

    Args:
        walk: its recording and its cycles.
        harmonics: of the low-pass before the jerk, those of the decoder, so that a decoded walk gains nothing by having
            no others.

    Raises:
        InputError: a foot that does not move.
    """
    clip = walk.clip
    unit = 100 * HEIGHT_M / body_height(clip.positions, clip.layout)
    cycles = [cycle.positions for cycle in walk.cycles]
    times = [cycle.stride_time_s for cycle in walk.cycles]
    return Plausibility(
        bone_drift_cm=unit * bone_drift(clip.positions, clip.layout),
        foot_slide_cm=100 * HEIGHT_M * float(np.mean([foot_slide(cycle, clip.layout) for cycle in cycles])),
        jerk_m_s3=HEIGHT_M
        * float(np.mean([jerk(cycle, time, harmonics=harmonics) for cycle, time in zip(cycles, times, strict=True)])),
        penetration_cm=unit * max(0.0, -float(np.nanmin(clip.positions[..., 1]))),
        closure_cm=unit * closure(clip, float(np.mean(times))),
    )


def bone_drift(positions: Floats, layout: Layout) -> float:
    """By how much the length of the worst bone changes over ``[T, V, 3]``, in their unit, without missing frames."""
    parent, child = np.array(layout.bones).T
    lengths = np.linalg.norm(np.asarray(positions[:, child] - positions[:, parent], float), axis=-1)
    lengths = lengths[np.isfinite(lengths).all(axis=1)]
    return float(np.ptp(lengths, axis=0).max())


def foot_slide(cycle: Floats, layout: Layout) -> float:
    """How far a foot moves over the ground in mid-stance, in the unit of the cycle ``[T, V, 3]``; mean over both feet.

    The pelvis is taken to move over a standing foot as it moves over the other foot when that one stands, mirrored. A
    path that was fitted to this very foot would make it stand still whatever it does.

    Raises:
        InputError: a foot that does not move.
    """
    events = gait_events(cycle, layout)
    stances = phase_bins(events, samples=len(cycle))
    later = round(events.right_heel_strike_pct / 100 * len(cycle))
    velocity = {side: phase_derivative(foot_centre(cycle, layout, side))[:, [0, 2]] for side in "lr"}
    slides = []
    for side, other, name, shift in (("l", "r", "left", -later), ("r", "l", "right", later)):
        pelvis = -np.roll(velocity[other], shift, axis=0) * [-1.0, 1.0]
        rows = _middle(stances[f"{name}_stance"])
        path = np.cumsum((velocity[side] + pelvis)[rows], axis=0) / len(cycle)
        slides.append(float(np.linalg.norm(np.ptp(path, axis=0))) if len(path) else 0.0)
    return float(np.mean(slides))


def jerk(cycle: Floats, stride_time_s: float, *, harmonics: int) -> float:
    """Root mean square over joints and samples of the third derivative by time, of a cycle ``[T, V, 3]`` low-passed."""
    order = np.arange(len(cycle) // 2 + 1)
    response = np.where(order <= harmonics, (2j * np.pi * order / stride_time_s) ** 3, 0.0)
    third = np.fft.irfft(np.fft.rfft(np.asarray(cycle, float), axis=0) * response[:, None, None], len(cycle), axis=0)
    return float(np.sqrt((third**2).sum(axis=-1).mean()))


def closure(clip: Clip, stride_time_s: float) -> float:
    """How far joints are from their places one stride before, pelvis-centred, mean over joints and frames.

    It counts turns too; NaN where the clip is shorter than a stride.
    """
    body = centre(clip.positions, clip.layout).astype(float)
    later = np.arange(len(body)) + stride_time_s * clip.fps_hz
    later = later[later <= len(body) - 1]
    if not len(later):
        return float("nan")
    before, share = np.floor(later).astype(int), (later % 1)[:, None, None]
    after = np.minimum(before + 1, len(body) - 1)
    shifted = (1 - share) * body[before] + share * body[after]
    return float(np.nanmean(np.linalg.norm(shifted - body[: len(later)], axis=-1)))


def _middle(stands: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """The samples of mid-stance in the order of time, of a circular ``[T]``."""
    count = int(stands.sum())
    starts = np.flatnonzero(stands & ~np.roll(stands, 1))
    first = int(starts[0]) if len(starts) else 0
    low, high = (round(part * count) for part in MID_STANCE)
    return (first + np.arange(low, high)) % len(stands)
