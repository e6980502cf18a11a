"""Scale features, then turn them into the span of the training rows."""

from typing import Any

from sklearn.decomposition import PCA
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler


def scaled(classifier: Any) -> Pipeline:
    """Standardise, then classify."""
    return make_pipeline(StandardScaler(), classifier)


def scaled_in_span(classifier: Any) -> Pipeline:
    """Standardise, turn into the at most n dimensions that n training rows span, then classify.

    Whole cycles have ten times as many features as there are cycles. What is penalised or shrunk by rotation-invariant
    norms (logistic regression, LDA) finds its solution in that span, at a fraction of the time.
    """
    return make_pipeline(StandardScaler(), PCA(svd_solver="full"), classifier)
