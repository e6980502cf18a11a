"""The open-set attack: unseen subjects are enrolled with some cycles and re-identified in others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.preprocessing import StandardScaler

from stgcn_affect.evaluation.attackers import REFLECTED
from stgcn_affect.evaluation.verification import verification

Names = npt.NDArray[np.str_]
Index = npt.NDArray[np.int64]


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


Rounds = list[tuple[Index, Index]]
"""(enrolled cycles, probes), a pair a round."""


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
        one = np.zeros(len(there), dtype=bool)
        for name in np.unique(labels.subjects[there]):
            own = there & (labels.subjects == name)
            one |= own & (labels.takes == np.unique(labels.takes[own])[0])
        chosen.append(np.flatnonzero(one))
        probes.append(np.flatnonzero(~there))
    return _rounds(chosen, probes, labels)


ENROLMENTS: Mapping[str, Callable[[Labels], Rounds]] = {
    "emotions": rounds_over_emotions,
    "one_take": rounds_from_one_take,
}
"""Ways of enrolling by name: which cycles of each subject an attacker has."""


def _rounds(chosen: list[Index], probes: list[Index], labels: Labels) -> Rounds:
    """Leave out subjects that are not enrolled, and rounds with fewer than two subjects."""
    rounds = []
    for enrol, probe in zip(chosen, probes, strict=True):
        probe = probe[np.isin(labels.subjects[probe], labels.subjects[enrol])]
        if len(probe) and len(np.unique(labels.subjects[enrol])) > 1:
            rounds.append((enrol, probe))
    return rounds


Features = npt.NDArray[np.floating]
Transform = Callable[[Features], Features]


class Pairs(NamedTuple):
    """Similarities of probes with every enrolled subject.

    Shapes:
        - scores: ``[P, G]`` similarity of P probes to G enrolled subjects.
        - probes: ``[P]`` the subject of each probe; gallery: ``[G]`` the enrolled subjects.
    """

    scores: npt.NDArray[np.float64]
    probes: Names
    gallery: Names

    @property
    def same(self) -> npt.NDArray[np.bool_]:
        """``[P, G]``: whether probe and enrolled subject are the same."""
        return np.asarray(self.probes[:, None] == self.gallery[None, :])


def _standardised(seen: Features, subjects: Names) -> Transform:
    del subjects
    scaler = StandardScaler().fit(seen)
    return lambda features: np.asarray(scaler.transform(features))


def _discriminant(seen: Features, subjects: Names) -> Transform:
    """The directions that tell seen subjects apart: LDA with shrinkage, as in speaker verification."""
    scaler = StandardScaler().fit(seen)
    try:
        lda = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto").fit(scaler.transform(seen), subjects)
    except np.linalg.LinAlgError:  # nothing varies within subjects, so there is nothing to weigh
        return _standardised(seen, subjects)
    return lambda features: np.asarray(lda.transform(scaler.transform(features)))


VERIFIERS: Mapping[str, Callable[[Features, Names], Transform]] = {
    "distance": _standardised,
    "discriminant": _discriminant,
}
"""Verifiers by name: how features are transformed, fitted on seen subjects, before they are compared by cosine."""


class _Verifier(NamedTuple):
    """A transform of features, and 1 to rank the most similar first or -1 the least similar."""

    transform: Transform
    sign: float


def compare(transform: Transform, features: Features, subjects: Names, enrol: Index, probe: Index) -> Pairs:
    """Cosine of every probe with the mean of each subject's enrolled cycles, after the attacker's transform.

    Args:
        transform: one of ``VERIFIERS``, fitted on seen subjects.
        features: ``[N, F]`` of unseen subjects.
        subjects: ``[N]``.
        enrol: indices of the gallery's cycles.
        probe: indices of the attacked cycles.
    """
    points = transform(features)
    names = np.unique(subjects[enrol])
    gallery = np.stack([points[enrol][subjects[enrol] == name].mean(axis=0) for name in names])
    return Pairs(_unit(points[probe]) @ _unit(gallery).T, subjects[probe], names)


@dataclass(frozen=True, eq=False)
class OpenSetAttack:
    """The open-set attack on one model's unseen subjects, by release.

    Args:
        pairs: release to the comparisons of all rounds, by the verifier that was best on seen subjects.
        verifier: release to that verifier's name.
    """

    pairs: Mapping[str, Sequence[Pairs]]
    verifier: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Convert the attack to JSON's types, scores with six digits."""
        return {
            "verifier": dict(self.verifier),
            "pairs": {
                release: [
                    {"scores": p.scores.round(6).tolist(), "probes": p.probes.tolist(), "gallery": p.gallery.tolist()}
                    for p in rounds
                ]
                for release, rounds in self.pairs.items()
            },
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "OpenSetAttack":
        """The inverse of ``to_dict``."""
        return cls(
            pairs={
                release: [
                    Pairs(np.array(p["scores"], float), np.array(p["probes"], np.str_), np.array(p["gallery"], np.str_))
                    for p in rounds
                ]
                for release, rounds in content["pairs"].items()
            },
            verifier=content["verifier"],
        )


def attack_unseen_subjects(
    seen: Mapping[str, Features],
    seen_labels: Labels,
    unseen: Mapping[str, Features],
    unseen_labels: Labels,
    *,
    reflected: bool = False,
) -> dict[str, OpenSetAttack]:
    """Attack by every way of enrolling. For each release and way a verifier is chosen on seen subjects, half of whom
    fit it and half of whom score it; then it attacks once.

    Args:
        seen: name to ``[N, F]`` of the model's training subjects.
        seen_labels: the labels of these.
        unseen: name to ``[M, F]`` of its test subjects.
        unseen_labels: the labels of these.
        reflected: also try verifiers that rank the least similar first, for cycles relative to a subject baseline.

    Returns:
        name of ``ENROLMENTS`` to its attack.
    """
    pairs: dict[str, dict[str, list[Pairs]]] = {way: {} for way in ENROLMENTS}
    chosen: dict[str, dict[str, str]] = {way: {} for way in ENROLMENTS}
    names = [*VERIFIERS, *(REFLECTED + name for name in VERIFIERS)] if reflected else [*VERIFIERS]
    for release, features in seen.items():
        best = _best_verifiers(names, features, seen_labels)
        fitted = {name: _fitted(name, features, seen_labels.subjects) for name in set(best.values())}
        for way, rounds in ENROLMENTS.items():
            chosen[way][release] = best[way]
            pairs[way][release] = _compared(
                fitted[best[way]], unseen[release], unseen_labels.subjects, rounds(unseen_labels)
            )
    return {way: OpenSetAttack(pairs[way], chosen[way]) for way in ENROLMENTS}


def _fitted(name: str, seen: Features, subjects: Names) -> _Verifier:
    kind = name.removeprefix(REFLECTED)
    return _Verifier(VERIFIERS[kind](seen, subjects), 1.0 if kind == name else -1.0)


def _best_verifiers(verifiers: Sequence[str], features: Features, labels: Labels) -> dict[str, str]:
    """For each way of enrolling the best by AUC on the half of the seen subjects that does not fit; the first one where
    halves are too small to choose.
    """
    names = np.unique(labels.subjects)
    if len(names) < 4:
        return dict.fromkeys(ENROLMENTS, verifiers[0])
    fits = np.isin(labels.subjects, names[::2])
    judges = labels.at(~fits)
    fitted = {name: _fitted(name, features[fits], labels.subjects[fits]) for name in verifiers}
    best = {}
    for way, rounds in ENROLMENTS.items():
        found = rounds(judges)
        auc = {name: _auc(_compared(fitted[name], features[~fits], judges.subjects, found)) for name in fitted}
        best[way] = max(auc, key=lambda name: auc[name])
    return best


def _compared(verifier: _Verifier, features: Features, subjects: Names, rounds: Rounds) -> list[Pairs]:
    found = [compare(verifier.transform, features, subjects, *indices) for indices in rounds]
    return [pairs._replace(scores=verifier.sign * pairs.scores) for pairs in found]


def _auc(rounds: Sequence[Pairs]) -> float:
    """Mean over the rounds; 0, so that no verifier is better than another, where there are none."""
    found = [verification(pairs.scores.ravel(), pairs.same.ravel()).auc for pairs in rounds]
    return float(np.mean(found)) if found else 0.0


def _unit(points: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    unit: npt.NDArray[np.float64] = points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-12)
    return unit
