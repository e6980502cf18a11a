import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import Decision
from stgcn_affect.explain.attribution.grad_cam import GradCam
from stgcn_affect.explain.attribution.gradients import gradient_x_input
from stgcn_affect.explain.attribution.lrp import lrp
from stgcn_affect.nn.st_gcn import Encoder
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import load_layout

LAYOUT = load_layout("emotion_gait16")
GRAPH = SkeletonGraph(LAYOUT)


def test_a_hips_evidence_by_hand(hand_decision, hand_input):
    # Hip's 5 is 3 by the shortcut and 2 from its neighbourhood, of which hip, left and right gave 3, 1 and 2 sixths.
    of_block = torch.tensor([[[5.0, 0.0, 0.0], [0.0, 0.0, 0.0]]])
    propagated = lrp(hand_decision, 0, hand_input, of_block)[:, 0]
    torch.testing.assert_close(propagated, torch.tensor([[[4.0, 1 / 3, 2 / 3], [0.0, 0.0, 0.0]]]))


def test_grad_cam_handed_back_by_hand(hand_decision, hand_input):
    cam = GradCam(hand_decision, 0).attribute(hand_input, 0)
    propagated = lrp(hand_decision, 0, hand_input, cam)[:, 0]
    expected = torch.tensor([[[1.25, -7 / 12, 1 / 3], [0.0, -7 / 3, 0.0]]])
    torch.testing.assert_close(propagated, expected)
    # Where nothing is negative and every ReLU is open, that is gradient x input.
    torch.testing.assert_close(propagated, gradient_x_input(hand_decision, hand_input, 0).joints)


def test_a_temporal_convolution_propagates_in_proportion_and_around_the_cycle(toy_graph):
    decision = _decision(toy_graph, channels=1, width=1, blocks=1)
    block = decision.encoder.blocks[0]
    with torch.no_grad():
        block.spatial.linear.weight.copy_(torch.tensor([[1.0, 0.0, 0.0]]))  # each joint itself
        block.spatial.linear.bias.zero_()
        block.temporal.weight.copy_(torch.tensor([1.0, -2.0, 3.0]).view(1, 1, 3, 1))
        block.temporal_norm.weight.fill_(-0.5)
    x = torch.ones(1, 1, 4, 3)
    relevance = torch.zeros(1, 4, 3)
    relevance[0, 0, 1] = 8.0
    propagated = lrp(decision, 0, x, relevance)[0, 0]
    # The left joint's neighbourhood is two: half of 1, 2 and 3, half again by the norm, beside 1 by the shortcut.
    share = torch.tensor([2.0 / 4 + 1.0, 3.0 / 4, 0.0, 1.0 / 4]) / 2.5
    torch.testing.assert_close(propagated[:, 1], 8 * share, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(propagated[:, [0, 2]], torch.zeros(4, 2), atol=1e-4, rtol=0)


def test_a_strided_convolution_propagates_to_the_samples_that_it_read(toy_graph):
    decision = _decision(toy_graph, channels=1, width=1, blocks=1, strides=[2])
    block = decision.encoder.blocks[0]
    with torch.no_grad():
        block.spatial.linear.weight.copy_(torch.tensor([[1.0, 0.0, 0.0]]))  # each joint itself
        block.spatial.linear.bias.zero_()
        block.temporal.weight.copy_(torch.tensor([1.0, 2.0, 3.0]).view(1, 1, 3, 1))
        block.shortcut.weight.fill_(4.0)
    x = torch.ones(1, 1, 4, 3)
    relevance = torch.zeros(1, 2, 3)
    relevance[0, 0, 1], relevance[0, 1, 2] = 7.0, 14.0
    propagated = lrp(decision, 0, x, relevance)[0, 0]
    # Of a joint's neighbourhood, two, half of 1, 2 and 3, beside 4 by the shortcut at the sample of the output: 7.
    torch.testing.assert_close(propagated[:, 1], torch.tensor([5.0, 1.5, 0.0, 0.5]), atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(propagated[:, 2], torch.tensor([0.0, 1.0, 10.0, 3.0]), atol=1e-4, rtol=1e-4)


@pytest.mark.tool
@given(
    seed=st.integers(0, 10_000),
    block=st.integers(0, 2),
    silent=st.booleans(),
    per_channel=st.booleans(),
    strides=st.permutations([1, 1, 2]),
)
def test_the_sum_stays(seed, block, silent, per_channel, strides):
    decision = _decision(GRAPH, seed=seed, strides=strides)
    x = torch.zeros(2, 3, 8, 16) if silent else torch.randn(2, 3, 8, 16)
    samples = 8 // math.prod(strides[: block + 1])
    relevance = torch.randn(2, 4, samples, 16) if per_channel else torch.randn(2, samples, 16)
    propagated = lrp(decision, block, x, relevance)
    assert propagated.shape == x.shape
    total = relevance.flatten(1).double().sum(dim=1)
    scale = relevance.flatten(1).abs().sum(dim=1).max().item()
    torch.testing.assert_close(propagated.flatten(1).double().sum(dim=1), total, atol=1e-5 * scale, rtol=0)


@pytest.mark.tool
@given(seed=st.integers(0, 10_000), block=st.integers(0, 2), joint=st.integers(0, 15))
def test_shares_are_not_negative_and_reach_no_farther_than_the_block_has_seen(seed, block, joint):
    decision = _decision(GRAPH, seed=seed)
    relevance = torch.zeros(1, 8, 16)
    relevance[0, 3, joint] = 1.0
    propagated = lrp(decision, block, torch.randn(1, 3, 8, 16), relevance)[0].sum(dim=0)
    assert (propagated >= 0).all()
    reached = torch.from_numpy(GRAPH.hops[joint]) <= block + 1
    assert (propagated[:, ~reached] == 0).all()
    assert (propagated.sum(dim=0)[reached] > 0).all()
    away = (torch.arange(8) - 3 + 4) % 8 - 4
    assert (propagated[away.abs() > block + 1] == 0).all()


@pytest.mark.parametrize("hears_itself", [True, False])
def test_a_learned_importance_of_zero_passes_nothing_along_a_bone(toy_graph, hears_itself):
    decision = _decision(toy_graph, blocks=2)
    with torch.no_grad():
        for block in decision.encoder.blocks:
            edges = block.spatial
            silent = edges.edge_index[0] != edges.edge_index[1]
            edges.importance[silent if hears_itself else slice(None)] = 0.0
    relevance = torch.zeros(1, 8, 3)
    relevance[..., 1] = 1.0
    propagated = lrp(decision, 1, torch.randn(1, 3, 8, 3), relevance)
    torch.testing.assert_close(propagated.sum(), torch.tensor(8.0))
    torch.testing.assert_close(propagated[..., 1].sum(), torch.tensor(8.0))


def test_a_block_that_there_is_not(hand_decision, hand_input):
    with pytest.raises(InputError, match=r"blocks 0 to 0 \(got 1\)"):
        lrp(hand_decision, 1, hand_input, torch.zeros(1, 2, 3))


def _decision(graph, *, seed=0, channels=3, width=4, blocks=3, strides=()):
    torch.manual_seed(seed)
    encoder = Encoder(channels, graph, width=width, blocks=blocks, strides=strides, embedding_dim=2)
    for block in encoder.blocks:
        for norm in (block.spatial_norm, block.temporal_norm):
            norm.eps = 1e-9
    return Decision(encoder, torch.nn.Linear(2, 2)).eval()
