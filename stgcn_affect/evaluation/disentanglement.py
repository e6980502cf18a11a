"""Disentanglement: linear probes of each latent, similarity of both latents (CKA), and the swap test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from stgcn_affect.data.fold import FoldData
from stgcn_affect.evaluation.attackers import scaled_pca
from stgcn_affect.evaluation.attacks import emotion_rounds
from stgcn_affect.evaluation.inputs import baseline_input
from stgcn_affect.evaluation.releases import decoded
from stgcn_affect.evaluation.seen_scores import limits_over_models
from stgcn_affect.stats import balanced_accuracy, nested_mean
from stgcn_affect.training.model import Model

Features = npt.NDArray[np.floating]
Codes = npt.NDArray[np.int64]


class Probed(NamedTuple):
    """Balanced accuracy of a linear probe on held-out cycles, and a lower bound on the mutual information in nats."""

    balanced_accuracy: float
    information_nats: float


def probe(train: Features, train_codes: Codes, test: Features, test_codes: Codes) -> Probed:
    """Score how well a linear probe predicts labels from a latent.

    The bound is I(z; y) >= H(y) - cross-entropy of any classifier on held-out data (Barber & Agakov 2003); 0 where the
    probe does worse than knowing the label's frequencies.

    Args:
        train: ``[n, D]`` latents.
        train_codes: ``[n]`` labels, 0 to K-1, each present.
        test: ``[m, D]``.
        test_codes: ``[m]``.
    """
    fitted = scaled_pca(LogisticRegression(max_iter=2000)).fit(train, train_codes)
    right = fitted.predict_proba(test)[np.arange(len(test_codes)), np.searchsorted(fitted.classes_, test_codes)]
    bound = entropy_nats(test_codes) + float(np.log(np.maximum(right, 1e-6)).mean())
    return Probed(balanced_accuracy(test_codes, fitted.predict(test)), max(0.0, bound))


def entropy_nats(codes: Codes) -> float:
    """The entropy of the labels' frequencies, in nats."""
    share = np.bincount(codes) / len(codes)
    share = share[share > 0]
    return float(-(share * np.log(share)).sum())


def linear_cka(first: Features, second: Features) -> float:
    """Centred kernel alignment of two latents of the same cycles, ``[N, D]`` and ``[N, D']``; 1 where they are alike up
    to rotation and scale, 0 where no linear map joins them (Kornblith et al. 2019, equation 5).
    """
    a, b = first - first.mean(axis=0), second - second.mean(axis=0)
    cross = np.linalg.norm(b.T @ a) ** 2
    scale = np.linalg.norm(a.T @ a) * np.linalg.norm(b.T @ b)
    return float(cross / scale) if scale > 0 else 0.0


class Swapped(NamedTuple):
    """The swap test's hits: whether emotion and subject of decoded cycles were recognised, ``[P]`` booleans each."""

    emotion: npt.NDArray[np.bool_]
    subject: npt.NDArray[np.bool_]


class SwapScore(TypedDict):
    """The share of decoded cycles that a classifier recognised, and its 95 % limits over subjects."""

    score: float
    ci95: list[float]


def swap_test(
    real: Features,
    emotion: npt.NDArray[Any],
    subject: npt.NDArray[Any],
    decoded: Features,
    asked_emotion: npt.NDArray[Any],
    asked_subject: npt.NDArray[Any],
) -> Swapped:
    """Classify decoded cycles with classifiers that were trained on real ones.

    Args:
        real: ``[n, F]`` features of real cycles.
        emotion: ``[n]`` labels.
        subject: ``[n]`` labels.
        decoded: ``[P, F]`` the same features of decoded cycles.
        asked_emotion: ``[P]`` the emotion whose latent was decoded.
        asked_subject: ``[P]`` the subject whose latent was decoded.
    """
    judges = {
        "emotion": scaled_pca(LogisticRegression(max_iter=2000)).fit(real, emotion),
        "subject": scaled_pca(LogisticRegression(max_iter=2000)).fit(real, subject),
    }
    return Swapped(
        emotion=judges["emotion"].predict(decoded) == asked_emotion,
        subject=judges["subject"].predict(decoded) == asked_subject,
    )


