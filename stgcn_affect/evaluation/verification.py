"""Scores of a verifier: is this the same walker?"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class Verification(NamedTuple):
    """eer: equal error rate; auc: area under the ROC curve; tar_at_far_1pct: true accepts at 1 % false accepts."""

    eer: float
    auc: float
    tar_at_far_1pct: float


def verification(scores: npt.NDArray[np.floating], same: npt.NDArray[np.bool_]) -> Verification:
    """Scores of pairs, higher for more alike, and whether both are the same walker, ``[P]`` each.

    Raises:
        ValueError: no pair of one walker, or none of two.
    """
    if same.all() or not same.any():
        raise ValueError(
            f"verification needs pairs of one walker and of two (got {int(same.sum())} of {len(same)} same)"
        )
    order = np.argsort(-scores)
    last_of_ties = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    accepted_same = np.cumsum(same[order])[last_of_ties]
    true_accepts = np.append(0.0, accepted_same / same.sum())
    false_accepts = np.append(0.0, (last_of_ties + 1 - accepted_same) / (~same).sum())
    area = (np.diff(false_accepts) * (true_accepts[1:] + true_accepts[:-1]) / 2).sum()
    return Verification(
        eer=_equal_error_rate(false_accepts, 1.0 - true_accepts),
        auc=float(area),
        tar_at_far_1pct=float(true_accepts[false_accepts <= 0.01].max()),
    )


def _equal_error_rate(false_accepts: npt.NDArray[np.float64], misses: npt.NDArray[np.float64]) -> float:
    """Where both rates cross, on the straight line between the two thresholds around it."""
    crossing = int(np.argmax(false_accepts >= misses))
    gap = misses - false_accepts
    share = gap[crossing - 1] / (gap[crossing - 1] - gap[crossing])
    return float(false_accepts[crossing - 1] + share * (false_accepts[crossing] - false_accepts[crossing - 1]))
