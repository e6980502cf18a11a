"""What stands in which latent: probes, bounds on information, likeness of the latents, and the swap test."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from stgcn_affect.evaluation.attackers import scaled_pca
from stgcn_affect.evaluation.seen_subjects import mean_over_models
from stgcn_affect.stats import balanced_accuracy, bootstrap_ci95

Features = npt.NDArray[np.floating]
Codes = npt.NDArray[np.int64]


class Probed(NamedTuple):
    """balanced_accuracy of a linear probe on held-out cycles, and a lower bound on the information in nats."""

    balanced_accuracy: float
    information_nats: float


def probe(train: Features, train_codes: Codes, test: Features, test_codes: Codes) -> Probed:
    """How well a linear probe reads labels from a latent.

    The bound is I(z; y) >= H(y) - cross-entropy of any classifier on held-out data (Barber & Agakov 2003); 0 where the
    probe does worse than knowing the label's frequencies.

    Args:
        train: ``[n, D]`` latents.
        train_codes: ``[n]`` labels, 0 to K-1, each present.
        test: ``[m, D]``.
        test_codes: ``[m]``.
    """
    fitted = scaled_pca(LogisticRegression(max_iter=2000)).fit(train, train_codes)
    said = fitted.predict_proba(test)[np.arange(len(test_codes)), np.searchsorted(fitted.classes_, test_codes)]
    bound = entropy_nats(test_codes) + float(np.log(np.maximum(said, 1e-6)).mean())
    return Probed(balanced_accuracy(test_codes, fitted.predict(test)), max(0.0, bound))


def entropy_nats(codes: Codes) -> float:
    """Entropy of the labels' frequencies."""
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
    """Whether judges who know real cycles only named the emotion of i and the subject of j, ``[P]`` booleans each."""

    emotion: npt.NDArray[np.bool_]
    subject: npt.NDArray[np.bool_]


class SwapScore(TypedDict):
    """score: share of decoded cycles that a judge named rightly; ci95: its limits over subjects."""

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
    """Judge decoded cycles by classifiers that were trained on real ones.

    Args:
        real: ``[n, F]`` features of real cycles; emotion, subject: ``[n]``.
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


def disentanglement_block(folds: list[Mapping[str, float]]) -> dict[str, float]:
    """Means over models of everything that each model's dict of numbers holds."""
    return {name: float(np.mean([fold[name] for fold in folds])) for name in folds[0]}


def swap_block(hits: Sequence[npt.NDArray[np.bool_]], subjects: Sequence[npt.NDArray[Any]], *, seed: int) -> SwapScore:
    """How often a judge of the swap test was right, as the mean over models, with limits over subjects.

    Args:
        hits: per model ``[P]``, one part of ``Swapped``.
        subjects: per model ``[P]`` the subject whom a pair's latent in question comes from.
        seed: of the limits.
    """
    model = np.repeat(np.arange(len(hits)), [len(of) for of in hits])
    right = np.concatenate(hits).astype(float)

    def score(index: npt.NDArray[np.int64]) -> float:
        return mean_over_models(right[index], model[index])

    return {
        "score": mean_over_models(right, model),
        "ci95": bootstrap_ci95(score, np.concatenate(subjects), seed=seed),
    }
