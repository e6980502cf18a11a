"""Scores of a verifier: is this the same walker?"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score, roc_curve


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
    false_accepts, true_accepts, _ = roc_curve(same, scores, drop_intermediate=False)
    misses = 1.0 - true_accepts
    crossing = int(np.argmax(false_accepts >= misses))
    before = max(crossing - 1, 0)
    gap = (misses - false_accepts)[[before, crossing]]
    share = gap[0] / (gap[0] - gap[1]) if gap[0] != gap[1] else 0.0
    eer = false_accepts[before] + share * (false_accepts[crossing] - false_accepts[before])
    accepted = true_accepts[false_accepts <= 0.01]
    return Verification(
        eer=float(eer), auc=float(roc_auc_score(same, scores)), tar_at_far_1pct=float(accepted.max(initial=0.0))
    )
