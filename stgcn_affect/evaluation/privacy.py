"""The block ``privacy`` of ``results.json``: all attacks on all models of a run, and the verdict."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from stgcn_affect.evaluation.attacks import FoldAttacks
from stgcn_affect.evaluation.attributes import AttributeAttack, attribute_block
from stgcn_affect.evaluation.results import JUDGED
from stgcn_affect.evaluation.seen_scores import permutation_of_strongest, seen_subjects_block, worst_off
from stgcn_affect.evaluation.unseen_scores import unseen_subjects_block
from stgcn_affect.evaluation.unseen_subjects import OpenSetAttack
from stgcn_affect.evaluation.verdict import paired_difference, verdict


def privacy_block(folds: Sequence[FoldAttacks], *, permutations: int, seed: int) -> dict[str, Any]:
    """The block ``privacy`` from the privacy folds of all seeds, with its verdict.

    What else is judged than z_emotion has its p value and verdict under its own name, such as ``anonymised``.
    ``seen_subjects.held_out_takes``, ``unseen_subjects.one_take``, ``unseen_subjects.same_emotion`` and ``attributes``
    are there where some fold could attack them.

    Args:
        folds: the attacks on one model each.
        permutations: draws behind the p value.
        seed: the seed of limits and permutations.
    """
    attacks, over_emotions = [fold.seen for fold in folds], [fold.unseen["emotions"] for fold in folds]
    seen = seen_subjects_block(attacks, seed=seed)
    unseen = unseen_subjects_block(over_emotions, seed=seed)
    static = seen_subjects_block([fold.static for fold in folds], seed=seed)
    seen |= {"static": {release: static[release] for release in folds[0].static.predictions}}
    judged: dict[str, dict[str, Any]] = {}
    for release in (name for name in JUDGED if name in attacks[0].predictions):
        difference = paired_difference(attacks, release, "probabilities", seed=seed)
        p_value = permutation_of_strongest(attacks, release, draws=permutations, seed=seed)
        seen[f"{release}_minus_probabilities"] = difference
        words = verdict(seen, unseen, difference, p_value=p_value, release=release)
        judged[release] = {"p": p_value, "verdict": words}
    seen["p"] = judged["z_emotion"]["p"]
    seen |= {"models": len(folds), "subjects": len({name for one in attacks for name in one.subjects.tolist()})}
    across_takes = [fold.held_out_takes for fold in folds if fold.held_out_takes is not None]
    if across_takes:
        seen["held_out_takes"] = seen_subjects_block(across_takes, seed=seed)
    unseen |= {"models": len(folds), "subjects": _enrolled(over_emotions)}
    for way in ("one_take", "same_emotion"):
        enrolled = [fold.unseen[way] for fold in folds if fold.unseen[way].pairs["z_emotion"]]
        if enrolled:
            unseen[way] = unseen_subjects_block(enrolled, seed=seed)
    attributes = _attributes(folds, seed=seed)
    worst = {release: worst_off(attacks, release, draws=permutations, seed=seed) for release in attacks[0].predictions}
    of_latent = judged.pop("z_emotion")["verdict"]
    found = {"seen_subjects": seen, "unseen_subjects": unseen, "worst_off": worst, "verdict": of_latent, **judged}
    return found | ({"attributes": attributes} if attributes else {})


def _enrolled(attacks: Sequence[OpenSetAttack]) -> int:
    galleries = [pairs.gallery for attack in attacks for pairs in attack.pairs["z_emotion"]]
    return len(np.unique(np.concatenate(galleries)))


def _attributes(folds: Sequence[FoldAttacks], *, seed: int) -> dict[str, Any]:
    """The block ``privacy.attributes``: what could be attacked in at least one fold."""
    by_name: defaultdict[str, list[AttributeAttack]] = defaultdict(list)
    for fold in folds:
        for name, attack in fold.attributes.items():
            by_name[name].append(attack)
    return {name: attribute_block(attacks, seed=seed) for name, attacks in by_name.items()}
