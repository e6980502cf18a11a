import pytest
import torch

from stgcn_affect.nn.block import SpatialTemporalBlock


def channels_last(*shape, seed=0):
    x = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
    return x.contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("kernel", [1, 3, 5])
@pytest.mark.parametrize("out", [4, 6], ids=["as wide", "wider"])
def test_a_block_is_circular_in_time(toy_graph, kernel, out):
    torch.manual_seed(0)
    block = SpatialTemporalBlock(4, out, toy_graph, kernel=kernel).eval()
    x = channels_last(2, 4, 8, 3)
    assert block(x).shape == (2, out, 8, 3)
    for shift in (1, 3):
        torch.testing.assert_close(block(x.roll(shift, dims=2)), block(x).roll(shift, dims=2), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("out", [4, 6], ids=["as wide", "wider"])
def test_channels_last_memory_is_kept(toy_graph, out):
    block = SpatialTemporalBlock(4, out, toy_graph)
    for mode in (block.train(), block.eval()):
        assert mode(channels_last(2, 4, 8, 3)).is_contiguous(memory_format=torch.channels_last)


def test_a_block_of_zeros_is_the_relu_of_its_shortcut(toy_graph):
    block = SpatialTemporalBlock(1, 1, toy_graph, kernel=1).eval()
    for parameter in block.temporal.parameters():
        torch.nn.init.zeros_(parameter)
    x = torch.tensor([-1.0, 2.0, -3.0]).view(1, 1, 1, 3)
    torch.testing.assert_close(block(x), torch.tensor([0.0, 2.0, 0.0]).view(1, 1, 1, 3))


def test_one_block_by_hand(toy_graph):
    block = SpatialTemporalBlock(1, 1, toy_graph, kernel=3).eval()
    for norm in (block.spatial_norm, block.temporal_norm):
        norm.eps = 0.0
    with torch.no_grad():
        block.spatial.linear.weight.copy_(torch.tensor([[1.0, 0.0, 0.0]]))  # the root partition alone
        block.spatial.linear.bias.zero_()
        block.temporal.weight.copy_(torch.tensor([1.0, 10.0, 100.0]).view(1, 1, 3, 1))  # before, now, after
        block.temporal.bias.fill_(-200.0)
    left = torch.tensor([2.0, -4.0, 6.0])
    x = torch.stack([torch.zeros(3), left, torch.zeros(3)], dim=1)[None, None]
    # Half of it, ReLU: 1 0 3. Circular: 3 + 10 + 0, 1 + 0 + 300, 0 + 30 + 100. Less 200, plus the shortcut, ReLU.
    expected = torch.tensor([0.0, 97.0, 0.0])
    torch.testing.assert_close(block(x)[0, 0, :, 1], expected)


def test_dropout_takes_whole_channels(toy_graph):
    torch.manual_seed(0)
    block = SpatialTemporalBlock(16, 16, toy_graph, dropout=0.5)
    out = block(channels_last(4, 16, 8, 3).abs() + 1)
    dropped = (out == 0).flatten(2).all(dim=2)
    assert 0 < dropped.sum() < dropped.numel()
    block.eval()
    torch.testing.assert_close(block(channels_last(4, 16, 8, 3)), block(channels_last(4, 16, 8, 3)))


@pytest.mark.parametrize("kernel", [0, -1, 2])
def test_an_even_kernel_is_an_error(toy_graph, kernel):
    with pytest.raises(ValueError, match=rf"odd and positive \(got {kernel}\)"):
        SpatialTemporalBlock(1, 1, toy_graph, kernel=kernel)
