"""Read positions from a CSV table."""

import csv
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.axes import to_package_axes
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.joints import need_layout, pick_joints, plain_name
from stgcn_affect.skeleton.layout import Layout

Table = npt.NDArray[np.float64]

_SECONDS = {"time": 1.0, "times": 1.0, "t": 1.0, "timestamp": 1.0, "seconds": 1.0, "timems": 1e-3, "timestampms": 1e-3}
"""Names of a column that holds the time, without signs between words, and its unit in seconds."""


def read_table(path: Path, *, layout: Layout | None = None, fps_hz: float | None = None) -> Clip:
    """Read one clip from a table with one frame a row; axes and unit are detected from the body and converted.

    With a heading, joints stand in columns such as ``HipX,HipY,HipZ``, ``hip_x`` or ``hip.x``, in any order and beside
    other columns; a column ``time`` (seconds) or ``time_ms`` gives the frame rate. Without a heading, the table holds
    the layout's joints in order, three columns each. Columns are separated by commas, semicolons or tabs. An empty cell
    is a missing value.

    Args:
        path: the file.
        layout: the joints; may be left out where the heading has those of an embedded layout.
        fps_hz: frames a second; needed where the table has no time, and stronger than it.

    Raises:
        InputError: names the file and the line, the column or the joint.
    """
    heading, values = _parse(path)
    names, triples = _joint_columns(heading)
    layout = need_layout(layout, names if heading else None, str(path))
    if heading:
        columns = triples[pick_joints(names, layout, str(path))]
    elif values.shape[1] == layout.num_joints * 3:
        columns = np.arange(values.shape[1]).reshape(-1, 3)
    else:
        raise InputError(
            f"{path}: expected {layout.num_joints * 3} columns for the joints of the layout {layout.name}, or a heading"
            f" that names them (got {values.shape[1]} columns)"
        )
    rate = fps_hz if fps_hz is not None else _rate(heading, values, path)
    positions, unit = to_package_axes(values[:, columns], layout)
    return Clip(
        positions=positions, fps_hz=rate, layout=layout, source=str(path), attributes={"unit": unit or "unknown"}
    )


def _parse(path: Path) -> tuple[list[str], Table]:
    """The heading (empty where there is none) and the numbers ``[T, columns]``."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected a text file (got: {error})") from error
    first = next((line for line in lines if line.strip()), "")
    separator = max(",;\t", key=first.count)
    numbered = [
        (n, row) for n, row in enumerate(csv.reader(lines, delimiter=separator), start=1) if any(map(str.strip, row))
    ]
    if not numbered:
        raise InputError(f"{path}: expected a table with one frame a row (got an empty file)")
    heading = [] if all(_is_number(cell) for cell in numbered[0][1]) else [cell.strip() for cell in numbered[0][1]]
    rows = numbered[1:] if heading else numbered
    width = len(numbered[0][1])
    for number, row in rows:
        if len(row) != width:
            raise InputError(f"{path}: line {number} must have {width} columns, as the first (got {len(row)})")
    try:
        return heading, np.array([[cell.strip() or "nan" for cell in row] for _, row in rows], float).reshape(-1, width)
    except ValueError as error:
        number, column, cell = next((n, c, x) for n, row in rows for c, x in enumerate(row) if not _is_number(x))
        place = repr(heading[column]) if heading else str(column + 1)
        raise InputError(f"{path}: line {number}, column {place} must be a number (got {cell!r})") from error


def _is_number(cell: str) -> bool:
    try:
        float(cell.strip() or "nan")
    except ValueError:
        return False
    return True


def _joint_columns(heading: list[str]) -> tuple[list[str], npt.NDArray[np.intp]]:
    """Names of the joints whose x, y and z are in the heading, and the columns ``[joints, 3]``."""
    axes: dict[str, dict[str, int]] = {}
    for column, title in enumerate(heading):
        match = re.fullmatch(r"(.+?)[\s_.:/-]*([xyz])", title, re.IGNORECASE)
        if match:
            axes.setdefault(match[1], {})[match[2].lower()] = column
    whole = {name: [found[axis] for axis in "xyz"] for name, found in axes.items() if len(found) == 3}
    return list(whole), np.array(list(whole.values()), dtype=np.intp).reshape(-1, 3)


def _rate(heading: list[str], values: Table, path: Path) -> float:
    column = next((c for c, title in enumerate(heading) if plain_name(title) in _SECONDS), None)
    if column is None:
        raise InputError(
            f"{path}: expected a column 'time' in seconds, or the frames a second beside the file (got neither)"
        )
    steps = np.diff(values[:, column]) * _SECONDS[plain_name(heading[column])]
    step = float(np.median(steps)) if len(steps) else 0.0
    if not (np.isfinite(steps).all() and step > 0 and np.abs(steps - step).max() <= 0.5 * step):
        raise InputError(
            f"{path}: column {heading[column]!r} must rise in even steps (got steps of {steps.min(initial=step):.4g} to"
            f" {steps.max(initial=step):.4g} s)"
        )
    return 1 / float(np.mean(steps))
