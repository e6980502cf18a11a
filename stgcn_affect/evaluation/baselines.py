"""A baseline: a classifier whose hyper-parameters are chosen on walkers left out inside the training part."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from stgcn_affect.evaluation.classifiers import CLASSIFIERS
from stgcn_affect.evaluation.linear_swap import linear_swap
from stgcn_affect.metrics import balanced_accuracy

Features = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


class BaselineResult(NamedTuple):
    """Shapes: predicted ``[m]`` codes; inner_score is the balanced accuracy on the inner walkers, of the choice."""

    predicted: Codes
    inner_score: float
    chosen: dict[str, Any]


def run_baseline(
    name: str,
    train: Features,
    emotion: Codes,
    walkers: npt.NDArray[Any],
    test: Features,
    *,
    swap_copies: int = 0,
    inner_folds: int = 4,
    seed: int = 0,
) -> BaselineResult:
    """Choose hyper-parameters by inner folds of walkers, fit on the whole training part, predict the test part.

    Only those are tried that every inner fold has training rows enough for, such as fewer neighbours than rows.

    Args:
        name: of ``CLASSIFIERS``.
        train: ``[n, F]``.
        emotion: ``[n]`` codes.
        walkers: ``[n]`` names.
        test: ``[m, F]``.
        swap_copies: linear swaps per row, inside every fit; 0 for none.
        inner_folds: at most; fewer where there are fewer walkers.
        seed: of the swaps.
    """
    family = CLASSIFIERS[name]
    folds = list(GroupKFold(min(inner_folds, len(np.unique(walkers)))).split(train, emotion, walkers))

    def fitted(index: Codes, setting: dict[str, Any]) -> Any:
        rows, origin = train[index], np.arange(len(index))
        if swap_copies:
            rng = np.random.default_rng(seed)
            rows, origin = linear_swap(rows, walkers[index], copies=swap_copies, rng=rng)
        return family.make(**setting).fit(rows, emotion[index][origin])

    def inner_score(setting: dict[str, Any]) -> float:
        said = np.empty_like(emotion)
        for fit, judge in folds:
            said[judge] = fitted(fit, setting).predict(train[judge])
        return balanced_accuracy(emotion, said)

    settings = family.settings(rows=min(len(fit) for fit, _ in folds))
    scores = [inner_score(setting) for setting in settings]
    best = int(np.argmax(scores))
    chosen = settings[best]
    return BaselineResult(fitted(np.arange(len(train)), chosen).predict(test), scores[best], chosen)
