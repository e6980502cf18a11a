import pytest
import torch

from stgcn_affect.nn.st_gcn import Encoder, SpatialTemporalBlock
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import load_layout


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
def test_a_block_keeps_the_memory_that_the_next_one_takes(toy_graph, out):
    block = SpatialTemporalBlock(4, out, toy_graph).eval()
    assert block(channels_last(2, 4, 8, 3)).is_contiguous(memory_format=torch.channels_last)
    assert block.train()(channels_last(2, 4, 8, 3)).permute(2, 3, 0, 1).is_contiguous()


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-10), (torch.float32, 1e-5)])
@pytest.mark.parametrize("kernel", [1, 3, 5])
@pytest.mark.parametrize("out", [4, 6], ids=["as wide", "wider"])
def test_training_computes_what_the_modules_do(toy_graph, dtype, tolerance, kernel, out):
    torch.manual_seed(0)
    block = SpatialTemporalBlock(4, out, toy_graph, kernel=kernel, dropout=0.0).to(dtype).train()
    x = channels_last(5, 4, 8, 3).to(dtype).requires_grad_()
    found = []
    for forward in (block, block._by_modules):
        y = forward(x)
        (slope,) = torch.autograd.grad(y.square().mean(), x, create_graph=True)
        loss = y.sin().mean() + slope.square().sum()  # second derivatives too, as the input gradient penalty has
        found.append([y, slope, *torch.autograd.grad(loss, [x, *block.parameters()])])
    for fast, plain in zip(*found, strict=True):
        torch.testing.assert_close(fast, plain, rtol=tolerance, atol=tolerance)


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


