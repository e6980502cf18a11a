import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.explain.sparsity import gini, sparsity


@pytest.mark.parametrize(
    ("values", "index"),
    [([0, 0, 1], 2 / 3), ([1, 1, 1], 0), ([0, 0, 0], 0), ([1, 3], 0.25), ([-3, 1], 0.25), ([0, 1, 1], 1 / 3)],
)
def test_gini_by_hand(values, index):
    assert gini(np.array(values)) == pytest.approx(index)


@given(st.lists(st.floats(0.01, 10), min_size=2, max_size=6), st.floats(0.1, 10))
def test_gini_is_half_the_mean_difference_over_the_mean_and_has_no_scale(values, scale):
    sizes = np.array(values)
    expected = np.abs(sizes[:, None] - sizes).mean() / (2 * sizes.mean())
    assert gini(sizes) == pytest.approx(expected, abs=1e-9)
    assert gini(scale * sizes) == pytest.approx(gini(sizes), abs=1e-9)


def test_the_sparsity_of_each_cycles_joints():
    maps = np.array([[[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]], [[1.0, -1.0, 0.0], [1.0, 1.0, 2.0]]])
    assert sparsity(maps) == pytest.approx([2 / 3, 0])
