"""The closed-set attack: which of the walkers whose cycles fitted the weights is this?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.evaluation.attackers import ATTACKERS, Features, predict_walkers
from stgcn_affect.metrics import bootstrap_ci95

Names = npt.NDArray[np.str_]
Index = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Attack:
    """One model's walkers, attacked.

    Args:
        chance: 1 over the number of walkers.
        walkers: ``[M]`` the walker of every attacked cycle.
        hits: thing to attacker to ``[M]`` booleans, whether it named the walker.
    """

    chance: float
    walkers: Names
    hits: Mapping[str, Mapping[str, npt.NDArray[np.bool_]]]


def held_out_emotion_rounds(emotions: Names, testable: npt.NDArray[np.bool_]) -> list[tuple[Index, Index]]:
    """Rounds of (attacker's training cycles, attacked cycles): each emotion in turn is what it has never seen.

    Where ``testable`` marks takes that the encoder never saw either, only those of the emotion are attacked.
    """
    rounds = []
    for emotion in np.unique(emotions):
        test = emotions == emotion
        unseen = test & testable
        rounds.append((np.flatnonzero(~test), np.flatnonzero(unseen if unseen.any() else test)))
    return rounds


def attack_known_walkers(
    things: Mapping[str, Features], walkers: Names, rounds: Sequence[tuple[Index, Index]]
) -> Attack:
    """Attack every released thing with every attacker, over all rounds.

    Args:
        things: name to ``[N, F]``, of known walkers' cycles.
        walkers: ``[N]`` names.
        rounds: of ``held_out_emotion_rounds``.
    """
    hits = {
        thing: {
            name: np.concatenate(
                [
                    predict_walkers(name, features[train], walkers[train], features[test]) == walkers[test]
                    for train, test in rounds
                ]
            )
            for name in ATTACKERS
        }
        for thing, features in things.items()
    }
    attacked = np.concatenate([walkers[test] for _, test in rounds])
    return Attack(chance=1.0 / len(np.unique(walkers)), walkers=attacked, hits=hits)


def known_walkers_block(attacks: Sequence[Attack], *, seed: int = 0) -> dict[str, Any]:
    """The block ``privacy.known_walkers`` of ``results.json``, as the mean over the models of a run.

    Per thing: worst, attackers {name: accuracy} and ci95 of the worst, by bootstrap over walkers.
    """
    walkers = np.concatenate([attack.walkers for attack in attacks])
    model = np.repeat(np.arange(len(attacks)), [len(attack.walkers) for attack in attacks])
    block: dict[str, Any] = {"chance": float(np.mean([attack.chance for attack in attacks]))}
    for thing in attacks[0].hits:
        hits = {name: np.concatenate([attack.hits[thing][name] for attack in attacks]) for name in ATTACKERS}
        accuracy = {name: _mean_over_models(hit, model) for name, hit in hits.items()}
        worst = max(accuracy, key=lambda name: accuracy[name])
        limits = bootstrap_ci95(_Resampled(hits[worst], model), walkers, seed=seed)
        block[thing] = {"worst": accuracy[worst], "attackers": accuracy, "ci95": limits}
    return block


@dataclass(frozen=True, eq=False)
class _Resampled:
    hits: npt.NDArray[np.bool_]
    model: Index

    def __call__(self, index: Index) -> float:
        return _mean_over_models(self.hits[index], self.model[index])


def _mean_over_models(hits: npt.NDArray[np.bool_], model: Index) -> float:
    count = np.bincount(model)
    right = np.bincount(model, weights=hits, minlength=len(count))
    return float((right[count > 0] / count[count > 0]).mean())
