"""What each part of the method is good for: the method without it, in emotion and in what attackers find."""

from collections.abc import Mapping, Sequence
from typing import Any

from stgcn_affect.data.store import CycleStore
from stgcn_affect.evaluation.seen_subjects import seen_subjects_block
from stgcn_affect.jobs import evidence
from stgcn_affect.jobs.attack_record import attack_from_json

WITHOUT_ALL = "no_disentanglement"
"""The same encoder alone: the plain ST-GCN, which every evaluation trains."""


def ablation_block(
    predictions: Mapping[str, evidence.Codes],
    attacked: Mapping[str, Sequence[Mapping[str, Any]]],
    cycles: CycleStore,
    *,
    seed: int,
) -> dict[str, Any]:
    """By part taken away: emotion, the method minus it (paired over subjects), and re-identification from z_emotion.

    A difference above 0 says that the part helps. That of ``no_disentanglement`` is the price of privacy.

    Args:
        predictions: network to codes ``[seeds, N]``; "disentangled" is the method.
        attacked: part to the privacy folds of the method without it.
        cycles: all labelled cycles.
        seed: of the limits.
    """
    block: dict[str, Any] = {}
    for name, folds in attacked.items():
        codes = predictions["plain_stgcn" if name == WITHOUT_ALL else name]
        known = seen_subjects_block([attack_from_json(fold["known"]) for fold in folds], seed=seed)
        block[name] = {
            "emotion": evidence.emotion_block(codes, cycles, seed=seed),
            **evidence.compare(predictions["disentangled"], codes, cycles, seed=seed),
            "identity": known["released"] | {"chance": known["chance"], "models": len(folds)},
        }
    return block
