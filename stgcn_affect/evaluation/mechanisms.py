"""Privacy mechanisms and the privacy/utility curve: gradient reversal, plain latents, Gaussian noise, LEACE."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from stgcn_affect.data.fold import FoldData
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.attackers import Features, scaled_pca
from stgcn_affect.evaluation.attacks import FoldAttacks, attack_release
from stgcn_affect.evaluation.seen_scores import seen_subjects_block
from stgcn_affect.evaluation.seen_subjects import Attack
from stgcn_affect.stats import balanced_accuracy


def add_noise(train: Features, released: Features, *, strength: float, seed: int) -> npt.NDArray[np.float64]:
    """Add Gaussian noise to ``[N, D]`` released features: ``strength`` times each column's spread in training."""
    noise = np.random.default_rng(seed).normal(size=released.shape)
    return np.asarray(released + strength * train.std(axis=0) * noise, dtype=np.float64)


def can_erase() -> bool:
    """Whether the extra ``erasure`` is installed, which ``erase_subjects`` needs."""
    return find_spec("concept_erasure") is not None


def erase_subjects(
    train: Features, train_subjects: npt.NDArray[np.str_], released: Features
) -> npt.NDArray[np.float64]:
    """Erase what linear classifiers can read of the training subjects, changing the features least (LEACE; Belrose et
    al. 2023).

    Args:
        train: ``[n, D]``, whose subjects the eraser is fitted on.
        train_subjects: ``[n]`` names.
        released: ``[N, D]`` to erase from.

    Raises:
        InputError: the extra ``erasure`` is not installed.
    """
    try:
        from concept_erasure import LeaceEraser
    except ImportError as error:
        raise InputError("LEACE: expected the extra, pip install 'stgcn_affect[erasure]' (got none)") from error
    import torch

    codes = np.unique(train_subjects, return_inverse=True)[1]
    one_hot = torch.nn.functional.one_hot(torch.from_numpy(codes)).double()
    eraser = LeaceEraser.fit(torch.from_numpy(np.asarray(train, np.float64)), one_hot)
    return np.asarray(eraser(torch.from_numpy(np.asarray(released, np.float64))).numpy())


def latent_mechanisms(
    latent: Features, data: FoldData, *, noise: Sequence[float], erase: bool, seed: int
) -> list[tuple[str, float | None, Features]]:
    """Mechanisms that change a finished latent, as (kind, strength, release).

    Args:
        latent: ``[N, D]`` of all cycles of the fold.
        data: the data of the fold; its fitting cycles give the spread of the noise and fit the eraser.
        noise: strengths of ``add_noise``, beside the latent as it is.
        erase: the latent with the subjects erased, instead.
        seed: the seed of the noise.
    """
    fitted = latent[data.fit_index]
    if erase:
        return [("leace", None, erase_subjects(fitted, data.cycles.subject[data.fit_index], latent))]
    noisy = [("noise", strength, add_noise(fitted, latent, strength=strength, seed=seed)) for strength in noise]
    return [("plain", None, latent), *noisy]


def emotion_of_release(
    features: Features, cycles: CycleStore, split: Split, *, learnt: Features | None = None
) -> float:
    """Balanced accuracy of a logistic regression that predicts the emotion of unseen subjects from a release.

    Args:
        features: ``[N, F]`` of all cycles.
        cycles: N labelled cycles.
        split: training and validation subjects train the regression, the test subjects score it.
        learnt: ``[N, F]`` rows of all cycles that the regression learns from in place of ``features``, such as raw
            cycles for a judge that never saw what is released.
    """
    train = np.concatenate([split.train, split.validation])
    reader = scaled_pca(LogisticRegression(C=0.1, max_iter=2000)).fit(
        (features if learnt is None else learnt)[train], cycles.emotion[train]
    )
    names, truth = np.unique(cycles.emotion, return_inverse=True)
    predicted = np.searchsorted(names, reader.predict(features[split.test]))
    return balanced_accuracy(truth[split.test], predicted)


