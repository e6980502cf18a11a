"""The open-set attack: unseen subjects are enrolled from some cycles and looked for in others."""

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
    """What an attacker knows of cycles, ``[N]`` each.

    Shapes:
        - subjects and emotions: names.
        - takes: names or numbers that are unique within subject and emotion.
    """

    subjects: Names
    emotions: Names
    takes: npt.NDArray[Any]

    def at(self, index: npt.NDArray[Any]) -> "Labels":
        """Those of some of the cycles."""
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

    An attacker who has seen somebody walk past once. Other takes of that emotion are left out. Who is attacked is as in
    ``rounds_over_emotions``.
    """
    chosen, probes = [], []
    for emotion in np.unique(labels.emotions):
        there = labels.emotions == emotion
        one = np.zeros(len(there), dtype=bool)
        for name in np.unique(labels.subjects[there]):
            mine = there & (labels.subjects == name)
            one |= mine & (labels.takes == np.unique(labels.takes[mine])[0])
        chosen.append(np.flatnonzero(one))
        probes.append(np.flatnonzero(~there))
    return _rounds(chosen, probes, labels)


ENROLMENTS: Mapping[str, Callable[[Labels], Rounds]] = {
    "emotions": rounds_over_emotions,
    "one_take": rounds_from_one_take,
}
"""By name: how much of each subject an attacker has."""


def _rounds(chosen: list[Index], probes: list[Index], labels: Labels) -> Rounds:
    """Leave out who is not enrolled, and rounds in which that leaves nobody to tell apart."""
    rounds = []
    for enrol, probe in zip(chosen, probes, strict=True):
        probe = probe[np.isin(labels.subjects[probe], labels.subjects[enrol])]
        if len(probe) and len(np.unique(labels.subjects[enrol])) > 1:
            rounds.append((enrol, probe))
    return rounds


Features = npt.NDArray[np.floating]
Transform = Callable[[Features], Features]


class Pairs(NamedTuple):
    """Comparisons of a probe with every enrolled subject.

    Shapes:
        - scores: ``[P, G]`` similarity of P probes to G enrolled subjects.
        - probes: ``[P]`` the subject of each probe; gallery: ``[G]`` the enrolled subjects.
    """

    scores: npt.NDArray[np.float64]
    probes: Names
    gallery: Names

    @property
    def same(self) -> npt.NDArray[np.bool_]:
        """``[P, G]``: whether probe and enrolled subject are one."""
        return np.asarray(self.probes[:, None] == self.gallery[None, :])


def _standardised(known: Features, subjects: Names) -> Transform:
    del subjects
    scaler = StandardScaler().fit(known)
    return lambda features: np.asarray(scaler.transform(features))


def _discriminant(known: Features, subjects: Names) -> Transform:
    """The directions that tell seen subjects apart: LDA with shrinkage, as in speaker verification."""
    scaler = StandardScaler().fit(known)
    try:
        lda = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto").fit(scaler.transform(known), subjects)
    except np.linalg.LinAlgError:  # nothing varies within subjects, so there is nothing to weigh
        return _standardised(known, subjects)
    return lambda features: np.asarray(lda.transform(scaler.transform(features)))


VERIFIERS: Mapping[str, Callable[[Features, Names], Transform]] = {
    "distance": _standardised,
    "discriminant": _discriminant,
}
"""How an attacker prepares features, from seen subjects; it then compares by cosine."""


class _Verifier(NamedTuple):
    """What is done to features before they are compared, and 1 to look for the most alike or -1 for the least."""

    transform: Transform
    sign: float


def compare(transform: Transform, features: Features, subjects: Names, enrol: Index, probe: Index) -> Pairs:
    """Cosine of every probe with the mean of each subject's enrolled cycles, after the attacker's transform.

    Args:
        transform: of ``VERIFIERS``, fitted on seen subjects.
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
    """One model's unseen subjects, attacked.

    Args:
        pairs: thing to the comparisons of all rounds, by the verifier that was best on seen subjects.
        verifier: thing to that verifier's name.
    """

    pairs: Mapping[str, Sequence[Pairs]]
    verifier: Mapping[str, str]


def attack_unseen_subjects(
    known: Mapping[str, Features],
    known_labels: Labels,
    unseen: Mapping[str, Features],
    unseen_labels: Labels,
    *,
    opposite: bool = False,
) -> dict[str, OpenSetAttack]:
    """Attack by every way of enrolling. For each thing and way a verifier is chosen on seen subjects, half of whom fit
    it and half of whom judge; then it attacks once.

    Args:
        known: name to ``[N, F]`` of the model's training subjects.
        known_labels: theirs.
        unseen: name to ``[M, F]`` of its test subjects.
        unseen_labels: theirs.
        opposite: try verifiers who look for the least alike too, for takes that were compared with each other.

    Returns:
        name of ``ENROLMENTS`` to its attack.
    """
    pairs: dict[str, dict[str, list[Pairs]]] = {way: {} for way in ENROLMENTS}
    chosen: dict[str, dict[str, str]] = {way: {} for way in ENROLMENTS}
    names = [*VERIFIERS, *(REFLECTED + name for name in VERIFIERS)] if opposite else [*VERIFIERS]
    for release, features in known.items():
        best = _best_verifiers(names, features, known_labels)
        fitted = {name: _fitted(name, features, known_labels.subjects) for name in set(best.values())}
        for way, rounds in ENROLMENTS.items():
            chosen[way][release] = best[way]
            pairs[way][release] = _compared(
                fitted[best[way]], unseen[release], unseen_labels.subjects, rounds(unseen_labels)
            )
    return {way: OpenSetAttack(pairs[way], chosen[way]) for way in ENROLMENTS}


def _fitted(name: str, known: Features, subjects: Names) -> _Verifier:
    kind = name.removeprefix(REFLECTED)
    return _Verifier(VERIFIERS[kind](known, subjects), 1.0 if kind == name else -1.0)


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
