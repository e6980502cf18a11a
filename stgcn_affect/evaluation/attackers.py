"""Attackers: classifiers that are trained from scratch to re-identify subjects from a release."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

Features = npt.NDArray[np.floating]


def scaled(classifier: Any) -> Pipeline:
    """Standardise, then classify."""
    return make_pipeline(StandardScaler(), classifier)


def scaled_pca(classifier: Any) -> Pipeline:
    """Standardise, project onto the at most n principal components that n training rows span, then classify.

    Whole cycles have ten times as many features as there are cycles. What is penalised or shrunk by rotation-invariant
    norms (logistic regression, LDA) finds its solution in that span, at a fraction of the time.
    """
    steps = {"standardscaler": StandardScaler(), "pca": _PCA(svd_solver="full")}
    return Pipeline([*steps.items(), (type(classifier).__name__.lower(), classifier)])


class _PCA(PCA):  # type: ignore[misc]  # scikit-learn is untyped
    """PCA without a warning where all rows are alike, as one mean map for everybody is: its shares are not used."""

    def fit(self, rows: Any, names: Any = None) -> "_PCA":
        with np.errstate(invalid="ignore"):
            super().fit(rows, names)
        return self

    def fit_transform(self, rows: Any, names: Any = None) -> Any:
        with np.errstate(invalid="ignore"):
            return super().fit_transform(rows, names)


class QuietLDA(LinearDiscriminantAnalysis):  # type: ignore[misc]  # scikit-learn is untyped
    """LDA without a warning for each class that has one row: it has no scatter of its own and adds none."""

    def fit(self, rows: Features, names: npt.NDArray[np.str_]) -> "QuietLDA":
        """Learn names ``[n]`` from rows ``[n, F]``."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Only one sample available")
            super().fit(rows, names)
        return self


REFLECTED = "reflected_"
"""Prefix of the name of an attacker or verifier that learns from reflected rows (``ReflectedClassifier``)."""

REFLECTED_ATTACKERS = ("logistic_regression", "nearest_neighbour", "lda")
"""The attackers that are also tried on reflected rows."""


class ReflectedClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """A classifier that learns from its training rows reflected through their mean.

    Args:
        classifier: a classifier of scikit-learn.
    """

    def __init__(self, classifier: ClassifierMixin) -> None:
        self.classifier = classifier

    def fit(self, rows: Features, names: npt.NDArray[np.str_]) -> "ReflectedClassifier":
        """Learn names ``[n]`` from rows ``[n, F]``."""
        self.classifier.fit(2 * rows.mean(axis=0) - rows, names)
        return self

    def predict(self, rows: Features) -> npt.NDArray[np.str_]:
        """The names ``[m]`` whose training rows are most opposite to the given rows ``[m, F]``."""
        named: npt.NDArray[np.str_] = self.classifier.predict(rows)
        return named


ATTACKERS: Mapping[str, Callable[[], ClassifierMixin]] = {
    "logistic_regression": lambda: scaled_pca(LogisticRegression(C=1.0, max_iter=2000)),
    "nearest_neighbour": lambda: scaled(KNeighborsClassifier(n_neighbors=1)),
    "lda": lambda: scaled_pca(QuietLDA(solver="lsqr", shrinkage="auto")),
    "svm": lambda: scaled(SVC(kernel="rbf", C=10.0)),
    "mlp": lambda: scaled_pca(
        MLPClassifier((64,), alpha=1.0, learning_rate_init=0.01, tol=1e-2, max_iter=2000, random_state=0)
    ),
    "random_forest": lambda: scaled(RandomForestClassifier(n_estimators=100, random_state=0)),
}
"""Attackers by name: functions that make a new, untrained classifier."""

QUICK_ATTACKERS: tuple[str, ...] = ("logistic_regression", "nearest_neighbour")
"""The two fast attackers that a training run uses."""

PAIR, REVERSAL = "pair", "reversal"

LEARNED: tuple[str, ...] = (PAIR, REVERSAL)
"""Attackers that learn from other people first: ``pair_attacker`` and ``reversal_attacker``."""

ALL_ATTACKERS: tuple[str, ...] = (*ATTACKERS, *LEARNED)
"""The names of all eight, as an evaluation tries them."""


def also_reflected(attackers: Sequence[str]) -> list[str]:
    """The attackers by name, and those of ``REFLECTED_ATTACKERS`` on reflected rows.

    For rows about their subject's mean: what a take has of the subject, its others have with the opposite sign.
    """
    return [*attackers, *(REFLECTED + name for name in REFLECTED_ATTACKERS)]


class Known(NamedTuple):
    """What an attacker has of n cycles: what was released of them, the raw cycles, who walks and what they show.

    Shapes:
        - released: ``[n, F]``; raw: ``[n, R]``
        - subjects and emotions: ``[n]`` names
    """

    released: Features
    raw: Features
    subjects: npt.NDArray[np.str_]
    emotions: npt.NDArray[np.str_]

    def at(self, index: npt.NDArray[Any]) -> "Known":
        """What is known of the cycles at an index."""
        return Known(*(column[index] for column in self))


def predict_subjects(
    name: str, train: Features, train_subjects: npt.NDArray[np.str_], test: Features
) -> npt.NDArray[np.str_]:
    """Train attacker ``name`` on ``[n, F]`` features with ``[n]`` subjects and name the subjects of ``[m, F]``.

    LDA is not defined where every subject has one cycle only: it then names nobody (""). With the prefix ``REFLECTED``
    an attacker is a ``ReflectedClassifier``.

    Raises:
        KeyError: no such attacker.
    """
    kind = name.removeprefix(REFLECTED)
    if kind == "lda" and len(train) <= len(np.unique(train_subjects)):
        return np.full(len(test), "", dtype=train_subjects.dtype)
    attacker = ATTACKERS[kind]() if kind == name else ReflectedClassifier(ATTACKERS[kind]())
    predicted: npt.NDArray[np.str_] = attacker.fit(train, train_subjects).predict(test)
    return predicted


Predictions = Mapping[str, Mapping[str, npt.NDArray[np.str_]]]
"""Predicted names ``[M]`` by release and attacker."""


def predictions_to_dict(predictions: Predictions) -> dict[str, dict[str, list[str]]]:
    """Convert predictions to JSON's types."""
    return {release: {name: who.tolist() for name, who in of.items()} for release, of in predictions.items()}


def predictions_from_dict(content: Mapping[str, Mapping[str, list[str]]]) -> Predictions:
    """The inverse of ``predictions_to_dict``."""
    return {
        release: {name: np.array(who, dtype=np.str_) for name, who in of.items()} for release, of in content.items()
    }
