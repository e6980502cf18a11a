"""The open-set attack: walkers whom the model never saw are enrolled from some cycles and looked for in the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.preprocessing import StandardScaler

from stgcn_affect.evaluation.verification import Verification, verification

Features = npt.NDArray[np.floating]
Names = npt.NDArray[np.str_]
Index = npt.NDArray[np.int64]
DRAWS = 300
"""Bootstrap samples behind the limits: each compares all pairs anew."""

Transform = Callable[[Features], Features]


class Pairs(NamedTuple):
    """Comparisons of a probe with every enrolled walker.

    Shapes:
        - scores: ``[P, G]`` similarity of P probes to G enrolled walkers.
        - probes: ``[P]`` the walker of each probe; gallery: ``[G]`` the enrolled walkers.
    """

    scores: npt.NDArray[np.float64]
    probes: Names
    gallery: Names


def _standardised(known: Features, walkers: Names) -> Transform:
    del walkers
    scaler = StandardScaler().fit(known)
    return lambda features: np.asarray(scaler.transform(features))


def _discriminant(known: Features, walkers: Names) -> Transform:
    """The directions that tell known walkers apart: LDA with shrinkage, as in speaker verification."""
    scaler = StandardScaler().fit(known)
    try:
        lda = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto").fit(scaler.transform(known), walkers)
    except np.linalg.LinAlgError:  # nothing varies within walkers, so there is nothing to weigh
        return _standardised(known, walkers)
    return lambda features: np.asarray(lda.transform(scaler.transform(features)))


VERIFIERS: Mapping[str, Callable[[Features, Names], Transform]] = {
    "distance": _standardised,
    "discriminant": _discriminant,
}
"""How an attacker prepares features, from known walkers; it then compares by cosine."""


def compare(transform: Transform, features: Features, walkers: Names, enrol: Index, probe: Index) -> Pairs:
    """Cosine of every probe with the mean of each walker's enrolled cycles, after the attacker's transform.

    Args:
        transform: of ``VERIFIERS``, fitted on known walkers.
        features: ``[N, F]`` of unseen walkers.
        walkers: ``[N]``.
        enrol: indices of the gallery's cycles.
        probe: indices of the attacked cycles.
    """
    points = transform(features)
    names = np.unique(walkers[enrol])
    gallery = np.stack([points[enrol][walkers[enrol] == name].mean(axis=0) for name in names])
    return Pairs(_unit(points[probe]) @ _unit(gallery).T, walkers[probe], names)


def rounds_over_emotions(walkers: Names, emotions: Names) -> list[tuple[Index, Index]]:
    """Enrol on all emotions but one, attack that one, each in turn: (enrol, probe) indices.

    Only walkers who are enrolled are attacked, and a round with fewer than two of them is none.
    """
    rounds = []
    for emotion in np.unique(emotions):
        enrol = np.flatnonzero(emotions != emotion)
        probe = np.flatnonzero((emotions == emotion) & np.isin(walkers, walkers[enrol]))
        if len(probe) and len(np.unique(walkers[enrol])) > 1:
            rounds.append((enrol, probe))
    return rounds


@dataclass(frozen=True, eq=False)
class OpenSetAttack:
    """One model's unseen walkers, attacked.

    Args:
        pairs: thing to the comparisons of all rounds, by the verifier that was best on known walkers.
        verifier: thing to that verifier's name.
    """

    pairs: Mapping[str, Sequence[Pairs]]
    verifier: Mapping[str, str]


def attack_unseen_walkers(
    known: Mapping[str, Features],
    known_walkers: Names,
    known_emotions: Names,
    unseen: Mapping[str, Features],
    unseen_walkers: Names,
    unseen_emotions: Names,
) -> OpenSetAttack:
    """Choose a verifier per thing on known walkers, half of whom fit it and half of whom judge, then attack once.

    Args:
        known: name to ``[N, F]`` of the model's training walkers.
        known_walkers: ``[N]`` names.
        known_emotions: ``[N]`` names.
        unseen: name to ``[M, F]`` of its test walkers.
        unseen_walkers: ``[M]`` names.
        unseen_emotions: ``[M]`` names.
    """
    chosen = {thing: _best_verifier(features, known_walkers, known_emotions) for thing, features in known.items()}
    pairs = {
        thing: _rounds(
            VERIFIERS[chosen[thing]](features, known_walkers), unseen[thing], unseen_walkers, unseen_emotions
        )
        for thing, features in known.items()
    }
    return OpenSetAttack(pairs, chosen)


def _best_verifier(features: Features, walkers: Names, emotions: Names) -> str:
    """By AUC on the half of the known walkers that does not fit; the first where halves are too small to choose."""
    names = np.unique(walkers)
    if len(names) < 4:
        return next(iter(VERIFIERS))
    fits = np.isin(walkers, names[::2])
    auc = {
        name: _auc(_rounds(fit(features[fits], walkers[fits]), features[~fits], walkers[~fits], emotions[~fits]))
        for name, fit in VERIFIERS.items()
    }
    return max(auc, key=lambda name: auc[name])


def unseen_walkers_block(attacks: Sequence[OpenSetAttack], *, seed: int = 0) -> dict[str, Any]:
    """The block ``privacy.unseen_walkers``: per thing rank1, eer, auc and tar_at_far_1pct, and the 95 % limits of each.

    Galleries of different models are never mixed: scores are the mean over models and rounds. Limits are by bootstrap
    over walkers, who are drawn as probes and as members of the gallery alike.
    """
    chance = float(np.mean([1 / len(p.gallery) for attack in attacks for p in next(iter(attack.pairs.values()))]))
    block: dict[str, Any] = {"chance": chance}
    for thing in attacks[0].pairs:
        everything = [pairs for attack in attacks for pairs in attack.pairs[thing]]
        point = _scores(everything, everything)
        block[thing] = {**point, "ci95": _limits(everything, point, seed=seed)}
    return block


def _limits(everything: Sequence[Pairs], point: Mapping[str, float], *, seed: int) -> dict[str, list[float]]:
    walkers = np.unique(np.concatenate([pairs.gallery for pairs in everything]))
    rng = np.random.default_rng(seed)
    drawn = [_redrawn_scores(everything, rng.choice(walkers, size=len(walkers))) for _ in range(DRAWS)]
    limits = {}
    for name in point:
        lower, upper = np.nanquantile([scores[name] for scores in drawn], [0.025, 0.975])
        limits[name] = [float(lower), float(upper)]
    return limits


def _redrawn_scores(everything: Sequence[Pairs], walkers: Names) -> dict[str, float]:
    """Scores among drawn walkers: one who is drawn twice counts twice as a probe, once in the gallery.

    Rank-1 is judged in whole galleries: its chance is 1 over their size, which a draw must not change.
    """
    names, times = np.unique(walkers, return_counts=True)
    probed, paired = [], []
    for scores, probes, gallery in everything:
        rows = np.concatenate([np.repeat(np.flatnonzero(probes == n), t) for n, t in zip(names, times, strict=True)])
        columns = np.flatnonzero(np.isin(gallery, names))
        if len(rows):
            probed.append(Pairs(scores[rows], probes[rows], gallery))
        if len(rows) and len(columns) > 1:
            paired.append(Pairs(scores[rows][:, columns], probes[rows], gallery[columns]))
    return _scores(probed, paired)


def _rounds(transform: Transform, features: Features, walkers: Names, emotions: Names) -> list[Pairs]:
    return [compare(transform, features, walkers, *indices) for indices in rounds_over_emotions(walkers, emotions)]


def _auc(rounds: Sequence[Pairs]) -> float:
    return float(np.mean([_verified(pairs).auc for pairs in rounds]))


def _verified(pairs: Pairs) -> Verification:
    same = pairs.probes[:, None] == pairs.gallery[None, :]
    return verification(pairs.scores.ravel(), same.ravel())


def _scores(probed: Sequence[Pairs], paired: Sequence[Pairs]) -> dict[str, float]:
    """Mean over rounds of rank-1 among ``probed`` and of the verification scores of ``paired``; NaN where are none."""
    rank1 = [float((p.gallery[p.scores.argmax(axis=1)] == p.probes).mean()) for p in probed]
    verified = [_verified(pairs) for pairs in paired] or [Verification(*(float("nan"),) * 3)]
    mean = dict(zip(Verification._fields, map(float, np.mean(verified, axis=0)), strict=True))
    return {"rank1": float(np.mean(rank1)) if rank1 else float("nan"), **mean}


def _unit(points: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    unit: npt.NDArray[np.float64] = points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-12)
    return unit
