"""Baselines choose inside the training subjects: what they see of whom is watched by a classifier that is a spy."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from stgcn_affect.evaluation import baselines
from stgcn_affect.evaluation.baselines import CLASSIFIERS, Family, linear_swap, run_baseline


def test_the_usual_shallow_learners_are_there():
    assert set(CLASSIFIERS) == {"svm_rbf", "svm_linear", "lda", "logistic_regression", "random_forest", "knn"}


def test_all_combinations_are_settings():
    family = Family(lambda **chosen: None, {"a": [1, 2], "b": ["x", "y"]})
    assert sorted(map(str, family.settings())) == sorted(
        ["{'a': 1, 'b': 'x'}", "{'a': 1, 'b': 'y'}", "{'a': 2, 'b': 'x'}", "{'a': 2, 'b': 'y'}"]
    )


def test_settings_that_need_more_rows_than_there_are_are_left_out():
    family = Family(lambda **chosen: None, {"a": [1, 5]}, needs=lambda setting: setting["a"])
    assert [family.settings(rows=rows) for rows in (4, 5)] == [[{"a": 1}], [{"a": 1}, {"a": 5}]]
    tried = CLASSIFIERS["knn"].settings(rows=8)
    assert [setting["n_neighbors"] for setting in tried] == [1, 5]
    for name in set(CLASSIFIERS) - {"knn"}:
        assert CLASSIFIERS[name].settings(rows=2) == CLASSIFIERS[name].settings()


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_every_setting_of_every_family_learns_what_is_plain_to_see(name):
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 10)
    rows = np.eye(3)[labels] * [1.0, 50.0, 0.01] + 0.001 * rng.normal(size=(30, 3)) * [1.0, 50.0, 0.01]
    family = CLASSIFIERS[name]
    assert len(family.settings()) > 1
    for setting in family.settings():
        first, second = family.make(**setting), family.make(**setting)
        assert first is not second
        assert (first.fit(rows[::2], labels[::2]).predict(rows[1::2]) == labels[1::2]).all()
        final = first[-1].get_params()
        assert {key: final[key] for key in setting} == setting


ROWS = np.array([[0.0, 10.0], [2.0, 10.0], [5.0, 0.0]])
SUBJECTS = np.array(["ana", "ana", "ben"])  # means: ana (1, 10), ben (5, 0)


def test_two_subjects_trade_places_by_hand():
    features, origin = linear_swap(ROWS, SUBJECTS, copies=1, rng=np.random.default_rng(0))
    assert features.tolist() == [[0, 10], [2, 10], [5, 0], [4, 0], [6, 0], [1, 10]]
    assert origin.tolist() == [0, 1, 2, 0, 1, 2]


def test_every_copy_goes_to_another_subject_and_keeps_what_differs_from_its_own_mean():
    rng = np.random.default_rng(0)
    subjects = np.repeat(["ana", "ben", "eva"], 4)
    rows = rng.normal(size=(12, 2)) + 100 * np.repeat(np.arange(3), 4)[:, None]
    features, origin = linear_swap(rows, subjects, copies=20, rng=rng)
    assert features.shape == (12 * 21, 2)
    now, before = (features[12:, 0] / 100).round().astype(int), origin[12:] // 4
    assert (now != before).all()
    assert {(b, n) for b, n in zip(before, now, strict=True)} == {(a, b) for a in range(3) for b in range(3) if a != b}
    means = np.stack([rows[:4].mean(axis=0), rows[4:8].mean(axis=0), rows[8:].mean(axis=0)])
    np.testing.assert_allclose(features[12:] - means[now], rows[origin[12:]] - means[before], atol=1e-9)


@pytest.mark.parametrize("copies", [0, 3])
def test_nobody_to_swap_with_leaves_the_rows_as_they_are(copies):
    features, origin = linear_swap(ROWS[:2], SUBJECTS[:2], copies=copies, rng=np.random.default_rng(0))
    assert features.tolist() == ROWS[:2].tolist()
    assert origin.tolist() == [0, 1]


SUBJECTS_BASELINES = np.repeat(["ana", "ben", "eva", "tom", "uli"], 4)
CODE = np.repeat(np.arange(5.0), 4)
EMOTION = np.tile([0, 0, 1, 1], 5)
ROWS_BASELINES = np.stack([CODE, EMOTION.astype(float)], axis=1)
"""A row says who walks and how: (subject, emotion)."""


class Spy:
    """Reads the emotion from the second column if ``honest``, else says 0; keeps what it was shown."""

    seen: list = []  # noqa: RUF012

    def __init__(self, honest):
        self.honest = honest

    def fit(self, rows, labels):
        self.rows, self.labels = rows, labels
        Spy.seen.append(self)
        return self

    def predict(self, rows):
        self.asked = rows
        return np.where(self.honest, rows[:, 1].round().astype(int), 0)


@pytest.fixture
def spies(monkeypatch):
    Spy.seen = []
    family = Family(lambda honest: Spy(honest), {"honest": [False, True]})
    monkeypatch.setattr(baselines, "CLASSIFIERS", {"spy": family})
    return Spy.seen


def test_the_setting_that_is_best_inside_is_used_by_hand(spies):
    result = run_baseline("spy", ROWS_BASELINES, EMOTION, SUBJECTS_BASELINES, np.array([[9.0, 1.0], [9.0, 0.0]]))
    assert result.chosen == {"honest": True}
    assert result.inner_score == 1.0
    assert result.predicted.tolist() == [1, 0]
    assert len(spies[-1].rows) == 20  # the last one is fitted on all training rows


def test_subjects_are_never_on_both_sides_of_an_inner_fold(spies):
    run_baseline("spy", ROWS_BASELINES, EMOTION, SUBJECTS_BASELINES, ROWS_BASELINES[:1], inner_folds=4)
    inner = spies[:-1]
    assert len(inner) == 2 * 4
    for spy in inner:
        assert not set(spy.rows[:, 0]) & set(spy.asked[:, 0])
    judged = np.concatenate([spy.asked[:, 0] for spy in inner[:4]])
    assert sorted(judged) == sorted(CODE)  # and every row judges once a setting


def test_fewer_subjects_make_fewer_inner_folds(spies):
    run_baseline("spy", ROWS_BASELINES[:8], EMOTION[:8], SUBJECTS_BASELINES[:8], ROWS_BASELINES[:1], inner_folds=4)
    assert len(spies) == 2 * 2 + 1


def test_only_as_many_neighbours_as_an_inner_fold_has_rows_are_tried():
    """Two subjects with four rows each: an inner fold trains on four, so neither five nor nine neighbours can be
    had.
    """
    result = run_baseline("knn", ROWS_BASELINES[:8, 1:], EMOTION[:8], SUBJECTS_BASELINES[:8], ROWS_BASELINES[:2, 1:])
    assert result.chosen == {"n_neighbors": 1}
    assert result.predicted.tolist() == [0, 0]


def test_swaps_are_made_inside_every_fit_of_its_own_subjects(spies):
    result = run_baseline("spy", ROWS_BASELINES, EMOTION, SUBJECTS_BASELINES, ROWS_BASELINES[:3], swap_copies=2)
    assert result.predicted.tolist() == [0, 0, 1]
    for spy in spies[:-1]:
        assert len(spy.rows) == 3 * (20 - len(spy.asked))
        assert not set(spy.rows[:, 0]) & set(spy.asked[:, 0])
    for spy in spies:
        assert spy.labels.tolist() == spy.rows[:, 1].tolist()  # the label went with its row
    assert len(spies[-1].rows) == 60


@pytest.fixture
def few_trees(monkeypatch):
    """Forests of ten trees: how a family is tried does not depend on the size of its forests."""

    def make(**chosen):
        return baselines.scaled(RandomForestClassifier(n_estimators=10, random_state=0, **chosen))

    monkeypatch.setitem(CLASSIFIERS, "random_forest", replace(CLASSIFIERS["random_forest"], make=make))


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_what_is_tested_never_decides_what_is_chosen(name):
    rng = np.random.default_rng(0)
    rows = np.concatenate([ROWS_BASELINES[:, 1:] + 0.8 * rng.normal(size=(20, 1)), rng.normal(size=(20, 5))], axis=1)
    found = [run_baseline(name, rows, EMOTION, SUBJECTS_BASELINES, test) for test in (rows[:4], 100 + rows, -rows[:1])]
    assert found[0].chosen == found[1].chosen == found[2].chosen
    assert found[0].inner_score == found[1].inner_score == found[2].inner_score
    assert found[0].predicted.shape == (4,)


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("name", CLASSIFIERS)
@pytest.mark.parametrize("swap_copies", [0, 1])
def test_an_emotion_that_is_plain_to_see_is_found_in_others(name, swap_copies):
    rng = np.random.default_rng(1)
    rows = np.stack([EMOTION + 0.05 * rng.normal(size=20), CODE], axis=1)
    test = np.array([[0.0, 2.5], [1.0, 2.5]])
    result = run_baseline(name, rows, EMOTION, SUBJECTS_BASELINES, test, swap_copies=swap_copies)
    assert result.inner_score == 1.0
    assert result.predicted.tolist() == [0, 1]
