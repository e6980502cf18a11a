"""Judge what was written: attacks on walks that were read back from files, and what of the emotion is left in them."""

from collections.abc import Mapping, Sequence
from typing import Any

from stgcn_affect.data.fold import FoldData
from stgcn_affect.evaluation.attackers import ALL_ATTACKERS, Features
from stgcn_affect.evaluation.attacks import attack_subjects, other_people
from stgcn_affect.evaluation.mechanisms import emotion_of_release
from stgcn_affect.evaluation.pair_attacker import Grid
from stgcn_affect.evaluation.seen_scores import permutation_of_strongest, seen_subjects_block
from stgcn_affect.evaluation.unseen_scores import unseen_subjects_block
from stgcn_affect.evaluation.verdict import paired_difference, verdict
from stgcn_affect.skeleton.graph import SkeletonGraph

FLOOR = "probabilities"
"""What every release is compared with: the predicted emotion."""


def judge_written(
    written: Mapping[str, Features],
    raw: Features,
    probabilities: Features,
    data: FoldData,
    *,
    attackers: Sequence[str] = ALL_ATTACKERS,
    permutations: int = 1000,
    seed: int = 0,
) -> dict[str, Any]:
    """Attack written walks with all attackers, and predict the emotion from them.

    Static attackers learn from raw cycles, adaptive ones from what was written. The frozen judge of the emotion learns
    from raw cycles of training and validation subjects, the other one from what was written of them; both judge unseen
    subjects.

    Args:
        written: mechanism to ``[N, F]``, laid out like the input "raw": for each cycle, one read back from the file
            of its walk.
        raw: ``[N, F]`` of the recorded cycles.
        probabilities: ``[N, Q]`` of the model, for each cycle the mean over its walk: what a file says of the emotion.
        data: the data of the fold.
        attackers: names of ``ALL_ATTACKERS``, as for ``attack_subjects``.
        permutations: draws behind the p value of each mechanism.
        seed: the seed of limits and permutations.

    Returns:
        ``chance`` of seen and unseen subjects, ``raw`` with the positive control, and ``mechanisms`` by name.
    """
    releases = {"raw": raw, FLOOR: probabilities, **written}
    people = other_people(releases, raw, data, _grids(releases, data))
    seen, static, over = attack_subjects(releases, data, people=people, static=tuple(written), attackers=attackers)
    block, fixed = seen_subjects_block([seen], seed=seed), seen_subjects_block([static], seed=seed)
    found: dict[str, Any] = {}
    enrolled = {way: attack for way, attack in over.items() if attack.pairs["raw"]}
    verified = {way: unseen_subjects_block([of], judged=tuple(written), seed=seed) for way, of in enrolled.items()}
    unseen = verified["emotions"]
    for name, rows in written.items():
        difference = paired_difference([seen], name, FLOOR, seed=seed)
        p_value = permutation_of_strongest([seen], name, draws=permutations, seed=seed)
        found[name] = {
            "seen": block[name],
            "seen_minus_probabilities": difference,
            "static": fixed[name],
            "unseen": unseen[name],
            "unseen_minus_probabilities": unseen[f"{name}_minus_probabilities"],
            "p": p_value,
            "emotion_frozen": emotion_of_release(rows, data.cycles, data.split, learnt=raw),
            "emotion_anew": emotion_of_release(rows, data.cycles, data.split),
            "verdict": verdict(block, unseen, difference, p_value=p_value, release=name),
        }
        found[name] |= {f"unseen_{way}": of[name] for way, of in verified.items() if way != "emotions"}
    return {
        "chance": {"seen": block["chance"], "unseen": unseen["chance"]},
        "raw": {
            "seen": block["raw"],
            "unseen": unseen["raw"],
            "emotion": emotion_of_release(raw, data.cycles, data.split),
        },
        "probabilities": {"seen": block[FLOOR], "unseen": unseen[FLOOR]},
        "mechanisms": found,
    }


def _grids(releases: Mapping[str, Features], data: FoldData) -> dict[str, Grid]:
    """How the rows of all releases but the probabilities are laid out: they are motions."""
    joints, graph = data.cycles.layout.num_joints, SkeletonGraph(data.cycles.layout)
    samples = {name: rows.shape[1] // (3 * joints) for name, rows in releases.items() if name != FLOOR}
    return {name: Grid(count, 3, graph) for name, count in samples.items() if count}
