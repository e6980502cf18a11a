import pytest
import torch

from stgcn_affect.explain.attribution.decision import Decision
from stgcn_affect.explain.attribution.gradients import gradient, gradient_x_input, integrated_gradients
from stgcn_affect.nn.st_gcn import Encoder

# Slope of the logit: hip 1/2 (1 + 1/3) - 1/4, left 1/6 - 3/4, right 1/6, the same in both frames.
SLOPE = torch.tensor([5 / 12, -7 / 12, 1 / 6])


def test_the_toy_by_hand(hand_decision, hand_input):
    assert torch.allclose(gradient(hand_decision, hand_input, 0).joints, SLOPE.abs().expand(1, 2, 3))
    expected = SLOPE * hand_input[:, 0]
    torch.testing.assert_close(gradient_x_input(hand_decision, hand_input, 0).joints, expected)
    # Every ReLU is open all the way from zero, so that the slope is one.
    torch.testing.assert_close(integrated_gradients(hand_decision, hand_input, 0).joints, expected)


def test_the_gradient_is_a_length_over_channels(toy_graph):
    decision, x = _random(toy_graph), torch.randn(3, 2, 4, 3)
    leaf = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(decision(leaf)[:, 1].sum(), leaf)
    torch.testing.assert_close(gradient(decision, x, 1).joints, slope.square().sum(dim=1).sqrt())


def test_the_stride_times_share_stands_apart(toy_graph):
    decision, x = _random(toy_graph), torch.randn(3, 2, 4, 3)
    for method in (gradient_x_input, integrated_gradients):
        all_joints = method(decision, x, 1)
        decision.stride_time = 1
        found = method(decision, x, 1)
        decision.stride_time = None
        assert found.stride_time.abs().min() > 1e-4
        torch.testing.assert_close(found.joints.sum(dim=(1, 2)) + found.stride_time, all_joints.joints.sum(dim=(1, 2)))
    decision.stride_time = 1
    leaf = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(decision(leaf)[:, 1].sum(), leaf)
    found = gradient(decision, x, 1)
    torch.testing.assert_close(found.joints, slope[:, 0].abs())
    torch.testing.assert_close(found.stride_time, slope[:, 1].abs().sum(dim=(1, 2)))


@pytest.mark.parametrize("extra", [False, True])
def test_integrated_gradients_sum_to_what_the_decision_gains(toy_graph, extra):
    decision, x = _random(toy_graph, extra_dim=2 if extra else 0), torch.randn(3, 2, 4, 3)
    body = torch.randn(3, 2) if extra else None
    found = integrated_gradients(decision, x, 1, body, steps=256)
    gained = (decision(x, body) - decision(torch.zeros_like(x), body))[:, 1].detach()
    assert gained.abs().max() > 0.01
    torch.testing.assert_close(found.joints.sum(dim=(1, 2)), gained, atol=2e-3, rtol=0)


def _random(graph, **more):
    torch.manual_seed(3)
    encoder = Encoder(2, graph, width=4, blocks=2, embedding_dim=3, **more)
    return Decision(encoder, torch.nn.Linear(3, 2)).eval()
