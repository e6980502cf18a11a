"""The manifest: a CSV file that lists recordings with their subject, emotion and take."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from stgcn_affect.errors import InputError, listed
from stgcn_affect.settings import QUALITIES
from stgcn_affect.skeleton.layout import Layout, load_layout

COLUMNS = ("path", "subject", "emotion", "take")
ATTRIBUTES = ("gender", "age_group")
"""Facts of a subject; the evaluation tests whether releases reveal them."""

OPTIONAL_COLUMNS = ("fps_hz", "layout", "quality", *ATTRIBUTES)


@dataclass(frozen=True, eq=False)
class ManifestRow:
    """One recording of a manifest, with its labels.

    Args:
        path: the file; relative paths in a manifest start at the manifest's folder.
        subject: name of the subject; "" where unknown.
        emotion: the acted emotion; "" where unknown.
        take: distinguishes recordings of one subject and emotion; the file's stem where the manifest has none.
        fps_hz: frames a second, where the file has none or a wrong one.
        layout: the skeleton, where the file does not bring its own or its roles need help.
        quality: "camera" for poses from one camera, "mocap" for others; "" where the layout says.
        attributes: the known ones of ``ATTRIBUTES``.
    """

    path: Path
    subject: str = ""
    emotion: str = ""
    take: str = ""
    fps_hz: float | None = None
    layout: Layout | None = None
    quality: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


def is_manifest(path: Path) -> bool:
    """Whether a file is a CSV whose first line has the columns of a manifest."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return False
    with path.open("rb") as file:
        first = file.readline(4096).decode("utf-8-sig", errors="replace")
    return set(COLUMNS) <= {name.strip().strip('"') for name in first.split(",")}


def read_manifest(path: str | Path) -> list[ManifestRow]:
    """Read a manifest with the columns path, subject, emotion, take and, if wanted, fps_hz, layout, quality, gender
    and age_group.

    A layout is the name of an embedded one or a YAML file, relative to the manifest's folder. Gender and age group are
    any words; an empty field is unknown, unless another line has it for the same subject.

    Raises:
        InputError: no such file, a missing or unknown column, an empty or wrong field, a recording that is not there or
            is listed twice, a subject of two genders or age groups; the message names the file, the line and the field.
    """
    path = Path(path)
    lines = _read_lines(path)
    layouts: dict[str, Layout] = {}
    rows: list[ManifestRow] = []
    first_line: dict[Path, int] = {}
    for number, fields in lines:
        row = _row(path, number, fields, layouts)
        key = row.path.resolve()
        if key in first_line:
            found = f"{fields['path']}, which line {first_line[key]} lists already"
            raise _wrong(path, number, "path", "each recording once", found)
        first_line[key] = number
        rows.append(row)
    if not rows:
        raise InputError(f"{path}: expected one line or more below the column names (got none)")
    known = _attributes_of_subjects(path, [number for number, _ in lines], rows)
    return [replace(row, attributes=known[row.subject]) if row.subject in known else row for row in rows]


def _attributes_of_subjects(
    path: Path, numbers: Sequence[int], rows: Sequence[ManifestRow]
) -> dict[str, dict[str, str]]:
    """The attributes of each named subject, from all its lines."""
    known: dict[str, dict[str, str]] = {row.subject: {} for row in rows if row.subject}
    first_line: dict[tuple[str, str], int] = {}
    for number, row in zip(numbers, rows, strict=True):
        for name, value in row.attributes.items() if row.subject else ():
            before = known[row.subject].setdefault(name, value)
            if before != value:
                found = f"{value}, where line {first_line[row.subject, name]} says {before}"
                raise _wrong(path, number, name, f"one value for subject {row.subject}", found)
            first_line.setdefault((row.subject, name), number)
    return known


def _read_lines(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Line numbers and stripped fields by column, blank lines left out."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, strict=True)
            table = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except OSError as error:
        raise InputError(f"{path}: expected a manifest, a CSV file that can be read (got {error.strerror})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: expected a manifest, a CSV file in UTF-8 (got {error})") from error
    table = [(number, row) for number, row in table if any(row)]
    if not table:
        raise InputError(f"{path}: expected a manifest with the columns {', '.join(COLUMNS)} (got an empty file)")
    header = table[0][1]
    missing = [column for column in COLUMNS if column not in header]
    unknown = [column for column in header if column not in COLUMNS + OPTIONAL_COLUMNS]
    if missing or unknown or len(set(header)) != len(header):
        raise InputError(
            f"{path}: expected the columns {', '.join(COLUMNS)} and, if wanted, {', '.join(OPTIONAL_COLUMNS)}, "
            f"each once, separated by commas (got {listed(header)})"
        )
    for number, row in table[1:]:
        if len(row) != len(header):
            raise InputError(f"{path}, line {number}: expected {len(header)} fields (got {len(row)})")
    return [(number, dict(zip(header, row, strict=True))) for number, row in table[1:]]


def _row(manifest: Path, number: int, fields: dict[str, str], layouts: dict[str, Layout]) -> ManifestRow:
    if not fields["path"]:
        raise _wrong(manifest, number, "path", "the path of a recording", "nothing")
    recording = manifest.parent / fields["path"]
    if not recording.is_file():
        raise _wrong(manifest, number, "path", "a file that exists", recording)
    name = fields.get("layout", "")
    if name and name not in layouts:
        is_file = Path(name).suffix in (".yaml", ".yml")
        try:
            layouts[name] = load_layout(manifest.parent / name if is_file else name)
        except InputError as error:
            raise InputError(f"{manifest}, line {number}, field layout: {error}") from error
    return ManifestRow(
        path=recording,
        subject=fields["subject"],
        emotion=fields["emotion"],
        take=fields["take"] or recording.stem,
        fps_hz=_frame_rate(manifest, number, fields.get("fps_hz", "")),
        layout=layouts[name] if name else None,
        quality=_quality(manifest, number, fields.get("quality", "")),
        attributes={fact: fields[fact] for fact in ATTRIBUTES if fields.get(fact)},
    )


def _quality(manifest: Path, number: int, text: str) -> str:
    if text and text not in QUALITIES:
        raise _wrong(manifest, number, "quality", f"{' or '.join(QUALITIES)}, or nothing", text)
    return text


def _frame_rate(manifest: Path, number: int, text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise _wrong(manifest, number, "fps_hz", "frames a second, a number above 0", text)
    return value


def _wrong(manifest: Path, number: int, field: str, expected: str, found: object) -> InputError:
    return InputError(f"{manifest}, line {number}, field {field}: expected {expected} (got {found})")
