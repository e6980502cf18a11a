import json

import numpy as np

from stgcn_affect.evaluation.unseen_scores import unseen_subjects_block
from stgcn_affect.evaluation.unseen_subjects import (
    VERIFIERS,
    OpenSetAttack,
    Pairs,
    attack_unseen_subjects,
    compare,
)


def test_a_probe_is_compared_with_the_mean_of_each_subjects_enrolled_cycles_by_hand():
    features = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, -2.0], [3.0, 3.0], [0.0, -1.0], [0.0, 0.0]])
    subjects = np.array(["ana", "ana", "ben", "ana", "ben", "ben"])
    pairs = compare(lambda rows: rows, features, subjects, np.array([0, 1, 2]), np.array([3, 4, 5]))
    assert pairs.gallery.tolist() == ["ana", "ben"]
    assert pairs.probes.tolist() == ["ana", "ben", "ben"]
    half = np.sqrt(0.5)
    np.testing.assert_allclose(pairs.scores, [[1, -half], [-half, 1], [0, 0]], atol=1e-12)


def test_the_attacker_weighs_what_tells_seen_subjects_apart(attacked, faces):
    """The subject is a whisper in three columns beside loud noise: plain distances do not hear it."""

    def whisper(subject, rng):
        said = np.concatenate([faces(40, 3)[subject], np.zeros((len(subject), 40))], axis=1)
        return said + np.array([0.02] * 3 + [1.0] * 40) * rng.normal(size=(len(subject), 43))

    for attack in attacked(whisper, known=20).values():
        assert attack.verifier == {"z": "discriminant"}
        assert unseen_subjects_block([attack])["z"]["auc"] > 0.9


def test_the_verifier_is_chosen_without_the_unseen(walking, faces):
    rng = np.random.default_rng(0)
    subject, labels = walking(8)
    rows = faces(40)[subject] + 0.05 * rng.normal(size=(len(subject), 12))
    noise = rng.normal(size=rows.shape)
    chosen = {
        str({way: attack.verifier for way, attack in attack_unseen_subjects({"z": rows}, labels, met, labels).items()})
        for met in ({"z": rows}, {"z": noise}, {"z": -1e3 * noise})
    }
    assert len(chosen) == 1


def test_too_few_seen_subjects_to_choose_are_attacked_all_the_same(attacked):
    for attack in attacked("planted", known=3, unseen=4).values():
        assert attack.verifier == {"z": next(iter(VERIFIERS))}
        assert unseen_subjects_block([attack])["z"]["rank1"] == 1.0


def test_subjects_who_share_no_emotion_cannot_be_told_apart_by_one_take(walking, faces):
    """Everybody has two emotions of their own: enrolled on one of them, they are alone in it."""
    subject, labels = walking(8, takes=1)
    own = labels._replace(emotions=np.array([f"{who} {what}" for who, what, _ in zip(*labels, strict=True)]))
    rows = {"z": faces(8)[subject]}
    attacks = attack_unseen_subjects(rows, own, rows, own)
    assert attacks["one_take"].pairs["z"] == []
    assert len(attacks["emotions"].pairs["z"]) == 24


def test_one_take_is_compared_with_all_other_emotions(attacked):
    attacks = attacked("planted", unseen=8)
    assert [len(attack.pairs["z"]) for attack in attacks.values()] == [3, 3, 3]
    for pairs in attacks["emotions"].pairs["z"]:
        assert pairs.scores.shape == (16, 8)  # one emotion in two takes
    for pairs in attacks["one_take"].pairs["z"]:
        assert pairs.scores.shape == (32, 8)  # two emotions in two takes
    for pairs in attacks["same_emotion"].pairs["z"]:
        assert pairs.scores.shape == (8, 8)  # the other take of the same emotion


def test_an_open_set_attack_comes_back_as_it_was():
    names = np.array(["ana", "ben"])
    pairs = {"z": [Pairs(np.array([[0.9, 0.1], [0.25, 0.75]]), names, names), Pairs(np.eye(2), names[::-1], names)]}
    attack = OpenSetAttack(pairs, {"z": "distance"})
    again = OpenSetAttack.from_dict(json.loads(json.dumps(attack.to_dict())))
    assert again.verifier == {"z": "distance"}
    for mine, its in zip(pairs["z"], again.pairs["z"], strict=True):
        assert mine.scores.tolist() == its.scores.tolist()
        assert mine.probes.tolist() == its.probes.tolist()
        assert mine.gallery.tolist() == its.gallery.tolist()
    assert unseen_subjects_block([again]) == unseen_subjects_block([attack])
