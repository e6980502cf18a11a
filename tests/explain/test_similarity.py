import numpy as np
import pytest
from scipy.stats import spearmanr

from stgcn_affect.explain.similarity import cosine, spearman


def test_spearman_is_scipys_cycle_by_cycle():
    one, other = np.random.default_rng(0).integers(0, 5, size=(2, 3, 4, 2)).astype(float)  # with ties
    expected = [spearmanr(a.ravel(), b.ravel()).statistic for a, b in zip(one, other, strict=True)]
    assert spearman(one, other) == pytest.approx(expected)


def test_spearman_sees_the_order_alone():
    one = np.array([[[1.0, 2.0, 3.0]]])
    assert spearman(one, one**3) == pytest.approx([1])
    assert spearman(one, -one) == pytest.approx([-1])


def test_a_flat_map_is_like_nothing():
    maps = np.array([[[1.0, 2.0]]])
    assert spearman(maps, np.full((1, 1, 2), 0.3)).tolist() == [0]
    assert cosine(maps, np.zeros((1, 1, 2))).tolist() == [0]


def test_cosine_by_hand():
    assert cosine(np.array([[[3.0, 4.0]]]), np.array([[[4.0, 3.0]]])) == pytest.approx([24 / 25])
