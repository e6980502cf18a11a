"""Scores of emotion over all seeds and folds, and paired comparisons of methods."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.store import ACTED_EMOTION, PERCEIVED_EMOTION, CycleStore
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.seen_scores import seen_subjects_block
from stgcn_affect.evaluation.seen_subjects import Attack
from stgcn_affect.stats import bootstrap_ci95, emotion_scores, paired_sign_flip_p

Codes = npt.NDArray[np.int64]
Probabilities = npt.NDArray[np.float64]
Predictions = Mapping[str, Codes]
"""Method to ``[seeds, N]`` codes, each predicted by a model that never saw the subject; -1 where a fold failed."""


def emotion_block(predicted: Codes, cycles: CycleStore, *, seed: int) -> dict[str, Any]:
    """The emotion block of one method: every prediction of every seed counts once, so counts are of all seeds.

    Args:
        predicted: ``[seeds, N]`` codes, -1 where there is no prediction.
        cycles: N labelled cycles.
        seed: the seed of the limits.
    """
    emotions, truth = np.unique(cycles.emotion, return_inverse=True)
    there = predicted >= 0
    cycle = np.nonzero(there)[1]
    block = emotion_scores(truth[cycle], predicted[there], cycles.subject[cycle], emotions.tolist(), seed=seed)
    return block | {"n_cycles": len(np.unique(cycle)), "seeds": len(predicted)}


def majority_block(cycles: CycleStore, *, seed: int) -> dict[str, Any]:
    """The emotion block of always predicting the most frequent emotion."""
    codes = np.unique(cycles.emotion, return_inverse=True)[1]
    return emotion_block(np.full((1, len(codes)), np.bincount(codes).argmax()), cycles, seed=seed)


def raters_block(cycles: CycleStore, *, seed: int) -> dict[str, Any] | None:
    """The emotion block of human raters: the emotion that they saw, against the one that was acted.

    Every rated clip counts once, however many cycles were cut from it; ``confusion`` has a row for each acted emotion.

    Args:
        cycles: N labelled cycles. Their attribute ``PERCEIVED_EMOTION`` is the rating of the clip, "" where there is
            none, and ``ACTED_EMOTION`` the acted emotion where ``emotion`` is the rating itself.
        seed: the seed of the limits.

    Returns:
        None without ratings, or with ratings that nobody acted: then raters had more to choose from.
    """
    perceived, acted = cycles.attribute(PERCEIVED_EMOTION), cycles.attribute(ACTED_EMOTION)
    acted = acted if (acted != "").any() else cycles.emotion
    clips = np.unique(cycles.source, return_index=True)[1]
    clips = clips[(perceived[clips] != "") & (acted[clips] != "")]
    emotions = np.unique(acted[acted != ""])
    if not len(clips) or not np.isin(perceived[clips], emotions).all():
        return None
    truth, seen = (np.searchsorted(emotions, names[clips]) for names in (acted, perceived))
    return emotion_scores(truth, seen, cycles.subject[clips], emotions.tolist(), seed=seed)


def vote(members: Sequence[Probabilities]) -> Codes:
    """The emotion of the highest mean probability over members that all count alike, ``[N]`` codes.

    Args:
        members: ``[N, Q]`` each. A cycle of which one of them predicts nothing (NaN) gets -1.
    """
    mean = np.mean(members, axis=0)
    return np.where(np.isnan(mean).any(axis=1), -1, mean.argmax(axis=1))


def best_baselines(
    inner: Mapping[int, Mapping[str, float]], predictions: Mapping[str, Codes], tested: Mapping[int, Codes]
) -> Codes:
    """Predictions ``[N]`` of the best traditional baseline, chosen in every fold by its inner score.

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
    """Paired difference in balanced accuracy, method minus other, with limits and p value over subjects.

    Every prediction counts once, as in ``emotion_block``: the difference is that of the two scores.

    Args:
        method: ``[seeds, N]`` codes, -1 where there is no prediction.
        other: the same.
        cycles: N labelled cycles.
        seed: the seed of the limits.

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


def comparison_block(
    networks: Predictions,
    plain: Predictions,
    swapped: Predictions,
    *,
    chosen: Codes,
    scores: Mapping[str, float],
    cycles: CycleStore,
    seed: int,
) -> dict[str, Any]:
    """The block ``comparison`` of ``results.json``: the method against baselines and against the plain ST-GCN.

    Args:
        networks: with "disentangled", the method, and "plain_stgcn".
        plain: traditional baselines.
        swapped: those trained with the linear swap.
        chosen: ``[seeds, N]`` codes of the baseline chosen in every fold by its inner score.
        scores: balanced accuracy of every baseline, by which the best on the test part is found.
        cycles: N labelled cycles.
        seed: the seed of the limits.
    """

    def against(codes: Codes) -> dict[str, Any]:
        return compare(networks["disentangled"], codes, cycles, seed=seed)

    def against_top(of: Predictions) -> dict[str, Any]:
        top = max(of, key=lambda name: scores[name])
        return {"name": top, **against(of[top])}

    return {
        "best_baseline": "chosen per fold on inner validation",
        "best_baseline_scores": emotion_block(chosen, cycles, seed=seed),
        **against(chosen),
        "best_by_test_score": against_top(plain),
        "best_swap_trained": against_top(swapped),
        "plain_stgcn": against(networks["plain_stgcn"]),
    }


def ablation_block(
    method: Codes,
    ablated: Mapping[str, tuple[Codes, Sequence[Attack]]],
    cycles: CycleStore,
    *,
    seed: int,
) -> dict[str, Any]:
    """By part taken away: emotion, the method minus it (paired over subjects), and re-identification from z_emotion.

    A difference above 0 says that the part helps.

    Args:
        method: ``[seeds, N]`` codes of the whole method.
        ablated: part to the codes of the method without it, and to the attacks on its latent ("released").
        cycles: N labelled cycles.
        seed: the seed of the limits.
    """
    block: dict[str, Any] = {}
    for name, (codes, attacks) in ablated.items():
        seen = seen_subjects_block(attacks, seed=seed)
        block[name] = {
            "emotion": emotion_block(codes, cycles, seed=seed),
            **compare(method, codes, cycles, seed=seed),
            "identity": seen["released"] | {"chance": seen["chance"], "models": len(attacks)},
        }
    return block
