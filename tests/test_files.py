from pathlib import Path

import pytest

from stgcn_affect.files import csv_text, write_csv, write_whole


def test_text_is_utf8_and_folders_are_made(tmp_path: Path) -> None:
    path = write_whole("é", path=tmp_path / "new" / "a.txt")
    assert path.read_bytes() == b"\xc3\xa9"


def test_a_failed_write_leaves_the_old_file_and_no_scraps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_whole(b"old", path=tmp_path / "a.bin")

    def fail(self: Path, target: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(b"new", path=path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_rows_are_written_as_csv(tmp_path):
    rows = [("x", "y"), ("a, b", 0.5)]
    assert write_csv(rows, path=tmp_path / "sub" / "a.csv").read_text() == csv_text(rows) == 'x,y\n"a, b",0.5\n'
