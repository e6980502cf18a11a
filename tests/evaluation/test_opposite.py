import numpy as np
import pytest

from stgcn_affect.evaluation.attackers import ATTACKERS, predict_walkers
from stgcn_affect.evaluation.known_walkers import attack_known_walkers, held_out_emotion_rounds, known_walkers_block
from stgcn_affect.evaluation.opposite import OPPOSED, OPPOSITE, Opposite
from stgcn_affect.evaluation.unseen_scores import unseen_walkers_block
from stgcn_affect.evaluation.unseen_walkers import attack_unseen_walkers


class _Nearest:
    """Names the row nearest to a point, by hand."""

    def fit(self, rows, names):
        self.rows, self.names = rows, names

    def predict(self, rows):
        return self.names[np.abs(self.rows[None, :, 0] - rows[:, :1]).argmin(axis=1)]


def test_rows_are_mirrored_through_their_mean():
    attacker = Opposite(_Nearest()).fit(np.array([[1.0], [2.0], [6.0]]), np.array(["ana", "ben", "eva"]))
    assert attacker.predict(np.array([[5.2], [4.1], [0.0]])).tolist() == ["ana", "ben", "eva"]


@pytest.fixture
def summed_to_nothing(walking):
    """Makes features and labels of walkers each of whose three takes is less the mean of the other two."""

    def make(walkers, *, first=0):
        _, labels = walking(walkers, first=first, takes=1)
        alone = np.random.default_rng(first).normal(size=(walkers, 3, 12))
        less = alone - (alone.sum(axis=1, keepdims=True) - alone) / 2
        return less.reshape(-1, 12), labels

    return make


@pytest.mark.parametrize("name", OPPOSED)
def test_who_looks_for_the_opposite_names_takes_that_were_compared_with_each_other(name, summed_to_nothing):
    rows, labels = summed_to_nothing(8)
    rounds = held_out_emotion_rounds(labels.emotions, np.ones(len(rows), bool))
    right = dict.fromkeys((name, OPPOSITE + name), 0.0)
    for learnt, met in rounds:
        for attacker in right:
            found = predict_walkers(attacker, rows[learnt], labels.walkers[learnt], rows[met])
            right[attacker] += (found == labels.walkers[met]).mean() / len(rounds)
    assert right[name] < 0.125
    assert right[OPPOSITE + name] > 0.75


def test_the_opposite_is_chosen_inside_where_it_is_better_and_nowhere_else(summed_to_nothing, walking, faces):
    rows, labels = summed_to_nothing(8)
    planted = faces(8)[walking(8, takes=1)[0]] + 0.05 * rows
    rounds = held_out_emotion_rounds(labels.emotions, np.ones(len(rows), bool))
    names = ("svm", *OPPOSED, *(OPPOSITE + name for name in OPPOSED))
    attack = attack_known_walkers(
        {"less": rows, "planted": planted}, labels.walkers, rounds, attackers=names, leave_out=labels.emotions
    )
    assert not attack.strongest("planted").startswith(OPPOSITE)
    assert known_walkers_block([attack])["planted"]["worst"] == 1.0
    assert set(ATTACKERS) > set(OPPOSED)


def test_unseen_walkers_are_verified_by_the_opposite(summed_to_nothing, walking, faces):
    known, own = summed_to_nothing(12)
    unseen, theirs = summed_to_nothing(8, first=12)
    plain = attack_unseen_walkers({"z": known}, own, {"z": unseen}, theirs)["emotions"]
    assert unseen_walkers_block([plain])["z"]["auc"] < 0.1
    aware = attack_unseen_walkers({"z": known}, own, {"z": unseen}, theirs, opposite=True)["emotions"]
    assert aware.verifier["z"].startswith(OPPOSITE)
    assert unseen_walkers_block([aware])["z"]["auc"] > 0.9
    alike = {"z": faces(40)[walking(12, takes=1)[0]]}, {"z": faces(40)[walking(8, takes=1)[0] + 12]}
    trusting = attack_unseen_walkers(alike[0], own, alike[1], theirs, opposite=True)["emotions"]
    assert not trusting.verifier["z"].startswith(OPPOSITE)
    assert unseen_walkers_block([trusting])["z"]["auc"] == pytest.approx(1.0)