@pytest.mark.parametrize("kernel", [1, 3, 5])
@pytest.mark.parametrize("out", [4, 6], ids=["as wide", "wider"])
def test_a_strided_block_is_every_second_sample_of_the_same_block_without_a_stride(toy_graph, kernel, out):
    torch.manual_seed(0)
    strided = SpatialTemporalBlock(4, out, toy_graph, kernel=kernel, stride=2).eval()
    whole = SpatialTemporalBlock(4, out, toy_graph, kernel=kernel).eval()
    whole.shortcut = torch.nn.Conv2d(4, out, 1)
    whole.load_state_dict(strided.state_dict())
    x = channels_last(2, 4, 8, 3)
    assert strided(x).shape == (2, out, 4, 3)
    torch.testing.assert_close(strided(x), whole(x)[:, :, ::2], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(strided(x.roll(2, dims=2)), strided(x).roll(1, dims=2), rtol=1e-4, atol=1e-5)


def test_a_stride_below_one_is_an_error(toy_graph):
    with pytest.raises(ValueError, match=r"stride must be 1 or more \(got 0\)"):
        SpatialTemporalBlock(1, 1, toy_graph, stride=0)


@pytest.mark.parametrize("kernel", [0, -1, 2])
def test_an_even_kernel_is_an_error(toy_graph, kernel):
    with pytest.raises(ValueError, match=rf"odd and positive \(got {kernel}\)"):
        SpatialTemporalBlock(1, 1, toy_graph, kernel=kernel)


@pytest.fixture
def x():
    return torch.randn(2, 5, 8, 3, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("joint_readout", [True, False])
def test_shapes(toy_graph, x, joint_readout):
    encoder = Encoder(5, toy_graph, width=4, blocks=2, embedding_dim=6, joint_readout=joint_readout)
    features, embedding = encoder(x)
    assert features.shape == (2, 4, 8, 3)
    assert embedding.shape == (2, 6)


def test_the_joint_read_out_by_hand(toy_graph, x):
    encoder = Encoder(5, toy_graph, width=4, blocks=1, embedding_dim=1).eval()
    with torch.no_grad():
        encoder.readout.weight.zero_().view(4, 3)[2, 1] = 10.0  # the third channel of the left joint
        encoder.readout.bias.fill_(1.0)
    features, embedding = encoder(x)
    torch.testing.assert_close(embedding[:, 0], 1 + 10 * features[:, 2, :, 1].mean(dim=1))


def test_the_joint_and_phase_read_out_by_hand(toy_graph, x):
    encoder = Encoder(5, toy_graph, width=4, blocks=1, embedding_dim=1, phase_samples=8).eval()
    with torch.no_grad():
        encoder.readout.weight.zero_().view(4, 8, 3)[2, 5, 1] = 10.0  # the third channel, sixth phase, left joint
        encoder.readout.bias.fill_(1.0)
    features, embedding = encoder(x)
    torch.testing.assert_close(embedding[:, 0], 1 + 10 * features[:, 2, 5, 1] / 8**0.5)


def test_the_pooled_read_out_by_hand_with_numbers_beside_it(toy_graph, x):
    encoder = Encoder(5, toy_graph, width=4, blocks=1, embedding_dim=1, joint_readout=False, extra_dim=2).eval()
    with torch.no_grad():
        encoder.readout.weight.copy_(torch.tensor([[0.0, 0.0, 3.0, 0.0, 100.0, 1000.0]]))
        encoder.readout.bias.zero_()
    features, embedding = encoder(x, torch.tensor([[1.0, 0.0], [0.0, 2.0]]))
    expected = 3 * features[:, 2].mean(dim=(1, 2)) + torch.tensor([100.0, 2000.0])
    torch.testing.assert_close(embedding[:, 0], expected)


def test_a_block_reaches_one_bone_and_one_sample_further():
    graph = SkeletonGraph(load_layout("emotion_gait16"))
    for blocks in (1, 2):
        torch.manual_seed(0)
        encoder = Encoder(1, graph, width=32, blocks=blocks, kernel=3, embedding_dim=1).eval()
        x = torch.randn(1, 1, 8, 16)
        touched = x.clone()
        touched[0, 0, 0, 3] += 1.0
        changed = (encoder(x).features != encoder(touched).features).any(dim=1)[0]
        hops = torch.from_numpy(graph.hops[3])
        samples = torch.arange(8)
        apart = torch.minimum(samples, 8 - samples)
        assert not changed[:, hops > blocks].any()
        assert not changed[apart > blocks].any()
        assert changed.any(dim=0)[hops <= blocks].all()


def test_an_embedding_does_not_depend_on_where_the_cycle_starts(toy_graph, x):
    encoder = Encoder(5, toy_graph, width=4, blocks=2, embedding_dim=6).eval()
    torch.testing.assert_close(encoder(x.roll(3, dims=2)).embedding, encoder(x).embedding, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(("phase_samples", "read"), [(0, 6 * 3), (8, 6 * 3 * 2)])
def test_blocks_of_other_channels_and_strides(toy_graph, x, phase_samples, read):
    encoder = Encoder(5, toy_graph, channels=[4, 4, 6], strides=[2, 1, 2], embedding_dim=2, phase_samples=phase_samples)
    features, embedding = encoder(x)
    assert (features.shape, embedding.shape) == ((2, 6, 2, 3), (2, 2))
    assert encoder.readout.in_features == read
    shortcuts = [type(block.shortcut) for block in encoder.blocks]
    assert shortcuts == [torch.nn.Conv2d, torch.nn.Identity, torch.nn.Conv2d]


def test_strides_that_leave_half_a_sample_are_an_error(toy_graph):
    with pytest.raises(ValueError, match=r"product of the strides, 4, must divide phase_samples \(got 6\)"):
        Encoder(1, toy_graph, blocks=2, strides=[2, 2], embedding_dim=1, phase_samples=6)


def test_no_block_is_an_error(toy_graph):
    with pytest.raises(ValueError, match=r"at least one block \(got 0\)"):
        Encoder(1, toy_graph, blocks=0, embedding_dim=1)


def test_a_block_of_messages_trains_by_messages(toy_graph, monkeypatch):
    block = SpatialTemporalBlock(4, 4, toy_graph, dropout=0.0).train()
    x = channels_last(2, 4, 8, 3)
    expected = block(x)
    block.spatial.fused = False
    monkeypatch.setattr(block.spatial, "on_rows", None)
    torch.testing.assert_close(block(x), expected)
