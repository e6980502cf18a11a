"""Scores of the closed-set attack with their limits, over the models of a run."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.evaluation.seen_subjects import Attack, Index
from stgcn_affect.stats import bootstrap_ci95, nested_mean, permutation_p


def seen_subjects_block(attacks: Sequence[Attack], *, seed: int = 0) -> dict[str, Any]:
    """The block ``privacy.seen_subjects`` of ``results.json``, as the mean over the models of a run.

    Per release: accuracy, attackers {name: accuracy} and ci95 of the accuracy, by bootstrap over subjects. The accuracy
    is that of each model's attacker with the best inner score; where attackers have none, the largest of the
    accuracies, which errs on the side of the attacker.

    Args:
        attacks: one a model.
        seed: the seed of the draws.
    """
    subjects = np.concatenate([attack.subjects for attack in attacks])
    model = model_of(attacks)
    block: dict[str, Any] = {"chance": float(np.mean([attack.chance for attack in attacks]))}
    for release in attacks[0].hits:
        hits = strongest_hits(attacks, release)
        block[release] = {
            "accuracy": nested_mean(hits, model),
            "attackers": attacker_accuracy(attacks, release),
            "ci95": limits_over_models(hits, model, subjects, seed=seed),
        }
    return block


def limits_over_models(values: npt.NDArray[Any], model: Index, subjects: npt.NDArray[Any], *, seed: int) -> list[float]:
    """95 % limits, by bootstrap over subjects, of the mean of ``[M]`` values within each model, then over models."""
    return bootstrap_ci95(lambda index: nested_mean(values[index], model[index]), subjects, seed=seed)


def strongest_hits(attacks: Sequence[Attack], release: str) -> npt.NDArray[np.bool_]:
    """``[M]`` hits on a release over all models, by each model's attacker with the best inner score; where attackers
    have none, all by the one that is most accurate over the models.
    """
    accuracy = attacker_accuracy(attacks, release)
    top = max(accuracy, key=lambda name: accuracy[name])
    chosen = [attack.strongest(release) if attack.inner else top for attack in attacks]
    return np.concatenate([attack.hits[release][name] for attack, name in zip(attacks, chosen, strict=True)])


def attacker_accuracy(attacks: Sequence[Attack], release: str) -> dict[str, float]:
    """Accuracy of each attacker on a release, as the mean over the models."""
    model = model_of(attacks)
    return {
        name: nested_mean(np.concatenate([attack.hits[release][name] for attack in attacks]), model)
        for name in attacks[0].hits[release]
    }


def model_of(attacks: Sequence[Attack]) -> Index:
    """The index of the model that each attacked cycle belongs to, ``[M]``."""
    return np.repeat(np.arange(len(attacks)), [len(attack.subjects) for attack in attacks])


def permutation_of_strongest(attacks: Sequence[Attack], release: str, *, draws: int, seed: int) -> float:
    """Permutation p of the best attacker on a release; names are traded within one model's round only."""
    model = model_of(attacks)
    groups = np.concatenate([attack.groups for attack in attacks])
    predictions = {
        name: np.concatenate([attack.predictions[release][name] for attack in attacks])
        for name in attacks[0].predictions[release]
    }
    subjects = np.concatenate([attack.subjects for attack in attacks])
    return permutation_p(predictions, subjects, model * (groups.max() + 1) + groups, draws=draws, seed=seed)
