"""Read the public Emotion-Gait files (Bhattacharya et al., STEP, AAAI 2020): features.h5 with labels.h5 beside it."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip, Unreadable, readable, tried
from stgcn_affect.skeleton.layout import Layout, load_layout

Numbers = npt.NDArray[Any]

FPS_HZ = 30.0
"""Frame rate, which the files do not store; established against the 120 Hz originals of some of the walks."""

PERCEIVED = ("happy", "angry", "sad", "neutral")
"""Emotions of the codes 0 to 3 in labels.h5: those that raters perceived, not those that were acted."""

SHORTEST_PERIOD = 12

_ACTED = {
    re.compile(r"([a-z]{3})_walk_(an|ha|nu|sa)_(.*)"): {"an": "angry", "ha": "happy", "nu": "neutral", "sa": "sad"},
    re.compile(r"(\d{3})_(Angry|Happy|Neutral|Sad)(?:_(.*))?"): {
        name.capitalize(): name for name in ("angry", "happy", "neutral", "sad")
    },
}
"""Names that hold the subject and the acted emotion; no other names do."""


def read_emotion_gait(path: Path, *, layout: Layout | None = None, fps_hz: float | None = None) -> list[Clip]:
    """Read the clips of a features.h5; one that cannot be read is left out, and ``emotion_gait_clips`` says which.

    Each clip is one gait cycle, repeated to fill 75 frames. It is cut to that period, or the repeats would count as
    other walks; the few without an exact period are kept whole. Positions stay in the file's relative unit, with the
    root at 0.

    Args:
        path: features.h5: one data set ``[frames, 48]`` per clip, named ``<clip>_positions.csv``.
        layout: 16 joints; by default "emotion_gait16".
        fps_hz: frames a second, 30 by default.

    Returns:
        The clips in the order of their names. ``attributes["perceived_emotion"]`` holds the rating where there is one.

    Raises:
        InputError: not such a file, or no clip in it has the shape of one; names the data set.
    """
    return readable(emotion_gait_clips(path, parse_emotion_gait(path), layout=layout, fps_hz=fps_hz))


class EmotionGait(NamedTuple):
    """The contents of a features.h5 and of the labels.h5 beside it.

    Args:
        values: the array of each clip, by its key; or in words what stands there in its place.
        codes: the code of the rated emotion, as an array of one number, by key; or what stands there.
    """

    values: dict[str, Numbers | str]
    codes: dict[str, Numbers | str]


def parse_emotion_gait(path: Path) -> EmotionGait:
    """Read both files. Raises InputError for files that are no such."""
    labels = path.with_name("labels.h5")
    try:
        with h5py.File(path, "r") as features:
            values = {key: _content(features, key) for key in features}
        codes: dict[str, Numbers | str] = {}
        if labels.is_file():
            with h5py.File(labels, "r") as file:
                codes = {key: _content(file, key) for key in file}
    except OSError as error:
        raise InputError(f"{path}: expected an HDF5 file, as labels.h5 beside it (got: {error})") from error
    if not values:
        raise InputError(f"{path}: expected one data set for each clip (got an empty file)")
    return EmotionGait(values, codes)


def emotion_gait_clips(
    path: Path, content: EmotionGait, *, layout: Layout | None = None, fps_hz: float | None = None
) -> list[Clip | Unreadable]:
    """Each clip of what ``parse_emotion_gait`` gave, as ``read_emotion_gait`` gives it, or why there is none."""
    layout = layout or load_layout("emotion_gait16")
    return [
        tried(_clip, f"{path}:{key}", key, content.values[key], content.codes.get(key), layout, fps_hz or FPS_HZ)
        for key in sorted(content.values)
    ]


def period_of(frames: Numbers) -> int:
    """The shortest period, in frames, with which ``[T, ...]`` repeats exactly, or 0."""
    for period in range(SHORTEST_PERIOD, len(frames) - 3):
        if np.array_equal(frames[period:], frames[:-period]):
            return period
    return 0


def _content(file: h5py.File, key: str) -> Numbers | str:
    """The array of a data set, or what is there instead."""
    try:
        node = file[key]
        return np.asarray(node) if isinstance(node, h5py.Dataset) else "a group"
    except (OSError, KeyError) as error:  # a block that is damaged, a link to nothing
        return f"nothing that can be read: {error}"


def _clip(
    source: str, key: str, values: Numbers | str, code: Numbers | str | None, layout: Layout, fps_hz: float
) -> Clip:
    width = layout.num_joints * 3
    if isinstance(values, str):
        raise InputError(f"{source}: expected a data set (got {values})")
    if values.ndim != 2 or values.shape[1] != width or len(values) < 2 or values.dtype.kind not in "fiu":
        raise InputError(
            f"{source}: expected numbers of the shape [frames, {width}] (got {list(values.shape)} of {values.dtype})"
        )
    perceived, remarks = _perceived(code)
    subject, emotion, take = _name_parts(key)
    period = period_of(values)
    attributes = {"unit": "relative", "up_axis": "+y"} | ({"perceived_emotion": perceived} if perceived else {})
    return Clip(
        positions=values[: period or None].reshape(-1, layout.num_joints, 3),
        fps_hz=fps_hz,
        layout=layout,
        subject=subject,
        emotion=emotion,
        take=take,
        source=source,
        periodic=period > 0,
        attributes=attributes,
        remarks=remarks,
    )


def _name_parts(key: str) -> tuple[str, str, str]:
    """Subject, acted emotion and take; the take is what is left of the name, or all of it."""
    name = key.removesuffix(".csv").removesuffix("_positions")
    for pattern, emotions in _ACTED.items():
        match = pattern.fullmatch(name)
        if match:
            return match[1], emotions[match[2]], match[3] or name
    return "", "", name


def _perceived(code: Numbers | str | None) -> tuple[str, tuple[str, ...]]:
    """The rated emotion, "" where it is unknown, and what is wrong with its code."""
    if code is None:
        return "", ()
    if not isinstance(code, str) and code.size == 1 and code.ravel()[0] in range(len(PERCEIVED)):
        return PERCEIVED[int(code.ravel()[0])], ()
    found = code if isinstance(code, str) else f"{code.tolist()!r:.40}"
    return "", (f"labels.h5: expected a label from 0 to {len(PERCEIVED) - 1} (got {found}): the rating is unknown",)
