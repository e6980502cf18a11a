"""What the columns of a table of positions are, by their titles."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.joints import plain_name

_UNIT_S = {"s": 1.0, "sec": 1.0, "ms": 1e-3, "us": 1e-6}
_TIMES = ("time", "times", "t", "timestamp", "seconds")
_SECONDS = dict.fromkeys(_TIMES, 1.0) | {f"{name}{unit}": s for name in _TIMES for unit, s in _UNIT_S.items()}
_FRAMES = {"frame", "frames", "frameid", "frameno", "framenumber", "frameindex", "framenum"}
_JOINTS = {"joint", "jointname", "jointid", "jointtype", "jointindex", "name", "marker", "keypoint", "landmark"}
_JOINTS |= {"bodypart"}

_AXIS_LAST = re.compile(r"(.+?)[\s_.:/(\[-]*([xyz])[)\]]?(?:[\s_]*[\[(]?[mc]?m[\])]?)?", re.IGNORECASE)
_AXIS_FIRST = re.compile(r"([xyz])[\s_.:/-]+(.+)", re.IGNORECASE)
_POSITION = re.compile(r"(?<=.)[\s_.:/-]*(?:position|pos|coord)$", re.IGNORECASE)

SLOWEST_HZ = 2.0
"""No walk is recorded with fewer frames a second: a column of whole numbers without a unit is in milliseconds then."""


def joint_columns(heading: Sequence[str]) -> tuple[list[str], npt.NDArray[np.intp]]:
    """Names of the joints whose x, y and z stand in a heading, and their columns ``[joints, 3]``.

    The axis comes last ("HipCenterX", "hip_center.x", "HipCenter_PosX", "Hip Center (x)", "hip_x_mm") or first
    ("x_hip_center"), whichever gives more joints.
    """
    last = _whole([(m[1], m[2]) if (m := _AXIS_LAST.fullmatch(title)) else None for title in heading])
    first = _whole([(m[2], m[1]) if (m := _AXIS_FIRST.fullmatch(title)) else None for title in heading])
    whole = first if len(first) > len(last) else last
    return list(whole), np.array(list(whole.values()), dtype=np.intp).reshape(-1, 3)


def long_columns(heading: Sequence[str]) -> dict[str, int] | None:
    """The columns "joint", "x", "y", "z" and, where they are there, "frame" of a table with one joint a row."""
    plain = [_POSITION.sub("", plain_name(title)) for title in heading]
    known = {"joint": _JOINTS, "frame": _FRAMES, **{axis: {axis, f"pos{axis}", f"position{axis}"} for axis in "xyz"}}
    found = {key: plain.index(name) for key, names in known.items() for name in plain if name in names}
    return found if {"joint", "x", "y", "z"} <= set(found) else None


def time_column(heading: Sequence[str]) -> int | None:
    """The column that holds the time."""
    return next((c for c, title in enumerate(heading) if plain_name(title) in _SECONDS), None)


def frame_column(heading: Sequence[str]) -> int | None:
    """The column that holds the number of the frame."""
    return next((c for c, title in enumerate(heading) if plain_name(title) in _FRAMES), None)


def frame_places(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Whole numbers that count frames, by ones or by a larger step, as places from 0 on: ``[N]`` to ``[N]``."""
    whole = (counts - counts.min()).astype(np.int64)
    return np.asarray(whole // max(int(np.gcd.reduce(whole)), 1), dtype=np.intp)


def frame_rate(times: npt.NDArray[np.float64], title: str, source: str) -> float:
    """Frames a second from a column of times ``[T]``.

    Raises:
        InputError: times that do not rise in even steps; names the column.
    """
    plain = plain_name(title)
    steps = np.diff(times) * _SECONDS[plain]
    step = float(np.median(steps)) if len(steps) else 0.0
    if plain in _TIMES and step > 1 / SLOWEST_HZ:
        steps, step = steps * 1e-3, step * 1e-3
    if not (np.isfinite(steps).all() and step > 0 and np.abs(steps - step).max() <= 0.5 * step):
        raise InputError(
            f"{source}: column {title!r} must rise in even steps (got steps of {steps.min(initial=step):.4g} to"
            f" {steps.max(initial=step):.4g} s)"
        )
    return 1 / float(np.mean(steps))


def _whole(parts: Sequence[tuple[str, str] | None]) -> dict[str, list[int]]:
    axes: dict[str, dict[str, int]] = {}
    for column, part in enumerate(parts):
        if part:
            axes.setdefault(_POSITION.sub("", part[0]), {})[part[1].lower()] = column
    return {name: [found[axis] for axis in "xyz"] for name, found in axes.items() if len(found) == 3}
