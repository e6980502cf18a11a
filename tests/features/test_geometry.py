import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.features.geometry import angle_at, distance, triangle_area

ORIGIN, X, Y = np.zeros(3), np.array([1.0, 0, 0]), np.array([0, 1.0, 0])


@pytest.mark.parametrize(
    ("first", "second", "angle"),
    [(X, 5 * Y, np.pi / 2), (X, X + Y, np.pi / 4), (X, -2 * X, np.pi), (X, 3 * X, 0)],
)
def test_angles_by_hand(first, second, angle):
    assert angle_at(first, ORIGIN, second) == pytest.approx(angle)
    assert angle_at(first + 7, ORIGIN + 7, second + 7) == pytest.approx(angle)


def test_a_small_angle_keeps_its_digits():
    assert angle_at(X, ORIGIN, X + 1e-9 * Y) == pytest.approx(1e-9, rel=1e-6)


def test_a_triangle_of_3_4_5():
    corners = [3 * X, ORIGIN, 4 * Y]
    assert distance(corners[0], corners[2]) == 5
    assert triangle_area(*corners) == 6
    assert triangle_area(*corners[::-1]) == 6


def test_coincident_points_give_zero():
    assert angle_at(ORIGIN, ORIGIN, X) == angle_at(X, X, X) == 0
    assert triangle_area(X, X, Y) == triangle_area(X, 2 * X, 3 * X) == 0


def test_leading_axes_are_kept():
    points = np.zeros((2, 3, 3)) + X
    assert angle_at(points, np.zeros((2, 3, 3)), points).shape == (2, 3)


@given(st.integers(0, 2**32 - 1))
def test_the_angles_of_a_triangle_make_pi(seed):
    a, b, c = np.random.default_rng(seed).normal(size=(3, 3))
    assert angle_at(a, b, c) + angle_at(b, c, a) + angle_at(c, a, b) == pytest.approx(np.pi)
