"""Attribute inference: attackers predict gender or age group of unseen subjects from a release."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.evaluation.attackers import (
    Features,
    predict_subjects,
    predictions_from_dict,
    predictions_to_dict,
)
from stgcn_affect.stats import balanced_accuracy, draw_subjects, nested_mean, percentile_limits

Names = npt.NDArray[np.str_]
Index = npt.NDArray[np.int64]

SUBJECTS_PER_VALUE = 3
"""A value that fewer subjects have is taken as unknown: it cannot be told apart from these subjects' identity."""

INNER_FOLDS = 4
"""Folds of seen subjects in which the attacker that counts is chosen."""


@dataclass(frozen=True, eq=False)
class AttributeAttack:
    """Predictions by attackers of an attribute of one model's unseen subjects.

    Args:
        subjects: ``[M]`` the subject of every attacked cycle.
        values: ``[M]`` the subject's true value.
        predictions: release to attacker to ``[M]`` predicted values.
        inner: release to attacker to its balanced accuracy on seen subjects who did not train it.
    """

    subjects: Names
    values: Names
    predictions: Mapping[str, Mapping[str, Names]]
    inner: Mapping[str, Mapping[str, float]]

    def hits(self, release: str, attacker: str = "") -> npt.NDArray[np.bool_]:
        """``[M]`` whether the prediction is right, by the attacker with the best inner score unless one is given."""
        inner = self.inner[release]
        chosen = attacker or max(inner, key=lambda name: inner[name])
        return np.asarray(self.predictions[release][chosen] == self.values)

    def to_dict(self) -> dict[str, Any]:
        """Convert the attack to JSON's types."""
        return {
            "subjects": self.subjects.tolist(),
            "values": self.values.tolist(),
            "predictions": predictions_to_dict(self.predictions),
            "inner": {release: dict(scores) for release, scores in self.inner.items()},
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "AttributeAttack":
        """The inverse of ``to_dict``."""
        return cls(
            subjects=np.array(content["subjects"], dtype=np.str_),
            values=np.array(content["values"], dtype=np.str_),
            predictions=predictions_from_dict(content["predictions"]),
            inner=content["inner"],
        )


def values_of_subjects(values: Names, subjects: Names) -> Names:
    """The attribute of each cycle's subject, ``[N]``; "" where it is missing, ambiguous or too rare."""
    named = {name: set(values[subjects == name].tolist()) - {""} for name in np.unique(subjects).tolist()}
    sure = {name: found.pop() for name, found in named.items() if len(found) == 1}
    frequent = {v for v, count in Counter(sure.values()).items() if count >= SUBJECTS_PER_VALUE}
    return np.array([v if (v := sure.get(name, "")) in frequent else "" for name in subjects.tolist()], dtype=np.str_)


def attack_attribute(
    releases: Mapping[str, Features],
    values: Names,
    subjects: Names,
    seen: Index,
    unseen: Index,
    *,
    attackers: Sequence[str],
) -> AttributeAttack | None:
    """Train attackers on the attribute of seen subjects and let them predict it for unseen ones.

    The attacker that counts is chosen by inner cross-validation over seen subjects. Cycles of rarer values are repeated
    until all values weigh alike, as they do in the score.

    Args:
        releases: name to ``[N, F]``.
        values: ``[N]`` of ``values_of_subjects``.
        subjects: ``[N]`` names.
        seen: cycles to learn from.
        unseen: cycles of other subjects to attack.
        attackers: names of ``ATTACKERS``.

    Returns:
        the attack; None where there are fewer than two values, one of them has fewer than two seen subjects, or no
        unseen subject has any.
    """
    seen, unseen = seen[values[seen] != ""], unseen[values[unseen] != ""]
    names = np.unique(values[values != ""])
    learners = [len(np.unique(subjects[seen][values[seen] == value])) for value in names]
    if len(names) < 2 or min(learners) < 2 or not len(unseen):
        return None
    folds = _inner_folds(values[seen], subjects[seen])
    predictions: dict[str, dict[str, Names]] = {release: {} for release in releases}
    inner: dict[str, dict[str, float]] = {release: {} for release in releases}
    for release, features in releases.items():
        for name in attackers:
            guessed = np.empty_like(values[seen])
            for fold in range(folds.max() + 1):
                judge = folds == fold
                guessed[judge] = _named(name, features, values, seen[~judge], seen[judge])
            codes = np.searchsorted(names, values[seen])
            inner[release][name] = balanced_accuracy(codes, np.searchsorted(names, guessed))
            predictions[release][name] = _named(name, features, values, seen, unseen)
    return AttributeAttack(subjects[unseen], values[unseen], predictions, inner)


def attribute_block(attacks: Sequence[AttributeAttack], *, seed: int = 0) -> dict[str, Any]:
    """The block ``privacy.attributes.<name>`` of ``results.json``, over all models of a run.

    Chance is 1 over the number of values. Per release: accuracy (balanced, of each model's attacker with the best inner
    score), attackers {name: balanced accuracy}, and ci95 of the accuracy, by bootstrap over subjects within each value
    (a draw without one of the values would have another chance). All attacked cycles count together, for a single model
    may have no unseen subject of some value. Limits take the models and the seen subjects as given: with ten of these,
    what they have in common by accident also leads below chance.
    """
    subjects = np.concatenate([attack.subjects for attack in attacks])
    values = np.concatenate([attack.values for attack in attacks])
    names = np.unique(values)
    block: dict[str, Any] = {
        "chance": 1.0 / len(names),
        "values": {str(name): len(np.unique(subjects[values == name])) for name in names},
        "models": len(attacks),
    }
    for release, predictions in attacks[0].predictions.items():
        hits = {name: np.concatenate([attack.hits(release, name) for attack in attacks]) for name in predictions}
        counted = np.concatenate([attack.hits(release) for attack in attacks])
        block[release] = {
            "accuracy": _mean_recall(counted, values),
            "attackers": {name: _mean_recall(found, values) for name, found in hits.items()},
            "ci95": _limits(counted, values, subjects, seed=seed),
        }
    return block


def _named(name: str, features: Features, values: Names, train: Index, test: Index) -> Names:
    codes, counts = np.unique(values[train], return_inverse=True, return_counts=True)[1:]
    members = [train[codes == code] for code in range(len(counts))]
    balanced = np.concatenate([np.resize(member, counts.max()) for member in members])
    return predict_subjects(name, features[balanced], values[balanced], features[test])


def _inner_folds(values: Names, subjects: Names) -> Index:
    """``[n]`` a fold for every cycle: subjects in turn within each value, so that all values are left to learn from."""
    who = [np.unique(subjects[values == value]) for value in np.unique(values)]
    folds = min(INNER_FOLDS, *(len(names) for names in who))
    fold_of = {name: rank % folds for names in who for rank, name in enumerate(names.tolist())}
    return np.array([fold_of[name] for name in subjects.tolist()], dtype=np.int64)


def _mean_recall(hits: npt.NDArray[np.bool_], values: Names) -> float:
    return nested_mean(hits, np.unique(values, return_inverse=True)[1])


def _limits(hits: npt.NDArray[np.bool_], values: Names, subjects: Names, *, seed: int) -> list[float]:
    rng = np.random.default_rng(seed)
    recalls = []
    for value in np.unique(values):
        who = np.unique(subjects[values == value], return_inverse=True)[1]
        right, count = np.bincount(who, weights=hits[values == value]), np.bincount(who)
        drawn = draw_subjects(len(count), seed=rng)
        recalls.append(right[drawn].sum(axis=1) / count[drawn].sum(axis=1))
    limits: list[float] = percentile_limits(np.mean(recalls, axis=0)).tolist()
    return limits
