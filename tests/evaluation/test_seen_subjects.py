import numpy as np
import pytest

from stgcn_affect.evaluation.attackers import ATTACKERS
from stgcn_affect.evaluation.seen_subjects import (
    Attack,
    attack_seen_subjects,
    attack_statically,
    held_out_emotion_rounds,
    held_out_take_round,
    seen_subjects_block,
    strongest_hits,
)

EMOTIONS = np.array(["sad", "happy", "sad", "happy", "angry"])


def made_up(chance, subjects, hits, inner=None):
    """An attack in which attackers name the subject where they hit and nobody elsewhere."""
    subjects = np.array(subjects)
    said = {
        release: {name: np.where(hit, subjects, "nobody") for name, hit in found.items()}
        for release, found in hits.items()
    }
    return Attack(chance, subjects, said, np.zeros(len(subjects), int), inner or {})


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
    # The subject is told in a column that is another one in every emotion: seen elsewhere, it does not help.
    subject, names, emotions = walking()
    told = np.zeros((len(names), 15))
    told[np.arange(len(names)), 5 * (emotions == "happy") + 10 * (emotions == "sad") + subject] = 1.0
    attack = attack_seen_subjects({"told": told}, names, held_out_emotion_rounds(emotions, np.zeros(len(names), bool)))
    assert max(hits.mean() for hits in attack.hits["told"].values()) == pytest.approx(0.2, abs=0.1)


def test_the_block_is_the_mean_over_models_by_hand():
    names = list(ATTACKERS)
    first = {name: np.array([True, False, True, True]) for name in names}
    second = {name: np.array([name == names[1], False]) for name in names}
    attacks = [
        made_up(0.5, ["ana", "ana", "ben", "ben"], {"raw": first}),
        made_up(0.25, ["ana", "eva"], {"raw": second}),
    ]
    block = seen_subjects_block(attacks)
    assert block["chance"] == 0.375
    assert block["raw"]["attackers"] == {name: (0.75 + 0.5 * (name == names[1])) / 2 for name in names}
    assert block["raw"]["accuracy"] == 0.625
    assert 0.0 <= block["raw"]["ci95"][0] < 0.625 < block["raw"]["ci95"][1] <= 1.0
    assert seen_subjects_block(attacks, seed=0) == block


def test_the_attacker_that_counts_is_chosen_without_the_attacked_emotion():
    subject, names, emotions = walking()
    rng = np.random.default_rng(0)
    features = np.concatenate([np.eye(5)[subject], 0.01 * rng.normal(size=(len(names), 2))], axis=1)
    rounds = held_out_emotion_rounds(emotions, np.zeros(len(names), bool))
    attack = attack_seen_subjects({"told": features}, names, rounds, attackers=["lda", "svm"], leave_out=emotions)
    assert attack.inner["told"] == {"lda": 1.0, "svm": 1.0}
    wrong = {"told": {"lda": ~attack.hits["told"]["lda"], "svm": attack.hits["told"]["svm"]}}
    counted = seen_subjects_block([made_up(0.2, attack.subjects, wrong, {"told": {"lda": 0.9, "svm": 0.4}})])
    assert counted["told"]["accuracy"] == 0.0  # of the one that was better inside, though the other one is right here
    assert counted["told"]["attackers"] == {"lda": 0.0, "svm": 1.0}


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
    told = np.zeros((len(names), 15))
    told[np.arange(len(names)), 5 * (emotions == "happy") + 10 * (emotions == "sad") + subject] = 1.0
    takes = np.tile(np.arange(3), 15)
    rounds, leave_out = held_out_take_round(names, emotions, takes, takes == 1)
    attack = attack_seen_subjects({"told": told}, names, rounds, leave_out=leave_out)
    assert attack.inner["told"] == {"logistic_regression": 1.0, "nearest_neighbour": 1.0}
    assert seen_subjects_block([attack])["told"]["accuracy"] == 1.0


def test_static_attackers_learn_from_one_thing_and_meet_another():
    subject, names, emotions = walking()
    rounds = held_out_emotion_rounds(emotions, np.zeros(len(names), bool))
    known = np.eye(5)[subject]
    met = {"as it is": known, "turned": np.eye(5)[(subject + 1) % 5]}
    inner = {"svm": 0.3, "nearest_neighbour": 0.9}
    attack = attack_statically(known, met, names, rounds, attackers=list(inner), inner=inner)
    assert {release: {name: hit.mean() for name, hit in hits.items()} for release, hits in attack.hits.items()} == {
        "as it is": dict.fromkeys(inner, 1.0),
        "turned": dict.fromkeys(inner, 0.0),
    }
    assert attack.strongest("turned") == "nearest_neighbour"
    learnt = attack_seen_subjects({"as it is": known}, names, rounds, attackers=list(inner))
    for name in inner:
        assert attack.said["as it is"][name].tolist() == learnt.said["as it is"][name].tolist()


def test_without_inner_scores_the_most_accurate_over_the_models_counts():
    """Two emotions leave none to leave out inside."""
    first = made_up(0.5, ["ana", "ben"], {"z": {"svm": np.array([True, True]), "lda": np.array([False, False])}})
    second = made_up(0.5, ["eva", "uli"], {"z": {"svm": np.array([False, True]), "lda": np.array([True, True])}})
    assert strongest_hits([first, second], "z").tolist() == [True, True, False, True]
