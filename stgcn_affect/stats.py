"""Scores with chance and confidence limits: nested means, one bootstrap over subjects, permutation tests."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError

Codes = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]
Takes = npt.NDArray[np.int64]

DRAWS = 2000
"""Bootstrap samples behind every limit."""


def draw_subjects(subjects: int, *, seed: int | np.random.Generator = 0, draws: int = DRAWS) -> Codes:
    """Bootstrap samples of S subjects, ``[draws, S]`` indices with replacement (Efron & Tibshirani 1993, ch. 13)."""
    return np.random.default_rng(seed).integers(subjects, size=(draws, subjects))


def subject_counts(drawn: Codes) -> Doubles:
    """How often each subject occurs in each of the samples of ``draw_subjects``, ``[draws, S]``."""
    subjects = drawn.shape[1]
    flat = drawn + subjects * np.arange(len(drawn))[:, None]
    counts = np.bincount(flat.ravel(), minlength=drawn.size)
    return counts.reshape(drawn.shape).astype(np.float64)


def subject_draws(subjects: int, *, seed: int = 0, draws: int = DRAWS) -> Doubles:
    """The samples of ``draw_subjects`` as weights ``[draws, S]``, rows of sum 1.

    A subject's own mean does not change when subjects are drawn, so ``weights @ means`` is the whole mean over cycles,
    takes and subjects, made anew for each draw.
    """
    return subject_counts(draw_subjects(subjects, seed=seed, draws=draws)) / subjects


def percentile_limits(drawn: npt.ArrayLike) -> Doubles:
    """95 % percentile limits ``[2, ...]``, lower and upper, of scores ``[draws, ...]``; NaN are left out."""
    scores = np.asarray(drawn, np.float64)
    quantile = np.nanquantile if np.isnan(scores).any() else np.quantile
    return np.asarray(quantile(scores, [0.025, 0.975], axis=0), np.float64)


def bootstrap_ci95(
    score: Callable[[npt.NDArray[np.int64]], float],
    subjects: npt.NDArray[Any],
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> list[float]:
    """95 % percentile limits by bootstrap over subjects, whose cycles stay together.

    Args:
        score: from the indices of the drawn cycles, subjects repeated as drawn.
        subjects: ``[N]`` the subject of every cycle.
        seed: the seed of the draws.
        draws: the number of draws.

    Returns:
        [lower, upper]
    """
    members = [np.flatnonzero(subjects == subject) for subject in np.unique(subjects)]
    drawn = draw_subjects(len(members), seed=seed, draws=draws)
    limits: list[float] = percentile_limits(
        [score(np.concatenate([members[i] for i in one])) for one in drawn]
    ).tolist()
    return limits


def group_means(values: npt.NDArray[Any], group: npt.NDArray[np.integer]) -> Doubles:
    """Means of values ``[N, ...]`` within groups, ``[G, ...]`` in the order of their codes.

    Args:
        values: numbers or booleans.
        group: ``[N]`` codes from 0; a code that does not occur is left out.
    """
    count = np.bincount(group)
    there = count > 0
    if values.ndim == 1:
        return np.asarray(np.bincount(group, weights=values)[there] / count[there])
    columns = np.asarray(values, np.float64).reshape(len(values), -1).T
    sums = np.stack([np.bincount(group, weights=column) for column in columns], axis=1)
    return (sums[there] / count[there, None]).reshape(-1, *values.shape[1:])


def nested_mean(values: npt.NDArray[Any], group: npt.NDArray[np.integer]) -> float:
    """The mean of ``[N]`` values within each group, such as a model's, then over the groups that occur."""
    return float(group_means(values, group).mean())


def nested_mean_ci95(
    values: npt.NDArray[Any], group: npt.NDArray[np.integer], subjects: npt.NDArray[Any], *, seed: int
) -> list[float]:
    """Limits of ``nested_mean`` by ``bootstrap_ci95``, all draws at once.

    Args:
        values: ``[N]`` hits or numbers.
        group: ``[N]`` codes from 0, such as those of the models.
        subjects: ``[N]`` the subject of every value.
        seed: the seed of the draws.

    Returns:
        [lower, upper]
    """
    subject = np.unique(subjects, return_inverse=True)[1]
    shape = int(subject.max()) + 1, int(group.max()) + 1
    cell = subject * shape[1] + group
    sums, counts = (np.bincount(cell, weights=w, minlength=shape[0] * shape[1]).reshape(shape) for w in (values, None))
    times = subject_counts(draw_subjects(shape[0], seed=seed))
    there = times @ counts
    means = np.divide(times @ sums, there, out=np.zeros_like(there), where=there > 0)
    limits: list[float] = percentile_limits(means.sum(axis=1) / (there > 0).sum(axis=1)).tolist()
    return limits


