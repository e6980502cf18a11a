"""From finished tasks to the blocks of the evidence: one table per claim, each with its chance and limits."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.attributes import AttributeAttack, attribute_block
from stgcn_affect.evaluation.disentanglement import disentanglement_block, swap_block
from stgcn_affect.evaluation.seen_subjects import Attack, model_of, seen_subjects_block
from stgcn_affect.evaluation.unseen_scores import unseen_subjects_block
from stgcn_affect.evaluation.unseen_subjects import ENROLMENTS
from stgcn_affect.evaluation.verdict import paired_difference, verdict
from stgcn_affect.jobs.attack_record import attack_from_json, attribute_from_json, open_set_from_json
from stgcn_affect.stats import bootstrap_ci95, emotion_scores, paired_sign_flip_p, permutation_p

Codes = npt.NDArray[np.int64]
Predictions = dict[str, Codes]
"""Method to ``[seeds, N]`` predicted codes; every cycle by a model that never saw its subject, -1 where a fold died."""


def emotion_block(predicted: Codes, cycles: CycleStore, *, seed: int) -> dict[str, Any]:
    """The emotion block of one method: every prediction of every seed counts once, so counts are of all seeds."""
    emotions, truth = np.unique(cycles.emotion, return_inverse=True)
    there = predicted >= 0
    cycle = np.nonzero(there)[1]
    block = emotion_scores(truth[cycle], predicted[there], cycles.subject[cycle], emotions.tolist(), seed=seed)
    return block | {"n_cycles": len(np.unique(cycle)), "seeds": len(predicted)}


def best_baselines(
    inner: Mapping[str, Mapping[str, float]], predictions: Mapping[str, Codes], tested: Mapping[str, Codes]
) -> Codes:
    """Predictions of the best traditional baseline, chosen anew in every fold by its inner score.

    Args:
        inner: fold to method to inner score.
        predictions: method to ``[N]`` codes.
        tested: fold to the indices that it tests.
    """
    first = next(iter(predictions.values()))
    combined = np.full_like(first, -1)
    for fold, scores in inner.items():
        best = max(scores, key=lambda name: scores[name])
        combined[tested[fold]] = predictions[best][tested[fold]]
    return combined


def compare(method: Codes, other: Codes, cycles: CycleStore, *, seed: int) -> dict[str, Any]:
    """Paired difference in balanced accuracy, method minus other, ``[seeds, N]`` each; limits and p over subjects.

    Every prediction counts once, as in ``emotion_block``: the difference is that of the two scores.

    Raises:
        InputError: there is no cycle that both predict.
    """
    truth = np.unique(cycles.emotion, return_inverse=True)[1]
    both = (method >= 0) & (other >= 0)
    there = both.any(axis=0)
    if not there.any():
        raise InputError("comparison: expected subjects that both methods were tested on (got none)")
    gain = ((method == truth) * 1.0 - (other == truth)).sum(axis=0, where=both)[there]
    times = both.sum(axis=0)[there]
    weight = 1.0 / np.bincount(truth[there], weights=times)[truth[there]]
    subjects = cycles.subject[there]
    per_subject = np.array([gain[subjects == w].sum() / times[subjects == w].sum() for w in np.unique(subjects)])

    def score(index: Codes) -> float:
        return float((gain[index] * weight[index]).sum() / (times[index] * weight[index]).sum())

    return {
        "difference": score(np.arange(len(gain))),
        "ci95": bootstrap_ci95(score, subjects, seed=seed),
        "p": paired_sign_flip_p(per_subject, seed=seed),
    }


def privacy_block(folds: Sequence[Mapping[str, Any]], *, permutations: int, seed: int) -> dict[str, Any]:
    """The block ``privacy`` from the privacy folds of all seeds, with its verdict.

    ``seen_subjects.held_out_takes``, ``unseen_subjects.one_take`` and ``attributes`` are there where some fold could
    attack them.
    """
    attacks = [attack_from_json(fold["known"]) for fold in folds]
    open_sets = {way: [open_set_from_json(fold["unseen"][way]) for fold in folds] for way in ENROLMENTS}
    static = seen_subjects_block([attack_from_json(fold["static"]) for fold in folds], seed=seed)
    known = seen_subjects_block(attacks, seed=seed)
    unseen = unseen_subjects_block(open_sets["emotions"], seed=seed)
    difference = paired_difference(attacks, "z_emotion", "probabilities", seed=seed)
    p_value = _permutation(attacks, "z_emotion", draws=permutations, seed=seed)
    known |= {"static": {release: static[release] for release in folds[0]["static"]["said"]}}
    known |= {"z_emotion_minus_probabilities": difference, "p": p_value}
    judged = verdict(known, unseen, difference, p_value=p_value)
    attacked = {name for attack in attacks for name in attack.subjects.tolist()}
    galleries = [pairs.gallery for one in open_sets["emotions"] for pairs in one.pairs["z_emotion"]]
    known |= {"models": len(folds), "subjects": len(attacked)}
    again = [attack_from_json(fold["held_out_takes"]) for fold in folds if "held_out_takes" in fold]
    if again:
        known["held_out_takes"] = seen_subjects_block(again, seed=seed)
    unseen |= {"models": len(folds), "subjects": len(np.unique(np.concatenate(galleries)))}
    once = [one for one in open_sets["one_take"] if one.pairs["z_emotion"]]
    if once:
        unseen["one_take"] = unseen_subjects_block(once, seed=seed)
    found = {"seen_subjects": known, "unseen_subjects": unseen, "verdict": judged}
    attributes = _attributes(folds, seed=seed)
    return found | ({"attributes": attributes} if attributes else {})


def _attributes(folds: Sequence[Mapping[str, Any]], *, seed: int) -> dict[str, Any]:
    """The block ``privacy.attributes``: what could be attacked in at least one fold."""
    said: defaultdict[str, list[AttributeAttack]] = defaultdict(list)
    for fold in folds:
        for name, attack in fold.get("attributes", {}).items():
            said[name].append(attribute_from_json(attack))
    return {name: attribute_block(attacks, seed=seed) for name, attacks in said.items()}


def method_points(folds: Sequence[Mapping[str, Any]], *, reversal: float) -> dict[str, list[dict[str, Any]]]:
    """What the privacy folds themselves say of hiding: the method, what it decodes, and retargeting alone."""
    names = {"z_emotion": f"reversal-{reversal:g}", "decoded": "decoded", "retargeted": "retargeted"}
    return {
        name: [{"known": _released(fold["known"], release), "emotion": fold["emotion"][release]} for fold in folds]
        for release, name in names.items()
    }


def curve_points(tasks: Mapping[str, Sequence[Mapping[str, Any]]], *, seed: int) -> list[dict[str, Any]]:
    """A point per way of hiding: emotion that unseen subjects' releases give, and re-identification of known ones.

    Args:
        tasks: name, "kind" or "kind-strength", to its folds; points are ordered by kind, then by strength.
        seed: of the limits.
    """
    points = []
    for name in sorted(tasks, key=_kind_and_strength):
        folds = tasks[name]
        block = seen_subjects_block([attack_from_json(fold["known"]) for fold in folds], seed=seed)
        points.append(
            {
                "name": name,
                "emotion": float(np.mean([fold["emotion"] for fold in folds])),
                "identity": block["released"]["accuracy"],
                "identity_ci95": block["released"]["ci95"],
                "identity_chance": block["chance"],
                "models": len(folds),
            }
        )
    return points


def curve_area(points: Sequence[Mapping[str, Any]]) -> float:
    """Area under the best emotion that is had at or below each level of re-identification, over 0 to 1."""
    ordered = sorted(points, key=lambda point: point["identity"])
    best = np.maximum.accumulate([point["emotion"] for point in ordered])
    edges = np.clip([*(point["identity"] for point in ordered), 1.0], 0.0, 1.0)
    return float((np.diff(edges) * best).sum())


def disentanglement(folds: Sequence[Mapping[str, Any]], *, seed: int) -> dict[str, Any]:
    """The disentanglement table: means over models, and the swap test with limits over those who lend."""
    table: dict[str, Any] = {**disentanglement_block([fold["disentanglement"] for fold in folds])}
    for what, lent_by in (("emotion", "lender"), ("walker", "body")):
        hits, subjects = ([np.array(fold["swap"][part]) for fold in folds] for part in (what, lent_by))
        found = swap_block(hits, subjects, seed=seed)
        table |= {f"swap_{what}": found["score"], f"swap_{what}_ci95": found["ci95"]}
    return table


def _released(attack: Mapping[str, Any], release: str) -> dict[str, Any]:
    """The attack on one thing alone, as that on "released"; with two emotions nothing was scored inside."""
    inner = {"released": attack["inner"][release]} if attack["inner"] else {}
    return {**attack, "said": {"released": attack["said"][release]}, "inner": inner}


def _kind_and_strength(name: str) -> tuple[str, float]:
    kind, _, strength = name.partition("-")
    return kind, float(strength or 0.0)


def _permutation(attacks: Sequence[Attack], release: str, *, draws: int, seed: int) -> float:
    """Permutation p of the best attacker on a thing; names move within one model's round only."""
    model = model_of(attacks)
    groups = np.concatenate([attack.groups for attack in attacks])
    said = {
        name: np.concatenate([attack.said[release][name] for attack in attacks]) for name in attacks[0].said[release]
    }
    subjects = np.concatenate([attack.subjects for attack in attacks])
    return permutation_p(said, subjects, model * (groups.max() + 1) + groups, draws=draws, seed=seed)
