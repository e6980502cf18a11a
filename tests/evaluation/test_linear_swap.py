import numpy as np
import pytest

from stgcn_affect.evaluation.linear_swap import linear_swap

ROWS = np.array([[0.0, 10.0], [2.0, 10.0], [5.0, 0.0]])
WALKERS = np.array(["ana", "ana", "ben"])  # means: ana (1, 10), ben (5, 0)


def test_two_walkers_trade_places_by_hand():
    features, origin = linear_swap(ROWS, WALKERS, copies=1, rng=np.random.default_rng(0))
    assert features.tolist() == [[0, 10], [2, 10], [5, 0], [4, 0], [6, 0], [1, 10]]
    assert origin.tolist() == [0, 1, 2, 0, 1, 2]


def test_every_copy_goes_to_another_walker_and_keeps_what_differs_from_its_own_mean():
    rng = np.random.default_rng(0)
    walkers = np.repeat(["ana", "ben", "eva"], 4)
    rows = rng.normal(size=(12, 2)) + 100 * np.repeat(np.arange(3), 4)[:, None]
    features, origin = linear_swap(rows, walkers, copies=20, rng=rng)
    assert features.shape == (12 * 21, 2)
    now, before = (features[12:, 0] / 100).round().astype(int), origin[12:] // 4
    assert (now != before).all()
    assert {(b, n) for b, n in zip(before, now, strict=True)} == {(a, b) for a in range(3) for b in range(3) if a != b}
    means = np.stack([rows[:4].mean(axis=0), rows[4:8].mean(axis=0), rows[8:].mean(axis=0)])
    np.testing.assert_allclose(features[12:] - means[now], rows[origin[12:]] - means[before], atol=1e-9)


@pytest.mark.parametrize("copies", [0, 3])
def test_nobody_to_swap_with_leaves_the_rows_as_they_are(copies):
    features, origin = linear_swap(ROWS[:2], WALKERS[:2], copies=copies, rng=np.random.default_rng(0))
    assert features.tolist() == ROWS[:2].tolist()
    assert origin.tolist() == [0, 1]
