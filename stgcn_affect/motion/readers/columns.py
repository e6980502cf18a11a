"""Parse a text table and find the joints, the time and the confidence in its columns."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.joint_names import plain_name

_MISSING = {"", "na", "null", "none"}


@dataclass(frozen=True, eq=False)
class Table:
    """The contents of a text file with separated columns.

    Args:
        path: the file, for messages.
        heading: titles of the columns; empty where the first line holds numbers alone.
        lines: the number of each row's line in the file.
        rows: cells as text, as many in each row as there are columns.
        width: how many columns there are.
    """

    path: Path
    heading: list[str]
    lines: list[int]
    rows: list[list[str]]
    width: int

    def numbers(self, columns: Sequence[int]) -> npt.NDArray[np.float64]:
        """``[rows, len(columns)]``; NaN for an empty cell.

        Raises:
            InputError: a cell that is no number; names line and column.
        """
        cells = [[row[column] for column in columns] for row in self.rows]
        try:
            return np.array(cells, float).reshape(len(cells), len(columns))
        except ValueError:
            values = [
                [self._number(row, line, column) for column in columns]
                for line, row in zip(self.lines, self.rows, strict=True)
            ]
        return np.array(values, float).reshape(len(cells), len(columns))

    def _number(self, row: list[str], line: int, column: int) -> float:
        try:
            return to_number(row[column])
        except ValueError as error:
            place = repr(self.heading[column]) if self.heading else str(column + 1)
            raise InputError(
                f"{self.path}: line {line}, column {place} must be a number (got {row[column]!r})"
            ) from error


def to_number(cell: str) -> float:
    """A cell as a number, NaN where it is empty, NA, null or none. Raises ValueError where it is a word."""
    return float("nan") if cell.strip().lower() in _MISSING else float(cell)


def parse_table(path: Path) -> Table:
    """Read a table whose columns are separated by commas, semicolons or tabs.

    Raises:
        InputError: no text, an empty file, or rows of different widths; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected a text file (got: {error})") from error
    first = next((line for line in lines if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(lines, delimiter=separator)
    try:
        numbered = [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise InputError(f"{path}: line {reader.line_num} is no line of a table (got: {error})") from error
    if not numbered:
        raise InputError(f"{path}: expected a table (got an empty file)")
    head = numbered[0][1]
    heading = [] if all(map(_is_number, head)) else [cell.strip() for cell in head]
    numbered = numbered[1:] if heading else numbered
    for number, row in numbered:
        if len(row) != len(head):
            raise InputError(f"{path}: line {number} must have {len(head)} columns, as the first (got {len(row)})")
    return Table(path, heading, [number for number, _ in numbered], [row for _, row in numbered], len(head))


def _is_number(cell: str) -> bool:
    try:
        to_number(cell)
    except ValueError:
        return False
    return True


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