def emotion_scores(
    truth: Codes, predicted: Codes, subjects: npt.NDArray[Any], emotions: Sequence[str], *, seed: int = 0
) -> dict[str, Any]:
    """Scores of emotion predictions: the block ``emotion`` of ``results.json``.

    Args:
        truth: ``[N]`` codes into ``emotions``.
        predicted: ``[N]`` codes, each by a model that never saw that cycle's subject.
        subjects: ``[N]`` names.
        emotions: Q names.
        seed: the seed of the bootstrap.

    Returns:
        balanced_accuracy with ci95 (over subjects), macro_f1, accuracy, chance (1 / Q), majority (accuracy of the most
        frequent emotion), n_cycles, n_subjects, per_class_recall {emotion: recall, None where absent} and confusion,
        [Q][Q] counts (row the truth).
    """
    from sklearn.metrics import confusion_matrix, f1_score, recall_score

    codes = np.arange(len(emotions))
    recall = recall_score(truth, predicted, labels=codes, average=None, zero_division=np.nan)
    return {
        "balanced_accuracy": balanced_accuracy(truth, predicted),
        "macro_f1": float(f1_score(truth, predicted, labels=np.unique(truth), average="macro", zero_division=0.0)),
        "accuracy": float(np.mean(truth == predicted)),
        "ci95": nested_mean_ci95(truth == predicted, truth, subjects, seed=seed),
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
    return nested_mean(truth == predicted, truth)


class SubjectMeans(NamedTuple):
    """One mean per subject: over takes of the means over their cycles.

    Shapes:
        - subjects: ``[S]`` sorted names
        - values: ``[S, ...]``
    """

    subjects: Names
    values: Doubles


class Estimate(TypedDict):
    """A mean over subjects with its 95 % limits; ``ci95`` is [lower, upper], None for a single subject."""

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
    return SubjectMeans(names, group_means(group_means(np.asarray(values), take.ravel()), pairs[0]))


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
        limits = percentile_limits(subject_draws(len(means), seed=seed, draws=draws) @ means).tolist()
    return {"mean": float(means.mean()), "ci95": limits, "n_subjects": len(means)}


def permutation_p(
    predictions: Mapping[str, npt.NDArray[Any]],
    subjects: npt.NDArray[Any],
    strata: npt.NDArray[Any],
    *,
    draws: int = 1000,
    seed: int = 0,
) -> float:
    """Permutation p value of the best attacker's hits: subjects' names are permuted within each stratum.

    All attackers see the same trade and the best one of each draw counts, so that having tried several is paid for
    (maximum statistic; Westfall & Young 1993). A subject's cycles keep one name: they are alike, so an attacker names
    them alike by chance, too, and cycles that traded names one by one would call that significant.

    Args:
        predictions: attacker to ``[M]`` subjects that it named.
        subjects: ``[M]`` the true ones.
        strata: ``[M]``, names are traded within equal values only (model and emotion).
        draws: permutations.
        seed: the seed of the permutations.
    """
    named = np.stack(list(predictions.values()))
    found = (named == subjects).mean(axis=1).max()
    trades = traded_names(subjects, strata, draws=draws, seed=seed)
    beaten = sum((named == traded).mean(axis=1).max() >= found for traded in trades)
    return float((1 + beaten) / (1 + draws))


def traded_names(
    subjects: npt.NDArray[Any], strata: npt.NDArray[Any], *, draws: int, seed: int
) -> Iterator[npt.NDArray[Any]]:
    """Draws of ``permutation_p``: ``[M]`` subjects whose names are permuted within each stratum, cycles together.

    The array is the same one each time, filled anew.
    """
    rng = np.random.default_rng(seed)
    groups = [np.flatnonzero(strata == value) for value in np.unique(strata)]
    members = [np.unique(subjects[group], return_inverse=True) for group in groups]
    traded = subjects.copy()
    for _ in range(draws):
        for group, (names, code) in zip(groups, members, strict=True):
            traded[group] = rng.permutation(names)[code]
        yield traded


def paired_sign_flip_p(differences: npt.NDArray[np.floating], *, draws: int = 10000, seed: int = 0) -> float:
    """Two-sided p value that paired differences, one a subject, have mean 0: their signs are flipped at random."""
    rng = np.random.default_rng(seed)
    signs = rng.integers(0, 2, size=(draws, len(differences))) * 2 - 1
    flipped = np.abs((signs * differences).mean(axis=1))
    return float((1 + (flipped >= abs(differences.mean()) - 1e-12).sum()) / (1 + draws))
