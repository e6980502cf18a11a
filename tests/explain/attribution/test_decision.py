import numpy as np
import pytest
import torch

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import (
    STRIDE_TIME,
    emotion_decision,
    hops_seen,
    identity_decision,
    share_seen,
    split_relevance,
)
from stgcn_affect.nn.input_channels import CHANNELS
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import load_layout

PER_CHANNEL = torch.tensor([[[[1.0, 2.0]], [[3.0, -4.0]], [[5.0, 6.0]]]])


def test_one_channel_is_the_stride_times():
    joints, stride_time = split_relevance(PER_CHANNEL, 1)
    torch.testing.assert_close(joints, torch.tensor([[[6.0, 8.0]]]))
    torch.testing.assert_close(stride_time, torch.tensor([-1.0]))


def test_without_a_stride_time_all_are_the_joints():
    joints, stride_time = split_relevance(PER_CHANNEL, None)
    torch.testing.assert_close(joints, torch.tensor([[[9.0, 4.0]]]))
    torch.testing.assert_close(stride_time, torch.tensor([0.0]))


def test_the_decisions_are_the_networks_own(toy_network, toy_cycles):
    network, cycles = toy_network(blocks=2), toy_cycles()
    out = network(cycles.positions, cycles.stride_time_s)
    x = network.emotion_channels(cycles.positions, cycles.stride_time_s)
    torch.testing.assert_close(emotion_decision(network)(x), out.emotion_logits)
    x = network.identity_channels(cycles.positions, cycles.stride_time_s)
    body = network.anthropometrics(cycles.positions, cycles.stride_time_s)
    torch.testing.assert_close(identity_decision(network)(x, body), out.identity_logits)


def test_the_emotions_decision_does_not_saturate_where_the_ball_does(toy_network, toy_cycles):
    network, cycles = toy_network(blocks=2).eval(), toy_cycles()
    x = network.emotion_channels(cycles.positions, cycles.stride_time_s).requires_grad_()
    free = emotion_decision(network)(x)
    network.emotion_radial_clip.fit(torch.zeros(3), torch.tensor(1e-3))  # all cycles lie outside
    assert not torch.allclose(network.emotion_head(network.read_emotion(x)), free)
    torch.testing.assert_close(emotion_decision(network)(x), free)


def test_a_decision_can_be_cut_at_every_block(toy_network):
    network = toy_network(blocks=3)
    x, body = torch.randn(2, 10, 8, 3), torch.randn(2, 3)
    for block in range(3):
        decision = emotion_decision(network)
        torch.testing.assert_close(decision.beyond(block, decision.up_to(block, x)), decision(x))
        decision = identity_decision(network)
        torch.testing.assert_close(decision.beyond(block, decision.up_to(block, x), body), decision(x, body))


@pytest.mark.parametrize("block", [-1, 3])
def test_a_block_that_there_is_not(toy_network, block):
    with pytest.raises(InputError, match=rf"block: expected one of the encoder's blocks 0 to 2 \(got {block}\)"):
        emotion_decision(toy_network(blocks=3)).up_to(block, torch.zeros(1, 10, 8, 3))


def test_the_stride_time_is_known_by_its_name(toy_network):
    assert CHANNELS[STRIDE_TIME] == "log_stride_time"
    assert emotion_decision(toy_network()).stride_time == identity_decision(toy_network()).stride_time == STRIDE_TIME


def test_every_block_sees_a_bone_further():
    assert [hops_seen(block) for block in range(3)] == [1, 2, 3]
    with pytest.raises(InputError, match=r"block: expected 0 or more \(got -1\)"):
        hops_seen(-1)


def test_shares_of_the_toy_by_hand(toy_graph):
    np.testing.assert_allclose(share_seen(toy_graph, 0), [1, 2 / 3, 2 / 3])
    np.testing.assert_allclose(share_seen(toy_graph, 1), [1, 1, 1])


def test_that_is_what_the_encoder_depends_on():
    torch.manual_seed(0)
    layout = load_layout("emotion_gait16")
    decision = emotion_decision(DisentangledSTGCN.build(layout, emotions=2, subjects=2).eval())
    x = torch.randn(4, 10, 8, 16)
    for block in range(3):
        jacobian = torch.zeros(16, 16)
        for joint in range(16):
            leaf = x.clone().requires_grad_()
            (slope,) = torch.autograd.grad(decision.up_to(block, leaf)[..., joint].sum(), leaf)
            jacobian[joint] = slope.abs().sum(dim=(0, 1, 2))
        np.testing.assert_allclose((jacobian > 0).float().mean(dim=1), share_seen(SkeletonGraph(layout), block))
