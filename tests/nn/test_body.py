import math

import torch

from stgcn_affect.nn.body import BodyMeasures


def standing(left, right):
    """One frame of the toy with legs of these lengths."""
    return torch.tensor([[[0.0, 0.0, 0.0], [0.0, -left, 0.0], [0.0, 0.0, right]]])


def test_measures_by_hand(toy_graph):
    body = BodyMeasures(toy_graph)
    assert body.size == 3
    swinging = torch.stack([standing(1.0, 2.0), standing(3.0, 2.0)], dim=1)
    out = body(swinging, torch.tensor([math.e]))
    torch.testing.assert_close(out, torch.tensor([[2.0, 2.0, 1.0]]))


def test_standardisation_by_hand(toy_graph):
    body = BodyMeasures(toy_graph)
    cycles = torch.stack([standing(1.0, 2.0), standing(3.0, 2.0)])
    time = torch.tensor([1.0, math.e])
    body.fit(cycles, time)
    root = 0.5**0.5
    # The left bone is 2 on average and spreads by the square root of 2; the right one has one length in all.
    expected = [[-root, 0.0, -root], [root, 0.0, root]]
    torch.testing.assert_close(body(cycles, time), torch.tensor(expected))


def test_a_bone_of_one_length_in_all_is_not_blown_up(toy_graph):
    body = BodyMeasures(toy_graph)
    body.fit(standing(1.0, 1.0).expand(4, -1, -1, -1), torch.ones(4))
    out = body(standing(1.0, 1.01)[None], torch.ones(1))
    torch.testing.assert_close(out, torch.tensor([[0.0, 10.0, 0.0]]), atol=1e-3, rtol=1e-3)
