import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, f1_score

from stgcn_affect.errors import InputError
from stgcn_affect.stats import (
    balanced_accuracy,
    bootstrap_ci95,
    emotion_scores,
    estimate,
    nested_mean,
    nested_mean_ci95,
    paired_sign_flip_p,
    permutation_p,
    subject_draws,
    subject_means,
)

CODES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


def scores(truth, predicted, subjects=None, emotions=("angry", "happy", "sad")):
    subjects = np.arange(len(truth)) if subjects is None else np.array(subjects)
    return emotion_scores(np.array(truth), np.array(predicted), subjects, emotions)


def test_scores_by_hand():
    # Angry: 2 of 3 are found; happy: 1 of 1, and one angry taken for it; sad never occurs.
    block = scores([0, 0, 0, 1], [0, 0, 1, 1], ["ana", "ana", "ben", "ben"])
    assert block["balanced_accuracy"] == pytest.approx((2 / 3 + 1) / 2)
    assert block["accuracy"] == 0.75
    assert block["macro_f1"] == pytest.approx((2 * 2 / (2 + 3) + 2 * 1 / (2 + 1)) / 2)
    assert block["chance"] == pytest.approx(1 / 3)
    assert block["majority"] == 0.75
    assert (block["n_cycles"], block["n_subjects"]) == (4, 2)
    assert block["per_class_recall"] == {"angry": pytest.approx(2 / 3), "happy": 1.0, "sad": None}
    assert block["confusion"] == [[2, 1, 0], [0, 1, 0], [0, 0, 0]]


@pytest.mark.filterwarnings("error")
def test_emotions_that_are_never_acted_or_never_found_are_no_cause_for_warnings():
    block = scores([0, 0, 1], [0, 2, 2])
    assert block["per_class_recall"] == {"angry": 0.5, "happy": 0.0, "sad": None}
    assert block["balanced_accuracy"] == 0.25


def test_everything_in_the_block_can_be_written_as_json():
    assert json.loads(json.dumps(scores([0, 1, 2], [0, 1, 1]), allow_nan=False))["n_cycles"] == 3


@pytest.mark.filterwarnings("ignore:y_pred contains classes")
@settings(deadline=None, max_examples=50)
@given(CODES)
def test_equal_to_scikit_learn(pairs):
    truth, predicted = np.array(pairs).T
    assert balanced_accuracy(truth, predicted) == pytest.approx(balanced_accuracy_score(truth, predicted))


