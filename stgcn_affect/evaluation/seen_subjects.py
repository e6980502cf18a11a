"""The closed-set attack: re-identify seen subjects, whose cycles fitted the weights."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.splits import take_ids
from stgcn_affect.evaluation.attackers import (
    QUICK_ATTACKERS,
    Features,
    Predictions,
    predict_subjects,
    predictions_from_dict,
    predictions_to_dict,
)

Names = npt.NDArray[np.str_]
Index = npt.NDArray[np.int64]
Rounds = Sequence[tuple[Index, Index]]


@dataclass(frozen=True, eq=False)
class Attack:
    """Predictions by attackers for the cycles of one model's seen subjects.

    Args:
        chance: 1 over the number of subjects.
        subjects: ``[M]`` the subject of every attacked cycle.
        predictions: release to attacker to ``[M]`` predicted subjects.
        groups: ``[M]`` the round that each cycle was attacked in.
        inner: release to attacker to its accuracy inside the attacker's own training part; empty where not asked for.
    """

    chance: float
    subjects: Names
    predictions: Predictions
    groups: Index
    inner: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @cached_property
    def hits(self) -> Mapping[str, Mapping[str, npt.NDArray[np.bool_]]]:
        """Release to attacker to ``[M]`` booleans, whether it predicted the subject."""
        return {
            release: {name: who == self.subjects for name, who in named.items()}
            for release, named in self.predictions.items()
        }

    def strongest(self, release: str) -> str:
        """The attacker that counts: the best inside the training part, so that it is scored on the test part once."""
        inner = self.inner[release]
        return max(inner, key=lambda name: inner[name])

    def only(self, release: str) -> "Attack":
        """The attack on one release, called "released"."""
        inner = {"released": self.inner[release]} if self.inner else {}
        return replace(self, predictions={"released": self.predictions[release]}, inner=inner)

    def to_dict(self) -> dict[str, Any]:
        """Convert the attack to JSON's types."""
        return {
            "chance": self.chance,
            "subjects": self.subjects.tolist(),
            "groups": self.groups.tolist(),
            "predictions": predictions_to_dict(self.predictions),
            "inner": {release: dict(scores) for release, scores in self.inner.items()},
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Attack":
        """The inverse of ``to_dict``."""
        return cls(
            chance=content["chance"],
            subjects=np.array(content["subjects"], dtype=np.str_),
            groups=np.array(content["groups"], dtype=np.int64),
            predictions=predictions_from_dict(content["predictions"]),
            inner=content["inner"],
        )


def held_out_emotion_rounds(emotions: Names, testable: npt.NDArray[np.bool_]) -> list[tuple[Index, Index]]:
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


def attack_seen_subjects(
    releases: Mapping[str, Features],
    subjects: Names,
    rounds: Rounds,
    *,
    attackers: Sequence[str] = QUICK_ATTACKERS,
    leave_out: npt.NDArray[Any] | None = None,
) -> Attack:
    """Attack every release with every attacker, over all rounds.

    Args:
        releases: name to ``[N, F]``, of seen subjects' cycles.
        subjects: ``[N]`` names.
        rounds: (cycles that attackers learn from, attacked cycles), such as those of ``held_out_emotion_rounds``.
        attackers: names of ``ATTACKERS``.
        leave_out: ``[N]`` emotions or takes; where given, attackers are also scored inside each round's training part,
            by leaving out one of these at a time, so that the strongest can be chosen without a look at the test part.
    """
    inner_rounds = [] if leave_out is None else _inner_rounds(rounds, leave_out)
    predictions, inner = {}, {}
    for release, features in releases.items():
        predictions[release] = {name: _predict(name, features, features, subjects, rounds) for name in attackers}
        if inner_rounds:
            truth = np.concatenate([subjects[test] for _, test in inner_rounds])
            inner[release] = {
                name: float((_predict(name, features, features, subjects, inner_rounds) == truth).mean())
                for name in attackers
            }
    return _attack(subjects, rounds, predictions, inner)


def attack_statically(
    learnt: Features,
    probes: Mapping[str, Features],
    subjects: Names,
    rounds: Rounds,
    *,
    attackers: Sequence[str],
    inner: Mapping[str, float],
) -> Attack:
    """Attack releases laid out like raw cycles with static attackers, which are trained on raw cycles only.

    Args:
        learnt: ``[N, F]`` what attackers learn from.
        probes: release to ``[N, F]`` what they attack instead, its columns those of ``learnt``.
        subjects: ``[N]`` names.
        rounds: as in ``attack_seen_subjects``.
        attackers: names of ``ATTACKERS``.
        inner: attacker to its inner score on ``learnt``; the best of these counts. Empty where they were not scored.
    """
    longer = [(train, test + k * len(subjects)) for k in range(len(probes)) for train, test in rounds]
    rows = np.concatenate(list(probes.values()))
    named = {name: np.split(_predict(name, learnt, rows, subjects, longer), len(probes)) for name in attackers}
    predictions = {release: {name: named[name][k] for name in attackers} for k, release in enumerate(probes)}
    return _attack(subjects, rounds, predictions, dict.fromkeys(probes, inner) if inner else {})


def _attack(
    subjects: Names,
    rounds: Rounds,
    predictions: Predictions,
    inner: Mapping[str, Mapping[str, float]],
) -> Attack:
    return Attack(
        chance=1.0 / len(np.unique(subjects)),
        subjects=np.concatenate([subjects[test] for _, test in rounds]),
        predictions=predictions,
        groups=np.repeat(np.arange(len(rounds)), [len(test) for _, test in rounds]),
        inner=inner,
    )


def _inner_rounds(rounds: Rounds, leave_out: npt.NDArray[Any]) -> list[tuple[Index, Index]]:
    inner = []
    for train, _ in rounds:
        there = leave_out[train]
        if len(np.unique(there)) > 1:
            inner += [(train[there != one], train[there == one]) for one in np.unique(there)]
    return inner


def _predict(name: str, learnt: Features, probes: Features, subjects: Names, rounds: Rounds) -> Names:
    """Predicted subjects, round after round; rounds with the same training cycles share one fitted attacker."""
    sharing: defaultdict[bytes, list[int]] = defaultdict(list)
    for number, (train, _) in enumerate(rounds):
        sharing[train.tobytes()].append(number)
    found = [subjects[:0]] * len(rounds)
    for numbers in sharing.values():
        train = rounds[numbers[0]][0]
        tests = [rounds[number][1] for number in numbers]
        named = predict_subjects(name, learnt[train], subjects[train], probes[np.concatenate(tests)])
        ends = np.cumsum([len(test) for test in tests])[:-1]
        for number, part in zip(numbers, np.split(named, ends), strict=True):
            found[number] = part
    return np.concatenate(found)
