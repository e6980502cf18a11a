"""Who is enrolled from which cycles, and which cycles are then looked up: the rounds of an open-set attack."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Names = npt.NDArray[np.str_]
Index = npt.NDArray[np.int64]


class Labels(NamedTuple):
    """What an attacker knows of cycles, ``[N]`` each.

    Shapes:
        - walkers and emotions: names.
        - takes: names or numbers that are unique within walker and emotion.
    """

    walkers: Names
    emotions: Names
    takes: npt.NDArray[Any]

    def at(self, index: npt.NDArray[Any]) -> "Labels":
        """Those of some of the cycles."""
        return Labels(*(column[index] for column in self))


Rounds = list[tuple[Index, Index]]
"""(enrolled cycles, probes), a pair a round."""


def rounds_over_emotions(labels: Labels) -> Rounds:
    """Enrol on all emotions but one, attack that one, each in turn.

    Only walkers who are enrolled are attacked, and a round with fewer than two of them is none.
    """
    chosen = [np.flatnonzero(labels.emotions != emotion) for emotion in np.unique(labels.emotions)]
    return _rounds(
        chosen, [np.flatnonzero(labels.emotions == emotion) for emotion in np.unique(labels.emotions)], labels
    )


def rounds_from_one_take(labels: Labels) -> Rounds:
    """Enrol on one take in one emotion, attack all other emotions; each emotion in turn, with its first take.

    An attacker who has seen somebody walk past once. Other takes of that emotion are left out. Who is attacked is as in
    ``rounds_over_emotions``.
    """
    chosen, probes = [], []
    for emotion in np.unique(labels.emotions):
        there = labels.emotions == emotion
        one = np.zeros(len(there), dtype=bool)
        for name in np.unique(labels.walkers[there]):
            mine = there & (labels.walkers == name)
            one |= mine & (labels.takes == np.unique(labels.takes[mine])[0])
        chosen.append(np.flatnonzero(one))
        probes.append(np.flatnonzero(~there))
    return _rounds(chosen, probes, labels)


ENROLMENTS: Mapping[str, Callable[[Labels], Rounds]] = {
    "emotions": rounds_over_emotions,
    "one_take": rounds_from_one_take,
}
"""By name: how much of each walker an attacker has."""


def _rounds(chosen: list[Index], probes: list[Index], labels: Labels) -> Rounds:
    """Leave out who is not enrolled, and rounds in which that leaves nobody to tell apart."""
    rounds = []
    for enrol, probe in zip(chosen, probes, strict=True):
        probe = probe[np.isin(labels.walkers[probe], labels.walkers[enrol])]
        if len(probe) and len(np.unique(labels.walkers[enrol])) > 1:
            rounds.append((enrol, probe))
    return rounds
