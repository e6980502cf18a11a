import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.explain.contrastivity import contrastivity

UP = np.array([[[1.0, 2.0, 3.0]]])


def test_the_same_map_for_every_class_says_nothing():
    assert contrastivity([UP, 2 * UP, UP]) == pytest.approx([0])


def test_opposite_maps_are_two_apart_and_pairs_are_averaged():
    assert contrastivity([UP, -UP]) == pytest.approx([2])
    assert contrastivity([UP, UP, -UP]) == pytest.approx([4 / 3])
    assert contrastivity([UP, -UP], measure="cosine") == pytest.approx([2])
    assert contrastivity([UP, np.array([[[1.0, 1.0, -1.0]]])], measure="cosine") == pytest.approx([1])


def test_one_class_and_an_unknown_measure_are_refused():
    with pytest.raises(InputError, match=r"two classes or more \(got 1\)"):
        contrastivity([UP])
    with pytest.raises(InputError, match=r"spearman, cosine \(got 'kendall'\)"):
        contrastivity([UP, UP], measure="kendall")
