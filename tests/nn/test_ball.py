import pytest
import torch

from stgcn_affect.nn.ball import Ball

POINTS = torch.tensor([[4.0, 5.0], [1.0, 3.0], [1.0, 2.0]])
CENTRE = torch.tensor([1.0, 2.0])


def ball(radius):
    made = Ball(2)
    made.fit(CENTRE, torch.tensor(radius))
    return made


def test_before_it_is_fitted_there_is_no_ball():
    assert Ball(2)(1e6 * POINTS).equal(1e6 * POINTS)


def test_outer_points_are_drawn_onto_the_surface_by_hand():
    points = torch.tensor([[4.0, 6.0], [1.0, 3.0], [1.0, 2.0]])  # 5, 1 and 0 from the centre
    expected = [[1.0 + 3.0 * 2 / 5, 2.0 + 4.0 * 2 / 5], [1.0, 3.0], [1.0, 2.0]]
    for found, wanted in zip(ball(2.0)(points).tolist(), expected, strict=True):
        assert found == pytest.approx(wanted)


def test_a_point_of_the_ball_stays_and_so_does_its_gradient():
    points = (CENTRE + torch.tensor([[0.3, -0.4], [0.0, 0.0]])).requires_grad_()
    ball(1.0)(points).sum().backward()
    assert points.grad.tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_outside_only_the_direction_counts():
    points = (CENTRE + torch.tensor([[3.0, 4.0]])).requires_grad_()
    found = ball(1.0)(points)
    assert torch.allclose(ball(1.0)(CENTRE + 10 * (points - CENTRE)), found)
    (found @ torch.tensor([3.0, 4.0])).sum().backward()  # along the ray nothing moves
    assert points.grad.tolist() == [pytest.approx([0.0, 0.0], abs=1e-6)]


def test_it_is_kept_with_the_weights():
    other = Ball(2)
    other.load_state_dict(ball(2.0).state_dict())
    assert other(5 * POINTS).equal(ball(2.0)(5 * POINTS))
