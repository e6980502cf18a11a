"""Read text tables of positions: a row per frame, or a row per frame and joint."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError, listed
from stgcn_affect.motion.axes import package_clip_axes
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.readers.columns import (
    Table,
    frame_column,
    frame_places,
    in_seconds,
    long_columns,
    plane_columns,
    time_column,
)
from stgcn_affect.motion.readers.named_points import named_joints
from stgcn_affect.motion.readers.text_table import parse_table
from stgcn_affect.motion.readers.timeline import on_even_grid, timeline
from stgcn_affect.motion.readers.unread import two_dimensions
from stgcn_affect.skeleton.layout import Layout

Numbers = npt.NDArray[np.float64]


class Rows(NamedTuple):
    """The frames of a table, as they stand in it.

    Args:
        names: of the M points; none for points in a layout's order.
        values: ``[N, M, 3]``, NaN where a value is missing.
        times: ``[N]`` as they are written; None where there is no column of times.
        counts: ``[N]`` numbers of the frames as they are written; None where there is no such column.
    """

    names: list[str]
    values: Numbers
    times: Numbers | None
    counts: Numbers | None


def long_rows(table: Table, titles: Mapping[str, int]) -> Rows:
    """Sort the rows of a long table by frame and joint.

    Args:
        table: the table.
        titles: its columns, as ``long_columns`` finds them.

    Raises:
        InputError: neither frame nor time, no joint, or a joint twice in a frame; names the line.
    """
    clock = time_column(table.heading)
    if "frame" not in titles and clock is None:
        raise InputError(
            f"{table.path}: expected a column 'frame' or 'time' beside joint, x, y, z (got {listed(table.heading)})"
        )
    words = [row[titles["joint"]].strip() for row in table.rows]
    names = list(dict.fromkeys(words))
    if not names:
        raise InputError(f"{table.path}: expected one row for each joint and frame (got a heading alone)")
    code = {name: v for v, name in enumerate(names)}
    joint = np.array([code[word] for word in words], dtype=np.intp)
    key = table.numbers([titles["frame"] if "frame" in titles else int(clock or 0)])[:, 0]
    if "frame" in titles:
        _check_frames(key, table, titles["frame"])
    known, frame = np.unique(key, return_inverse=True)
    cell = frame.ravel() * len(names) + joint
    _check_once(cell, table, names)
    positions = np.full((len(known) * len(names), 3), np.nan)
    positions[cell] = table.numbers([titles[axis] for axis in "xyz"])
    times = None
    if clock is not None:
        times = np.full(len(known), np.nan)
        times[frame.ravel()] = table.numbers([clock])[:, 0]
    counts = known if "frame" in titles else None
    return Rows(names, positions.reshape(len(known), len(names), 3), times, counts)


def _check_frames(counts: Numbers, table: Table, column: int) -> None:
    wrong = np.flatnonzero(~(np.isfinite(counts) & (counts % 1 == 0)))
    if len(wrong):
        raise InputError(
            f"{table.path}: line {table.lines[wrong[0]]}, column 'frame' must be a whole number"
            f" (got {table.rows[wrong[0]][column]!r})"
        )


def _check_once(cell: npt.NDArray[np.intp], table: Table, names: list[str]) -> None:
    order = np.argsort(cell, kind="stable")
    again = np.flatnonzero(np.diff(cell[order]) == 0)
    if len(again):
        place = order[again[0] + 1]
        raise InputError(
            f"{table.path}: line {table.lines[place]} expected each joint once in a frame, one subject a table"
            f" (got {names[cell[place] % len(names)]!r} again)"
        )


def read_table(path: Path, *, layout: Layout | None = None, fps_hz: float | None = None) -> Clip:
    """Read one clip from a table; axes and unit are detected from the body and converted.

    Wide, one frame a row: joints stand in columns such as ``HipCenterX,HipCenterY,HipCenterZ``, ``hip_center.x`` or
    ``x_hip_center``, in any order and beside other columns. Without a heading, the table holds the layout's joints in
    order, three columns each. Long, one joint a row: columns ``joint``, ``x``, ``y``, ``z`` and ``frame`` or ``time``,
    in any order; joints are named, or counted from 0 in the layout's order. In both, columns are separated by commas,
    semicolons or tabs, and empty cells and joints at exactly 0, 0, 0 are missing values. Columns ``time`` (seconds, or
    ``time_ms``) and ``frame`` say when a row was recorded: uneven rows are resampled, and frames that either of them
    leaves out are missing (``timeline``).

    Args:
        path: the file.
        layout: the joints; may be left out where the table has those of an embedded layout.
        fps_hz: frames a second; needed where the table has no time, and stronger than it: the times then say which
            frames were lost, and not how long one is.

    Raises:
        InputError: names the file and the line, the column or the joint.
    """
    return table_clip(path, parse_table(path), layout=layout, fps_hz=fps_hz)


def table_clip(path: Path, table: Table, *, layout: Layout | None = None, fps_hz: float | None = None) -> Clip:
    """The clip of what ``parse_table`` gave, as ``read_table`` gives it."""
    titles = long_columns(table.heading)
    rows = long_rows(table, titles) if titles else _wide_rows(table)
    joints, layout, remarks = named_joints(rows.names, rows.values, layout, str(path))
    clock = time_column(table.heading)
    title = table.heading[clock] if clock is not None else "frame"
    times = rows.times if rows.times is None else in_seconds(rows.times, title)
    counts = None if rows.counts is None else _rising_counts(rows.counts)
    if counts is not None and times is None and fps_hz and _is_clock(counts):
        times, counts = counts, None
    rate = fps_hz or (table.fps_hz if times is None else None)
    line = timeline(times, counts, len(joints), fps_hz=rate, title=title, source=str(path))
    positions, attributes = package_clip_axes(on_even_grid(joints, line, str(path)), layout, unit=table.unit)
    return Clip(
        positions=positions,
        fps_hz=line.fps_hz,
        layout=layout,
        source=str(path),
        attributes=attributes,
        remarks=(*remarks, *table.remarks, *line.remarks),
    )


def _rising_counts(counts: Numbers) -> Numbers | None:
    """Numbers of frames as places from 0 on, where they rise from row to row; any other count says nothing."""
    known = np.isfinite(counts)
    if known.sum() < 2 or not known[[0, -1]].all():
        return None
    counts = np.round(np.interp(np.arange(len(counts)), np.flatnonzero(known), counts[known]))
    return frame_places(counts).astype(float) if (np.diff(counts) >= 1).all() else None


def _is_clock(counts: Numbers) -> bool:
    """Whether most steps of a count are longer than one: it counts time, not frames."""
    return bool(np.median(np.diff(counts)) > 1)


def table_joints(table: Table) -> list[str]:
    """The joints that a table names: in its heading, above it, or in the column of joints of a long one."""
    titles = long_columns(table.heading)
    if titles:
        return list(dict.fromkeys(row[titles["joint"]].strip() for row in table.rows))
    return table.places()[0]


def _wide_rows(table: Table) -> Rows:
    names, columns = table.places()
    if not len(columns) and (flat := plane_columns(table.heading)):
        raise InputError(f"{table.path}: {two_dimensions(f'x and y alone of {listed(flat, 60)}')}")
    if not len(columns):
        raise InputError(
            f"{table.path}: expected columns such as HipX, HipY, HipZ or hip_x, hip_y, hip_z, or the columns frame,"
            f" joint, x, y, z (got {', '.join(table.heading)!r:.120})"
        )
    values = table.numbers([int(c) for c in columns.ravel()]).reshape(-1, len(columns), 3)
    times, counts = (
        None if column is None else table.numbers([column])[:, 0]
        for column in (time_column(table.heading), frame_column(table.heading))
    )
    return Rows(names, values, times, counts)
