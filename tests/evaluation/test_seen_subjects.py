import json
from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.evaluation.attackers import ATTACKERS
from stgcn_affect.evaluation.rounds import held_out_emotion_rounds, held_out_take_round
from stgcn_affect.evaluation.seen_scores import seen_subjects_block
from stgcn_affect.evaluation.seen_subjects import Attack, attack_seen_subjects, attack_statically


def made_up(chance, subjects, hits, inner=None):
    """An attack in which attackers name the subject where they hit and nobody elsewhere."""
    subjects = np.array(subjects)
    predictions = {
        release: {name: np.where(hit, subjects, "nobody") for name, hit in found.items()}
        for release, found in hits.items()
    }
    return Attack(chance, subjects, predictions, np.zeros(len(subjects), int), inner or {})


def walking(subjects=5, takes=4):
    """Names and emotions of every subject x emotion x take."""
    subject, emotion, _ = np.indices((subjects, 3, takes)).reshape(3, -1)
    return subject, np.array([f"subject {s}" for s in subject]), np.array(["angry", "happy", "sad"])[emotion]


def test_a_planted_identity_is_found_and_noise_is_not():
    subject, names, emotions = walking()
    rng = np.random.default_rng(0)
    releases = {"planted": np.eye(5)[subject], "noise": rng.normal(size=(len(names), 6))}
    rounds = held_out_emotion_rounds(emotions, np.zeros(len(names), bool))
    attack = attack_seen_subjects(releases, names, rounds)
    assert attack.chance == 0.2
    assert sorted(attack.subjects) == sorted(names)
    block = seen_subjects_block([attack])
    assert block["chance"] == 0.2
    used = set(attack.hits["planted"])
    assert used <= set(ATTACKERS)
    assert block["planted"] == {"accuracy": 1.0, "attackers": dict.fromkeys(used, 1.0), "ci95": [1.0, 1.0]}
    assert set(block["noise"]["attackers"]) == used
    assert block["noise"]["accuracy"] == max(block["noise"]["attackers"].values())
    assert block["noise"]["accuracy"] == pytest.approx(0.2, abs=0.16)  # three standard deviations of 60 guesses
    assert block["noise"]["ci95"][0] <= block["noise"]["accuracy"] <= block["noise"]["ci95"][1]


def test_the_attacker_never_trains_on_the_emotion_that_it_attacks():
    # The subject is shown in a column that is another one in every emotion: seen elsewhere, it does not help.
    subject, names, emotions = walking()
    shown = np.zeros((len(names), 15))
    shown[np.arange(len(names)), 5 * (emotions == "happy") + 10 * (emotions == "sad") + subject] = 1.0
    attack = attack_seen_subjects(
        {"shown": shown}, names, held_out_emotion_rounds(emotions, np.zeros(len(names), bool))
    )
    assert max(hits.mean() for hits in attack.hits["shown"].values()) == pytest.approx(0.2, abs=0.1)


def test_the_attacker_that_counts_is_chosen_without_the_attacked_emotion():
    subject, names, emotions = walking()
    rng = np.random.default_rng(0)
    features = np.concatenate([np.eye(5)[subject], 0.01 * rng.normal(size=(len(names), 2))], axis=1)
    rounds = held_out_emotion_rounds(emotions, np.zeros(len(names), bool))
    attack = attack_seen_subjects({"shown": features}, names, rounds, attackers=["lda", "svm"], leave_out=emotions)
    assert attack.inner["shown"] == {"lda": 1.0, "svm": 1.0}
    wrong = {"shown": {"lda": ~attack.hits["shown"]["lda"], "svm": attack.hits["shown"]["svm"]}}
    counted = seen_subjects_block([made_up(0.2, attack.subjects, wrong, {"shown": {"lda": 0.9, "svm": 0.4}})])
    assert counted["shown"]["accuracy"] == 0.0  # of the one that was better inside, though the other one is right here
    assert counted["shown"]["attackers"] == {"lda": 0.0, "svm": 1.0}


def test_held_out_takes_of_what_tells_the_subject_in_one_emotion_only_are_found():
    """The same features that help nobody across emotions: here the emotion has been seen."""
    subject, names, emotions = walking(takes=3)
    shown = np.zeros((len(names), 15))
    shown[np.arange(len(names)), 5 * (emotions == "happy") + 10 * (emotions == "sad") + subject] = 1.0
    takes = np.tile(np.arange(3), 15)
    rounds, leave_out = held_out_take_round(names, emotions, takes, takes == 1)
    attack = attack_seen_subjects({"shown": shown}, names, rounds, leave_out=leave_out)
    assert attack.inner["shown"] == {"logistic_regression": 1.0, "nearest_neighbour": 1.0}
    assert seen_subjects_block([attack])["shown"]["accuracy"] == 1.0


def test_static_attackers_learn_from_one_release_and_attack_another():
    subject, names, emotions = walking()
    rounds = held_out_emotion_rounds(emotions, np.zeros(len(names), bool))
    learnt = np.eye(5)[subject]
    probes = {"as it is": learnt, "turned": np.eye(5)[(subject + 1) % 5]}
    inner = {"svm": 0.3, "nearest_neighbour": 0.9}
    attack = attack_statically(learnt, probes, names, rounds, attackers=list(inner), inner=inner)
    assert {release: {name: hit.mean() for name, hit in hits.items()} for release, hits in attack.hits.items()} == {
        "as it is": dict.fromkeys(inner, 1.0),
        "turned": dict.fromkeys(inner, 0.0),
    }
    assert attack.strongest("turned") == "nearest_neighbour"
    directly = attack_seen_subjects({"as it is": learnt}, names, rounds, attackers=list(inner))
    for name in inner:
        assert attack.predictions["as it is"][name].tolist() == directly.predictions["as it is"][name].tolist()


def test_a_closed_set_attack_comes_back_as_it_was():
    names = np.array(["ana", "ben", "ana"])
    predictions = {"raw": {"svm": names, "lda": np.array(["ana", "", "ben"])}}
    attack = Attack(0.5, names, predictions, np.array([0, 0, 1]), {"raw": {"svm": 0.9, "lda": 0.2}})
    again = Attack.from_dict(json.loads(json.dumps(attack.to_dict())))
    assert again.chance == 0.5
    assert again.subjects.tolist() == names.tolist()
    assert again.groups.tolist() == [0, 0, 1]
    assert again.inner == attack.inner
    assert {name: hit.tolist() for name, hit in again.hits["raw"].items()} == {
        "svm": [True, True, True],
        "lda": [True, False, False],
    }
    assert seen_subjects_block([again]) == seen_subjects_block([attack])


def test_an_attack_without_inner_scores_has_none_afterwards():
    names = np.array(["ana", "ben"])
    attack = Attack(0.5, names, {"raw": {"svm": names}}, np.zeros(2, int))
    assert Attack.from_dict(json.loads(json.dumps(attack.to_dict()))).inner == {}


def test_one_release_alone_keeps_its_inner_scores(closed_attack):
    attack = closed_attack({name: {"svm": np.array([True, False, False, True])} for name in ("raw", "z")})
    alone = attack.only("z")
    assert list(alone.predictions) == list(alone.inner) == ["released"]
    assert alone.hits["released"]["svm"].tolist() == [True, False, False, True]
    assert replace(attack, inner={}).only("z").inner == {}
