"""Rounds of attacks: from which cycles attackers learn, or whom they have enrolled, and which cycles they attack."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.splits import take_ids

Names = npt.NDArray[np.str_]
Index = npt.NDArray[np.int64]
Rounds = list[tuple[Index, Index]]
"""(cycles that attackers learn from or have enrolled, attacked cycles), a pair a round."""


def held_out_emotion_rounds(emotions: Names, testable: npt.NDArray[np.bool_]) -> Rounds:
    """Rounds of (attacker's training cycles, attacked cycles), each with one emotion left out of the training.

    Args:
        emotions: ``[N]`` names.
        testable: ``[N]`` whether the cycle is of a take held out of the encoder; where an emotion has such cycles, only
            these are attacked.
    """
    rounds = []
    for emotion in np.unique(emotions):
        test = emotions == emotion
        unseen = test & testable
        rounds.append((np.flatnonzero(~test), np.flatnonzero(unseen if unseen.any() else test)))
    return rounds


def held_out_take_round(
    subjects: Names, emotions: Names, takes: npt.NDArray[Any], held: npt.NDArray[np.bool_]
) -> tuple[Rounds, npt.NDArray[Any]] | None:
    """The round in which attackers learn from the takes that fitted the encoder, in all emotions, and attack the takes
    held out of it, in the same emotions.

    Args:
        subjects: ``[N]`` names.
        emotions: ``[N]`` names.
        takes: ``[N]``, unique within subject and emotion.
        held: ``[N]`` whether the cycle is of a take held out of the encoder.

    Returns:
        the round, and ``[N]`` what to leave out in its inner rounds: a take of every subject in every emotion; every
        second cycle where there is only one take to learn from; emotions where that has only one cycle. (The inner
        rounds should resemble the attack: the best attacker across emotions is not the best within one.) None where
        some subject's emotion has no take held out or none left.
    """
    cells = take_ids(subjects, emotions, np.zeros(len(subjects), int))
    if any(set(cells[part]) != set(cells) for part in (held, ~held)):
        return None
    members = [np.flatnonzero((cells == cell) & ~held) for cell in np.unique(cells)]
    take, cycle = np.zeros(len(subjects), dtype=np.int64), np.zeros(len(subjects), dtype=np.int64)
    for rows in members:
        take[rows] = np.unique(takes[rows], return_inverse=True)[1]
        cycle[rows] = np.arange(len(rows)) % 2
    leave_out = next((rank for rank in (take, cycle) if all(rank[rows].any() for rows in members)), emotions)
    return [(np.flatnonzero(~held), np.flatnonzero(held))], leave_out


class Labels(NamedTuple):
    """Subject, emotion and take of cycles, ``[N]`` each, as an attacker knows them.

    Shapes:
        - subjects and emotions: names.
        - takes: names or numbers that are unique within subject and emotion.
    """

    subjects: Names
    emotions: Names
    takes: npt.NDArray[Any]

    def at(self, index: npt.NDArray[Any]) -> "Labels":
        """The labels of the cycles at an index."""
        return Labels(*(column[index] for column in self))


def rounds_over_emotions(labels: Labels) -> Rounds:
    """Enrol on all emotions but one, attack that one, each in turn.

    Only subjects who are enrolled are attacked, and a round with fewer than two of them is none.
    """
    chosen = [np.flatnonzero(labels.emotions != emotion) for emotion in np.unique(labels.emotions)]
    return _rounds(
        chosen, [np.flatnonzero(labels.emotions == emotion) for emotion in np.unique(labels.emotions)], labels
    )


def rounds_from_one_take(labels: Labels) -> Rounds:
    """Enrol on one take in one emotion, attack all other emotions; each emotion in turn, with its first take.

    It models an attacker who has seen a subject walk past once. Other takes of that emotion are left out. Only enrolled
    subjects are attacked, as in ``rounds_over_emotions``.
    """
    chosen, probes = [], []
    for emotion in np.unique(labels.emotions):
        there = labels.emotions == emotion
        chosen.append(np.flatnonzero(_first_takes(labels, there)))
        probes.append(np.flatnonzero(~there))
    return _rounds(chosen, probes, labels)


def rounds_within_emotions(labels: Labels) -> Rounds:
    """Enrol on one take in one emotion, attack the other takes in the same emotion; each emotion in turn.

    No round, where subjects have one take of an emotion only.
    """
    chosen, probes = [], []
    for emotion in np.unique(labels.emotions):
        there = labels.emotions == emotion
        first = _first_takes(labels, there)
        chosen.append(np.flatnonzero(first))
        probes.append(np.flatnonzero(there & ~first))
    return _rounds(chosen, probes, labels)


ENROLMENTS: Mapping[str, Callable[[Labels], Rounds]] = {
    "emotions": rounds_over_emotions,
    "one_take": rounds_from_one_take,
    "same_emotion": rounds_within_emotions,
}
"""Ways of enrolling by name: which cycles of each subject an attacker has."""


def _first_takes(labels: Labels, there: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """``[N]``: which of the cycles ``there``, of one emotion, are of their subject's first take."""
    first = np.zeros(len(there), dtype=bool)
    for name in np.unique(labels.subjects[there]):
        own = there & (labels.subjects == name)
        first |= own & (labels.takes == np.unique(labels.takes[own])[0])
    return first


def _rounds(chosen: list[Index], probes: list[Index], labels: Labels) -> Rounds:
    """Leave out subjects that are not enrolled, and rounds with fewer than two subjects."""
    rounds = []
    for enrol, probe in zip(chosen, probes, strict=True):
        probe = probe[np.isin(labels.subjects[probe], labels.subjects[enrol])]
        if len(probe) and len(np.unique(labels.subjects[enrol])) > 1:
            rounds.append((enrol, probe))
    return rounds
