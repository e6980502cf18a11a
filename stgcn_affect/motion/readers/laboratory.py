"""Find the markers in the tables that laboratories' programs export: TRC, Qualisys TSV, Vicon Nexus CSV, Motive CSV.

Sources of the formats: the OpenSim documentation (Marker (.trc) files), the manual of Qualisys Track Manager (TSV
export), exports of Vicon Nexus 2, OptiTrack's documentation of Motive (Data Export: CSV).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError, listed
from stgcn_affect.motion.readers.columns import Table, number_or_none

Lines = list[tuple[int, list[str]]]
"""The number in the file, and the cells, of each line that has any."""

HEADS = ("PathFileType", "NO_OF_FRAMES")
"""How TRC and Qualisys files begin; their columns are separated by tabs."""

UNITS = {
    **{"m": "metres", "meter": "metres", "meters": "metres", "metres": "metres"},
    **{"mm": "millimetres", "millimeters": "millimetres", "millimetres": "millimetres"},
    **{"cm": "centimetres", "centimeters": "centimetres", "centimetres": "centimetres"},
    **{"in": "inches", "inches": "inches"},
}
"""How files write a unit, in small letters."""

_NEXUS_PARTS = ("Trajectories", "Model Outputs", "Devices", "Joints", "Segments", "Events")


def laboratory_table(path: Path, lines: Lines) -> Table | None:
    """The table of markers below the lines that such a program writes above it; None for any other file.

    Raises:
        InputError: such an export without markers in 3-D, or one that is cut off above them.
    """
    first = _cell(lines[0][1], 0)
    if first.startswith("PathFileType"):
        return _trc(path, lines)
    if first == "NO_OF_FRAMES":
        return _qualisys(path, lines)
    if first == "Format Version":
        return _motive(path, lines)
    parts = _nexus_parts(lines)
    return _nexus(path, lines, parts) if parts else None


def _trc(path: Path, lines: Lines) -> Table:
    """A row of facts and one of their values; the markers' names, each above three columns; then a row a frame."""
    top = _row(lines, 0, "frame#") or _row(lines, 0, "frame")
    if top is None:
        raise InputError(f"{path}: expected the line 'Frame#, Time, names of the markers' of a TRC file (got none)")
    facts = _facts(lines, "DataRate")
    named = [(c, name.strip()) for c, name in enumerate(lines[top][1]) if c > 1 and name.strip()]
    in_thirds = all((c - 2) % 3 == 0 for c, _ in named)
    starts = [c if in_thirds else 2 + 3 * i for i, (c, _) in enumerate(named)]
    titles = [*(title.strip() for title in lines[top][1][:2])]
    return _table(
        path,
        _frames(lines[top + 1 :]),
        titles,
        [name for _, name in named],
        starts,
        fps_hz=number_or_none(facts.get("DataRate", "")),
        unit=UNITS.get(facts.get("Units", "").lower(), ""),
    )


def _qualisys(path: Path, lines: Lines) -> Table:
    """A line for each fact, the last of them the names of the markers; a row a frame, in millimetres."""
    facts = {_cell(row, 0): [cell.strip() for cell in row[1:]] for _, row in lines if _cell(row, 0).isupper()}
    included = next(iter(facts.get("DATA_INCLUDED", [])), "")
    names = facts.get("MARKER_NAMES", [])
    top = _row(lines, 0, "marker_names")
    if included not in ("", "3D") or top is None or not any(names):
        raise InputError(
            f"{path}: expected a Qualisys export of 3D marker positions (got {included or 'no line MARKER_NAMES'}); in"
            " QTM: File, Export, To TSV, data type 3D, or To C3D"
        )
    while names and not names[-1]:
        names.pop()
    data = [(n, row) for n, row in lines[top + 1 :] if number_or_none(_cell(row, 0)) is not None]
    heading = next((row for _, row in lines[top + 1 :] if _cell(row, 0).lower() in ("frame", "time")), [])
    before = [cell.strip() for cell in heading[:2] if cell.strip().lower() in ("frame", "time")]
    if not heading and data:
        before = [""] * max(0, min(2, len(data[0][1]) - 3 * len(names)))
    starts = [len(before) + 3 * i for i in range(len(names))]
    rate = number_or_none(next(iter(facts.get("FREQUENCY", [])), ""))
    return _table(path, data, before, names, starts, fps_hz=rate, unit="millimetres")


def _nexus_parts(lines: Lines) -> dict[str, int]:
    """The parts of a Nexus export, each by the place of its first line: its name alone, then its rate."""
    alone = [(i, _cell(row, 0)) for i, (_, row) in enumerate(lines[:-1]) if not any(map(str.strip, row[1:]))]
    rates = {i for i, text in alone if number_or_none(text) is not None}
    return {text: i for i, text in alone if text in _NEXUS_PARTS and (i + 1 in rates or text == "Events")}


