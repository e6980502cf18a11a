"""Read a text file as a table: one reader for plain tables and for the exports of laboratories' programs.

What stands above the numbers says which it is: a heading with a title for each column, nothing at all, or the lines
that a program of a laboratory writes there.
"""

import csv
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.readers.columns import FEW, Table, number_or_none, others
from stgcn_affect.motion.readers.laboratory import HEADS, laboratory_table

_DECIMAL_COMMA = re.compile(r"\s*[-+]?\d*,\d+(?:[eE][-+]?\d+)?\s*")

NUMBERED_JOINTS = (4, 5, 6)
"""How many cells a joint with a number may have: the number, x, y and z, and up to two more."""

FEWEST_JOINTS = 7
"""Pelvis, knees, ankles and hips: a skeleton has no fewer."""


def parse_table(path: Path) -> Table:
    """Read a table whose columns are separated by commas, semicolons or tabs.

    Between semicolons or tabs a comma in a number is a decimal comma. A few lines of another width are left out: words
    before the heading, and lines that were cut off. Within the table they become frames without values.

    Raises:
        InputError: no text, an empty file, or many rows of different widths; names the line.
    """
    try:
        text = path.read_bytes()
        lines = text.decode("utf-16" if text[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected a text file (got: {error})") from error
    numbered = _cells(lines, path)
    if not numbered:
        raise InputError(f"{path}: expected a table (got an empty file)")
    if path.suffix.lower() == ".txt" and not any(_numbers(row) >= 3 for _, row in numbered):
        raise InputError(f"{path}: expected a table of positions (got a text without numbers in columns)")
    found = laboratory_table(path, numbered)
    return found if found is not None else _plain_table(path, numbered)


def _cells(lines: list[str], path: Path) -> list[tuple[int, list[str]]]:
    """The number and the cells of each line that has any."""
    signs = ",;\t"
    first = next((line for line in lines if any(sign in line for sign in signs)), "")
    separator = "\t" if first.startswith(HEADS) else max(signs, key=first.count)
    if lines and lines[0].startswith(HEADS) and not any("\t" in line for line in lines):
        return [(n, line.split()) for n, line in enumerate(lines, start=1) if line.strip()]
    reader = csv.reader(lines, delimiter=separator)
    try:
        numbered = [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise InputError(f"{path}: line {reader.line_num} is no line of a table (got: {error})") from error
    if separator != ",":
        numbered = [(n, [_with_point(cell) for cell in row]) for n, row in numbered]
    return numbered


def _numbers(row: list[str]) -> int:
    return sum(bool(cell.strip()) and number_or_none(cell) is not None for cell in row)


def _with_point(cell: str) -> str:
    return cell.replace(",", ".") if "," in cell and _DECIMAL_COMMA.fullmatch(cell) else cell


def _plain_table(path: Path, numbered: list[tuple[int, list[str]]]) -> Table:
    numbered, remarks = _of_one_width(numbered, path)
    head = numbered[0][1]
    heading = [] if all(number_or_none(cell) is not None for cell in head) else [cell.strip() for cell in head]
    numbered = numbered[1:] if heading else numbered
    lines, rows = [number for number, _ in numbered], [row for _, row in numbered]
    table = Table(path, heading, lines, rows, len(head), remarks)
    return table if heading else _without_heading(table)


def _of_one_width(numbered: list[tuple[int, list[str]]], path: Path) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """The lines of a table, without the few of another width at its ends, and with empty cells for those within."""
    widths = Counter(len(row) for _, row in numbered)
    width = max(widths, key=lambda count: (widths[count], count))
    odd = [i for i, (_, row) in enumerate(numbered) if len(row) != width]
    if not odd:
        return numbered, []
    number, row = numbered[odd[0]]
    if len(odd) > max(2, FEW * len(numbered)) or widths[width] < 2:
        found = f"as {widths[width]} of {len(numbered)} lines"
        raise InputError(f"{path}: line {number} must have {width} columns, {found} (got {len(row)})")
    start, end = 0, len(numbered)
    while start in odd:
        start += 1
    while end - 1 in odd:
        end -= 1
    kept = [(n, row if len(row) == width else [""] * width) for n, row in numbered[start:end]]
    return kept, [
        f"line {number} has {len(row)} columns in place of {width}, as {others(len(odd) - 1, 'line')}: left out"
    ]


def _without_heading(table: Table) -> Table:
    """A table of numbers alone, with its points and with titles for times and numbers of frames before them.

    A Kinect recorder writes the time, and then for each joint its number and its x, y and z. Without numbers the points
    are those of a layout, in its order.
    """
    values = np.array([[number_or_none(cell) for cell in row] for row in table.rows], dtype=float)
    numbered = _numbered_points(values)
    start = table.width % 3 if numbered is None else numbered[0]
    names: list[str] = []
    columns = np.arange(start, table.width, 3, dtype=np.intp)
    if numbered is not None:
        columns = np.arange(start, table.width, numbered[1], dtype=np.intp) + 1
        names = [str(int(number)) for number in values[0, columns - 1]]
    heading = [""] * table.width
    for column in range(start):
        steps = np.diff(values[:, column])
        if len(steps) and np.nanmedian(steps) > 0:
            heading[column] = "frame" if (steps == 1).all() and "frame" not in heading and start > 1 else "time"
    return replace(table, heading=heading if start else [], points=(names, columns[:, None] + np.arange(3)))


def _numbered_points(values: npt.NDArray[np.float64]) -> tuple[int, int] | None:
    """The column of the first joint's number, and the columns from one joint to the next; None without numbers."""
    width = values.shape[1]
    for start in range(3):
        for step in NUMBERED_JOINTS:
            columns = np.arange(start, width, step)
            if (width - start) % step or len(columns) < FEWEST_JOINTS:
                continue
            away = values[:, columns] - np.arange(len(columns))
            if (away == away[0, 0]).all() and away[0, 0] in (0, 1):
                return start, step
    return None
