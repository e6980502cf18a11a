import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

from stgcn_affect.evaluation.attackers import (
    ATTACKERS,
    REFLECTED,
    REFLECTED_ATTACKERS,
    QuietLDA,
    ReflectedClassifier,
    predict_subjects,
    scaled,
    scaled_pca,
)
from stgcn_affect.evaluation.rounds import held_out_emotion_rounds
from stgcn_affect.evaluation.seen_scores import seen_subjects_block
from stgcn_affect.evaluation.seen_subjects import attack_seen_subjects
from stgcn_affect.evaluation.unseen_scores import unseen_subjects_block
from stgcn_affect.evaluation.unseen_subjects import attack_unseen_subjects


@pytest.mark.parametrize("features", [3, 40])
def test_the_span_of_the_rows_changes_no_answer(features):
    rng = np.random.default_rng(0)
    rows, labels, others = rng.normal(size=(12, features)), np.arange(12) % 3, rng.normal(size=(20, features))
    answers = [
        make(LogisticRegression(C=1.0, tol=1e-8, max_iter=5000)).fit(rows, labels).predict_proba(others)
        for make in (scaled, scaled_pca)
    ]
    np.testing.assert_allclose(answers[0], answers[1], atol=1e-4)


def test_many_features_become_at_most_as_many_as_there_are_rows():
    rows = np.random.default_rng(0).normal(size=(6, 50)) * np.linspace(1, 100, 50)
    fitted = scaled_pca(LogisticRegression()).fit(rows, [0, 1] * 3)
    assert fitted[-1].coef_.shape == (1, 6)


def test_the_unit_of_a_feature_does_not_matter():
    rng = np.random.default_rng(0)
    rows, labels, others = rng.normal(size=(30, 4)), np.arange(30) % 2, rng.normal(size=(9, 4))
    unit = np.array([1.0, 1e3, 1e-3, 60.0])
    for make in (scaled, scaled_pca):
        metres = make(LogisticRegression()).fit(rows, labels).predict_proba(others)
        others_units = make(LogisticRegression()).fit(rows * unit, labels).predict_proba(others * unit)
        np.testing.assert_allclose(metres, others_units, atol=1e-6)


class _Nearest:
    """Names the row nearest to a point, by hand."""

    def fit(self, rows, names):
        self.rows, self.names = rows, names

    def predict(self, rows):
        return self.names[np.abs(self.rows[None, :, 0] - rows[:, :1]).argmin(axis=1)]


def test_rows_are_mirrored_through_their_mean():
    attacker = ReflectedClassifier(_Nearest()).fit(np.array([[1.0], [2.0], [6.0]]), np.array(["ana", "ben", "eva"]))
    assert attacker.predict(np.array([[5.2], [4.1], [0.0]])).tolist() == ["ana", "ben", "eva"]


@pytest.fixture
def summed_to_nothing(walking):
    """Makes features and labels of subjects each of whose three takes is less the mean of the other two."""

    def make(subjects, *, first=0):
        _, labels = walking(subjects, first=first, takes=1)
        alone = np.random.default_rng(first).normal(size=(subjects, 3, 12))
        less = alone - (alone.sum(axis=1, keepdims=True) - alone) / 2
        return less.reshape(-1, 12), labels

    return make


@pytest.mark.parametrize("name", REFLECTED_ATTACKERS)
def test_reflected_attackers_find_takes_that_are_relative_to_each_other(name, summed_to_nothing):
    rows, labels = summed_to_nothing(8)
    rounds = held_out_emotion_rounds(labels.emotions, np.ones(len(rows), bool))
    right = dict.fromkeys((name, REFLECTED + name), 0.0)
    for learnt, met in rounds:
        for attacker in right:
            found = predict_subjects(attacker, rows[learnt], labels.subjects[learnt], rows[met])
            right[attacker] += (found == labels.subjects[met]).mean() / len(rounds)
    assert right[name] < 0.125
    assert right[REFLECTED + name] > 0.75


def test_reflected_attackers_are_chosen_where_they_are_better_and_nowhere_else(summed_to_nothing, walking, faces):
    rows, labels = summed_to_nothing(8)
    planted = faces(8)[walking(8, takes=1)[0]] + 0.05 * rows
    rounds = held_out_emotion_rounds(labels.emotions, np.ones(len(rows), bool))
    names = ("svm", *REFLECTED_ATTACKERS, *(REFLECTED + name for name in REFLECTED_ATTACKERS))
    attack = attack_seen_subjects(
        {"less": rows, "planted": planted}, labels.subjects, rounds, attackers=names, leave_out=labels.emotions
    )
    assert not attack.strongest("planted").startswith(REFLECTED)
    assert seen_subjects_block([attack])["planted"]["accuracy"] == 1.0
    assert set(ATTACKERS) > set(REFLECTED_ATTACKERS)


