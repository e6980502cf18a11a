"""Fresh attackers: classifiers that know nothing of the training and learn who walks from what is released."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
from sklearn.base import ClassifierMixin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

from stgcn_affect.evaluation.opposite import OPPOSITE, Opposite
from stgcn_affect.evaluation.span import scaled, scaled_in_span

Features = npt.NDArray[np.floating]

ATTACKERS: Mapping[str, Callable[[], ClassifierMixin]] = {
    "logistic_regression": lambda: scaled_in_span(LogisticRegression(C=1.0, max_iter=2000)),
    "nearest_neighbour": lambda: scaled(KNeighborsClassifier(n_neighbors=1)),
    "lda": lambda: scaled_in_span(LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")),
    "svm": lambda: scaled(SVC(kernel="rbf", C=10.0)),
    "mlp": lambda: scaled_in_span(
        MLPClassifier((64,), alpha=1.0, learning_rate_init=0.01, tol=1e-2, max_iter=2000, random_state=0)
    ),
    "random_forest": lambda: scaled(RandomForestClassifier(n_estimators=100, random_state=0)),
}
"""Attackers by name; each call makes a new one."""

QUICK_ATTACKERS: tuple[str, ...] = ("logistic_regression", "nearest_neighbour")
"""The two that a training run itself uses."""


def predict_walkers(
    name: str, train: Features, train_walkers: npt.NDArray[np.str_], test: Features
) -> npt.NDArray[np.str_]:
    """Train attacker ``name`` on ``[n, F]`` features with ``[n]`` walkers and name the walkers of ``[m, F]``.

    LDA is not defined where every walker has one cycle only: it then names nobody (""). With ``OPPOSITE`` before its
    name an attacker looks for the opposite of what it learnt.

    Raises:
        KeyError: no such attacker.
    """
    kind = name.removeprefix(OPPOSITE)
    if kind == "lda" and len(train) <= len(np.unique(train_walkers)):
        return np.full(len(test), "", dtype=train_walkers.dtype)
    attacker = ATTACKERS[kind]() if kind == name else Opposite(ATTACKERS[kind]())
    predicted: npt.NDArray[np.str_] = attacker.fit(train, train_walkers).predict(test)
    return predicted
