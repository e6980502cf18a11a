"""Scores with chance and confidence limits: nested means, one bootstrap over subjects, permutation tests."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix, f1_score, recall_score

from stgcn_affect.errors import InputError

Codes = npt.NDArray[np.int64]

DRAWS = 2000
"""Bootstrap samples behind every limit."""


def bootstrap_ci95(
    score: Callable[[npt.NDArray[np.int64]], float],
    subjects: npt.NDArray[Any],
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> list[float]:
    """95 % percentile limits by bootstrap over subjects, whose cycles stay together (Efron & Tibshirani 1993, ch. 13).

    Args:
        score: from the indices of the drawn cycles, subjects repeated as drawn.
        subjects: ``[N]`` the subject of every cycle.
        seed: of the draws.
        draws: how many.

    Returns:
        [lower, upper]
    """
    members = [np.flatnonzero(subjects == subject) for subject in np.unique(subjects)]
    rng = np.random.default_rng(seed)
    values = [
        score(np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])) for _ in range(draws)
    ]
    lower, upper = np.quantile(values, [0.025, 0.975])
    return [float(lower), float(upper)]


def emotion_scores(
    truth: Codes, predicted: Codes, subjects: npt.NDArray[Any], emotions: Sequence[str], *, seed: int = 0
) -> dict[str, Any]:
    """The emotion block of ``results.json``.

    Args:
        truth: ``[N]`` codes into ``emotions``.
        predicted: ``[N]`` codes, each by a model that never saw that cycle's subject.
        subjects: ``[N]`` names.
        emotions: Q names.
        seed: of the bootstrap.

    Returns:
        balanced_accuracy with ci95 (over subjects), macro_f1, accuracy, chance (1 / Q), majority (accuracy of the most
        frequent emotion), n_cycles, n_subjects, per_class_recall {emotion: recall, None where absent} and confusion,
        [Q][Q] counts (row the truth).
    """
    codes = np.arange(len(emotions))
    recall = recall_score(truth, predicted, labels=codes, average=None, zero_division=np.nan)
    return {
        "balanced_accuracy": balanced_accuracy(truth, predicted),
        "macro_f1": float(f1_score(truth, predicted, labels=np.unique(truth), average="macro", zero_division=0.0)),
        "accuracy": float(np.mean(truth == predicted)),
        "ci95": bootstrap_ci95(lambda index: balanced_accuracy(truth[index], predicted[index]), subjects, seed=seed),
        "chance": 1.0 / len(emotions),
        "majority": float(np.bincount(truth).max() / len(truth)),
        "n_cycles": len(truth),
        "n_subjects": len(np.unique(subjects)),
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


Doubles = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]
Takes = npt.NDArray[np.int64]


class SubjectMeans(NamedTuple):
    """Shapes: subjects ``[S]`` sorted names; values ``[S, ...]``, the mean over takes of the means over their
    cycles.
    """

    subjects: Names
    values: Doubles


class Estimate(TypedDict):
    """A mean over subjects; ci95 is [lower, upper], None where one subject alone says nothing of others."""

    mean: float
    ci95: list[float] | None
    n_subjects: int


def subject_means(values: npt.NDArray[np.floating], *, subjects: Names, takes: Takes) -> SubjectMeans:
    """Average over the cycles of each take, then over the takes of each subject.

    Args:
        values: ``[N, ...]``, one entry per cycle.
        subjects: ``[N]`` names.
        takes: ``[N]`` a number per take; numbers may repeat between subjects.

    Raises:
        InputError: no cycle, or not one subject and one take for each.
    """
    if len(values) == 0 or not len(values) == len(subjects) == len(takes):
        raise InputError(
            f"a mean over subjects needs at least one cycle, and a subject and a take for each"
            f" (got {len(values)} cycles, {len(subjects)} subjects, {len(takes)} takes)"
        )
    names, subject = np.unique(subjects, return_inverse=True)
    pairs, take = np.unique(np.stack([subject, np.asarray(takes, np.int64)]), axis=1, return_inverse=True)
    per_take = _group_means(np.asarray(values), take.ravel(), pairs.shape[1])
    return SubjectMeans(names, _group_means(per_take, pairs[0], len(names)))


def subject_draws(subjects: int, *, seed: int = 0, draws: int = DRAWS) -> Doubles:
    """Bootstrap weights ``[draws, S]``, rows of sum 1: how often each of S subjects is drawn, over S.

    A subject's own mean does not change when subjects are drawn, so ``weights @ means`` is the whole mean over cycles,
    takes and subjects, made anew for each draw (Efron & Tibshirani 1993, ch. 13).
    """
    counts = np.random.default_rng(seed).multinomial(subjects, np.full(subjects, 1 / subjects), size=draws)
    return np.asarray(counts / subjects, np.float64)


def estimate(
    values: npt.NDArray[np.floating], *, subjects: Names, takes: Takes, seed: int = 0, draws: int = DRAWS
) -> Estimate:
    """The mean of one number per cycle ``[N]`` over cycles, takes and subjects, with 95 % limits over subjects.

    Raises:
        InputError: as ``subject_means``.
    """
    means = subject_means(values, subjects=subjects, takes=takes).values
    limits = None
    if len(means) > 1:
        drawn = subject_draws(len(means), seed=seed, draws=draws) @ means
        limits = [float(limit) for limit in np.quantile(drawn, [0.025, 0.975])]
    return {"mean": float(means.mean()), "ci95": limits, "n_subjects": len(means)}


def _group_means(values: npt.NDArray[np.floating], group: npt.NDArray[np.intp], groups: int) -> Doubles:
    sums = np.zeros((groups, *values.shape[1:]))
    np.add.at(sums, group, values)
    count = np.bincount(group, minlength=groups).reshape(-1, *(1,) * (values.ndim - 1))
    return np.asarray(sums / count, np.float64)


def permutation_p(
    said: Mapping[str, npt.NDArray[Any]],
    subjects: npt.NDArray[Any],
    strata: npt.NDArray[Any],
    *,
    draws: int = 1000,
    seed: int = 0,
) -> float:
    """P value of the best attacker's hits, against the subjects of each stratum trading names.

    All attackers see the same trade and the best one of each draw counts, so that having tried several is paid for
    (maximum statistic; Westfall & Young 1993). A subject's cycles keep one name: they are alike, so an attacker names
    them alike by chance, too, and cycles that traded names one by one would call that significant.

    Args:
        said: attacker to ``[M]`` subjects that it named.
        subjects: ``[M]`` the true ones.
        strata: ``[M]``, names are traded within equal values only (model and emotion).
        draws: permutations.
        seed: of the permutations.
    """
    rng = np.random.default_rng(seed)
    groups = [np.flatnonzero(strata == value) for value in np.unique(strata)]
    members = [np.unique(subjects[group], return_inverse=True) for group in groups]
    named = np.stack(list(said.values()))
    found = (named == subjects).mean(axis=1).max()
    beaten = 0
    traded = subjects.copy()
    for _ in range(draws):
        for group, (names, code) in zip(groups, members, strict=True):
            traded[group] = rng.permutation(names)[code]
        beaten += (named == traded).mean(axis=1).max() >= found
    return float((1 + beaten) / (1 + draws))


def paired_sign_flip_p(differences: npt.NDArray[np.floating], *, draws: int = 10000, seed: int = 0) -> float:
    """Two-sided p value that paired differences, one a subject, have mean 0: their signs are flipped at random."""
    rng = np.random.default_rng(seed)
    signs = rng.integers(0, 2, size=(draws, len(differences))) * 2 - 1
    flipped = np.abs((signs * differences).mean(axis=1))
    return float((1 + (flipped >= abs(differences.mean()) - 1e-12).sum()) / (1 + draws))
