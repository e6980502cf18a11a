import numpy as np
import pytest

from stgcn_affect.evaluation.attackers import ATTACKERS, predict_walkers

WALKERS = np.repeat(["ana", "ben", "eva", "tom"], 10)


@pytest.mark.parametrize("name", ATTACKERS)
def test_a_planted_code_is_found(name):
    rng = np.random.default_rng(0)
    code = np.eye(4)[np.repeat(np.arange(4), 10)] + 0.01 * rng.normal(size=(40, 4))
    hidden = np.concatenate([rng.normal(size=(40, 3)), 1e-3 * code, np.ones((40, 1))], axis=1)  # small, among noise
    even = np.arange(40) % 2 == 0
    assert (predict_walkers(name, hidden[even], WALKERS[even], hidden[~even]) == WALKERS[~even]).all()


@pytest.mark.parametrize("name", ATTACKERS)
@pytest.mark.filterwarnings("error::sklearn.exceptions.ConvergenceWarning")
def test_noise_is_read_at_about_chance(name):
    rng = np.random.default_rng(1)
    walkers = np.repeat(WALKERS, 5)
    noise = rng.normal(size=(200, 5))
    even = np.arange(200) % 2 == 0
    right = predict_walkers(name, noise[even], walkers[even], noise[~even]) == walkers[~even]
    assert right.mean() == pytest.approx(0.25, abs=0.13)  # three standard deviations of 100 guesses


@pytest.mark.parametrize("name", ATTACKERS)
def test_each_attack_starts_fresh(name):
    first, second = ATTACKERS[name](), ATTACKERS[name]()
    assert first is not second
    here = np.array([[0.0], [0.1], [0.9], [1.0]])
    names = np.array(["ana", "ana", "ben", "ben"])
    predict_walkers(name, here, names, here)
    assert predict_walkers(name, here, names[::-1], here[[0, 3]]).tolist() == ["ben", "ana"]


@pytest.mark.parametrize("name", ATTACKERS)
@pytest.mark.filterwarnings("ignore:invalid value encountered in divide:RuntimeWarning")  # shares of no variance
def test_what_says_nothing_at_all_is_no_better_than_chance(name):
    found = predict_walkers(name, np.full((40, 3), 7.0), WALKERS, np.full((8, 3), 7.0))
    assert len(set(found)) == 1


def test_lda_names_nobody_from_one_cycle_each():
    assert predict_walkers("lda", np.eye(2), np.array(["ana", "ben"]), np.eye(2)).tolist() == ["", ""]


def test_an_unknown_attacker_is_an_error():
    with pytest.raises(KeyError, match="oracle"):
        predict_walkers("oracle", np.zeros((2, 1)), np.array(["ana", "ben"]), np.zeros((1, 1)))
