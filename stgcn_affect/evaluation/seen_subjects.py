"""The closed-set attack: re-identify seen subjects, whose cycles fitted the weights."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.evaluation.attackers import (
    ATTACKERS,
    LEARNED,
    PAIR,
    QUICK_ATTACKERS,
    REVERSAL,
    Features,
    Known,
    Predictions,
    predict_subjects,
    predictions_from_dict,
    predictions_to_dict,
)
from stgcn_affect.evaluation.pair_attacker import Grid, PairEmbedding, name_by_pairs, pair_embedding
from stgcn_affect.evaluation.reversal_attacker import Rebuild, fit_reversal
from stgcn_affect.evaluation.rounds import Index, Names, Rounds

_Namer = Callable[[Index, Index], Names]
"""Learns the cycles at one index and names the subjects of those at another."""

MANY = 40
"""From so many other people on, the pair attacker learns from them alone, once for all rounds."""


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


@dataclass(frozen=True, eq=False)
class OtherPeople:
    """What the pair and the reversal attacker learn from besides the attacked subjects' own cycles.

    Args:
        emotions: ``[N]`` emotions of the attacked subjects' cycles.
        others: release to what is known of subjects who are not attacked.
        grids: release to the layout of its rows, of motions and maps.
    """

    emotions: Names
    others: Mapping[str, Known]
    grids: Mapping[str, Grid]
    _pairs: dict[str, PairEmbedding] = field(default_factory=dict)
    _reversals: dict[str, Rebuild] = field(default_factory=dict)

    @property
    def many(self) -> bool:
        """Whether they are enough for pairs without the attacked subjects' own cycles."""
        return all(len(np.unique(known.subjects)) >= MANY for known in self.others.values())

    def embedding(self, release: str) -> PairEmbedding:
        """The pair attacker's embedding of rows of a release, learnt from the others alone, once."""
        known = self.others[release]
        if release not in self._pairs:
            self._pairs[release] = pair_embedding(
                known.released, known.subjects, known.emotions, grid=self.grids.get(release)
            )
        return self._pairs[release]

    def reversal(self, release: str) -> Callable[[Features], Features]:
        """What rebuilds raw cycles from rows of a release, learnt from the others alone, once."""
        known = self.others[release]
        if release not in self._reversals:
            self._reversals[release] = fit_reversal(known.released, known.raw, known.subjects)[0]
        return self._reversals[release]


def attack_seen_subjects(
    releases: Mapping[str, Features],
    subjects: Names,
    rounds: Rounds,
    *,
    attackers: Sequence[str] = QUICK_ATTACKERS,
    leave_out: npt.NDArray[Any] | None = None,
    people: OtherPeople | None = None,
) -> Attack:
    """Attack every release with every attacker, over all rounds.

    The reversal attacker is the one of ``ATTACKERS`` that is best inside on what was rebuilt.

    Args:
        releases: name to ``[N, F]``, of seen subjects' cycles.
        subjects: ``[N]`` names.
        rounds: (cycles that attackers learn from, attacked cycles), such as those of ``held_out_emotion_rounds``.
        attackers: names of ``ATTACKERS`` and, where ``people`` are given, of ``LEARNED``.
        leave_out: ``[N]`` emotions or takes; where given, attackers are also scored inside each round's training part,
            by leaving out one of these at a time, so that the strongest can be chosen without a look at the test part.
        people: what the attackers of ``LEARNED`` learn from.
    """
    inner_rounds = [] if leave_out is None else _inner_rounds(rounds, leave_out)
    truth = np.concatenate([subjects[test] for _, test in inner_rounds]) if inner_rounds else subjects[:0]

    def tried(namers: Mapping[str, _Namer]) -> tuple[dict[str, Names], dict[str, float]]:
        named = {name: _over_rounds(namer, subjects, rounds) for name, namer in namers.items()}
        if not inner_rounds:
            return named, {}
        scores = {name: _over_rounds(namer, subjects, inner_rounds) == truth for name, namer in namers.items()}
        return named, {name: float(hits.mean()) for name, hits in scores.items()}

    predictions, inner = {}, {}
    for release, features in releases.items():
        namers = _classifiers((name for name in attackers if name not in LEARNED), features, features, subjects)
        if people is not None and PAIR in attackers:
            namers[PAIR] = _pair_namer(release, features, subjects, people)
        named, scores = tried(namers)
        if people is not None and REVERSAL in attackers:
            rebuilt = people.reversal(release)(features)
            undone, undone_scores = tried(_classifiers(ATTACKERS, rebuilt, rebuilt, subjects))
            best = max(undone_scores, key=lambda name: undone_scores[name], default=next(iter(undone)))
            named[REVERSAL] = undone[best]
            scores |= {REVERSAL: undone_scores[best]} if undone_scores else {}
        predictions[release] = named
        if inner_rounds:
            inner[release] = scores
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
    namers = _classifiers(attackers, learnt, rows, subjects)
    named = {name: np.split(_over_rounds(namer, subjects, longer), len(probes)) for name, namer in namers.items()}
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


def _classifiers(attackers: Iterable[str], learnt: Features, probes: Features, subjects: Names) -> dict[str, _Namer]:
    """The attackers that learn rows of ``learnt`` and name rows of ``probes``."""

    def namer(name: str) -> _Namer:
        return lambda train, test: predict_subjects(name, learnt[train], subjects[train], probes[test])

    return {name: namer(name) for name in attackers}


def _pair_namer(release: str, features: Features, subjects: Names, people: OtherPeople) -> _Namer:
    """The pair attacker, which learns from other people, and where these are few also from what a round lets it see."""
    others, own, known = people.others[release], (features, subjects, people.emotions), people.embedding(release)
    if people.many:
        points = known(features)
        return lambda train, test: name_by_pairs(points[train], subjects[train], points[test])

    def named(train: Index, test: Index) -> Names:
        learnt = zip(own, (others.released, others.subjects, others.emotions), strict=True)
        rows, names, emotions = (np.concatenate([mine[train], theirs]) for mine, theirs in learnt)
        embed = known.tuned(rows, names, emotions)
        return name_by_pairs(embed(features[train]), subjects[train], embed(features[test]))

    return named


def _over_rounds(namer: _Namer, subjects: Names, rounds: Rounds) -> Names:
    """Predicted subjects, round after round; rounds with the same training cycles share one fitted attacker."""
    sharing: defaultdict[bytes, list[int]] = defaultdict(list)
    for number, (train, _) in enumerate(rounds):
        sharing[train.tobytes()].append(number)
    found = [subjects[:0]] * len(rounds)
    for numbers in sharing.values():
        tests = [rounds[number][1] for number in numbers]
        named = namer(rounds[numbers[0]][0], np.concatenate(tests))
        ends = np.cumsum([len(test) for test in tests])[:-1]
        for number, part in zip(numbers, np.split(named, ends), strict=True):
            found[number] = part
    return np.concatenate(found)
