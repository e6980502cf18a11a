import pytest
import torch

from stgcn_affect.nn.encoder import Encoder
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import load_layout


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


def test_no_block_is_an_error(toy_graph):
    with pytest.raises(ValueError, match=r"at least one block \(got 0\)"):
        Encoder(1, toy_graph, blocks=0, embedding_dim=1)
