import torch

from stgcn_affect.data.batch import CycleBatch


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
