import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.errors import InputError
from stgcn_affect.explain.deletion_order import (
    motion_energy,
    order_by,
    order_without_tempo_score,
    random_order,
    unit_scores,
)

MAP = np.array([[[1.0, -4.0], [2.0, 0.0], [-3.0, 1.0], [-1.0, 1.0]]])  # N=1, T=4, V=2


@pytest.mark.parametrize(
    ("part", "scores"), [("signed", [-1.0, -2.0]), ("positive", [3.0, 2.0]), ("magnitude", [7.0, 6.0])]
)
def test_a_joint_scores_the_sum_of_its_map(part, scores):
    assert unit_scores(MAP, part=part).tolist() == [scores]


def test_phase_bins_come_joint_by_joint_and_tempo_last():
    assert unit_scores(MAP, bins=2).tolist() == [[3.0, -4.0, -4.0, 2.0]]
    assert unit_scores(MAP, bins=2, tempo=np.array([-9.0])).tolist() == [[3.0, -4.0, -4.0, 2.0, -9.0]]
    assert unit_scores(MAP, part="magnitude", tempo=np.array([-9.0])).tolist() == [[7.0, 6.0, 9.0]]
    with pytest.raises(InputError, match=r"divides 4 samples \(got 3\)"):
        unit_scores(MAP, bins=3)


def test_the_largest_goes_first():
    assert order_by(np.array([[0.1, 0.3, 0.2], [5.0, -1.0, 7.0]])).tolist() == [[1, 2, 0], [2, 0, 1]]


def test_equal_scores_are_in_random_order():
    scores = np.zeros((400, 3))
    scores[:, 2] = 1
    found = order_by(scores)
    assert (found[:, 0] == 2).all()
    assert 0.4 < (found[:, 1] == 0).mean() < 0.6


@given(st.integers(1, 6), st.integers(0, 9))
def test_random_orders_are_permutations_that_repeat(units, seed):
    found = random_order(5, units, seed=seed)
    assert (np.sort(found, axis=1) == np.arange(units)).all()
    assert (found == random_order(5, units, seed=seed)).all()


def test_energy_is_the_mean_squared_velocity_about_the_pelvis(toy_layout):
    phase = 2 * np.pi * np.arange(16) / 16
    positions = np.zeros((1, 16, 3, 3))
    positions[0, :, 1, 2] = 0.5 * np.cos(phase)
    positions[0, :, 2, 1] = 0.1 * np.sin(2 * phase)
    positions += np.sin(phase)[None, :, None, None]  # the pelvis takes everything with it
    turn = (2 * np.pi) ** 2
    expected = np.array([0, 0.5**2 / 2 * turn, 0.1**2 / 2 * 4 * turn])
    assert motion_energy(positions, toy_layout)[0] == pytest.approx(expected, abs=1e-9)
    binned = motion_energy(positions, toy_layout, bins=4)
    assert binned.shape == (1, 12)
    assert binned.reshape(3, 4).mean(axis=1) == pytest.approx(expected, abs=1e-9)


@given(st.permutations(range(4)))
def test_an_order_without_tempo_score_deletes_tempo_where_the_other_does(first):
    found = order_without_tempo_score(np.array([first]), np.array([[1.0, 3.0, 2.0]]))[0].tolist()
    assert found.index(3) == first.index(3)
    assert [unit for unit in found if unit != 3] == [1, 2, 0]
