"""Traditional baselines: classifiers with hyper-parameters chosen inside, with or without the linear swap."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.base import ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, ParameterGrid
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

from stgcn_affect.evaluation.attackers import QuietLDA, scaled, scaled_pca
from stgcn_affect.stats import balanced_accuracy


@dataclass(frozen=True)
class Family:
    """A kind of classifier with the grid of its hyper-parameters.

    Args:
        make: a new, scaled classifier from hyper-parameters.
        grid: values to try, by name of the hyper-parameter.
        needs: how many training rows a setting needs.
    """

    make: Callable[..., ClassifierMixin]
    grid: Mapping[str, list[Any]]
    needs: Callable[[Mapping[str, Any]], int] = lambda setting: 1

    def settings(self, *, rows: int | None = None) -> list[dict[str, Any]]:
        """All combinations of the grid, or those that can be fitted on that many training rows."""
        every: list[dict[str, Any]] = list(ParameterGrid(dict(self.grid)))
        return every if rows is None else [setting for setting in every if self.needs(setting) <= rows]


CLASSIFIERS: Mapping[str, Family] = {
    "svm_rbf": Family(lambda **chosen: scaled(SVC(kernel="rbf", **chosen)), {"C": [1.0, 10.0]}),
    "svm_linear": Family(lambda **chosen: scaled(SVC(kernel="linear", **chosen)), {"C": [0.001, 0.01, 0.1]}),
    "lda": Family(
        lambda **chosen: scaled_pca(QuietLDA(solver="lsqr", **chosen)),
        {"shrinkage": ["auto", 0.5, 0.9]},
    ),
    "logistic_regression": Family(
        lambda **chosen: scaled_pca(LogisticRegression(max_iter=1000, **chosen)), {"C": [0.001, 0.01, 0.1]}
    ),
    "random_forest": Family(
        lambda **chosen: scaled(RandomForestClassifier(n_estimators=100, random_state=0, **chosen)),
        {"min_samples_leaf": [1, 3]},
    ),
    "knn": Family(
        lambda **chosen: scaled(KNeighborsClassifier(**chosen)),
        {"n_neighbors": [1, 5, 9]},
        needs=lambda setting: int(setting["n_neighbors"]),
    ),
}
"""The traditional classifiers by name, with the grids of their hyper-parameters."""


Features = npt.NDArray[np.float64]


def linear_swap(
    features: Features, subjects: npt.NDArray[Any], *, copies: int, rng: np.random.Generator
) -> tuple[Features, npt.NDArray[np.int64]]:
    """Augment rows by moving them to other subjects: x - mean of its subject + mean of another subject.

    Args:
        features: ``[N, F]`` of training subjects.
        subjects: ``[N]`` names.
        copies: how many other subjects, drawn for each row.
        rng: draws them.

    Returns:
        ``[N * (1 + copies), F]`` features, and for each of them the row that it was made of; its label is that row's.
        With one subject only there is nobody to swap with: the rows as they are.
    """
    names, code = np.unique(subjects, return_inverse=True)
    origin = np.arange(len(features))
    if len(names) < 2:
        return features, origin
    mean = np.stack([features[code == i].mean(axis=0) for i in range(len(names))])
    shift = rng.integers(1, len(names), size=(copies, len(features)))
    swapped = [features - mean[code] + mean[(code + step) % len(names)] for step in shift]
    return np.concatenate([features, *swapped]), np.tile(origin, copies + 1)


Codes = npt.NDArray[np.int64]


class BaselineResult(NamedTuple):
    """Predicted codes ``[m]`` of the test part, and the balanced accuracy of the chosen settings on the inner folds."""

    predicted: Codes
    inner_score: float
    chosen: dict[str, Any]


def run_baseline(
    name: str,
    train: Features,
    emotion: Codes,
    subjects: npt.NDArray[Any],
    test: Features,
    *,
    swap_copies: int = 0,
    inner_folds: int = 4,
    seed: int = 0,
) -> BaselineResult:
    """Choose hyper-parameters by inner folds of subjects, fit on the whole training part, predict the test part.

    Only those are tried that every inner fold has training rows enough for, such as fewer neighbours than rows.

    Args:
        name: one of ``CLASSIFIERS``.
        train: ``[n, F]``.
        emotion: ``[n]`` codes.
        subjects: ``[n]`` names.
        test: ``[m, F]``.
        swap_copies: linear swaps per row, inside every fit; 0 for none.
        inner_folds: at most; fewer where there are fewer subjects.
        seed: the seed of the swaps.
    """
    family = CLASSIFIERS[name]
    folds = list(GroupKFold(min(inner_folds, len(np.unique(subjects)))).split(train, emotion, subjects))

    def fitted(index: Codes, setting: dict[str, Any]) -> Any:
        rows, origin = train[index], np.arange(len(index))
        if swap_copies:
            rng = np.random.default_rng(seed)
            rows, origin = linear_swap(rows, subjects[index], copies=swap_copies, rng=rng)
        return family.make(**setting).fit(rows, emotion[index][origin])

    def inner_score(setting: dict[str, Any]) -> float:
        predicted = np.empty_like(emotion)
        for fit, judge in folds:
            predicted[judge] = fitted(fit, setting).predict(train[judge])
        return balanced_accuracy(emotion, predicted)

    settings = family.settings(rows=min(len(fit) for fit, _ in folds))
    scores = [inner_score(setting) for setting in settings]
    best = int(np.argmax(scores))
    chosen = settings[best]
    return BaselineResult(fitted(np.arange(len(train)), chosen).predict(test), scores[best], chosen)
