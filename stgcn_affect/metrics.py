"""Scores with their chance levels and confidence limits."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix, f1_score, recall_score

Codes = npt.NDArray[np.int64]

DRAWS = 2000
"""Bootstrap samples behind every limit."""


def bootstrap_ci95(
    score: Callable[[npt.NDArray[np.int64]], float],
    walkers: npt.NDArray[Any],
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> list[float]:
    """95 % percentile limits by bootstrap over walkers, whose cycles stay together (Efron & Tibshirani 1993, ch. 13).

    Args:
        score: from the indices of the drawn cycles, walkers repeated as drawn.
        walkers: ``[N]`` the walker of every cycle.
        seed: of the draws.
        draws: how many.

    Returns:
        [lower, upper]
    """
    members = [np.flatnonzero(walkers == walker) for walker in np.unique(walkers)]
    rng = np.random.default_rng(seed)
    values = [
        score(np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])) for _ in range(draws)
    ]
    lower, upper = np.quantile(values, [0.025, 0.975])
    return [float(lower), float(upper)]


def emotion_scores(
    truth: Codes, predicted: Codes, walkers: npt.NDArray[Any], emotions: Sequence[str], *, seed: int = 0
) -> dict[str, Any]:
    """The emotion block of ``results.json``.

    Args:
        truth: ``[N]`` codes into ``emotions``.
        predicted: ``[N]`` codes, each by a model that never saw that cycle's walker.
        walkers: ``[N]`` names.
        emotions: Q names.
        seed: of the bootstrap.

    Returns:
        balanced_accuracy with ci95 (over walkers), macro_f1, accuracy, chance (1 / Q), majority (accuracy of the most
        frequent emotion), n_cycles, n_walkers, per_class_recall {emotion: recall, None where absent} and confusion,
        [Q][Q] counts (row the truth).
    """
    codes = np.arange(len(emotions))
    recall = recall_score(truth, predicted, labels=codes, average=None, zero_division=np.nan)
    return {
        "balanced_accuracy": balanced_accuracy(truth, predicted),
        "macro_f1": float(f1_score(truth, predicted, labels=np.unique(truth), average="macro", zero_division=0.0)),
        "accuracy": float(np.mean(truth == predicted)),
        "ci95": bootstrap_ci95(lambda index: balanced_accuracy(truth[index], predicted[index]), walkers, seed=seed),
        "chance": 1.0 / len(emotions),
        "majority": float(np.bincount(truth).max() / len(truth)),
        "n_cycles": len(truth),
        "n_walkers": len(np.unique(walkers)),
        "per_class_recall": {
            name: None if np.isnan(value) else float(value) for name, value in zip(emotions, recall, strict=True)
        },
        "confusion": confusion_matrix(truth, predicted, labels=codes).tolist(),
    }


def balanced_accuracy(truth: Codes, predicted: Codes) -> float:
    """Mean recall over the classes that occur; scikit-learn's without checks and warnings, for thousands of draws."""
    count = np.bincount(truth)
    right = np.bincount(truth[truth == predicted], minlength=len(count))
    return float((right[count > 0] / count[count > 0]).mean())
