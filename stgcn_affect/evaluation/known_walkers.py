"""The closed-set attack: which of the walkers whose cycles fitted the weights is this?"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.evaluation.attackers import ATTACKERS, Features, predict_walkers
from stgcn_affect.metrics import bootstrap_ci95

Names = npt.NDArray[np.str_]


def held_out_emotion_rounds(emotions: Names, testable: npt.NDArray[np.bool_]) -> list[tuple[Any, Any]]:
    """Rounds of (attacker's training cycles, test cycles): each emotion in turn is what the attacker has never seen.

    Where ``testable`` marks takes that the encoder never saw either, only those of the emotion are tested.
    """
    rounds = []
    for emotion in np.unique(emotions):
        test = emotions == emotion
        unseen = test & testable
        rounds.append((np.flatnonzero(~test), np.flatnonzero(unseen if unseen.any() else test)))
    return rounds


def attack_known_walkers(
    things: Mapping[str, Features], walkers: Names, rounds: Sequence[tuple[Any, Any]], *, seed: int = 0
) -> dict[str, Any]:
    """Attack every released thing, over all rounds.

    Args:
        things: name to ``[N, F]``, of known walkers' cycles.
        walkers: ``[N]`` names.
        rounds: of ``held_out_emotion_rounds``.
        seed: of the bootstrap.

    Returns:
        chance (1 / number of walkers) and, per thing, worst, attackers {name: accuracy} and ci95 of the worst, by
        bootstrap over walkers.
    """
    tested = np.concatenate([test for _, test in rounds])
    result: dict[str, Any] = {"chance": 1.0 / len(np.unique(walkers))}
    for thing, features in things.items():
        right = {
            name: np.concatenate(
                [
                    predict_walkers(name, features[train], walkers[train], features[test]) == walkers[test]
                    for train, test in rounds
                ]
            )
            for name in ATTACKERS
        }
        worst = max(right, key=lambda name: right[name].mean())
        hits = right[worst]
        result[thing] = {
            "worst": float(hits.mean()),
            "attackers": {name: float(hit.mean()) for name, hit in right.items()},
            "ci95": bootstrap_ci95(lambda index, hits=hits: float(hits[index].mean()), walkers[tested], seed=seed),
        }
    return result
