import json
import sys

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from stgcn_affect.data.fold import fold_data
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.disentanglement import probe
from stgcn_affect.evaluation.mechanisms import (
    MechanismFold,
    add_noise,
    can_erase,
    curve_area,
    curve_points,
    emotion_of_release,
    erase_subjects,
    score_mechanism,
)

CODES = np.repeat(np.arange(5), 12)
SUBJECTS = np.array([f"subject {code}" for code in CODES])
EMOTION = np.tile([0, 1, 2], 20)


def latent(seed=0):
    """[60, 16] that says who walks in some columns, how in others, and both in a mixture."""
    rng = np.random.default_rng(seed)
    told = np.concatenate([3 * np.eye(5)[CODES], 3 * np.eye(3)[EMOTION], np.zeros((60, 8))], axis=1)
    return (told + 0.1 * rng.normal(size=told.shape)) @ np.linalg.qr(rng.normal(size=(16, 16)))[0]


def test_noise_is_in_units_of_the_training_spread():
    train = np.array([[0.0, 0.0], [2.0, 200.0]])  # standard deviations 1 and 100
    released = np.full((20000, 2), 5.0)
    noisy = add_noise(train, released, strength=0.5, seed=0)
    np.testing.assert_allclose(noisy.mean(axis=0), [5, 5], atol=1.5)
    np.testing.assert_allclose(noisy.std(axis=0), [0.5, 50.0], rtol=0.02)
    assert (add_noise(train, released, strength=0.5, seed=0) == noisy).all()
    assert not (add_noise(train, released, strength=0.5, seed=1) == noisy).any()
    assert (add_noise(train, released, strength=0.0, seed=0) == released).all()


def test_what_is_erased_cannot_be_read_by_a_linear_attacker():
    pytest.importorskip("concept_erasure")
    rows = latent()
    reader = LogisticRegression(max_iter=2000)
    assert reader.fit(rows, SUBJECTS).score(rows, SUBJECTS) == 1.0
    erased = erase_subjects(rows, SUBJECTS, rows)
    for code in range(5):
        np.testing.assert_allclose(erased[code == CODES].mean(axis=0), erased.mean(axis=0), atol=1e-6)
    reader.fit(erased, SUBJECTS)
    assert reader.score(erased, SUBJECTS) == pytest.approx(0.2, abs=0.1)  # all subjects are equally likely everywhere
    np.testing.assert_allclose(reader.predict_proba(erased), 0.2, atol=1e-3)


def test_the_emotion_survives_the_erasure():
    pytest.importorskip("concept_erasure")
    erased = erase_subjects(latent(), SUBJECTS, latent(1))
    assert probe(erased[::2], EMOTION[::2], erased[1::2], EMOTION[1::2]).balanced_accuracy == 1.0


def test_the_eraser_is_fitted_on_training_rows_and_changes_others_alike():
    pytest.importorskip("concept_erasure")
    rows = latent()
    both = erase_subjects(rows, SUBJECTS, np.concatenate([rows[:3], rows[:1] + 9.0]))
    np.testing.assert_allclose(both[:3], erase_subjects(rows, SUBJECTS, rows[:3]), atol=1e-9)
    assert both.shape == (4, 16)
    assert both.dtype == np.float64


def test_without_its_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "concept_erasure", None)
    assert not can_erase()
    with pytest.raises(InputError, match=r"pip install 'stgcn_affect\[erasure\]' \(got none\)"):
        erase_subjects(latent(), SUBJECTS, latent())


@pytest.mark.parametrize(
    ("points", "area"),
    [
        ([], 0.0),
        ([(0.25, 0.8)], 0.75 * 0.8),
        ([(0.2, 0.5), (0.6, 0.9)], 0.4 * 0.5 + 0.4 * 0.9),
        ([(0.6, 0.4), (0.2, 0.5)], 0.8 * 0.5),  # more leaks and less is read: worse in both, adds nothing
        ([(1.0, 0.9)], 0.0),
    ],
)
def test_area_by_hand(points, area):
    assert curve_area([{"identity": x, "emotion": y} for x, y in points]) == pytest.approx(area)


def test_the_emotion_of_a_release_is_that_of_unseen_subjects(labelled, halves):
    cycles = labelled(np.repeat([f"subject {i}" for i in range(6)], 3), ["happy", "neutral", "sad"] * 6)
    split = halves(cycles)[0]
    whole = np.eye(3)[np.unique(cycles.emotion, return_inverse=True)[1]]
    assert emotion_of_release(whole, cycles, split) == 1.0
    only_seen = whole.copy()
    only_seen[split.test] = 0.0
    assert emotion_of_release(only_seen, cycles, split) == pytest.approx(1 / 3)


def test_a_mechanism_is_scored_on_both_sides_and_comes_back_from_json(labelled, halves):
    cycles = labelled(np.repeat([f"subject {i}" for i in range(6)], 3), ["happy", "neutral", "sad"] * 6)
    data = fold_data(cycles, halves(cycles)[0], hold_out_take=False, seed=0)
    who = np.eye(6)[np.unique(cycles.subject, return_inverse=True)[1]]
    fold = score_mechanism("noise", 0.5, who, data, attackers=["nearest_neighbour"])
    assert fold.name == "noise-0.5"
    assert fold.attack.hits["released"]["nearest_neighbour"].all()
    assert fold.emotion == pytest.approx(1 / 3)
    again = MechanismFold.from_dict(json.loads(json.dumps(fold.to_dict())))
    assert again.to_dict() == fold.to_dict()


def test_points_of_the_curve_by_hand(closed_attack):
    first = closed_attack({"released": {"svm": np.array([True, True, False, False])}}), 0.6
    second = closed_attack({"released": {"svm": np.ones(4, bool)}}), 0.8
    mechanisms = [("noise", 10.0), ("leace", None), ("noise", 2.0), ("noise", 0.5)]
    folds = [MechanismFold(*mechanism, *scores) for scores in (first, second) for mechanism in mechanisms]
    points = curve_points(folds, seed=0)
    assert [point["name"] for point in points] == ["leace", "noise-0.5", "noise-2", "noise-10"]
    assert [(point["kind"], point["strength"]) for point in points][:2] == [("leace", None), ("noise", 0.5)]
    for point in points:
        assert point["emotion"] == pytest.approx(0.7)
        assert (point["identity"], point["identity_chance"], point["models"]) == (0.75, 0.25, 2)
        assert point["identity_ci95"][0] <= 0.75 <= point["identity_ci95"][1]
