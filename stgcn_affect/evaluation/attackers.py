"""Fresh attackers: classifiers that know nothing of the training and learn who walks from what is released."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from sklearn.base import ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

Features = npt.NDArray[np.floating]

ATTACKERS: dict[str, Callable[[], ClassifierMixin]] = {
    "logistic_regression": lambda: make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=2000)),
    "nearest_neighbour": lambda: make_pipeline(StandardScaler(), KNeighborsClassifier(n_neighbors=1)),
}
"""Attackers by name; each call makes a new one."""


def predict_walkers(
    name: str, train: Features, train_walkers: npt.NDArray[np.str_], test: Features
) -> npt.NDArray[np.str_]:
    """Train attacker ``name`` on ``[n, F]`` features with ``[n]`` walkers and name the walkers of ``[m, F]``.

    Raises:
        KeyError: no such attacker.
    """
    predicted: npt.NDArray[np.str_] = ATTACKERS[name]().fit(train, train_walkers).predict(test)
    return predicted
