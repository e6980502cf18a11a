"""The attack on what a subject is: do fresh attackers read gender or age group of people whom they never met?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.evaluation.attackers import Features, predict_subjects
from stgcn_affect.stats import balanced_accuracy

Names = npt.NDArray[np.str_]
Index = npt.NDArray[np.int64]

SUBJECTS_PER_VALUE = 3
"""A value that fewer subjects have says as much about these subjects as about itself, and is taken as unknown."""

INNER_FOLDS = 4
DRAWS = 2000
"""Bootstrap samples behind the limits."""


@dataclass(frozen=True, eq=False)
class AttributeAttack:
    """One model's unseen subjects, whose attribute is named.

    Args:
        subjects: ``[M]`` the subject of every attacked cycle.
        values: ``[M]`` the subject's true value.
        said: thing to attacker to ``[M]`` the values that it named.
        inner: thing to attacker to its balanced accuracy on seen subjects who did not train it.
    """

    subjects: Names
    values: Names
    said: Mapping[str, Mapping[str, Names]]
    inner: Mapping[str, Mapping[str, float]]

    def hits(self, release: str, attacker: str = "") -> npt.NDArray[np.bool_]:
        """``[M]`` whether the value was named, by the attacker that was strongest inside unless one is given."""
        inner = self.inner[release]
        chosen = attacker or max(inner, key=lambda name: inner[name])
        return np.asarray(self.said[release][chosen] == self.values)


def values_of_subjects(values: Names, subjects: Names) -> Names:
    """``[N]`` the one value of each subject; "" where it has none or two, or where too few subjects have it."""
    said = {name: set(values[subjects == name].tolist()) - {""} for name in np.unique(subjects).tolist()}
    sure = {name: found.pop() for name, found in said.items() if len(found) == 1}
    frequent = {v for v, count in Counter(sure.values()).items() if count >= SUBJECTS_PER_VALUE}
    return np.array([v if (v := sure.get(name, "")) in frequent else "" for name in subjects.tolist()], dtype=np.str_)


def attack_attribute(
    releases: Mapping[str, Features],
    values: Names,
    subjects: Names,
    known: Index,
    unseen: Index,
    *,
    attackers: Sequence[str],
) -> AttributeAttack | None:
    """Attackers learn the attribute from seen subjects and name it for unseen ones; nobody is on both sides.

    The attacker that counts is chosen on seen subjects who are left out inside, whole subjects at a time. Cycles of
    rarer values are repeated until all values weigh alike, as they do in the score.

    Args:
        releases: name to ``[N, F]``.
        values: ``[N]`` of ``values_of_subjects``.
        subjects: ``[N]`` names.
        known: cycles to learn from.
        unseen: cycles of other subjects to attack.
        attackers: names of ``ATTACKERS``.

    Returns:
        the attack; None where there are fewer than two values, one of them has fewer than two seen subjects, or no
        unseen subject has any.
    """
    known, unseen = known[values[known] != ""], unseen[values[unseen] != ""]
    told = np.unique(values[values != ""])
    learners = [len(np.unique(subjects[known][values[known] == value])) for value in told]
    if len(told) < 2 or min(learners) < 2 or not len(unseen):
        return None
    folds = _inner_folds(values[known], subjects[known])
    said: dict[str, dict[str, Names]] = {release: {} for release in releases}
    inner: dict[str, dict[str, float]] = {release: {} for release in releases}
    for release, features in releases.items():
        for name in attackers:
            guessed = np.empty_like(values[known])
            for fold in range(folds.max() + 1):
                judge = folds == fold
                guessed[judge] = _named(name, features, values, known[~judge], known[judge])
            codes = np.searchsorted(told, values[known])
            inner[release][name] = balanced_accuracy(codes, np.searchsorted(told, guessed))
            said[release][name] = _named(name, features, values, known, unseen)
    return AttributeAttack(subjects[unseen], values[unseen], said, inner)


def attribute_block(attacks: Sequence[AttributeAttack], *, seed: int = 0) -> dict[str, Any]:
    """The block ``privacy.attributes.<name>`` of ``results.json``, over all models of a run.

    Chance is 1 over the number of values. Per thing: worst, attackers {name: balanced accuracy} and ci95 of the worst,
    by bootstrap over subjects within each value (a draw without one of the values would have another chance). Worst is
    what each model's strongest attacker reached. All attacked cycles count together, for a single model may have no
    unseen subject of some value. Limits take the models and the subjects whom attackers learnt from as given: with ten
    of these, what they have in common by accident also leads below chance.
    """
    subjects = np.concatenate([attack.subjects for attack in attacks])
    values = np.concatenate([attack.values for attack in attacks])
    names = np.unique(values)
    block: dict[str, Any] = {
        "chance": 1.0 / len(names),
        "values": {str(name): len(np.unique(subjects[values == name])) for name in names},
        "models": len(attacks),
    }
    for release, said in attacks[0].said.items():
        hits = {name: np.concatenate([attack.hits(release, name) for attack in attacks]) for name in said}
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
    return float(np.mean([hits[values == value].mean() for value in np.unique(values)]))


def _limits(hits: npt.NDArray[np.bool_], values: Names, subjects: Names, *, seed: int) -> list[float]:
    rng = np.random.default_rng(seed)
    recalls = []
    for value in np.unique(values):
        who = np.unique(subjects[values == value], return_inverse=True)[1]
        right, count = np.bincount(who, weights=hits[values == value]), np.bincount(who)
        drawn = rng.integers(len(count), size=(DRAWS, len(count)))
        recalls.append(right[drawn].sum(axis=1) / count[drawn].sum(axis=1))
    lower, upper = np.quantile(np.mean(recalls, axis=0), [0.025, 0.975])
    return [float(lower), float(upper)]
