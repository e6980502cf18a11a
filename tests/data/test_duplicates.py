import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stgcn_affect.data.duplicates import copied_takes


def cycles(n, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 4, 5, 3)).astype(np.float32)


def test_different_takes_are_left_alone():
    assert copied_takes(cycles(6), np.arange(6)) == []
    assert copied_takes(cycles(1), np.zeros(1, int)) == []


def test_copies_are_grouped_through_each_other():
    x = cycles(6)
    x[3], x[5] = x[0] + 1e-4, x[0]
    x[4] = x[1]
    assert copied_takes(x, np.array([10, 20, 30, 40, 50, 60])) == [(10, 40, 60), (20, 50)]


def test_an_overlap_of_one_cycle_joins_two_takes():
    x = cycles(4)
    x[2] = x[1]
    assert copied_takes(x, np.array([0, 0, 7, 7])) == [(0, 7)]


def test_the_same_cycle_twice_in_one_take_is_no_copy():
    x = cycles(2)
    x[1] = x[0]
    assert copied_takes(x, np.array([4, 4])) == []


@settings(max_examples=25, deadline=None)
@given(n=st.integers(2, 12), seed=st.integers(0, 1000), scale=st.sampled_from([1e-3, 1e-2, 1.0]))
def test_pairs_are_those_of_a_full_search(n, seed, scale):
    x = cycles(n, seed) * np.float32(scale)
    tolerance = 0.5 * scale * np.sqrt(6)
    found = {frozenset(g) for g in copied_takes(x, np.arange(n), tolerance=tolerance)}
    near = np.sqrt(((x[:, None] - x[None]) ** 2).sum(-1).mean((2, 3))) <= tolerance
    reach = np.linalg.matrix_power(near.astype(float), n) > 0
    expected = {frozenset(np.flatnonzero(row).tolist()) for row in reach}
    assert found == {g for g in expected if len(g) > 1}


def test_tolerance_is_root_mean_square_per_joint():
    x = np.zeros((2, 4, 5, 3), np.float32)
    x[1, ..., 0] = 0.002
    assert copied_takes(x, np.arange(2), tolerance=0.0021) == [(0, 1)]
    assert copied_takes(x, np.arange(2), tolerance=0.0019) == []
