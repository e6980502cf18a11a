"""Traditional classifiers with the hyper-parameters that are tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sklearn.base import ClassifierMixin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import ParameterGrid
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

from stgcn_affect.evaluation.span import scaled, scaled_in_span


@dataclass(frozen=True)
class Family:
    """A kind of classifier.

    Args:
        make: a new, scaled classifier from hyper-parameters.
        grid: values to try, by name of the hyper-parameter.
        needs: how many training rows a setting needs.
    """

    make: Callable[..., ClassifierMixin]
    grid: Mapping[str, list[Any]]
    needs: Callable[[Mapping[str, Any]], int] = lambda setting: 1

    def settings(self, *, rows: int | None = None) -> list[dict[str, Any]]:
        """All combinations of the grid that can be fitted on that many training rows; all there are by default."""
        every: list[dict[str, Any]] = list(ParameterGrid(dict(self.grid)))
        return every if rows is None else [setting for setting in every if self.needs(setting) <= rows]


CLASSIFIERS: Mapping[str, Family] = {
    "svm_rbf": Family(lambda **chosen: scaled(SVC(kernel="rbf", **chosen)), {"C": [1.0, 10.0]}),
    "svm_linear": Family(lambda **chosen: scaled(SVC(kernel="linear", **chosen)), {"C": [0.001, 0.01, 0.1]}),
    "lda": Family(
        lambda **chosen: scaled_in_span(LinearDiscriminantAnalysis(solver="lsqr", **chosen)),
        {"shrinkage": ["auto", 0.5, 0.9]},
    ),
    "logistic_regression": Family(
        lambda **chosen: scaled_in_span(LogisticRegression(max_iter=1000, **chosen)), {"C": [0.001, 0.01, 0.1]}
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
"""By name: the field's usual shallow learners."""
