"""The verdict on privacy: whether z_emotion hides the subject, by four conditions, each with its numbers."""

from typing import Any, TypedDict

import numpy as np

from stgcn_affect.evaluation.seen_scores import limits_over_models, model_of, strongest_hits
from stgcn_affect.evaluation.seen_subjects import Attack
from stgcn_affect.stats import nested_mean

CONTROL = 5
"""The positive control: raw cycles have to be re-identified above so many times chance; else the attack is too weak."""

MARGIN = 0.05
"""By how much more a release may be re-identified than the class probabilities, which nothing can hide."""


class Verdict(TypedDict):
    """The verdict: ``hidden`` says whether every condition holds, ``reasons`` gives the numbers of each."""

    hidden: bool
    reasons: list[str]


def paired_difference(attacks: list[Attack], release: str, floor: str, *, seed: int = 0) -> dict[str, Any]:
    """Paired difference of re-identification between two releases on the same cycles, with ci95 over subjects."""
    model = model_of(attacks)
    subjects = np.concatenate([attack.subjects for attack in attacks])
    gap = strongest_hits(attacks, release).astype(float) - strongest_hits(attacks, floor)
    limits = limits_over_models(gap, model, subjects, seed=seed)
    return {"difference": nested_mean(gap, model), "ci95": limits}


def verdict(
    seen: dict[str, Any],
    unseen: dict[str, Any],
    difference: dict[str, Any],
    *,
    p_value: float,
    release: str = "z_emotion",
) -> Verdict:
    """Decide by four conditions whether a release, z_emotion by default, hides the subject: all of them must hold.

    (1) The permutation test of the maximum over attackers is not significant, or the upper limit of re-identification
    is below 3 x chance. (2) Re-identification is at most 0.05 above that from the class probabilities, by the upper
    limit of the paired difference. (3) So is the verification AUC on unseen subjects. (4) Raw cycles are re-identified
    above ``CONTROL`` x chance by the lower limit, so that the attack is known to work.

    Args:
        seen: the block ``seen_subjects``.
        unseen: the block ``unseen_subjects``.
        difference: the result of ``paired_difference`` between the release and probabilities.
        p_value: the p value of the permutation test.
        release: the name of the release in these blocks.
    """
    chance = seen["chance"]
    upper = seen[release]["ci95"][1]
    auc = unseen[f"{release}_minus_probabilities"]
    control = seen["raw"]["ci95"][0]
    conditions = [
        (
            p_value >= 0.05 or upper < 3 * chance,
            f"seen subjects: p = {p_value:.3f}, upper limit {upper:.3f} against 3 x chance = {3 * chance:.3f}",
        ),
        (
            difference["ci95"][1] <= MARGIN,
            f"above the class probabilities by {difference['difference']:.3f}, upper limit {difference['ci95'][1]:.3f}"
            f" against {MARGIN:.2f}",
        ),
        (
            auc["ci95"][1] <= MARGIN,
            f"unseen subjects: AUC above that from the class probabilities by {auc['difference']:.3f}, upper limit"
            f" {auc['ci95'][1]:.3f} against {MARGIN:.2f}",
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
