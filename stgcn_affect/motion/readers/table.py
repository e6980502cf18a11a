"""Read text tables of positions: a row per frame, or a row per frame and joint."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError, listed
from stgcn_affect.motion.axes import package_clip_axes
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.joint_names import need_layout, pick_joints
from stgcn_affect.motion.readers.columns import (
    Table,
    frame_column,
    frame_places,
    frame_rate,
    joint_columns,
    long_columns,
    parse_table,
    time_column,
)
from stgcn_affect.skeleton.layout import Layout

Numbers = npt.NDArray[np.float64]

MOST_FRAMES = 10_000_000
"""More than a day at 100 frames a second: a count of frames that spans more is none."""


def long_positions(
    table: Table, titles: Mapping[str, int], *, layout: Layout | None
) -> tuple[Numbers, Numbers | None, Layout]:
    """Sort the rows of a long table by frame and joint.

    Args:
        table: the table.
        titles: its columns, as ``long_columns`` finds them.
        layout: the joints; may be left out where the table names those of an embedded layout.

    Returns:
        ``[T, V, 3]``, NaN where a frame has no row for a joint; the times ``[T]`` where there are any; the layout.

    Raises:
        InputError: neither frame nor time, a joint that is unknown, missing, or twice in a frame; names the line.
    """
    clock = time_column(table.heading)
    if "frame" not in titles and clock is None:
        raise InputError(
            f"{table.path}: expected a column 'frame' or 'time' beside joint, x, y, z (got {listed(table.heading)})"
        )
    layout, joint = _joints(table, titles["joint"], layout)
    counts = table.numbers([titles["frame"] if "frame" in titles else int(clock or 0)])[:, 0]
    frame = (
        _frames(counts, table, titles["frame"])
        if "frame" in titles
        else np.unique(counts, return_inverse=True)[1].ravel()
    )
    kept = joint >= 0
    cell = (frame * layout.num_joints + joint)[kept]
    _check_once(cell, np.asarray(table.lines)[kept], table, layout)
    total = int(frame.max()) + 1
    positions = np.full((total * layout.num_joints, 3), np.nan)
    positions[cell] = table.numbers([titles[axis] for axis in "xyz"])[kept]
    times = None
    if clock is not None:
        times = np.full(total, np.nan)
        times[frame] = table.numbers([clock])[:, 0]
        known = np.flatnonzero(np.isfinite(times))
        if len(known):
            times = np.interp(np.arange(total), known, times[known])
    return positions.reshape(total, layout.num_joints, 3), times, layout


def _joints(table: Table, column: int, layout: Layout | None) -> tuple[Layout, npt.NDArray[np.intp]]:
    """The layout, and for each row the index of its joint in it; -1 for a joint that the layout does not have."""
    words = [row[column].strip() for row in table.rows]
    names = list(dict.fromkeys(words))
    if not names:
        raise InputError(f"{table.path}: expected one row for each joint and frame (got a heading alone)")
    numbered = all(name.isdigit() for name in names)
    layout = need_layout(layout, None if numbered else names, str(table.path))
    if numbered:
        numbers = np.array(words, dtype=np.intp)
        if sorted(set(numbers.tolist())) != list(range(layout.num_joints)):
            raise InputError(
                f"{table.path}: expected joints counted from 0 to {layout.num_joints - 1}, in the order of the layout"
                f" {layout.name}, or their names (got {listed(sorted(names, key=int))})"
            )
        return layout, numbers
    code = dict.fromkeys(names, -1) | {
        names[place]: v for v, place in enumerate(pick_joints(names, layout, str(table.path)))
    }
    return layout, np.array([code[word] for word in words], dtype=np.intp)


def _frames(counts: Numbers, table: Table, column: int) -> npt.NDArray[np.intp]:
    """Frames counted from 0; those that the table leaves out keep their place."""
    wrong = np.flatnonzero(~(np.isfinite(counts) & (counts % 1 == 0)))
    if len(wrong):
        raise InputError(
            f"{table.path}: line {table.lines[wrong[0]]}, column 'frame' must be a whole number"
            f" (got {table.rows[wrong[0]][column]!r})"
        )
    frames = frame_places(counts)
    if frames.max() >= MOST_FRAMES:
        raise InputError(
            f"{table.path}: column 'frame' must count frames (got {counts.min():.0f} to {counts.max():.0f})"
        )
    return frames


def _check_once(cell: npt.NDArray[np.intp], lines: npt.NDArray[np.int_], table: Table, layout: Layout) -> None:
    order = np.argsort(cell, kind="stable")
    again = np.flatnonzero(np.diff(cell[order]) == 0)
    if len(again):
        place = order[again[0] + 1]
        raise InputError(
            f"{table.path}: line {lines[place]} expected each joint once in a frame, one subject a table"
            f" (got {layout.joints[cell[place] % layout.num_joints]!r} again)"
        )


def read_table(path: Path, *, layout: Layout | None = None, fps_hz: float | None = None) -> Clip:
    """Read one clip from a table; axes and unit are detected from the body and converted.

    Wide, one frame a row: joints stand in columns such as ``HipCenterX,HipCenterY,HipCenterZ``, ``hip_center.x`` or
    ``x_hip_center``, in any order and beside other columns. Without a heading, the table holds the layout's joints in
    order, three columns each. Long, one joint a row: columns ``joint``, ``x``, ``y``, ``z`` and ``frame`` or ``time``,
    in any order; joints are named, or counted from 0 in the layout's order. In both, a column ``time`` (seconds, or
    ``time_ms``) gives the frame rate, frames that a column ``frame`` leaves out and empty cells are missing values, and
    columns are separated by commas, semicolons or tabs.

    Args:
        path: the file.
        layout: the joints; may be left out where the table has those of an embedded layout.
        fps_hz: frames a second; needed where the table has no time, and stronger than it.

    Raises:
        InputError: names the file and the line, the column or the joint.
    """
    table = parse_table(path)
    titles = long_columns(table.heading)
    if titles:
        values, times, layout = long_positions(table, titles, layout=layout)
    else:
        values, times, layout = _wide_positions(table, layout)
    if fps_hz is None:
        column = time_column(table.heading)
        if column is None or times is None:
            raise InputError(
                f"{path}: expected a column 'time' in seconds, or fps_hz, the frames a second (got neither)"
            )
        fps_hz = frame_rate(times, table.heading[column], str(path))
    positions, attributes = package_clip_axes(values, layout)
    return Clip(positions=positions, fps_hz=fps_hz, layout=layout, source=str(path), attributes=attributes)


def table_joints(table: Table) -> list[str]:
    """The joints that a table names: in its heading, or in the column of joints of a long one."""
    titles = long_columns(table.heading)
    if titles:
        return list(dict.fromkeys(row[titles["joint"]].strip() for row in table.rows))
    return joint_columns(table.heading)[0]


def _wide_positions(table: Table, layout: Layout | None) -> tuple[Numbers, Numbers | None, Layout]:
    """``[T, V, 3]``, the times ``[T]`` where there are any, and the layout."""
    names, triples = joint_columns(table.heading)
    if table.heading and not names:
        raise _no_joints(table)
    layout = need_layout(layout, names if table.heading else None, str(table.path))
    if table.heading:
        columns = triples[pick_joints(names, layout, str(table.path))]
    elif table.width == layout.num_joints * 3:
        columns = np.arange(table.width).reshape(-1, 3)
    else:
        raise InputError(
            f"{table.path}: expected {layout.num_joints * 3} columns for the joints of the layout {layout.name}, or a"
            f" heading that names them (got {table.width} columns)"
        )
    values = table.numbers([int(c) for c in columns.ravel()]).reshape(-1, layout.num_joints, 3)
    clock, counter = time_column(table.heading), frame_column(table.heading)
    times = None if clock is None else table.numbers([clock])[:, 0]
    if counter is not None:
        values = _with_lost_frames(values, table.numbers([counter])[:, 0]) if times is None else values
    return values, times, layout


def _with_lost_frames(values: Numbers, counts: Numbers) -> Numbers:
    """Put missing rows where a rising count of frames leaves some out; any other count says nothing."""
    steps = np.diff(counts)
    if not len(steps) or not (np.isfinite(steps).all() and (steps >= 1).all() and (steps % 1 == 0).all()):
        return values
    places = frame_places(counts)
    if places[-1] >= 2 * len(values):
        return values
    whole = np.full((places[-1] + 1, *values.shape[1:]), np.nan)
    whole[places] = values
    return whole


def _no_joints(table: Table) -> InputError:
    return InputError(
        f"{table.path}: expected columns such as HipX, HipY, HipZ or hip_x, hip_y, hip_z, or the columns frame, joint,"
        f" x, y, z (got {', '.join(table.heading)!r:.120})"
    )
