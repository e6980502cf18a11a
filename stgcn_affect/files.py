"""Files that appear whole or not at all."""

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_whole(content: bytes | str, *, path: str | Path) -> Path:
    """Write by way of a file beside the target, so that a reader never sees half of it; folders are made.

    Args:
        content: bytes, or text that becomes UTF-8.
        path: the path of the file; an older one is replaced.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows, the first of them a header, as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def write_csv(rows: Iterable[Sequence[object]], *, path: str | Path) -> Path:
    """Write rows, the first of them a header, as ``write_whole`` does."""
    return write_whole(csv_text(rows), path=path)
