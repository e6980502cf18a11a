import numpy as np
import pytest

from stgcn_affect.evaluation.rounds import (
    ENROLMENTS,
    Labels,
    held_out_emotion_rounds,
    held_out_take_round,
    rounds_from_one_take,
    rounds_over_emotions,
    rounds_within_emotions,
)

EMOTIONS = np.array(["sad", "happy", "sad", "happy", "angry"])


def labels(subjects, emotions, takes=None):
    return Labels(np.array(subjects), np.array(emotions), np.array(takes or ["1"] * len(subjects)))


def as_lists(rounds):
    return [(enrol.tolist(), probe.tolist()) for enrol, probe in rounds]


def test_each_emotion_in_turn_is_probed_by_hand():
    walks = labels(["ana", "ana", "ben", "ben", "ben"], ["sad", "happy", "sad", "happy", "happy"])
    assert as_lists(rounds_over_emotions(walks)) == [([0, 2], [1, 3, 4]), ([1, 3, 4], [0, 2])]


def test_one_take_of_each_emotion_in_turn_is_enrolled_by_hand():
    walks = labels(
        ["ana", "ana", "ana", "ben", "ben", "ben", "ben"],
        ["sad", "sad", "happy", "sad", "happy", "happy", "angry"],
        ["2", "1", "1", "7", "3", "3", "1"],
    )
    assert as_lists(rounds_from_one_take(walks)) == [
        ([2, 4, 5], [0, 1, 3, 6]),  # happy: one take of ben's has two cycles; angry is ben alone, which is no gallery
        ([1, 3], [2, 4, 5, 6]),  # sad: ana's first take only
    ]


@pytest.mark.parametrize("rounds", [rounds_over_emotions, rounds_from_one_take])
def test_only_the_enrolled_are_looked_for(rounds):
    walks = labels(["ana", "ana", "ben", "ben", "eva"], ["sad", "happy", "sad", "happy", "happy"])
    # eva is enrolled once, and never looked for
    assert sorted(as_lists(rounds(walks))) == [([0, 2], [1, 3]), ([1, 3, 4], [0, 2])]
    assert as_lists(rounds_over_emotions(labels(["ana", "ana", "ben"], ["sad", "happy", "happy"]))) == [([1, 2], [0])]


@pytest.mark.parametrize("rounds", [rounds_over_emotions, rounds_from_one_take])
def test_no_emotion_is_on_both_sides_and_nobody_alone_is_a_gallery(rounds, walking):
    walks = walking(4)[1]
    assert len(rounds(walks)) == 3
    for enrol, probe in rounds(walks):
        assert not set(walks.emotions[enrol]) & set(walks.emotions[probe])
    assert rounds(walking(1)[1]) == []


def test_one_take_is_enrolled_and_the_others_of_its_emotion_are_probed_by_hand():
    walks = labels(
        ["ana", "ana", "ana", "ben", "ben", "ben", "eva"],
        ["sad", "sad", "happy", "sad", "sad", "happy", "sad"],
        ["2", "1", "1", "7", "3", "3", "1"],
    )
    assert as_lists(rounds_within_emotions(walks)) == [([1, 4, 6], [0, 3])]  # happy: one take each; eva is not probed
    assert set(ENROLMENTS) == {"emotions", "one_take", "same_emotion"}


def test_each_emotion_in_turn_is_attacked_by_hand():
    rounds = held_out_emotion_rounds(EMOTIONS, np.zeros(5, bool))
    assert as_lists(rounds) == [([0, 1, 2, 3], [4]), ([0, 2, 4], [1, 3]), ([1, 3, 4], [0, 2])]


def test_takes_that_the_encoder_never_saw_are_attacked_where_there_are_some():
    rounds = held_out_emotion_rounds(EMOTIONS, np.array([False, True, True, False, False]))
    assert as_lists(rounds) == [([0, 1, 2, 3], [4]), ([0, 2, 4], [1]), ([1, 3, 4], [2])]


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
