import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, f1_score

from stgcn_affect.metrics import balanced_accuracy, bootstrap_ci95, emotion_scores

CODES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


def scores(truth, predicted, walkers=None, emotions=("angry", "happy", "sad")):
    walkers = np.arange(len(truth)) if walkers is None else np.array(walkers)
    return emotion_scores(np.array(truth), np.array(predicted), walkers, emotions)


def test_scores_by_hand():
    # Angry: 2 of 3 are found; happy: 1 of 1, and one angry taken for it; sad never occurs.
    block = scores([0, 0, 0, 1], [0, 0, 1, 1], ["ana", "ana", "ben", "ben"])
    assert block["balanced_accuracy"] == pytest.approx((2 / 3 + 1) / 2)
    assert block["accuracy"] == 0.75
    assert block["macro_f1"] == pytest.approx((2 * 2 / (2 + 3) + 2 * 1 / (2 + 1)) / 2)
    assert block["chance"] == pytest.approx(1 / 3)
    assert block["majority"] == 0.75
    assert (block["n_cycles"], block["n_walkers"]) == (4, 2)
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


def test_the_bootstrap_keeps_walkers_whole():
    walkers = np.array(["ana", "ben", "ana", "eva", "ben", "ana"])
    cycles = {"ana": {0, 2, 5}, "ben": {1, 4}, "eva": {3}}
    drawn = []
    bootstrap_ci95(lambda index: drawn.append(index) or 0.0, walkers, draws=50)
    assert len(drawn) == 50
    seen = set()
    for index in drawn:
        counts = np.bincount(index, minlength=6)
        for walker, members in cycles.items():
            assert len({int(counts[i]) for i in members}) == 1, f"the cycles of {walker} were torn apart"
        assert sum(int(counts[min(members)]) for members in cycles.values()) == 3
        seen |= {int(counts[0])}
    assert {0, 1, 2} <= seen


def test_bootstrap_limits_by_hand():
    # Two walkers, one always right and one always wrong: a quarter of the draws give 0, a half .5, a quarter 1.
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
