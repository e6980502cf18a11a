from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.emotion import (
    ablation_block,
    best_baselines,
    compare,
    emotion_block,
    majority_block,
    raters_block,
    vote,
)

SUBJECTS = ["ana", "ana", "ben", "ben"]


EMOTIONS = ["happy", "sad", "happy", "sad"]  # codes 0, 1, 0, 1


@pytest.fixture
def cycles(labelled):
    return labelled(SUBJECTS, EMOTIONS)


def test_emotion_over_seeds_by_hand(cycles):
    block = emotion_block(np.array([[0, 1, 0, 1], [0, 0, 1, 1]]), cycles, seed=0)
    assert block["balanced_accuracy"] == (1.0 + 0.5) / 2
    assert block["confusion"] == [[3, 1], [1, 3]]
    assert block["per_class_recall"] == {"happy": 0.75, "sad": 0.75}
    assert (block["n_cycles"], block["n_subjects"], block["seeds"], block["chance"]) == (4, 2, 2, 0.5)


def test_what_a_dead_fold_did_not_predict_does_not_count(cycles):
    block = emotion_block(np.array([[0, 1, -1, -1]]), cycles, seed=0)
    assert (block["balanced_accuracy"], block["n_cycles"], block["n_subjects"]) == (1.0, 2, 1)


def test_seeds_that_test_different_subjects_are_put_together(cycles):
    block = emotion_block(np.array([[0, 1, -1, -1], [-1, -1, 1, 1]]), cycles, seed=0)
    assert (block["balanced_accuracy"], block["n_cycles"], block["n_subjects"]) == (0.75, 4, 2)


def test_a_vote_is_of_the_mean_probability_and_needs_every_member():
    sure, unsure = np.array([[0.9, 0.1], [0.6, 0.4], [1.0, 0.0]]), np.array([[0.4, 0.6], [0.1, 0.9], [np.nan] * 2])
    assert vote([sure, unsure]).tolist() == [0, 1, -1]
    assert vote([unsure]).tolist() == [1, 1, -1]
    assert vote([sure, sure, unsure]).tolist() == [0, 1, -1]


def test_the_best_baseline_is_chosen_in_every_fold_by_its_inner_score():
    predictions = {"svm": np.array([0, 0, 0, 0]), "lda": np.array([1, 1, 1, 1])}
    inner = {0: {"svm": 0.9, "lda": 0.5}, 1: {"svm": 0.3, "lda": 0.6}}
    tested = {0: np.array([0, 3]), 1: np.array([1, 2])}
    assert best_baselines(inner, predictions, tested).tolist() == [0, 1, 1, 0]


def test_test_scores_choose_nothing():
    truth = np.array([0, 1, 0, 1])
    inner = {0: {"right": 0.4, "wrong": 0.5}}
    chosen = best_baselines(inner, {"right": truth, "wrong": 1 - truth}, {0: np.arange(4)})
    assert chosen.tolist() == (1 - truth).tolist()


def test_folds_without_a_baseline_are_left_open():
    chosen = best_baselines({0: {"svm": 0.1}}, {"svm": np.array([0, 0])}, {0: np.array([1])})
    assert chosen.tolist() == [-1, 0]


def test_the_paired_difference_by_hand(cycles):
    method, other = np.array([[0, 1, 0, 1], [0, 1, 1, 1]]), np.array([[0, 0, 1, 1], [0, 1, 1, 1]])
    found = compare(method, other, cycles, seed=0)
    # gains over both seeds: ana happy 0, ana sad (1 + 0) / 2, ben happy (1 + 0) / 2, ben sad 0
    assert found["difference"] == pytest.approx(0.25)
    assert found["ci95"] == [0.25, 0.25]  # the same in both subjects
    assert found["p"] == pytest.approx(0.5, abs=0.03)  # two equal gains: signs alike in half of the draws


def test_emotions_weigh_alike_in_the_difference(labelled):
    cycles = labelled(["ana"] * 4, ["happy", "sad", "sad", "sad"])
    found = compare(np.array([[0, 0, 0, 0]]), np.array([[1, 0, 0, 0]]), cycles, seed=0)
    assert found["difference"] == pytest.approx(0.5)  # one of one happy, none of three sad


