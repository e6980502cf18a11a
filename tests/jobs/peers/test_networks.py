import numpy as np
import pytest
import torch
from torch import nn

from stgcn_affect.jobs.peers.networks import (
    MessageConv,
    OriginalConv,
    TemporalNetwork,
    benchmark_layout,
    message_network,
    original_network,
    our_network,
)
from stgcn_affect.nn.graph_conv import SkeletonConv
from stgcn_affect.settings import block_sizes
from stgcn_affect.skeleton.graph import SkeletonGraph

UNITS = block_sizes(channels=(3, 3, 5), strides=(1, 1, 2))


@pytest.fixture
def ours(toy_graph):
    torch.manual_seed(0)
    return our_network(2, UNITS, toy_graph, kernel=3).double()


def output_and_gradients(network: nn.Module, x: torch.Tensor) -> list[torch.Tensor]:
    x = x.clone().requires_grad_()
    y = network(x)
    y.square().sum().backward()
    return [y.detach(), x.grad]


@pytest.mark.parametrize("training", [True, False])
def test_the_same_weights_give_the_same_output_and_gradient(ours, toy_graph, training):
    x = torch.randn(2, 2, 8, 3, dtype=torch.float64)
    expected = output_and_gradients(ours.train(training), x.contiguous(memory_format=torch.channels_last))
    assert expected[0].abs().max() > 0.1
    for other in (original_network(ours, toy_graph), message_network(ours)):
        for value, right in zip(output_and_gradients(other.train(training), x), expected, strict=True):
            torch.testing.assert_close(value, right, rtol=1e-5, atol=1e-5)


def test_messages_pass_along_the_edges_and_leave_ours_as_it_was(ours, monkeypatch):
    passed = []
    message = SkeletonConv.message
    monkeypatch.setattr(SkeletonConv, "message", lambda *a, **k: passed.append(1) or message(*a, **k))
    network = message_network(ours).train()
    network(torch.randn(2, 2, 8, 3, dtype=torch.float64))
    assert len(passed) == 3
    ours.train()(torch.randn(2, 2, 8, 3, dtype=torch.float64))
    assert len(passed) == 3
    assert all(isinstance(block.spatial, MessageConv) for block in network)


def test_zero_padding_differs_at_the_ends_alone(ours, toy_graph):
    x = torch.randn(1, 2, 16, 3, dtype=torch.float64)
    circular, zero = (original_network(ours[:2], toy_graph, circular=c).eval()(x) for c in (True, False))
    differs = (circular - zero).abs().amax(dim=(0, 1, 3)) > 1e-9
    assert differs.tolist() == [True] * 2 + [False] * 12 + [True] * 2, "one sample a block at either end"


def test_the_original_form_by_hand(toy_graph):
    conv = OriginalConv(1, 1, toy_graph)
    with torch.no_grad():
        conv.map.weight.copy_(torch.tensor([1.0, 2.0, 4.0]).view(3, 1, 1, 1))
        conv.map.bias.zero_()
        y = conv(torch.tensor([1.0, 10.0, 100.0]).view(1, 1, 1, 3)).flatten()
    # hip: itself by 1, both hands by 4, each a third; left and right: themselves by 1 and the hip by 2, each a half.
    np.testing.assert_allclose(y, [(1 + 4 * 110) / 3, (10 + 2) / 2, (100 + 2) / 2], rtol=1e-6)


def test_edge_weights_of_every_joint_sum_to_one_and_differ(toy_graph):
    importance = our_network(1, UNITS[:1], toy_graph, kernel=1)[0].spatial.importance.detach()
    edges = toy_graph.partition_edges()
    sums = np.zeros(3)
    np.add.at(sums, edges.edge_index[1], importance.numpy() * edges.weight)
    np.testing.assert_allclose(sums, 1, rtol=1e-6)
    assert len(set(importance.tolist())) == len(importance)


def test_the_temporal_network_is_circular_and_has_no_graph():
    torch.manual_seed(0)
    network = TemporalNetwork(2, 3, UNITS, kernel=3).eval()
    x = torch.randn(2, 2, 8, 3)
    y = network(x)
    assert y.shape == (2, 5, 4)
    torch.testing.assert_close(network(x.roll(2, dims=2)), y.roll(1, dims=2))
    assert network.first.in_channels == 6


@pytest.mark.parametrize("joints", [16, 25, 53])
def test_bodies_have_the_joints_that_were_asked_for(joints):
    layout = benchmark_layout(joints)
    assert SkeletonGraph(layout).num_joints == joints


def test_the_hands_have_fingers():
    layout = benchmark_layout(53)
    above = {joint: layout.joints[parent] for joint, parent in zip(layout.joints, layout.parents, strict=True)}
    assert above["Finger1_1Left"] == "HandLeft"
    assert above["Finger4_3Right"] == "Finger4_2Right"
    assert above["FingerThumb_1Left"] == "ThumbLeft"
    assert ("Finger2_3Left", "Finger2_3Right") in layout.mirror
