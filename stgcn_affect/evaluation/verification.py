"""Verification scores: equal error rate, AUC, and true accepts at 1 % false accepts."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


class Verification(NamedTuple):
    """Verification scores: equal error rate, area under the ROC curve, true accepts at 1 % false accepts."""

    eer: float
    auc: float
    tar_at_far_1pct: float


def verification(scores: npt.NDArray[np.floating], same: npt.NDArray[np.bool_]) -> Verification:
    """Scores of pairs, higher for more alike, and whether both are the same subject, ``[P]`` each.

    With M pairs of two subjects false accepts come in steps of 1/M: with fewer than 100 pairs the true accepts at 1 %
    are those at none at all, above the one most alike pair of strangers.

    Raises:
        ValueError: no pair of one subject, or none of two.
    """
    if same.all() or not same.any():
        raise ValueError(
            f"verification needs pairs of one subject and of two (got {int(same.sum())} of {len(same)} same)"
        )
    return Verification(*(float(found[0]) for found in verification_by_weight(scores, same, np.ones((1, len(scores))))))


class VerificationByWeight(NamedTuple):
    """The scores of ``Verification``, ``[D]`` each."""

    eer: Numbers
    auc: Numbers
    tar_at_far_1pct: Numbers


def verification_by_weight(
    scores: npt.NDArray[np.floating], same: npt.NDArray[np.bool_], weights: npt.NDArray[np.floating]
) -> VerificationByWeight:
    """``verification`` for D weightings of the same pairs, such as bootstrap samples: they are sorted only once.

    Args:
        scores: ``[P]``.
        same: ``[P]``.
        weights: ``[D, P]``, how often each pair counts; where none of one kind counts, the scores are NaN.
    """
    order = np.argsort(-scores)
    last_of_ties = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    weights, same = np.asarray(weights, dtype=np.float64)[:, order], same[order]
    accepted = [_share(np.cumsum(weights * kind, axis=1)[:, last_of_ties]) for kind in (same, ~same)]
    true_accepts, false_accepts = (np.pad(share, ((0, 0), (1, 0))) for share in accepted)
    area = (np.diff(false_accepts) * (true_accepts[:, 1:] + true_accepts[:, :-1]) / 2).sum(axis=1)
    found = VerificationByWeight(
        eer=_equal_error_rate(false_accepts, 1.0 - true_accepts),
        auc=area,
        tar_at_far_1pct=np.where(false_accepts <= 0.01 + 1e-12, true_accepts, 0.0).max(axis=1),
    )
    undefined = np.isnan(area)
    return VerificationByWeight(*(np.where(undefined, np.nan, values) for values in found))


def _share(counts: Numbers) -> Numbers:
    """``[D, K]`` running sums as shares of the last one; NaN where that is 0."""
    total = counts[:, -1:]
    return np.divide(counts, total, out=np.full_like(counts, np.nan), where=total > 0)


def _equal_error_rate(false_accepts: Numbers, misses: Numbers) -> Numbers:
    """``[D]``: where both rates ``[D, K]`` cross, on the straight line between the two thresholds around it."""
    crossing = np.argmax(false_accepts >= misses, axis=1)
    rows, before = np.arange(len(misses)), np.maximum(crossing - 1, 0)
    gap = misses - false_accepts
    share = gap[rows, before] / (gap[rows, before] - gap[rows, crossing] + (crossing == 0))
    start = false_accepts[rows, before]
    return np.asarray(start + share * (false_accepts[rows, crossing] - start), dtype=np.float64)