def _nexus(path: Path, lines: Lines, parts: dict[str, int]) -> Table:
    """The part Trajectories: its rate, names, axes and units, and then a row a frame."""
    if "Trajectories" not in parts:
        raise InputError(
            f"{path}: expected the trajectories of markers in this Vicon Nexus export (got {listed(parts)}); in Nexus:"
            " Export ASCII with Trajectories ticked, or Export C3D"
        )
    top = parts["Trajectories"]
    if len(lines) < top + 6:
        raise InputError(f"{path}: expected names, axes, units and frames below 'Trajectories' (got no frame)")
    names, axes, units = (row for _, row in lines[top + 2 : top + 5])
    starts = [c for c in range(len(axes)) if _letters(axes, c) == "XYZ" and _cell(names, c)]
    found = {_cell(units, c).lower() for c in starts}
    data = lines[top + 5 :]
    end = next((i for i, line in enumerate(data) if not _frames([line])), len(data))
    titles = [cell.strip() for cell in axes[: min(starts, default=0)]]
    return _table(
        path,
        data[:end],
        titles,
        [_cell(names, c) for c in starts],
        starts,
        fps_hz=number_or_none(_cell(lines[top + 1][1], 0)),
        unit=UNITS.get(found.pop(), "") if len(found) == 1 else "",
    )


def _motive(path: Path, lines: Lines) -> Table:
    """One line of facts; then types, names, what is measured and axes of the columns; a row a frame."""
    pairs = [cell.strip() for cell in lines[0][1]]
    facts = dict(zip(pairs[::2], pairs[1::2], strict=False))
    top = _row(lines, 0, "frame")
    named, typed = _row(lines, 1, "name"), _row(lines, 1, "type")
    if top is None or named is None or typed is None or top < 1:
        raise InputError(f"{path}: expected lines with types, names and axes in a Motive export (got none)")
    kinds, axes, names, types = (lines[i][1] for i in (top - 1, top, named, typed))
    where = [c for c in range(2, len(axes)) if _letters(axes, c) == "XYZ" and _cell(kinds, c) == "Position"]
    bones = [c for c in where if _cell(types, c) == "Bone"] or where
    return _table(
        path,
        _frames(lines[top + 1 :]),
        [cell.strip() for cell in axes[:2]],
        [_cell(names, c) for c in bones],
        bones,
        fps_hz=number_or_none(facts.get("Export Frame Rate", "")),
        unit=UNITS.get(facts.get("Length Units", "").lower(), ""),
    )


def _table(
    path: Path,
    lines: Lines,
    titles: Sequence[str],
    names: list[str],
    starts: Sequence[int],
    *,
    fps_hz: float | None,
    unit: str,
) -> Table:
    """A table of markers whose x stands in the columns ``starts``; rows that end earlier have empty cells there."""
    width = max([len(titles), *(c + 3 for c in starts)])
    if not lines or not names:
        raise InputError(f"{path}: expected a row of numbers for each frame, below the markers' names (got none)")
    short = [n for n, row in lines if len(row) < max(starts) + 1]
    remarks = [f"line {short[0]} ends early, as {len(short) - 1} others: markers beyond are missing"] if short else []
    columns: npt.NDArray[np.intp] = np.array(starts, dtype=np.intp)[:, None] + np.arange(3)
    heading = [*titles, *[""] * (width - len(titles))]
    cells = [[*row[:width], *[""] * (width - len(row))] for _, row in lines]
    return Table(
        path,
        heading,
        [n for n, _ in lines],
        cells,
        width,
        remarks,
        points=(names, columns),
        fps_hz=fps_hz if fps_hz and fps_hz > 0 else None,
        unit=unit,
    )


def _frames(lines: Lines) -> Lines:
    """The lines that begin with the number of a frame, or with its time."""
    return [line for line in lines if _cell(line[1], 0) and number_or_none(_cell(line[1], 0)) is not None]


def _facts(lines: Lines, first: str) -> dict[str, str]:
    """What a line of titles that begins with ``first`` says of the line below it."""
    at = _row(lines[:-1], 0, first.lower())
    if at is None:
        return {}
    return {title.strip(): value.strip() for title, value in zip(lines[at][1], lines[at + 1][1], strict=False)}


def _row(lines: Lines, column: int, word: str) -> int | None:
    """The first line with this word, in small letters, in a column."""
    return next((i for i, (_, row) in enumerate(lines) if _cell(row, column).lower() == word), None)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _letters(axes: Sequence[str], column: int) -> str:
    return "".join(_cell(axes, c).upper() for c in range(column, column + 3))
