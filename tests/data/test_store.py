import json
import os
from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.data import mapped
from stgcn_affect.data import store as module
from stgcn_affect.data.store import CycleStore, open_store, write_store
from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import load_layout

LAYOUT = load_layout("emotion_gait16")


def test_written_and_opened_is_the_same(toy_store, tmp_path):
    store = toy_store()
    write_store(store, tmp_path / "cache", skipped=(("d.bvh", "stands"),), facts={"counts": {"cycles": 3}})
    opened = open_store(tmp_path / "cache")
    assert isinstance(opened.positions, np.memmap)
    for column in ("positions", "stride_time_s", "height_m", "subject", "emotion", "take", "source"):
        np.testing.assert_array_equal(getattr(opened, column), getattr(store, column))
    assert opened.layout.to_dict() == LAYOUT.to_dict()
    for key in ("name", "settings", "digest", "truth", "attributes"):
        assert getattr(opened, key) == getattr(store, key)
    assert (tmp_path / "cache" / "skipped.csv").read_text().splitlines() == ["source,reason", "d.bvh,stands"]
    assert json.loads((tmp_path / "cache" / "meta.json").read_text())["counts"] == {"cycles": 3}
    assert [p.name for p in tmp_path.iterdir()] == ["cache"]


def test_opened_positions_cannot_be_written(toy_store, tmp_path):
    write_store(toy_store(), tmp_path / "cache")
    with pytest.raises(ValueError, match="read-only"):
        open_store(tmp_path / "cache").positions[0] = 0


def test_select_keeps_columns_together(toy_store):
    store = toy_store().select(np.array([2, 0]))
    assert store.subject.tolist() == ["", "ana"]
    assert store.positions[1, 0, 0].tolist() == [0, 1, 2]
    assert store.cadence_steps_per_min.tolist() == pytest.approx([100, 120])
    assert toy_store().select(np.array([False, True, False])).attributes == {}
    assert len(toy_store().select(slice(0, 2))) == 2


def test_select_keeps_baselines_beside_their_cycles(toy_store):
    store = replace(toy_store(), baseline=toy_store().select(np.array([2, 1, 0])))
    np.testing.assert_array_equal(store.select(np.array([0])).baseline.positions[0], toy_store().positions[2])
    with pytest.raises(InputError, match=r"cycles of 'toy': expected a baseline for each of 3 cycles \(got 2\)"):
        replace(toy_store(), baseline=toy_store(2))


def test_a_further_fact_is_a_column_with_gaps(toy_store):
    assert toy_store().attribute("perceived_emotion").tolist() == ["sad", "", "happy"]
    assert toy_store().select(np.array([2, 0, 2])).attribute("perceived_emotion").tolist() == ["happy", "sad", "happy"]
    assert toy_store().attribute("gender").tolist() == ["", "", ""]


def test_columns_must_fit_each_other(toy_store):
    store = toy_store()
    with pytest.raises(InputError, match=r"cycles of 'toy', take: expected one entry per cycle, \[3\] \(got \[2\]\)"):
        CycleStore(**{**vars(store), "take": store.take[:2]})
    with pytest.raises(InputError, match=r"expected positions \[N, T, 16, 3\] \(got \[3, 4, 15, 3\]\)"):
        CycleStore(**{**vars(store), "positions": store.positions[:, :, 1:]})


@pytest.mark.parametrize("chunk", [2, 4096])
def test_stores_one_after_the_other_are_written_as_one(toy_store, tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(mapped, "_CHUNK", chunk)
    whole = toy_store()
    longer = replace(whole, source=np.array(["a", "a source with a long name", "b"]))
    write_store((one for one in (whole, longer)), tmp_path / "parts")
    opened = open_store(tmp_path / "parts")
    for column in ("positions", "stride_time_s", "height_m", "subject", "emotion", "take", "source"):
        expected = np.concatenate([getattr(one, column) for one in (whole, longer)])
        np.testing.assert_array_equal(getattr(opened, column), expected)
    write_store(whole, tmp_path / "one")
    np.save(tmp_path / "plain.npy", whole.positions)
    assert (tmp_path / "one" / "positions.npy").read_bytes() == (tmp_path / "plain.npy").read_bytes()
    with pytest.raises(InputError, match=r"one store of cycles or more \(got none\)"):
        write_store([], tmp_path / "none")


def test_names_stay_on_disk_unless_their_table_was_changed(toy_store, tmp_path):
    write_store(toy_store(), tmp_path / "cache")
    index = tmp_path / "cache" / "index.csv"
    assert isinstance(open_store(tmp_path / "cache").subject.base, np.memmap)
    index.write_text(index.read_text().replace("ana", "anastasia"))
    later = (tmp_path / "cache" / "index.npy").stat().st_mtime_ns + 1
    os.utime(index, ns=(later, later))
    assert "anastasia" in open_store(tmp_path / "cache").subject
    (tmp_path / "cache" / "index.npy").unlink()
    assert "anastasia" in open_store(tmp_path / "cache").subject


@pytest.mark.parametrize("budget", [0, 1 << 20])
def test_chosen_cycles_of_a_memory_map_are_a_view_or_a_copy(toy_store, tmp_path, monkeypatch, budget):
    monkeypatch.setattr(mapped, "_IN_MEMORY", budget)
    write_store(toy_store(), tmp_path / "cache")
    store = open_store(tmp_path / "cache")
    for index in (np.array([1, 2]), np.array([False, True, True]), slice(1, 3)):
        assert np.shares_memory(store.select(index).positions, store.positions)
        np.testing.assert_array_equal(store.select(index).positions, store.positions[1:])
    for index in (np.array([2, 0]), np.array([-1, 0]), np.array([True, False, True]), np.zeros(0, int)):
        found = store.select(index).positions
        assert not np.shares_memory(found, store.positions)
        np.testing.assert_array_equal(found, np.asarray(store.positions)[index])


@pytest.mark.parametrize("name", ["positions.npy", "index.csv", "layout.yaml"])
def test_an_incomplete_cache_is_no_cache(toy_store, tmp_path, name):
    write_store(toy_store(), tmp_path / "cache")
    (tmp_path / "cache" / name).unlink()
    with pytest.raises(InputError, match="expected a whole cache"):
        open_store(tmp_path / "cache")


def test_other_formats_and_folders_are_refused(tmp_path):
    with pytest.raises(InputError, match="got no readable meta"):
        open_store(tmp_path)
    (tmp_path / "meta.json").write_text('{"format": 0}')
    with pytest.raises(InputError, match=r"prepare it again \(got 0\)"):
        open_store(tmp_path)


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

    monkeypatch.setattr(module.np.lib.format, "write_array_header_1_0", full)
    with pytest.raises(InputError, match="expected room for a cache"):
        write_store(toy_store(2), tmp_path / "cache")
    assert [p.name for p in tmp_path.iterdir()] == ["cache"]
    assert len(open_store(tmp_path / "cache")) == 3
