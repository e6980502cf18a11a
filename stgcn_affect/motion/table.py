"""A table as text: its heading, and numbers by column."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError

_MISSING = {"", "na", "null", "none"}


@dataclass(frozen=True, eq=False)
class Table:
    """What a text file with separated columns holds.

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
