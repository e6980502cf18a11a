"""Scores of the open-set attack with their limits, over the models of a run."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.evaluation.results import JUDGED
from stgcn_affect.evaluation.unseen_subjects import OpenSetAttack, Pairs
from stgcn_affect.evaluation.verification import verification_by_weight
from stgcn_affect.stats import draw_subjects, percentile_limits, subject_counts

Names = npt.NDArray[np.str_]
Numbers = npt.NDArray[np.float64]
Models = Sequence[Sequence[Pairs]]
"""The rounds of each model."""

DRAWS = 300
"""Bootstrap samples behind the limits: each weighs all pairs anew."""

AT_ONCE = 2_000_000
"""Weights of pairs that are held in memory at once."""


def unseen_subjects_block(
    attacks: Sequence[OpenSetAttack], *, judged: Sequence[str] = JUDGED, seed: int = 0
) -> dict[str, Any]:
    """The block ``privacy.unseen_subjects``: per release rank1, eer, auc and tar_at_far_1pct, and the 95 % limits of
    each.

    Galleries of different models are never mixed. Rank-1, AUC and EER are means over all rounds. True accepts at 1 %
    false accepts come from one threshold per model, for all its rounds: a single round of ten subjects with one cycle
    each has 90 pairs of strangers, so that 1 % is none, and the threshold would be the most alike of them. A bootstrap
    sample misses that very pair more often than not and then accepts too much, which biased the limits upwards.
    ``smallest_far`` says how fine false accepts are: 1 over the pairs of strangers of the model that has fewest. At 1 %
    or above, true accepts at 1 % are still those at none, and their upper limit still leans upwards.

    Limits are by bootstrap over subjects, both as probes and as members of the gallery: a subject that is drawn twice
    counts twice as a probe and once in the gallery. Rank-1 is judged in whole galleries: its chance is 1 over their
    size, which a draw must not change.

    ``z_emotion_minus_probabilities``, and so on for all that is judged, is the paired difference of the AUC: what a
    predicted emotion itself reveals cannot be hidden.

    Args:
        attacks: one a model, each with a round at least.
        judged: releases that are compared with the class probabilities, as far as they are there.
        seed: the seed of the draws.
    """
    models = [next(iter(attack.pairs.values())) for attack in attacks]
    subjects = np.unique(np.concatenate([pairs.gallery for rounds in models for pairs in rounds]))
    times = subject_counts(draw_subjects(len(subjects), seed=seed, draws=DRAWS))
    block: dict[str, Any] = {
        "chance": float(np.mean([1 / len(pairs.gallery) for rounds in models for pairs in rounds])),
        "smallest_far": 1 / min(sum(int((~pairs.same).sum()) for pairs in rounds) for rounds in models),
    }
    auc: dict[str, tuple[float, Numbers]] = {}
    for name in attacks[0].pairs:
        everything = [attack.pairs[name] for attack in attacks]
        point = _scores(everything, subjects, np.ones((1, len(subjects))))
        redrawn = _redrawn(everything, subjects, times)
        limits = {score: percentile_limits(values).tolist() for score, values in redrawn.items()}
        auc[name] = (float(point["auc"][0]), redrawn["auc"])
        block[name] = {**{score: float(values[0]) for score, values in point.items()}, "ci95": limits}
    floor, floor_drawn = auc.get("probabilities", (0.0, np.zeros(0)))
    for release in (name for name in judged if {name, "probabilities"} <= set(auc)):
        value, drawn = auc[release]
        paired = percentile_limits(drawn - floor_drawn).tolist()  # the same subjects are drawn for both
        block[f"{release}_minus_probabilities"] = {"difference": value - floor, "ci95": paired}
    return block


def _redrawn(models: Models, subjects: Names, times: Numbers) -> dict[str, Numbers]:
    """``_scores``, some draws after the others, so that memory stays small."""
    step = max(1, AT_ONCE // max(sum(pairs.scores.size for pairs in rounds) for rounds in models))
    parts = [_scores(models, subjects, times[start : start + step]) for start in range(0, len(times), step)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _scores(models: Models, subjects: Names, times: Numbers) -> dict[str, Numbers]:
    """Scores by name, ``[D]``, for D draws of the subjects, ``[D, W]`` how often each is drawn."""
    found: dict[str, list[Numbers]] = {"rank1": [], "eer": [], "auc": [], "tar_at_far_1pct": []}
    for rounds in models:
        scores, same = [pairs.scores.ravel() for pairs in rounds], [pairs.same.ravel() for pairs in rounds]
        weights = [_pair_weights(pairs, subjects, times) for pairs in rounds]
        for number, pairs in enumerate(rounds):
            one = verification_by_weight(scores[number], same[number], weights[number])
            found["rank1"].append(_rank1(pairs, subjects, times))
            found["eer"].append(one.eer)
            found["auc"].append(one.auc)
        together = verification_by_weight(np.concatenate(scores), np.concatenate(same), np.concatenate(weights, axis=1))
        found["tar_at_far_1pct"].append(together.tar_at_far_1pct)
    return {name: _mean_of_known(np.stack(values)) for name, values in found.items()}


def _pair_weights(pairs: Pairs, subjects: Names, times: Numbers) -> Numbers:
    """``[D, P*G]``: how often the probe is drawn, where the enrolled subject is drawn at all."""
    probes, gallery = (times[:, np.searchsorted(subjects, names)] for names in (pairs.probes, pairs.gallery))
    return (probes[:, :, None] * (gallery > 0)[:, None, :]).reshape(len(times), -1)


def _rank1(pairs: Pairs, subjects: Names, times: Numbers) -> Numbers:
    weights = times[:, np.searchsorted(subjects, pairs.probes)]
    hits = pairs.gallery[pairs.scores.argmax(axis=1)] == pairs.probes
    total = weights.sum(axis=1)
    mean: Numbers = np.divide(weights @ hits.astype(float), total, out=np.full(len(times), np.nan), where=total > 0)
    return mean


def _mean_of_known(values: Numbers) -> Numbers:
    """``[D]`` means of ``[R, D]`` over the rounds that have a score; NaN where none has."""
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    mean: Numbers = np.divide(total, count, out=np.full(values.shape[1], np.nan), where=count > 0)
    return mean
