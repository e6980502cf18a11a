"""A text table, and which of its columns hold joints, times and numbers of frames."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.joint_names import plain_name

_MISSING = {
    "",
    "-",
    "?",
    "na",
    "n/a",
    "#n/a",
    "null",
    "none",
    "nan",
    "-nan",
    "-nan(ind)",
    "nan(ind)",
    "1.#qnan",
    "-1.#ind",
}

FEW = 0.1
"""The share of lines, and of cells in a set of columns, that may be damaged before the table is refused."""


@dataclass(frozen=True, eq=False)
class Table:
    """The contents of a text file with separated columns.

    Args:
        path: the file, for messages.
        heading: titles of the columns; empty where the file has none.
        lines: the number of each row's line in the file.
        rows: cells as text, as many in each row as there are columns.
        width: how many columns there are.
        remarks: what was left out, one sentence each.
        points: names of the points whose places the rows hold, and their columns ``[points, 3]``, where what stands
            above the table says so; None: the titles of the columns say it.
        fps_hz: frames a second, where the file says it beside the table.
        unit: of the places, a key of ``METRES_PER``; "" where the file does not say it.
    """

    path: Path
    heading: list[str]
    lines: list[int]
    rows: list[list[str]]
    width: int
    remarks: list[str] = field(default_factory=list)
    points: tuple[list[str], npt.NDArray[np.intp]] | None = None
    fps_hz: float | None = None
    unit: str = ""

    def places(self) -> tuple[list[str], npt.NDArray[np.intp]]:
        """Names of the points with a column for x, y and z, and these columns ``[points, 3]``."""
        return joint_columns(self.heading) if self.points is None else self.points

    def numbers(self, columns: Sequence[int]) -> npt.NDArray[np.float64]:
        """``[rows, len(columns)]``; NaN for an empty cell, and for words where there are few.

        Raises:
            InputError: more than a tenth of the cells are words; names line and column of the first.
        """
        cells = [[row[column] for column in columns] for row in self.rows]
        try:
            return np.array(cells, float).reshape(len(cells), len(columns))
        except ValueError:
            values = np.array([[number_or_none(cell) for cell in row] for row in cells], dtype=object)
        no_number = np.array([[cell is None for cell in row] for row in values]).reshape(len(cells), len(columns))
        words = np.argwhere(no_number)
        if len(words):
            row, column = words[0][0], columns[words[0][1]]
            place = repr(self.heading[column]) if self.heading else str(column + 1)
            first = f"line {self.lines[row]}, column {place}"
            if len(words) > FEW * len(cells) * len(columns):
                raise InputError(f"{self.path}: {first} must be a number (got {self.rows[row][column]!r:.40})")
            remark = f"{first} is no number ({self.rows[row][column]!r:.20})"
            self.remarks.append(f"{remark}, as {others(len(words) - 1, 'cell')}: taken as missing")
        return np.where(no_number, np.nan, values.reshape(no_number.shape)).astype(float)


def to_number(cell: str) -> float:
    """A cell as a number, NaN where it is empty, NA, null or none. Raises ValueError where it is a word."""
    return float("nan") if cell.strip().lower() in _MISSING else float(cell)


def number_or_none(cell: str) -> float | None:
    """As ``to_number``, None where it is a word."""
    try:
        return to_number(cell)
    except ValueError:
        return None


def others(count: int, noun: str) -> str:
    """How many others there are, in words: "no other line", "3 other lines"."""
    return f"no other {noun}" if not count else f"{count} other {noun}{'s' if count > 1 else ''}"


_UNIT_S = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_SMALL_UNITS = (1e-3, 1e-6, 1e-7, 1e-9)
_TIMES = ("time", "times", "t", "timestamp", "timestamps", "seconds", "relativetime", "elapsedtime", "elapsed")
_SECONDS = dict.fromkeys(_TIMES, 1.0) | {f"{name}{unit}": s for name in _TIMES for unit, s in _UNIT_S.items()}
_FRAMES = {"frame", "frames", "frameid", "frameno", "framenumber", "frameindex", "framenum", "frameidx"}
_JOINTS = {"joint", "jointname", "jointid", "jointtype", "jointindex", "name", "marker", "keypoint", "landmark"}
_JOINTS |= {"bodypart", "landmarkname", "landmarkid", "landmarkindex", "keypointname", "keypointid", "markername"}

_AXIS_LAST = re.compile(r"(.+?)[\s_.:/(\[-]*([xyz])[)\]]?(?:[\s_]*[\[(]?[mc]?m[\])]?)?", re.IGNORECASE)
_AXIS_FIRST = re.compile(r"([xyz])(?:[\s_.:/-]+(.+)|(\d+))", re.IGNORECASE)
_POSITION = re.compile(r"(?<=.)[\s_.:/-]*(?:position|pos|coord)$", re.IGNORECASE)

SLOWEST_HZ = 2.0
"""No walk is recorded with fewer frames a second: times without a unit whose steps are longer are in a smaller unit."""

USUAL_HZ = 60.0
"""The smaller unit (milliseconds, microseconds, Kinect's 100 ns, nanoseconds) is the one that comes nearest to it."""


def joint_columns(heading: Sequence[str]) -> tuple[list[str], npt.NDArray[np.intp]]:
    """Names of the joints whose x, y and z stand in a heading, and their columns ``[joints, 3]``.

    The axis comes last ("HipCenterX", "hip_center.x", "HipCenter_PosX", "Hip Center (x)", "hip_x_mm") or first
    ("x_hip_center", "x23"), whichever gives more joints.
    """
    last, first = (_whole(parts) for parts in _parts(heading))
    whole = first if len(first) > len(last) else last
    return list(whole), np.array(list(whole.values()), dtype=np.intp).reshape(-1, 3)


def plane_columns(heading: Sequence[str]) -> list[str]:
    """Names of the joints that have columns for x and y and none for z: key points in a picture."""
    last, first = (list(_whole(parts, "xy")) for parts in _parts(heading))
    return max(last, first, key=len)


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


def in_seconds(times: npt.NDArray[np.float64], title: str) -> npt.NDArray[np.float64]:
    """A column of times ``[T]`` in seconds, by the unit in its title, or by the only one that gives a frame rate."""
    plain = plain_name(title)
    if plain not in _TIMES:
        return times * _SECONDS[plain]
    known = times[np.isfinite(times)]
    step = float(np.median(np.diff(known))) if len(known) > 1 else 0.0
    if step <= 1 / SLOWEST_HZ:
        return times
    return times * min(_SMALL_UNITS, key=lambda unit: abs(np.log(step * unit * USUAL_HZ)))


def _parts(heading: Sequence[str]) -> list[list[tuple[str, str] | None]]:
    """The name and the axis in each title: with the axis last, and with the axis first."""
    last = [(m[1], m[2]) if (m := _AXIS_LAST.fullmatch(title)) else None for title in heading]
    first = [(m[2] or m[3], m[1]) if (m := _AXIS_FIRST.fullmatch(title)) else None for title in heading]
    return [last, first]


def _whole(parts: Sequence[tuple[str, str] | None], wanted: str = "xyz") -> dict[str, list[int]]:
    axes: dict[str, dict[str, int]] = {}
    for column, part in enumerate(parts):
        if part:
            axes.setdefault(_POSITION.sub("", part[0]), {})[part[1].lower()] = column
    return {name: [found[axis] for axis in wanted] for name, found in axes.items() if set(found) == set(wanted)}