@dataclass(frozen=True, eq=False)
class MechanismFold:
    """The scores of one privacy mechanism on one privacy fold.

    Args:
        kind: such as "reversal", "noise", "leace".
        strength: where the kind has one.
        attack: on seen subjects, of the one release "released".
        emotion: ``emotion_of_release``.
    """

    kind: str
    strength: float | None
    attack: Attack
    emotion: float

    @property
    def name(self) -> str:
        """The point's name: "kind", or "kind-strength"."""
        return self.kind if self.strength is None else f"{self.kind}-{self.strength:g}"

    def to_dict(self) -> dict[str, Any]:
        """Convert the scores to JSON's types."""
        return {
            "kind": self.kind,
            "strength": self.strength,
            "attack": self.attack.to_dict(),
            "emotion": self.emotion,
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "MechanismFold":
        """The inverse of ``to_dict``."""
        return cls(content["kind"], content["strength"], Attack.from_dict(content["attack"]), content["emotion"])


def score_mechanism(
    kind: str, strength: float | None, release: Features, data: FoldData, *, attackers: Sequence[str]
) -> MechanismFold:
    """Score a mechanism's release: re-identification of seen subjects, and emotion of unseen ones.

    Args:
        kind: the kind of mechanism.
        strength: where the kind has one.
        release: ``[N, F]`` of all cycles.
        data: the data of the fold.
        attackers: names of ``ALL_ATTACKERS``.
    """
    emotion = emotion_of_release(release, data.cycles, data.split)
    return MechanismFold(kind, strength, attack_release(release, data, attackers=attackers), emotion)


METHOD_POINTS = {"z_emotion": "reversal", "decoded": "decoded", "anonymised": "anonymised", "retargeted": "retargeted"}
"""Kinds of the points that the attacked method itself gives, by release."""


def method_points(
    attacks: Sequence[FoldAttacks], emotion: Sequence[Mapping[str, float]], *, reversal: float
) -> list[MechanismFold]:
    """Points of the curve from the attacks on the method: its z_emotion, its decoded walks, its anonymised
    walks, and retargeting alone.

    Args:
        attacks: on one model each.
        emotion: for each model, release to ``emotion_of_release``.
        reversal: that the method was trained with.
    """
    return [
        MechanismFold(kind, reversal if kind == "reversal" else None, fold.seen.only(release), scores[release])
        for release, kind in METHOD_POINTS.items()
        for fold, scores in zip(attacks, emotion, strict=True)
        if release in scores
    ]


def curve_points(folds: Iterable[MechanismFold], *, seed: int) -> list[dict[str, Any]]:
    """The points ``curve.points`` of ``results.json``, one for each kind and strength, in this order.

    Args:
        folds: the folds of all mechanisms.
        seed: the seed of the limits.
    """
    points: defaultdict[tuple[str, float | None], list[MechanismFold]] = defaultdict(list)
    for fold in folds:
        points[fold.kind, fold.strength].append(fold)
    found = []
    for kind, strength in sorted(points, key=lambda one: (one[0], one[1] or 0.0)):
        same = points[kind, strength]
        block = seen_subjects_block([fold.attack for fold in same], seed=seed)
        found.append(
            {
                "name": same[0].name,
                "kind": kind,
                "strength": strength,
                "emotion": float(np.mean([fold.emotion for fold in same])),
                "identity": block["released"]["accuracy"],
                "identity_ci95": block["released"]["ci95"],
                "identity_chance": block["chance"],
                "models": len(same),
            }
        )
    return found


def curve_area(points: Sequence[Mapping[str, Any]]) -> float:
    """Area under the privacy/utility curve: the best emotion score up to each level of re-identification."""
    ordered = sorted(points, key=lambda point: point["identity"])
    best = np.maximum.accumulate([point["emotion"] for point in ordered])
    edges = np.clip([*(point["identity"] for point in ordered), 1.0], 0.0, 1.0)
    return float((np.diff(edges) * best).sum())


def curve_areas(points: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """``curve_area`` of every mechanism, by name; added noise starts at the plain latent, which has none."""
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for point in points:
        found["noise" if point["kind"] == "plain" else point["kind"]].append(point)
    return {kind: curve_area(same) for kind, same in found.items()}
