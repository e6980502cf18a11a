import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.explain.hierarchy import estimate, walker_draws, walker_means
from stgcn_affect.metrics import bootstrap_ci95

ANA3_BEN1 = {"walkers": np.array(["ana", "ana", "ana", "ben"]), "takes": np.array([0, 0, 0, 0])}


def test_a_walker_with_many_cycles_counts_once():
    found = estimate(np.array([1.0, 1.0, 1.0, 5.0]), **ANA3_BEN1)
    assert found["mean"] == 3.0  # and not 8 / 4
    assert found["n_walkers"] == 2


def test_a_take_with_many_cycles_counts_once():
    means = walker_means(np.array([1.0, 1.0, 1.0, 5.0]), walkers=np.array(["ana"] * 4), takes=np.array([0, 0, 0, 1]))
    assert means.values.tolist() == [3.0]


def test_takes_of_two_walkers_may_have_one_number_and_arrays_stay_arrays():
    values = np.array([[[0.0, 2.0]], [[4.0, 6.0]], [[1.0, 1.0]]])
    means = walker_means(values, walkers=np.array(["b", "b", "a"]), takes=np.array([7, 7, 7]))
    assert means.walkers.tolist() == ["a", "b"]
    assert means.values.tolist() == [[[1.0, 1.0]], [[2.0, 4.0]]]


def test_limits_are_those_of_the_plain_bootstrap_over_walkers():
    values = np.random.default_rng(0).normal(size=30)
    walkers = np.repeat([f"w{i}" for i in range(10)], 3)
    found = estimate(values, walkers=walkers, takes=np.zeros(30, int), draws=8000)
    plain = bootstrap_ci95(lambda index: float(values[index].mean()), walkers, draws=8000)
    assert found["ci95"] == pytest.approx(plain, abs=0.03)
    assert found["ci95"][0] < found["mean"] < found["ci95"][1]


def test_one_walker_has_no_limits():
    assert estimate(np.ones(2), walkers=np.array(["a", "a"]), takes=np.zeros(2, int))["ci95"] is None


def test_draws_are_weights_and_repeat():
    weights = walker_draws(4, seed=3, draws=50)
    assert weights.shape == (50, 4)
    assert np.allclose(weights.sum(axis=1), 1)
    assert len(np.unique(weights, axis=0)) > 5
    assert (weights == walker_draws(4, seed=3, draws=50)).all()


@pytest.mark.parametrize(("values", "walkers"), [(np.zeros(0), np.zeros(0, str)), (np.zeros(2), np.array(["a"]))])
def test_cycles_without_walkers_are_refused(values, walkers):
    with pytest.raises(InputError, match=r"a walker and a take for each \(got"):
        walker_means(values, walkers=walkers, takes=np.zeros(len(walkers), int))
