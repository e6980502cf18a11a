"""Scores of the closed-set attack with their limits, over the models of a run."""

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt

from stgcn_affect.evaluation.rounds import Index, Names
from stgcn_affect.evaluation.seen_subjects import Attack
from stgcn_affect.stats import group_means, nested_mean, nested_mean_ci95, permutation_p, traded_names


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
    return nested_mean_ci95(values, model, subjects, seed=seed)


def strongest_hits(attacks: Sequence[Attack], release: str) -> npt.NDArray[np.bool_]:
    """``[M]`` hits on a release over all models, by the attackers of ``strongest_names``."""
    return np.asarray(
        strongest_names(attacks, release) == np.concatenate([attack.subjects for attack in attacks]), dtype=bool
    )


def strongest_names(attacks: Sequence[Attack], release: str) -> Names:
    """``[M]`` subjects that are named from a release over all models, by each model's attacker with the best inner
    score; where attackers have none, all by the one that is most accurate over the models.
    """
    accuracy = attacker_accuracy(attacks, release)
    top = max(accuracy, key=lambda name: accuracy[name])
    chosen = [attack.strongest(release) if attack.inner else top for attack in attacks]
    return np.concatenate([attack.predictions[release][name] for attack, name in zip(attacks, chosen, strict=True)])


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


class WorstOff(TypedDict):
    """The subject who is named most often, beside what permuted names give.

    ``share`` is that of the subject's ``cycles`` that were named right, over all models; ``permuted_95`` the 95 % point
    of the largest share of any subject when names are permuted.
    """

    subject: str
    share: float
    cycles: int
    permuted_95: float


def worst_off(attacks: Sequence[Attack], release: str, *, draws: int, seed: int) -> WorstOff:
    """Who of the seen subjects is named most often from a release, by each model's attacker chosen inside.

    Args:
        attacks: one a model.
        release: its name.
        draws: permutations, of names within one model's round.
        seed: the seed of the permutations.
    """
    named, subjects = strongest_names(attacks, release), np.concatenate([attack.subjects for attack in attacks])
    names, code = np.unique(subjects, return_inverse=True)
    shares = group_means(named == subjects, code)
    top = int(shares.argmax())
    traded = traded_names(code, _strata(attacks), draws=draws, seed=seed)
    guesses = np.searchsorted(names, named)
    guesses[names[np.minimum(guesses, len(names) - 1)] != named] = -1  # named nobody of them
    largest = [group_means(guesses == one, one).max() for one in traded]
    return {
        "subject": str(names[top]),
        "share": float(shares[top]),
        "cycles": int((code == top).sum()),
        "permuted_95": float(np.quantile(largest, 0.95)),
    }


def permutation_of_strongest(attacks: Sequence[Attack], release: str, *, draws: int, seed: int) -> float:
    """Permutation p of the best attacker on a release; names are traded within one model's round only."""
    predictions = {
        name: np.concatenate([attack.predictions[release][name] for attack in attacks])
        for name in attacks[0].predictions[release]
    }
    subjects = np.concatenate([attack.subjects for attack in attacks])
    return permutation_p(predictions, subjects, _strata(attacks), draws=draws, seed=seed)


def _strata(attacks: Sequence[Attack]) -> Index:
    """``[M]``: a number for each model's round."""
    groups = np.concatenate([attack.groups for attack in attacks])
    return np.asarray(model_of(attacks) * (groups.max() + 1) + groups)
