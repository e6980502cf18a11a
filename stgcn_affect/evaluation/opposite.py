"""An attacker who knows that a walker's takes were compared with each other.

Takes that are each judged against the walker's other takes point away from each other: together they sum to nothing. An
attacker who looks for the most alike walker is then worse than chance, and one who looks for the least alike is good.
"""

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin

Features = npt.NDArray[np.floating]

OPPOSITE = "opposite_"
"""Before the name of an attacker or verifier: the same, looking for the opposite."""

OPPOSED = ("logistic_regression", "nearest_neighbour", "lda")
"""The attackers that are also tried so."""


class Opposite(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """A classifier that learns from the mirror images of its training rows through their mean.

    Args:
        classifier: of scikit-learn.
    """

    def __init__(self, classifier: ClassifierMixin) -> None:
        self.classifier = classifier

    def fit(self, rows: Features, names: npt.NDArray[np.str_]) -> "Opposite":
        """Learn names ``[n]`` from rows ``[n, F]``."""
        self.classifier.fit(2 * rows.mean(axis=0) - rows, names)
        return self

    def predict(self, rows: Features) -> npt.NDArray[np.str_]:
        """The names ``[m]`` whose rows the given ones ``[m, F]`` are most opposite to."""
        named: npt.NDArray[np.str_] = self.classifier.predict(rows)
        return named
