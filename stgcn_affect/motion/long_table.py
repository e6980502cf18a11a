"""Positions from a table with one joint a row."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.joints import need_layout, pick_joints
from stgcn_affect.motion.table import Table
from stgcn_affect.motion.table_columns import frame_places, time_column
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
            f"{table.path}: expected a column 'frame' or 'time' beside joint, x, y, z (got {', '.join(table.heading)})"
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
                f" {layout.name}, or their names (got {', '.join(sorted(names, key=int))})"
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
            f"{table.path}: line {lines[place]} expected each joint once in a frame, one walker a table"
            f" (got {layout.joints[cell[place] % layout.num_joints]!r} again)"
        )
