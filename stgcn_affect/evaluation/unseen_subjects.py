"""The open-set attack: unseen subjects are enrolled with some cycles and re-identified in others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.preprocessing import StandardScaler

from stgcn_affect.evaluation.attackers import PAIR, REFLECTED, REVERSAL, Features, Known, QuietLDA
from stgcn_affect.evaluation.pair_attacker import Grid, pair_embedding
from stgcn_affect.evaluation.reversal_attacker import fit_reversal
from stgcn_affect.evaluation.rounds import ENROLMENTS, Index, Labels, Names, Rounds
from stgcn_affect.evaluation.verification import verification

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


def _standardised(known: Known, grid: Grid | None = None) -> Transform:
    del grid
    scaler = StandardScaler().fit(known.released)
    return lambda features: np.asarray(scaler.transform(features))


def _discriminant(known: Known, grid: Grid | None = None) -> Transform:
    """The directions that tell seen subjects apart: LDA with shrinkage, as in speaker verification."""
    del grid
    scaler = StandardScaler().fit(known.released)
    lda = QuietLDA(solver="eigen", shrinkage="auto")
    try:
        lda.fit(scaler.transform(known.released), known.subjects)
    except np.linalg.LinAlgError:  # nothing varies within subjects, so there is nothing to weigh
        return _standardised(known)
    return lambda features: np.asarray(lda.transform(scaler.transform(features)))


def _pair(known: Known, grid: Grid | None = None) -> Transform:
    return pair_embedding(known.released, known.subjects, known.emotions, grid=grid)


def _reversal(known: Known, grid: Grid | None = None) -> Transform:
    """The directions that tell the raw cycles of seen subjects apart, in the cycles that are rebuilt."""
    del grid
    rebuild, true = fit_reversal(known.released, known.raw, known.subjects)
    apart = _discriminant(known._replace(released=true))
    return lambda features: apart(rebuild(features))


VERIFIERS: Mapping[str, Callable[[Known, Grid | None], Transform]] = {
    "distance": _standardised,
    "discriminant": _discriminant,
    PAIR: _pair,
    REVERSAL: _reversal,
}
"""Verifiers by name: how features are transformed, fitted on seen subjects, before they are compared by cosine."""

PLAIN_VERIFIERS = ("distance", "discriminant")
"""The verifiers that do not learn from other people first."""


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
    verifiers: Sequence[str] = PLAIN_VERIFIERS,
    raw: Features | None = None,
    grids: Mapping[str, Grid] | None = None,
    reflected: bool = False,
) -> dict[str, OpenSetAttack]:
    """Attack by every way of enrolling. For each release and way a verifier is chosen on seen subjects, half of whom
    fit it and half of whom score it; then it attacks once.

    Args:
        seen: name to ``[N, F]`` of subjects who are not attacked, such as the model's training subjects.
        seen_labels: the labels of these.
        unseen: name to ``[M, F]`` of its test subjects.
        unseen_labels: the labels of these.
        verifiers: names of ``VERIFIERS``.
        raw: ``[N, R]`` the raw cycles of those who are not attacked, which the reversal needs.
        grids: release to the layout of its rows, of motions and maps.
        reflected: also try verifiers that rank the least similar first, for cycles relative to a subject baseline.

    Returns:
        name of ``ENROLMENTS`` to its attack.
    """
    pairs: dict[str, dict[str, list[Pairs]]] = {way: {} for way in ENROLMENTS}
    chosen: dict[str, dict[str, str]] = {way: {} for way in ENROLMENTS}
    names = [*verifiers, *(REFLECTED + name for name in PLAIN_VERIFIERS if reflected)]
    for release, features in seen.items():
        grid = None if grids is None else grids.get(release)
        known = Known(features, features if raw is None else raw, seen_labels.subjects, seen_labels.emotions)
        best = _best_verifiers(names, known, seen_labels, grid)
        fitted = {name: _fitted(name, known, grid) for name in set(best.values())}
        for way, rounds in ENROLMENTS.items():
            chosen[way][release] = best[way]
            pairs[way][release] = _compared(
                fitted[best[way]], unseen[release], unseen_labels.subjects, rounds(unseen_labels)
            )
    return {way: OpenSetAttack(pairs[way], chosen[way]) for way in ENROLMENTS}


def _fitted(name: str, known: Known, grid: Grid | None) -> _Verifier:
    kind = name.removeprefix(REFLECTED)
    return _Verifier(VERIFIERS[kind](known, grid), 1.0 if kind == name else -1.0)


def _best_verifiers(verifiers: Sequence[str], known: Known, labels: Labels, grid: Grid | None) -> dict[str, str]:
    """For each way of enrolling the best by AUC on the half of the seen subjects that does not fit; the first one where
    halves are too small to choose.
    """
    names = np.unique(labels.subjects)
    if len(names) < 4:
        return dict.fromkeys(ENROLMENTS, verifiers[0])
    fits = np.isin(labels.subjects, names[::2])
    judges = labels.at(~fits)
    fitted = {name: _fitted(name, known.at(fits), grid) for name in verifiers}
    best = {}
    for way, rounds in ENROLMENTS.items():
        found = rounds(judges)
        auc = {name: _auc(_compared(fitted[name], known.released[~fits], judges.subjects, found)) for name in fitted}
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
