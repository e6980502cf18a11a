import numpy as np
import pytest
import torch

from stgcn_affect.data.batch import CycleBatch, StoredCycles
from stgcn_affect.data.mapped import read_rows


def test_split_gives_all_cycles_in_order():
    code = torch.arange(5)
    batch = CycleBatch(torch.zeros(5, 2, 2, 3), torch.arange(5.0), code, code)
    parts = list(batch.split(2))
    assert [part.size for part in parts] == [2, 2, 1]
    for column, whole in zip(zip(*parts, strict=True), batch, strict=True):
        assert torch.cat(column).equal(whole)
    assert list(batch.take(code[:0]).split(2)) == []


def test_take_picks_the_same_cycles_of_every_tensor():
    code = torch.arange(3)
    batch = CycleBatch(torch.arange(3.0)[:, None, None, None].expand(3, 2, 2, 3), torch.arange(3.0), code, code)
    for index in (torch.tensor([2, 0]), torch.tensor([True, False, True])):
        part = batch.take(index)
        assert sorted(part.stride_time_s.tolist()) == [0, 2]
        assert torch.equal(part.positions[:, 0, 0, 0], part.stride_time_s)
        assert torch.equal(part.emotion, part.subject)
    assert batch.to("cpu").positions.shape == (3, 2, 2, 3)


@pytest.fixture
def stored(tmp_path):
    """Cycles 4, 0 and 2 of five on disk; all numbers of cycle i are i."""
    path = tmp_path / "positions.npy"
    np.save(path, np.broadcast_to(np.arange(5, dtype=np.float32)[:, None, None, None], (5, 2, 2, 3)))
    rows = np.array([4, 0, 2])
    codes = torch.from_numpy(rows.astype(np.int32))
    return StoredCycles(np.load(path, mmap_mode="r"), rows, codes.float(), codes, codes)


@pytest.mark.parametrize("index", [torch.tensor([2, 0]), torch.tensor([True, False, True])])
def test_stored_cycles_are_read_when_they_are_taken(stored, index):
    batch = stored.take(index)
    assert sorted(batch.emotion.tolist()) == [2, 4]
    assert (batch.positions == batch.stride_time_s[:, None, None, None]).all()
    assert batch.emotion.equal(batch.subject)
    assert {batch.emotion.dtype, batch.subject.dtype} == {torch.int64}
    batch.positions.zero_()
    assert stored.take(torch.tensor([0])).positions.unique().tolist() == [4.0]


@pytest.mark.parametrize("part", [slice(None), slice(1, None)])
def test_rows_of_a_memory_map_of_many_pages(tmp_path, part):
    path = tmp_path / "positions.npy"
    np.save(path, np.random.default_rng(0).random((9, 16, 50, 3), np.float32))
    positions = np.load(path, mmap_mode="r")[part]
    rows = np.array([7, 0, 3, 3])
    np.testing.assert_array_equal(read_rows(positions, rows), np.asarray(positions)[rows])
    np.testing.assert_array_equal(read_rows(positions[:, :8], rows), np.asarray(positions)[rows, :8])
    assert read_rows(positions, rows[:0]).shape == (0, 16, 50, 3)


def test_stored_cycles_split_as_a_batch_does(stored):
    whole = stored.take(torch.arange(3))
    for found, expected in zip(stored.to("cpu").split(2), whole.split(2), strict=True):
        assert all(one.equal(other) for one, other in zip(found, expected, strict=True))
    assert (stored.size, stored.take(torch.zeros(0, dtype=torch.int64)).positions.shape) == (3, (0, 2, 2, 3))