def test_the_block_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    truth, predicted = rng.integers(4, size=(2, 60))
    block = scores(truth, predicted, np.repeat(np.arange(12), 5), emotions="abcd")
    assert block["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(truth, predicted))
    assert block["macro_f1"] == pytest.approx(f1_score(truth, predicted, average="macro"))
    assert block["confusion"] == confusion_matrix(truth, predicted).tolist()
    lower, upper = block["ci95"]
    assert 0 < lower < block["balanced_accuracy"] < upper < 1


def test_the_bootstrap_keeps_subjects_whole():
    subjects = np.array(["ana", "ben", "ana", "eva", "ben", "ana"])
    cycles = {"ana": {0, 2, 5}, "ben": {1, 4}, "eva": {3}}
    drawn = []
    bootstrap_ci95(lambda index: drawn.append(index) or 0.0, subjects, draws=50)
    assert len(drawn) == 50
    seen = set()
    for index in drawn:
        counts = np.bincount(index, minlength=6)
        for subject, members in cycles.items():
            assert len({int(counts[i]) for i in members}) == 1, f"the cycles of {subject} were torn apart"
        assert sum(int(counts[min(members)]) for members in cycles.values()) == 3
        seen |= {int(counts[0])}
    assert {0, 1, 2} <= seen


def test_bootstrap_limits_by_hand():
    # Two subjects, one always right and one always wrong: a quarter of the draws give 0, a half .5, a quarter 1.
    hits = np.array([1.0, 1.0, 0.0, 0.0])
    limits = bootstrap_ci95(lambda index: hits[index].mean(), np.array([0, 0, 1, 1]), draws=200)
    assert limits == [0.0, 1.0]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_bootstrap_limits_contain_the_score_and_are_about_as_wide_as_theory_says(share):
    rng = np.random.default_rng(0)
    hits = (rng.random(100) < share).astype(float)
    lower, upper = bootstrap_ci95(lambda index: hits[index].mean(), np.arange(100), draws=500)
    assert lower < hits.mean() < upper
    assert upper - lower == pytest.approx(2 * 1.96 * hits.std() / 10, rel=0.15)


def test_the_bootstrap_depends_on_its_seed_alone():
    hits = np.random.default_rng(0).random(20)
    limits = [
        bootstrap_ci95(lambda index: hits[index].mean(), np.arange(20), seed=seed, draws=100) for seed in (1, 1, 2)
    ]
    assert limits[0] == limits[1] != limits[2]


ANA3_BEN1 = {"subjects": np.array(["ana", "ana", "ana", "ben"]), "takes": np.array([0, 0, 0, 0])}


def test_a_subject_with_many_cycles_counts_once():
    found = estimate(np.array([1.0, 1.0, 1.0, 5.0]), **ANA3_BEN1)
    assert found["mean"] == 3.0  # and not 8 / 4
    assert found["n_subjects"] == 2


def test_a_take_with_many_cycles_counts_once():
    means = subject_means(np.array([1.0, 1.0, 1.0, 5.0]), subjects=np.array(["ana"] * 4), takes=np.array([0, 0, 0, 1]))
    assert means.values.tolist() == [3.0]


def test_takes_of_two_subjects_may_have_one_number_and_arrays_stay_arrays():
    values = np.array([[[0.0, 2.0]], [[4.0, 6.0]], [[1.0, 1.0]]])
    means = subject_means(values, subjects=np.array(["b", "b", "a"]), takes=np.array([7, 7, 7]))
    assert means.subjects.tolist() == ["a", "b"]
    assert means.values.tolist() == [[[1.0, 1.0]], [[2.0, 4.0]]]


def test_limits_are_those_of_the_plain_bootstrap_over_subjects():
    values = np.random.default_rng(0).normal(size=30)
    subjects = np.repeat([f"w{i}" for i in range(10)], 3)
    found = estimate(values, subjects=subjects, takes=np.zeros(30, int), draws=8000)
    plain = bootstrap_ci95(lambda index: float(values[index].mean()), subjects, draws=8000)
    assert found["ci95"] == pytest.approx(plain, abs=0.03)
    assert found["ci95"][0] < found["mean"] < found["ci95"][1]


def test_one_subject_has_no_limits():
    assert estimate(np.ones(2), subjects=np.array(["a", "a"]), takes=np.zeros(2, int))["ci95"] is None


def test_draws_are_weights_and_repeat():
    weights = subject_draws(4, seed=3, draws=50)
    assert weights.shape == (50, 4)
    assert np.allclose(weights.sum(axis=1), 1)
    assert len(np.unique(weights, axis=0)) > 5
    assert (weights == subject_draws(4, seed=3, draws=50)).all()


@pytest.mark.parametrize(("values", "subjects"), [(np.zeros(0), np.zeros(0, str)), (np.zeros(2), np.array(["a"]))])
def test_cycles_without_subjects_are_refused(values, subjects):
    with pytest.raises(InputError, match=r"a subject and a take for each \(got"):
        subject_means(values, subjects=subjects, takes=np.zeros(len(subjects), int))


NAMES = np.array(["ana", "ben", "eva", "tom", "uli", "zoe"])


def test_two_subjects_trade_names_half_of_the_time():
    names = NAMES[:2]
    assert permutation_p({"svm": names}, names, np.zeros(2, int), draws=2000) == pytest.approx(0.5, abs=0.05)


def test_an_attacker_who_is_always_right_is_no_chance():
    subjects = np.tile(NAMES, 2)
    strata = np.repeat([0, 1], 6)
    assert permutation_p({"svm": subjects}, subjects, strata, draws=199) == 1 / 200


def test_an_attacker_who_says_one_name_is_chance():
    said = np.full(12, "ana")
    assert permutation_p({"svm": said}, np.tile(NAMES, 2), np.repeat([0, 1], 6), draws=50) == 1.0


def test_names_stay_in_their_stratum():
    subjects = np.repeat(NAMES, 2)
    strata = np.repeat(np.arange(6), 2)
    assert permutation_p({"svm": subjects}, subjects, strata, draws=50) == 1.0  # one subject each: nobody to trade with


def test_tried_attackers_are_paid_for():
    rng = np.random.default_rng(0)
    subjects = np.tile(NAMES, 4)
    strata = np.repeat(np.arange(4), 6)
    good = np.where(rng.random(24) < 0.35, subjects, rng.choice(NAMES, 24))
    alone = permutation_p({"good": good}, subjects, strata, draws=400)
    others = {f"guess {i}": rng.choice(NAMES, 24) for i in range(30)}
    assert alone < 0.05
    assert permutation_p({"good": good, **others}, subjects, strata, draws=400) > 2 * alone


@pytest.mark.parametrize("cycles", [1, 4])
def test_guesses_are_significant_once_in_twenty_times(cycles):
    """A subject's cycles are alike, so that an attacker who guesses gives all of them one name."""
    rng = np.random.default_rng(0)
    subjects = np.repeat(np.tile(NAMES, 2), cycles)
    strata = np.repeat([0, 1], 6 * cycles)
    p = [
        permutation_p({"guess": np.repeat(rng.choice(NAMES, 12), cycles)}, subjects, strata, draws=60, seed=i)
        for i in range(200)
    ]
    assert np.mean(np.array(p) < 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_the_subjects_given_are_left_alone_and_a_seed_decides():
    subjects = np.tile(NAMES, 2)
    said = np.random.default_rng(1).choice(NAMES, 12)
    strata = np.repeat([0, 1], 6)
    first = permutation_p({"svm": said}, subjects, strata, draws=99, seed=3)
    assert permutation_p({"svm": said}, subjects, strata, draws=99, seed=3) == first
    assert subjects.tolist() == np.tile(NAMES, 2).tolist()


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


@given(data=st.data())
@settings(max_examples=20)
def test_limits_of_nested_means_are_those_of_one_draw_after_the_other(data):
    count = data.draw(st.integers(1, 30))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    hits, group, subjects = rng.random(count) < 0.6, rng.integers(0, 9, count), rng.integers(0, 6, count).astype(str)
    slow = bootstrap_ci95(lambda index: nested_mean(hits[index], group[index]), subjects, seed=3)
    assert nested_mean_ci95(hits, group, subjects, seed=3) == pytest.approx(slow, abs=1e-12)
