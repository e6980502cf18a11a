import torch
from torch import nn

from stgcn_affect.nn.classifier import adversary, head


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
