"""Read the public Emotion-Gait files (Bhattacharya et al., STEP, AAAI 2020): features.h5 with labels.h5 beside it."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
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
    """Read all clips of a features.h5.

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
        InputError: not such a file, or a wrong shape or label; names the data set.
    """
    return emotion_gait_clips(path, parse_emotion_gait(path), layout=layout, fps_hz=fps_hz)


class EmotionGait(NamedTuple):
    """The contents of a features.h5 and of the labels.h5 beside it.

    Args:
        values: the array of each clip, by its key.
        perceived: the rated emotion, by key.
    """

    values: dict[str, Numbers]
    perceived: dict[str, str]


def parse_emotion_gait(path: Path) -> EmotionGait:
    """Read both files. Raises InputError for files that are no such, or for a wrong label."""
    labels = path.with_name("labels.h5")
    try:
        with h5py.File(path, "r") as features:
            values = {key: _values(features[key], f"{path}:{key}") for key in features}
        perceived = _read_labels(labels) if labels.is_file() else {}
    except OSError as error:
        raise InputError(f"{path}: expected an HDF5 file, as labels.h5 beside it (got: {error})") from error
    if not values:
        raise InputError(f"{path}: expected one data set for each clip (got an empty file)")
    return EmotionGait(values, perceived)


def emotion_gait_clips(
    path: Path, content: EmotionGait, *, layout: Layout | None = None, fps_hz: float | None = None
) -> list[Clip]:
    """The clips of what ``parse_emotion_gait`` gave, as ``read_emotion_gait`` gives them."""
    layout = layout or load_layout("emotion_gait16")
    return [
        _clip(path, key, content.values[key], content.perceived.get(key, ""), layout, fps_hz or FPS_HZ)
        for key in sorted(content.values)
    ]


def period_of(frames: Numbers) -> int:
    """The shortest period, in frames, with which ``[T, ...]`` repeats exactly, or 0."""
    for period in range(SHORTEST_PERIOD, len(frames) - 3):
        if np.array_equal(frames[period:], frames[:-period]):
            return period
    return 0


def _values(node: Any, source: str) -> Numbers:
    if not isinstance(node, h5py.Dataset):
        raise InputError(f"{source}: expected a data set (got a group)")
    return np.asarray(node)


def _clip(path: Path, key: str, values: Numbers, perceived: str, layout: Layout, fps_hz: float) -> Clip:
    source = f"{path}:{key}"
    width = layout.num_joints * 3
    if values.ndim != 2 or values.shape[1] != width or len(values) < 2 or values.dtype.kind not in "fiu":
        raise InputError(
            f"{source}: expected numbers of the shape [frames, {width}] (got {list(values.shape)} of {values.dtype})"
        )
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
    )


def _name_parts(key: str) -> tuple[str, str, str]:
    """Subject, acted emotion and take; the take is what is left of the name, or all of it."""
    name = key.removesuffix(".csv").removesuffix("_positions")
    for pattern, emotions in _ACTED.items():
        match = pattern.fullmatch(name)
        if match:
            return match[1], emotions[match[2]], match[3] or name
    return "", "", name


def _read_labels(path: Path) -> dict[str, str]:
    with h5py.File(path, "r") as file:
        codes = {key: np.ravel(file[key][()]) for key in file}
    for key, code in codes.items():
        if code.size != 1 or code[0] not in range(len(PERCEIVED)):
            raise InputError(f"{path}:{key}: expected a label from 0 to {len(PERCEIVED) - 1} (got {code.tolist()})")
    return {key: PERCEIVED[int(code[0])] for key, code in codes.items()}
