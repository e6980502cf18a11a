import math

import pytest
import torch
from torch import nn

from stgcn_affect.nn.adversary import adversary, head, reversal_strength, reverse_gradient


def test_the_gradient_is_reversed_by_hand():
    # y = 3 x1 + 4 x2 of the identity: the plain gradient is (3, 4).
    x = torch.tensor([1.0, -2.0], requires_grad=True)
    seen = reverse_gradient(x, 0.5)
    torch.testing.assert_close(seen, x)
    (seen * torch.tensor([3.0, 4.0])).sum().backward()
    torch.testing.assert_close(x.grad, torch.tensor([-1.5, -2.0]))


def test_what_stands_behind_the_reversal_learns_forwards():
    # loss (w x)^2 with x = 2, w = 3: by w 2 w x^2 = 24; by x 2 w^2 x = 36, reversed at full strength.
    x, w = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
    (w * reverse_gradient(x, 1.0)).square().backward()
    assert (w.grad, x.grad) == (24.0, -36.0)


def test_no_strength_is_no_gradient():
    x = torch.ones(2, requires_grad=True)
    reverse_gradient(x, 0.0).sum().backward()
    assert not x.grad.any()


def test_gradcheck_of_a_double_reversal_is_the_identity():
    x = torch.randn(3, dtype=torch.float64, requires_grad=True, generator=torch.Generator().manual_seed(0))
    assert torch.autograd.gradcheck(lambda y: reverse_gradient(reverse_gradient(y, 0.5), 2.0).sin(), (x,))


@pytest.mark.parametrize(
    ("progress", "schedule", "expected"),
    [
        (0.0, "constant", 0.3),
        (1.0, "constant", 0.3),
        (0.0, "ganin", 0.0),
        (0.1, "ganin", 0.3 * (math.e - 1) / (math.e + 1)),
        (1.0, "ganin", 0.3 * 0.9999092),
    ],
)
def test_strength_by_hand(progress, schedule, expected):
    assert reversal_strength(progress, weight=0.3, schedule=schedule) == pytest.approx(expected, rel=1e-6)


def test_an_unknown_schedule_is_an_error():
    with pytest.raises(ValueError, match=r"'constant' or 'ganin' \(got 'linear'\)"):
        reversal_strength(0.5, weight=1.0, schedule="linear")


def test_the_head_is_linear():
    layer = head(5, 3)
    zero, x, y = layer(torch.zeros(1, 5)), torch.randn(2, 5), torch.randn(2, 5)
    torch.testing.assert_close(layer(x + y) - zero, layer(x) + layer(y) - 2 * zero)
    assert layer(x).shape == (2, 3)


def test_the_adversary_reads_what_no_line_divides():
    torch.manual_seed(0)
    layer = adversary(2, 2, hidden=16)
    corners = torch.tensor([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    either = torch.tensor([0, 0, 1, 1])
    optimiser = torch.optim.Adam(layer.parameters(), lr=0.05)
    for _ in range(100):
        optimiser.zero_grad()
        nn.functional.cross_entropy(layer(corners), either).backward()
        optimiser.step()
    assert layer(corners).argmax(dim=1).equal(either)
