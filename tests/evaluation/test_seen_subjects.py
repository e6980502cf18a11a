import json
from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.evaluation.attackers import ATTACKERS
from stgcn_affect.evaluation.seen_scores import seen_subjects_block
from stgcn_affect.evaluation.seen_subjects import (
    Attack,
    attack_seen_subjects,
    attack_statically,
    held_out_emotion_rounds,
    held_out_take_round,
)

EMOTIONS = np.array(["sad", "happy", "sad", "happy", "angry"])


def made_up(chance, subjects, hits, inner=None):
    """An attack in which attackers name the subject where they hit and nobody elsewhere."""
    subjects = np.array(subjects)
    predictions = {
        release: {name: np.where(hit, subjects, "nobody") for name, hit in found.items()}
        for release, found in hits.items()
    }
    return Attack(chance, subjects, predictions, np.zeros(len(subjects), int), inner or {})


def as_lists(rounds):
    return [(train.tolist(), test.tolist()) for train, test in rounds]


def test_each_emotion_in_turn_is_attacked_by_hand():
    rounds = held_out_emotion_rounds(EMOTIONS, np.zeros(5, bool))
    assert as_lists(rounds) == [([0, 1, 2, 3], [4]), ([0, 2, 4], [1, 3]), ([1, 3, 4], [0, 2])]


def test_takes_that_the_encoder_never_saw_are_attacked_where_there_are_some():
    rounds = held_out_emotion_rounds(EMOTIONS, np.array([False, True, True, False, False]))
    assert as_lists(rounds) == [([0, 1, 2, 3], [4]), ([0, 2, 4], [1]), ([1, 3, 4], [2])]


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


def test_held_out_takes_are_named_by_who_learnt_the_others_by_hand():
    subjects = np.array(["ana", "ana", "ana", "ben", "ben", "ben", "ben"])
    takes = np.array(["1", "2", "5", "1", "3", "3", "4"])
    emotions = np.full(7, "sad")
    held = np.array([False, True, False, True, False, False, False])
    rounds, leave_out = held_out_take_round(subjects, emotions, takes, held)
    assert as_lists(rounds) == [([0, 2, 4, 5, 6], [1, 3])]
    assert leave_out[~held].tolist() == [0, 1, 0, 0, 1]  # everybody's first take to learn from, and the second


def test_with_one_take_to_learn_from_every_second_cycle_is_left_out_inside():
    subjects, takes = np.repeat(["ana", "ben"], 4), np.array(list("11211112"))
    held = takes == "2"
    rounds, leave_out = held_out_take_round(subjects, np.full(8, "sad"), takes, held)
    assert as_lists(rounds) == [([0, 1, 3, 4, 5, 6], [2, 7])]
    assert leave_out[~held].tolist() == [0, 1, 0, 0, 1, 0]


def test_with_one_cycle_to_learn_from_emotions_are_left_out_inside():
    subjects, emotions = np.repeat(["ana", "ben"], 4), np.tile(["happy", "happy", "sad", "sad"], 2)
    held = np.tile([False, True], 4)
    rounds, leave_out = held_out_take_round(subjects, emotions, np.tile(["1", "2"], 4), held)
    assert as_lists(rounds) == [([0, 2, 4, 6], [1, 3, 5, 7])]
    assert leave_out.tolist() == emotions.tolist()


@pytest.mark.parametrize("held", [[False] * 8, [True] * 8, [False, True] * 3 + [False, False]])
def test_where_a_subjects_emotion_lacks_a_take_on_either_side_there_is_no_such_attack(held):
    subjects, emotions = np.repeat(["ana", "ben"], 4), np.tile(["happy", "happy", "sad", "sad"], 2)
    assert held_out_take_round(subjects, emotions, np.tile(["1", "2"], 4), np.array(held)) is None


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