def test_unseen_subjects_are_verified_by_reflected_verifiers(summed_to_nothing, walking, faces):
    known, own = summed_to_nothing(12)
    unseen, theirs = summed_to_nothing(8, first=12)
    plain = attack_unseen_subjects({"z": known}, own, {"z": unseen}, theirs)["emotions"]
    assert unseen_subjects_block([plain])["z"]["auc"] < 0.1
    aware = attack_unseen_subjects({"z": known}, own, {"z": unseen}, theirs, reflected=True)["emotions"]
    assert aware.verifier["z"].startswith(REFLECTED)
    assert unseen_subjects_block([aware])["z"]["auc"] > 0.9
    alike = {"z": faces(40)[walking(12, takes=1)[0]]}, {"z": faces(40)[walking(8, takes=1)[0] + 12]}
    trusting = attack_unseen_subjects(alike[0], own, alike[1], theirs, reflected=True)["emotions"]
    assert not trusting.verifier["z"].startswith(REFLECTED)
    assert unseen_subjects_block([trusting])["z"]["auc"] == pytest.approx(1.0)


SUBJECTS = np.repeat(["ana", "ben", "eva", "tom"], 10)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ["logistic_regression", "lda", "nearest_neighbour"])
def test_rows_that_are_all_alike_name_somebody_without_a_warning(name):
    named = predict_subjects(name, np.ones((8, 3)), np.repeat(["ana", "ben"], 4), np.ones((2, 3)))
    assert set(named) <= {"ana", "ben"}


@pytest.mark.parametrize("name", ATTACKERS)
def test_a_planted_code_is_found(name):
    rng = np.random.default_rng(0)
    code = np.eye(4)[np.repeat(np.arange(4), 10)] + 0.01 * rng.normal(size=(40, 4))
    hidden = np.concatenate([rng.normal(size=(40, 3)), 1e-3 * code, np.ones((40, 1))], axis=1)  # small, among noise
    even = np.arange(40) % 2 == 0
    assert (predict_subjects(name, hidden[even], SUBJECTS[even], hidden[~even]) == SUBJECTS[~even]).all()


@pytest.mark.parametrize("name", ATTACKERS)
@pytest.mark.filterwarnings("error::sklearn.exceptions.ConvergenceWarning")
def test_noise_is_read_at_about_chance(name):
    rng = np.random.default_rng(1)
    subjects = np.repeat(SUBJECTS, 5)
    noise = rng.normal(size=(200, 5))
    even = np.arange(200) % 2 == 0
    right = predict_subjects(name, noise[even], subjects[even], noise[~even]) == subjects[~even]
    assert right.mean() == pytest.approx(0.25, abs=0.13)  # three standard deviations of 100 guesses


@pytest.mark.parametrize("name", ATTACKERS)
def test_each_attack_starts_fresh(name):
    first, second = ATTACKERS[name](), ATTACKERS[name]()
    assert first is not second
    here = np.array([[0.0], [0.1], [0.9], [1.0]])
    names = np.array(["ana", "ana", "ben", "ben"])
    predict_subjects(name, here, names, here)
    assert predict_subjects(name, here, names[::-1], here[[0, 3]]).tolist() == ["ben", "ana"]


@pytest.mark.parametrize("name", ATTACKERS)
@pytest.mark.filterwarnings("ignore:invalid value encountered in divide:RuntimeWarning")  # shares of no variance
def test_what_says_nothing_at_all_is_no_better_than_chance(name):
    found = predict_subjects(name, np.full((40, 3), 7.0), SUBJECTS, np.full((8, 3), 7.0))
    assert len(set(found)) == 1


def test_lda_names_nobody_from_one_cycle_each():
    assert predict_subjects("lda", np.eye(2), np.array(["ana", "ben"]), np.eye(2)).tolist() == ["", ""]


def test_an_unknown_attacker_is_an_error():
    with pytest.raises(KeyError, match="oracle"):
        predict_subjects("oracle", np.zeros((2, 1)), np.array(["ana", "ben"]), np.zeros((1, 1)))


def test_lda_says_nothing_of_a_class_with_one_row_and_decides_as_ever(recwarn):
    rng = np.random.default_rng(0)
    rows, names, probes = rng.normal(size=(9, 3)), np.array(["a", "b"] * 4 + ["c"]), rng.normal(size=(40, 3))
    quiet = QuietLDA(solver="lsqr", shrinkage="auto").fit(rows, names)
    assert not recwarn.list
    with pytest.warns(UserWarning, match="Only one sample"):
        loud = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto").fit(rows, names)
    assert quiet.predict(probes).tolist() == loud.predict(probes).tolist()
    assert set(loud.predict(probes)) == {"a", "b", "c"}
