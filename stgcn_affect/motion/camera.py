"""Poses that an estimator made from the video of one camera: which clips are such, how they are smoothed and judged.

The depth of a joint is guessed there and noisy, limbs change their length as they turn towards the camera, and left and
right are taken for each other for a few frames where legs cross.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.gaps import counted_frames, runs, seen
from stgcn_affect.motion.strides import StrideLimits
from stgcn_affect.settings import QUALITIES

Floats = npt.NDArray[np.float32]

CAMERA = QUALITIES[0]
"""The quality of poses from one camera."""

CAMERA_LAYOUTS = ("mediapipe33", "coco17", "body25", "halpe26")
"""Layouts of pose estimators: their files are poses from one camera unless something else is said."""

LESS_SURE = "depth is guessed there, so whatever rests on it is less sure"
"""What is said beside every score of such poses."""

LOW_PASS_HZ, ORDER = 6.0, 2
"""Cut-off frequency, where half the power is left, and order of a Butterworth filter that runs forwards and backwards,
which undoes its lag and doubles its order."""

_TWICE = (2**0.5 - 1) ** (1 / (2 * ORDER))
"""A filter that runs twice leaves half the power at this share of its own cut-off frequency, 0.802."""

LONGEST_EXCHANGE_S = 0.2
"""How long an estimator may take one side for the other for it to be a mistake, and not a turn that it saw late."""

CAMERA_LIMITS = StrideLimits(turn_deg=40.0, gap=0.2)
"""What a stride from one camera may be off by: heading rests on depth, so twice the usual turn."""

CAMERA_DRIFT = 0.35
"""How far a bone's length may be off over a stride, as a share of it, where it is foreshortened by a wrong depth."""


def with_quality(clip: Clip, quality: str = "") -> Clip:
    """Note in a clip's attributes that it is poses from one camera, or that it is not.

    Args:
        clip: the clip, on the layout of its file.
        quality: one of ``QUALITIES``; "" for what the clip says already, or else for "camera" where the layout is a
            pose estimator's.

    Raises:
        InputError: another quality.
    """
    if quality and quality not in QUALITIES:
        raise InputError(f"{clip.source or 'clip'}: quality must be {' or '.join(QUALITIES)} (got {quality!r:.40})")
    if not quality and clip.layout.name in CAMERA_LAYOUTS:
        quality = clip.attributes.get("quality", CAMERA)
    return replace(clip, attributes={**clip.attributes, "quality": quality}) if quality else clip


def from_camera(clip: Clip) -> bool:
    """Whether a clip is poses from one camera."""
    return clip.attributes.get("quality") == CAMERA


def exchange_back(clip: Clip, positions: Floats) -> tuple[Floats, list[str]]:
    """Exchange left and right joints back in the few frames in which an estimator took one side for the other.

    They are exchanged from one frame to the next where the joints would move less than half as far with the other
    names; for up to 0.2 s that is a mistake of the estimator's.

    Args:
        clip: the clip; one that is not from one camera stays as it is.
        positions: its positions ``[T, V, 3]``.

    Returns:
        ``[T, V, 3]``, and what was done, in words.
    """
    other = clip.layout.mirror_permutation
    paired = np.flatnonzero(other != np.arange(len(other)))
    if not from_camera(clip) or not len(paired):
        return positions, []
    before, after = positions[:-1, paired], positions[1:, paired]
    with np.errstate(invalid="ignore"):
        same = np.nansum(np.linalg.norm(after - before, axis=-1), axis=1)
        swapped = np.nansum(np.linalg.norm(positions[1:, other[paired]] - before, axis=-1), axis=1)
    turns = np.flatnonzero(swapped < same / 2) + 1
    short = [(int(a), int(b)) for a, b in pairwise(turns) if b - a <= LONGEST_EXCHANGE_S * clip.fps_hz]
    mended, frames, last = positions.copy(), 0, 0
    for first, end in short:
        if first >= last:  # else the frames between two exchanges, which are right
            mended[first:end] = positions[first:end, other]
            frames, last = frames + end - first, end + 1
    if not frames:
        return positions, []
    return mended, [f"left and right were exchanged in {counted_frames(frames)}: exchanged back"]


def smooth_camera(clip: Clip, positions: Floats) -> tuple[Floats, list[str]]:
    """Low-pass the positions of a clip from one camera without a lag (Winter, "Biomechanics and Motor Control of Human
    Movement", 2009: 6 Hz for walking); other clips stay as they are.

    Args:
        clip: the clip.
        positions: ``[T, V, 3]``, its positions with short gaps filled; over longer ones nothing is smoothed.

    Returns:
        ``[T, V, 3]``, and what was done, in words.
    """
    from scipy.signal import butter

    if not from_camera(clip):
        return positions, []
    said = (
        f"poses from one camera: a stride may turn by {CAMERA_LIMITS.turn_deg:.0f} degrees and miss its start by"
        f" {CAMERA_LIMITS.gap} body heights, a bone change by {CAMERA_DRIFT:.0%}"
    )
    if clip.fps_hz <= 2 * LOW_PASS_HZ:
        return positions, [f"{said}; {clip.fps_hz:.4g} frames a second are too few to be smoothed"]
    smooth = positions.copy()
    cutoff_hz = np.arctan(np.tan(np.pi * LOW_PASS_HZ / clip.fps_hz) / _TWICE) * clip.fps_hz / np.pi
    weights = butter(ORDER, cutoff_hz, fs=clip.fps_hz)
    known = seen(positions)
    for v in range(positions.shape[1]):
        for run in runs(known[:, v]):
            if len(run) > 1:
                smooth[run, v] = _filtered(
                    positions[run, v], weights, periodic=clip.periodic and len(run) == len(known)
                )
    return smooth, [f"{said}; smoothed by a low-pass at {LOW_PASS_HZ:.0f} Hz"]


def _filtered(path: Floats, weights: tuple[Floats, Floats], *, periodic: bool) -> Floats:
    """A path ``[T, 3]``, forwards and backwards through the filter."""
    from scipy.signal import filtfilt

    count = len(path)
    if periodic:
        return np.asarray(filtfilt(*weights, np.tile(path, (3, 1)), axis=0)[count : 2 * count], np.float32)
    padding = min(3 * (ORDER + 1), count - 1)
    return np.asarray(filtfilt(*weights, path, axis=0, padlen=padding), np.float32)
