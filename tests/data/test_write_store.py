import pytest

from stgcn_affect.data import write_store as module
from stgcn_affect.data.store import open_store
from stgcn_affect.data.write_store import write_store
from stgcn_affect.errors import InputError


def test_a_cache_is_replaced_but_other_folders_are_not(toy_store, tmp_path):
    write_store(toy_store(3), tmp_path / "cache")
    write_store(toy_store(2), tmp_path / "cache")
    assert len(open_store(tmp_path / "cache")) == 2
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "draft.txt").write_text("x")
    with pytest.raises(InputError, match=r"a cache to replace \(got other files in it\)"):
        write_store(toy_store(), tmp_path / "papers")
    with pytest.raises(InputError, match=r"\(got a file\)"):
        write_store(toy_store(), tmp_path / "papers" / "draft.txt")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cache", "papers"]


def test_a_failed_write_leaves_nothing(toy_store, tmp_path, monkeypatch):
    write_store(toy_store(3), tmp_path / "cache")
    with pytest.raises(TypeError):
        write_store(toy_store(2), tmp_path / "cache", facts={"counts": object()})
    assert [p.name for p in tmp_path.iterdir()] == ["cache"]
    assert len(open_store(tmp_path / "cache")) == 3


def test_a_full_disk_is_one_line_and_leaves_the_old_cache(toy_store, tmp_path, monkeypatch):
    write_store(toy_store(3), tmp_path / "cache")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.np, "save", full)
    with pytest.raises(InputError, match="expected room for a cache"):
        write_store(toy_store(2), tmp_path / "cache")
    assert [p.name for p in tmp_path.iterdir()] == ["cache"]
    assert len(open_store(tmp_path / "cache")) == 3
