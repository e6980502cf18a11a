import numpy as np
import pytest
import torch

from stgcn_affect.errors import InputError
from stgcn_affect.explain.decision import emotion_decision
from stgcn_affect.explain.hops import hops_seen, share_seen
from stgcn_affect.nn.network import DisentangledGaitNetwork
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import load_layout


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
    decision = emotion_decision(DisentangledGaitNetwork(layout, emotions=2, subjects=2).eval())
    x = torch.randn(4, 10, 8, 16)
    for block in range(3):
        jacobian = torch.zeros(16, 16)
        for joint in range(16):
            leaf = x.clone().requires_grad_()
            (slope,) = torch.autograd.grad(decision.up_to(block, leaf)[..., joint].sum(), leaf)
            jacobian[joint] = slope.abs().sum(dim=(0, 1, 2))
        np.testing.assert_allclose((jacobian > 0).float().mean(dim=1), share_seen(SkeletonGraph(layout), block))
