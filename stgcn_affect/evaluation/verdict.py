"""The verdict on privacy: hidden only where every condition holds, and in words why not."""

from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt

from stgcn_affect.evaluation.seen_subjects import Attack, mean_over_models, model_of, strongest_hits
from stgcn_affect.stats import bootstrap_ci95

CONTROL = 5
"""How many times chance raw cycles are to be re-identified; among so few seen subjects nothing can be."""


class Verdict(TypedDict):
    """hidden: whether every condition holds; reasons: a sentence per condition, with its numbers."""

    hidden: bool
    reasons: list[str]


def paired_difference(attacks: list[Attack], release: str, floor: str, *, seed: int = 0) -> dict[str, Any]:
    """Re-identification from one thing minus from another, on the same cycles: difference and ci95 over subjects."""
    model = model_of(attacks)
    subjects = np.concatenate([attack.subjects for attack in attacks])
    gap = strongest_hits(attacks, release).astype(float) - strongest_hits(attacks, floor)

    def score(index: npt.NDArray[np.int64]) -> float:
        return mean_over_models(gap[index], model[index])

    return {"difference": mean_over_models(gap, model), "ci95": bootstrap_ci95(score, subjects, seed=seed)}


def verdict(known: dict[str, Any], unseen: dict[str, Any], difference: dict[str, Any], *, p_value: float) -> Verdict:
    """Apply the rule.

    z_emotion hides the subject where all hold: (1) the permutation test of the maximum over attackers is not
    significant, or the upper limit of re-identification is below 3 x chance; (2) it is no more than .05 above the class
    probabilities, by the upper limit of the paired difference; (3) the upper limit of its verification AUC on unseen
    subjects is below that of the probabilities + .05; (4) raw cycles are re-identified above ``CONTROL`` x chance by
    the lower limit, so that the attack is known to work.

    Args:
        known: the block ``seen_subjects``.
        unseen: the block ``unseen_subjects``.
        difference: of ``paired_difference`` between z_emotion and probabilities.
        p_value: of the permutation test.
    """
    chance = known["chance"]
    upper = known["z_emotion"]["ci95"][1]
    auc, auc_floor = (unseen[release]["ci95"]["auc"][1] for release in ("z_emotion", "probabilities"))
    control = known["raw"]["ci95"][0]
    conditions = [
        (
            p_value >= 0.05 or upper < 3 * chance,
            f"seen subjects: p = {p_value:.3f}, upper limit {upper:.3f} against 3 x chance = {3 * chance:.3f}",
        ),
        (
            difference["ci95"][1] <= 0.05,
            f"above the class probabilities by {difference['difference']:.3f}, upper limit {difference['ci95'][1]:.3f}"
            " against .05",
        ),
        (
            auc < auc_floor + 0.05,
            f"unseen subjects: upper limit of the AUC {auc:.3f} against {auc_floor:.3f} of the probabilities + .05",
        ),
        (
            control > CONTROL * chance,
            f"positive control: lower limit on raw cycles {control:.3f} against {CONTROL} x chance ="
            f" {CONTROL * chance:.3f}",
        ),
    ]
    return {
        "hidden": all(holds for holds, _ in conditions),
        "reasons": [f"{'holds' if holds else 'fails'}: {words}" for holds, words in conditions],
    }
