import numpy as np
import pytest

from stgcn_affect.evaluation.enrolment import ENROLMENTS, Labels, rounds_from_one_take, rounds_over_emotions


def labels(walkers, emotions, takes=None):
    return Labels(np.array(walkers), np.array(emotions), np.array(takes or ["1"] * len(walkers)))


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


@pytest.mark.parametrize("rounds", ENROLMENTS.values())
def test_only_the_enrolled_are_looked_for(rounds):
    walks = labels(["ana", "ana", "ben", "ben", "eva"], ["sad", "happy", "sad", "happy", "happy"])
    # eva is enrolled once, and never looked for
    assert sorted(as_lists(rounds(walks))) == [([0, 2], [1, 3]), ([1, 3, 4], [0, 2])]
    assert as_lists(rounds_over_emotions(labels(["ana", "ana", "ben"], ["sad", "happy", "happy"]))) == [([1, 2], [0])]


@pytest.mark.parametrize("rounds", ENROLMENTS.values())
def test_no_emotion_is_on_both_sides_and_nobody_alone_is_a_gallery(rounds, walking):
    walks = walking(4)[1]
    assert len(rounds(walks)) == 3
    for enrol, probe in rounds(walks):
        assert not set(walks.emotions[enrol]) & set(walks.emotions[probe])
    assert rounds(walking(1)[1]) == []
