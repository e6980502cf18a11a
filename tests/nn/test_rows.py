import pytest
import torch
from torch import nn

from stgcn_affect.nn.graph_conv import SkeletonConv
from stgcn_affect.nn.rows import circular_conv, joint_conv


def random(*shape, seed=0):
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(shape, dtype=torch.float64, generator=rng).requires_grad_()


def test_circular_conv_by_hand():
    x = torch.tensor([[1.0], [2.0], [4.0]])
    before, now, after = 1.0, 10.0, 100.0
    found = circular_conv(x, torch.tensor([[[before]], [[now]], [[after]]]), torch.tensor([1000.0]))
    assert found.tolist() == [[1214.0], [1421.0], [1142.0]]


@pytest.mark.parametrize("taps", [1, 3, 5])
def test_circular_conv_is_conv2d_after_circular_padding(taps):
    x, kernel, bias = random(6, 2, 3, 4), random(5, 4, taps, 1, seed=1), random(5, seed=2)
    maps = x.permute(2, 3, 0, 1)  # [B, C, T, V] of [T, V, B, C]
    padded = nn.functional.pad(maps, (0, 0, taps // 2, taps // 2), mode="circular")
    expected = nn.functional.conv2d(padded, kernel, bias).permute(2, 3, 0, 1)
    torch.testing.assert_close(circular_conv(x, kernel.squeeze(3).permute(2, 1, 0), bias), expected)


def test_joint_conv_by_hand():
    x = torch.tensor([1.0, 2.0]).view(1, 2, 1, 1)
    adjacency = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 0.0]]])  # itself; the first takes the second
    found = joint_conv(x, adjacency, torch.tensor([10.0, 100.0]).view(2, 1, 1), torch.tensor([0.5]))
    assert found.flatten().tolist() == [210.5, 20.5]


def test_joint_conv_is_the_skeleton_conv(toy_graph):
    torch.manual_seed(0)
    conv = SkeletonConv(4, 5, toy_graph).double()
    nn.init.normal_(conv.importance)
    x = random(6, 3, 2, 4)
    torch.testing.assert_close(conv.on_rows(x).permute(0, 2, 1, 3), conv(x.permute(0, 2, 1, 3)), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("taps", "bias"), [(3, True), (3, False), (5, True), (5, False)])  # by products; by conv2d
def test_gradients_of_circular_conv_once_and_twice(taps, bias):
    given = (random(4, 2, 2), random(taps, 2, 3, seed=1), random(3, seed=2) if bias else None)
    assert torch.autograd.gradcheck(circular_conv, given)
    assert torch.autograd.gradgradcheck(circular_conv, given)


@pytest.mark.parametrize("fixed", [None, 0, 1, 2, 3])
def test_gradients_of_joint_conv_once_and_twice(fixed):
    given = [random(3, 2, 2, 2), random(3, 2, 2, seed=1), random(3, 2, 3, seed=2), random(3, seed=3)]
    if fixed is not None:
        given[fixed] = given[fixed].detach()
    assert torch.autograd.gradcheck(joint_conv, given)
    assert torch.autograd.gradgradcheck(joint_conv, given)
