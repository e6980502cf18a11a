"""Do maps find the joints that bear an emotion? Only synthetic walkers can tell, whose generator knows."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from stgcn_affect.errors import InputError
from stgcn_affect.synthetic.truth import FactorTruth

Floats = npt.NDArray[np.floating]


def ground_truth_auc(
    scores: Mapping[str, Floats],
    truths: Mapping[str, FactorTruth],
    joints: Sequence[str],
    *,
    drawn: Mapping[str, Floats] | None = None,
) -> dict[str, Any]:
    """Area under the ROC curve of joint scores against the joints that bear each factor, and its mean over factors.

    It is the chance that a joint that bears the factor scores above one that does not: .5 for a map that knows nothing.

    Args:
        scores: factor to joint scores ``[V]`` (see ``joint_scores``): of the average map of a model that was trained on
            subjects with this factor alone, or of the contrast of emotions that have it with those that do not.
        truths: factor to what ``factor_truth`` says. Factors that are not scored there, because they move no joint or
            nearly all of them, are left out, and so are factors without scores.
        joints: V names, in the order of the scores.
        drawn: factor to scores ``[draws, V]`` of averages over drawn subjects (see ``drawn_joint_scores``), for limits.
            Draw i of all factors should be of the same subjects, so of one seed.

    Returns:
        auc: the mean over factors; ci95: its limits, None without draws; factors: factor to {auc, ci95, bearing}.

    Raises:
        InputError: no factor can be scored, or scores that do not fit the joints.
    """
    usable = [factor for factor, truth in truths.items() if truth.scored and factor in scores]
    if not usable:
        raise InputError(
            f"ground truth: expected joint scores for a factor that some joints bear"
            f" (got scores for {', '.join(scores) or 'none'})"
        )
    factors: dict[str, dict[str, Any]] = {}
    draws = []
    for factor in usable:
        bears = np.isin(joints, truths[factor].bearing)
        _check(factor, scores[factor], joints)
        redone = None if drawn is None else roc_auc(bears, drawn[factor])
        draws.append(redone)
        factors[factor] = {
            "auc": float(roc_auc(bears, scores[factor])),
            "ci95": _limits(redone),
            "bearing": list(truths[factor].bearing),
        }
    mean_of_draws = None if drawn is None else np.mean(np.stack([d for d in draws if d is not None]), axis=0)
    return {
        "auc": float(np.mean([block["auc"] for block in factors.values()])),
        "ci95": _limits(mean_of_draws),
        "factors": factors,
    }


def roc_auc(bears: npt.NDArray[np.bool_], scores: Floats) -> npt.NDArray[np.float64]:
    """Area under the ROC curve of scores ``[..., V]`` for joints that bear something, ``[V]``; ties count half.

    By the sum of ranks (Mann & Whitney 1947), many rows of scores at once.
    """
    yes, no = int(bears.sum()), int((~bears).sum())
    above = rankdata(scores, axis=-1)[..., bears].sum(axis=-1) - yes * (yes + 1) / 2
    return np.asarray(above / (yes * no), np.float64)


def _limits(values: Floats | None) -> list[float] | None:
    return None if values is None else [float(limit) for limit in np.quantile(values, [0.025, 0.975])]


def _check(factor: str, scores: Floats, joints: Sequence[str]) -> None:
    if np.shape(scores) != (len(joints),) or not np.isfinite(scores).all():
        raise InputError(
            f"ground truth, {factor}: expected a finite score for each of {len(joints)} joints"
            f" (got {list(np.shape(scores))}, {int(np.isfinite(scores).sum())} of them finite)"
        )