def probe_latents(releases: Mapping[str, Features], data: FoldData) -> dict[str, float]:
    """The numbers of the disentanglement table for one model.

    Emotion is probed on unseen subjects; the subject on seen subjects, each emotion in turn being left out of training.

    Args:
        releases: "z_emotion" and "z_identity", ``[N, D]`` of all cycles.
        data: the data of the fold.
    """
    cycles, split, index = data.cycles, data.split, data.attackable
    emotion = np.unique(cycles.emotion, return_inverse=True)[1]
    subject = np.unique(cycles.subject, return_inverse=True)[1]
    numbers: dict[str, float] = {
        "entropy_emotion_nats": entropy_nats(emotion[split.test]),
        "entropy_walker_nats": entropy_nats(np.unique(subject[index], return_inverse=True)[1]),
        "cka": linear_cka(releases["z_emotion"][split.test], releases["z_identity"][split.test]),
    }
    rounds = emotion_rounds(data, index)
    for name in ("z_emotion", "z_identity"):
        rows = releases[name]
        read = probe(rows[split.train], emotion[split.train], rows[split.test], emotion[split.test])
        numbers[f"emotion_from_{name}"], numbers[f"emotion_nats_from_{name}"] = read
        named = [probe(rows[index][a], subject[index][a], rows[index][b], subject[index][b]) for a, b in rounds]
        numbers[f"walker_from_{name}"] = float(np.mean([found.balanced_accuracy for found in named]))
        numbers[f"walker_nats_from_{name}"] = float(np.mean([found.information_nats for found in named]))
    return numbers | {
        "swap_emotion_chance": 1.0 / len(np.unique(cycles.emotion)),
        "swap_walker_chance": 1.0 / len(np.unique(cycles.subject[index])),
    }


@dataclass(frozen=True, eq=False)
class SwapFold:
    """The swap test of one model, ``[P]`` pairs.

    Args:
        lenders: the subjects whose z_emotion was decoded.
        bodies: the subjects whose z_identity was decoded.
        recognised: by classifiers of real cycles.
    """

    lenders: npt.NDArray[np.str_]
    bodies: npt.NDArray[np.str_]
    recognised: Swapped

    def to_dict(self) -> dict[str, Any]:
        """Convert the swap test to JSON's types."""
        return {
            "lenders": self.lenders.tolist(),
            "bodies": self.bodies.tolist(),
            "emotion": self.recognised.emotion.tolist(),
            "subject": self.recognised.subject.tolist(),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "SwapFold":
        """The inverse of ``to_dict``."""
        recognised = Swapped(*(np.array(content[part], dtype=bool) for part in Swapped._fields))
        return cls(np.array(content["lenders"]), np.array(content["bodies"]), recognised)


def swap_latents(model: Model, data: FoldData, releases: Mapping[str, Features]) -> SwapFold:
    """The swap test over seen subjects: the z_emotion of every cycle is decoded with a z_identity of the next subject,
    that of a cycle in another emotion.

    Args:
        model: with a decoder.
        data: the data of the fold.
        releases: "z_emotion" and "z_identity", ``[N, D]`` of all cycles.
    """
    cycles, index = data.cycles, data.attackable
    subjects = np.unique(cycles.subject[index])
    following = dict(zip(subjects, np.roll(subjects, -1), strict=True))
    pairs = []
    for i in index:
        there = index[(cycles.subject[index] == following[cycles.subject[i]])]
        other = there[cycles.emotion[there] != cycles.emotion[i]]
        if len(other):
            pairs.append((i, other[i % len(other)]))
    lender, body = np.array(pairs).T
    recognised = swap_test(
        baseline_input("raw", cycles, data.split.train)[index],
        cycles.emotion[index],
        cycles.subject[index],
        decoded(model, releases["z_emotion"][lender], releases["z_identity"][body]),
        cycles.emotion[lender],
        cycles.subject[body],
    )
    return SwapFold(cycles.subject[lender], cycles.subject[body], recognised)


def disentanglement_block(
    folds: Sequence[Mapping[str, float]], swaps: Sequence[SwapFold], *, seed: int
) -> dict[str, Any]:
    """The block ``disentanglement`` of ``results.json``: means over models, and the swap test with its limits.

    Args:
        folds: the result of ``probe_latents``, one a model.
        swaps: the result of ``swap_latents``, one a model.
        seed: the seed of the limits.
    """
    means: dict[str, Any] = {name: float(np.mean([fold[name] for fold in folds])) for name in folds[0]}
    emotion = swap_block([one.recognised.emotion for one in swaps], [one.lenders for one in swaps], seed=seed)
    subject = swap_block([one.recognised.subject for one in swaps], [one.bodies for one in swaps], seed=seed)
    return means | {
        "swap_emotion": emotion["score"],
        "swap_emotion_ci95": emotion["ci95"],
        "swap_walker": subject["score"],
        "swap_walker_ci95": subject["ci95"],
    }


def swap_block(hits: Sequence[npt.NDArray[np.bool_]], subjects: Sequence[npt.NDArray[Any]], *, seed: int) -> SwapScore:
    """How often a classifier of the swap test was right, as the mean over models, with limits over subjects.

    Args:
        hits: per model ``[P]``, one part of ``Swapped``.
        subjects: per model ``[P]`` the subject whose latent gives what is recognised.
        seed: the seed of the limits.
    """
    model = np.repeat(np.arange(len(hits)), [len(of) for of in hits])
    right = np.concatenate(hits).astype(float)
    return {
        "score": nested_mean(right, model),
        "ci95": limits_over_models(right, model, np.concatenate(subjects), seed=seed),
    }
