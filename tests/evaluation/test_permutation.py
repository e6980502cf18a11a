import numpy as np
import pytest

from stgcn_affect.evaluation.permutation import paired_sign_flip_p, permutation_p

NAMES = np.array(["ana", "ben", "eva", "tom", "uli", "zoe"])


def test_two_walkers_trade_names_half_of_the_time():
    names = NAMES[:2]
    assert permutation_p({"svm": names}, names, np.zeros(2, int), draws=2000) == pytest.approx(0.5, abs=0.05)


def test_an_attacker_who_is_always_right_is_no_chance():
    walkers = np.tile(NAMES, 2)
    strata = np.repeat([0, 1], 6)
    assert permutation_p({"svm": walkers}, walkers, strata, draws=199) == 1 / 200


def test_an_attacker_who_says_one_name_is_chance():
    said = np.full(12, "ana")
    assert permutation_p({"svm": said}, np.tile(NAMES, 2), np.repeat([0, 1], 6), draws=50) == 1.0


def test_names_stay_in_their_stratum():
    walkers = np.repeat(NAMES, 2)
    strata = np.repeat(np.arange(6), 2)
    assert permutation_p({"svm": walkers}, walkers, strata, draws=50) == 1.0  # one walker each: nobody to trade with


def test_tried_attackers_are_paid_for():
    rng = np.random.default_rng(0)
    walkers = np.tile(NAMES, 4)
    strata = np.repeat(np.arange(4), 6)
    good = np.where(rng.random(24) < 0.35, walkers, rng.choice(NAMES, 24))
    alone = permutation_p({"good": good}, walkers, strata, draws=400)
    others = {f"guess {i}": rng.choice(NAMES, 24) for i in range(30)}
    assert alone < 0.05
    assert permutation_p({"good": good, **others}, walkers, strata, draws=400) > 2 * alone


@pytest.mark.parametrize("cycles", [1, 4])
def test_guesses_are_significant_once_in_twenty_times(cycles):
    """A walker's cycles are alike, so that an attacker who guesses gives all of them one name."""
    rng = np.random.default_rng(0)
    walkers = np.repeat(np.tile(NAMES, 2), cycles)
    strata = np.repeat([0, 1], 6 * cycles)
    p = [
        permutation_p({"guess": np.repeat(rng.choice(NAMES, 12), cycles)}, walkers, strata, draws=60, seed=i)
        for i in range(200)
    ]
    assert np.mean(np.array(p) < 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_the_walkers_given_are_left_alone_and_a_seed_decides():
    walkers = np.tile(NAMES, 2)
    said = np.random.default_rng(1).choice(NAMES, 12)
    strata = np.repeat([0, 1], 6)
    first = permutation_p({"svm": said}, walkers, strata, draws=99, seed=3)
    assert permutation_p({"svm": said}, walkers, strata, draws=99, seed=3) == first
    assert walkers.tolist() == np.tile(NAMES, 2).tolist()


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        ([1.0, 1.0, 1.0, 1.0], 2 / 16),
        ([1.0, -1.0], 1.0),
        ([0.0, 0.0, 0.0], 1.0),
        ([3.0, 1.0, 1.0], 2 / 8),
        ([3.0, 1.0, -1.0], 6 / 8),  # sums of 5, 3, 3 and 1, either way
    ],
)
def test_signs_are_flipped_by_hand(differences, p):
    found = paired_sign_flip_p(np.array(differences), draws=8000)
    assert found == pytest.approx(p, abs=0.02)
    assert paired_sign_flip_p(-np.array(differences), draws=8000) == found


def test_a_plain_gain_is_significant_and_noise_is_not():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=20)
    noise -= noise.mean()
    assert paired_sign_flip_p(noise + 1.0) < 0.01
    assert paired_sign_flip_p(noise + 0.01) > 0.5