def test_the_same_method_twice_differs_by_nothing(cycles):
    codes = np.array([[0, 0, 1, 1]])
    assert compare(codes, codes, cycles, seed=0) == {"difference": 0.0, "ci95": [0.0, 0.0], "p": 1.0}


def test_only_what_both_predict_is_compared(cycles):
    found = compare(np.array([[0, 1, -1, -1]]), np.array([[1, 0, 0, 1]]), cycles, seed=0)
    assert found["difference"] == 1.0
    with pytest.raises(InputError, match=r"both methods were tested on \(got none\)"):
        compare(np.array([[0, 1, -1, -1]]), np.array([[-1, -1, 0, 1]]), cycles, seed=0)


def test_the_difference_is_that_of_the_scores_where_seeds_test_other_subjects(cycles):
    """The first two cycles are tested by one seed, the others by two."""
    method, other = np.array([[0, 1, 0, 1], [-1, -1, 0, 0]]), np.array([[1, 1, 0, 0], [-1, -1, 1, 0]])
    scores = [emotion_block(codes, cycles, seed=0)["balanced_accuracy"] for codes in (method, other)]
    assert scores[0] != scores[1]
    assert compare(method, other, cycles, seed=0)["difference"] == pytest.approx(scores[0] - scores[1])


def test_the_majority_is_always_predicted(labelled):
    block = majority_block(labelled(["ana", "ana", "ben"], ["happy", "sad", "sad"]), seed=0)
    assert block["per_class_recall"] == {"happy": 0.0, "sad": 1.0}
    assert block["balanced_accuracy"] == 0.5


def rated(cycles, sources, ratings):
    attributes = {source: {"perceived_emotion": rating} for source, rating in ratings.items()}
    return replace(cycles, source=np.array(sources), attributes=attributes)


def test_raters_are_judged_once_a_clip_with_limits_over_subjects_by_hand(labelled):
    cycles = labelled(["ana", "ana", "ben", "ben", "ben", "ben"], ["happy", "sad", "happy", "sad", "sad", "sad"])
    ratings = {"a": "happy", "b": "happy", "c": "happy", "d": "sad"}  # d is one clip of two cycles, e has no rating
    block = raters_block(rated(cycles, ["a", "b", "c", "d", "d", "e"], ratings), seed=0)
    assert block["confusion"] == [[2, 0], [1, 1]]
    assert block["per_class_recall"] == {"happy": 1.0, "sad": 0.5}
    assert (block["balanced_accuracy"], block["accuracy"], block["chance"]) == (0.75, 0.75, 0.5)
    assert (block["n_cycles"], block["n_subjects"]) == (4, 2)
    assert "seeds" not in block
    assert block["ci95"] == [0.5, 1.0]  # draws of ana alone have 0.5, of ben alone 1.0, of both 0.75


def test_raters_are_judged_by_what_was_acted_where_the_labels_are_the_ratings(labelled):
    cycles = labelled(["ana", "ana", "ben"], ["happy", "happy", "sad"])
    acted = {"a": "happy", "b": "sad", "c": "sad"}
    seen = dict(zip("abc", cycles.emotion.tolist(), strict=True))
    facts = {name: {"perceived_emotion": seen[name], "acted_emotion": acted[name]} for name in acted}
    block = raters_block(replace(cycles, source=np.array(list("abc")), attributes=facts), seed=0)
    assert block["confusion"] == [[1, 0], [1, 1]]
    assert block["balanced_accuracy"] == 0.75


@pytest.mark.parametrize("ratings", [{}, {"a": "happy", "b": "neutral"}])
def test_without_ratings_or_with_ratings_of_other_emotions_there_are_no_raters(labelled, ratings):
    assert raters_block(rated(labelled(["ana", "ben"], ["happy", "sad"]), ["a", "b"], ratings), seed=0) is None


def test_a_part_taken_away_is_compared_with_the_method_by_hand(cycles, closed_attack):
    right = np.array([[0, 1, 0, 1]])
    attacks = [closed_attack({"released": {"svm": np.array([True, False, False, False])}})] * 2
    block = ablation_block(right, {"no_decoder": (1 - right, attacks)}, cycles, seed=0)["no_decoder"]
    assert (block["emotion"]["balanced_accuracy"], block["difference"]) == (0.0, 1.0)
    found = block["identity"]
    assert (found["accuracy"], found["chance"], found["models"]) == (0.25, 0.25, 2)
