"""Baselines choose inside the training walkers: what they see of whom is watched by a classifier that is a spy."""

import numpy as np
import pytest

from stgcn_affect.evaluation import baselines
from stgcn_affect.evaluation.baselines import run_baseline
from stgcn_affect.evaluation.classifiers import CLASSIFIERS, Family

WALKERS = np.repeat(["ana", "ben", "eva", "tom", "uli"], 4)
CODE = np.repeat(np.arange(5.0), 4)
EMOTION = np.tile([0, 0, 1, 1], 5)
ROWS = np.stack([CODE, EMOTION.astype(float)], axis=1)
"""A row says who walks and how: (walker, emotion)."""


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
    result = run_baseline("spy", ROWS, EMOTION, WALKERS, np.array([[9.0, 1.0], [9.0, 0.0]]))
    assert result.chosen == {"honest": True}
    assert result.inner_score == 1.0
    assert result.predicted.tolist() == [1, 0]
    assert len(spies[-1].rows) == 20  # the last one is fitted on all training rows


def test_walkers_are_never_on_both_sides_of_an_inner_fold(spies):
    run_baseline("spy", ROWS, EMOTION, WALKERS, ROWS[:1], inner_folds=4)
    inner = spies[:-1]
    assert len(inner) == 2 * 4
    for spy in inner:
        assert not set(spy.rows[:, 0]) & set(spy.asked[:, 0])
    judged = np.concatenate([spy.asked[:, 0] for spy in inner[:4]])
    assert sorted(judged) == sorted(CODE)  # and every row judges once a setting


def test_fewer_walkers_make_fewer_inner_folds(spies):
    run_baseline("spy", ROWS[:8], EMOTION[:8], WALKERS[:8], ROWS[:1], inner_folds=4)
    assert len(spies) == 2 * 2 + 1


def test_only_as_many_neighbours_as_an_inner_fold_has_rows_are_tried():
    """Two walkers with four rows each: an inner fold trains on four, so neither five nor nine neighbours can be had."""
    result = run_baseline("knn", ROWS[:8, 1:], EMOTION[:8], WALKERS[:8], ROWS[:2, 1:])
    assert result.chosen == {"n_neighbors": 1}
    assert result.predicted.tolist() == [0, 0]


def test_swaps_are_made_inside_every_fit_of_its_own_walkers(spies):
    result = run_baseline("spy", ROWS, EMOTION, WALKERS, ROWS[:3], swap_copies=2)
    assert result.predicted.tolist() == [0, 0, 1]
    for spy in spies[:-1]:
        assert len(spy.rows) == 3 * (20 - len(spy.asked))
        assert not set(spy.rows[:, 0]) & set(spy.asked[:, 0])
    for spy in spies:
        assert spy.labels.tolist() == spy.rows[:, 1].tolist()  # the label went with its row
    assert len(spies[-1].rows) == 60


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_what_is_tested_never_decides_what_is_chosen(name):
    rng = np.random.default_rng(0)
    rows = np.concatenate([ROWS[:, 1:] + 0.8 * rng.normal(size=(20, 1)), rng.normal(size=(20, 5))], axis=1)
    found = [run_baseline(name, rows, EMOTION, WALKERS, test) for test in (rows[:4], 100 + rows, -rows[:1])]
    assert found[0].chosen == found[1].chosen == found[2].chosen
    assert found[0].inner_score == found[1].inner_score == found[2].inner_score
    assert found[0].predicted.shape == (4,)


@pytest.mark.parametrize("name", CLASSIFIERS)
@pytest.mark.parametrize("swap_copies", [0, 1])
def test_an_emotion_that_is_plain_to_see_is_found_in_others(name, swap_copies):
    rng = np.random.default_rng(1)
    rows = np.stack([EMOTION + 0.05 * rng.normal(size=20), CODE], axis=1)
    test = np.array([[0.0, 2.5], [1.0, 2.5]])
    result = run_baseline(name, rows, EMOTION, WALKERS, test, swap_copies=swap_copies)
    assert result.inner_score == 1.0
    assert result.predicted.tolist() == [0, 1]
