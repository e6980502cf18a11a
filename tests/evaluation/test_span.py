import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from stgcn_affect.evaluation.span import scaled, scaled_in_span


@pytest.mark.parametrize("features", [3, 40])
def test_the_span_of_the_rows_changes_no_answer(features):
    rng = np.random.default_rng(0)
    rows, labels, others = rng.normal(size=(12, features)), np.arange(12) % 3, rng.normal(size=(20, features))
    answers = [
        make(LogisticRegression(C=1.0, tol=1e-8, max_iter=5000)).fit(rows, labels).predict_proba(others)
        for make in (scaled, scaled_in_span)
    ]
    np.testing.assert_allclose(answers[0], answers[1], atol=1e-4)


def test_many_features_become_at_most_as_many_as_there_are_rows():
    rows = np.random.default_rng(0).normal(size=(6, 50)) * np.linspace(1, 100, 50)
    fitted = scaled_in_span(LogisticRegression()).fit(rows, [0, 1] * 3)
    assert fitted[-1].coef_.shape == (1, 6)


def test_the_unit_of_a_feature_does_not_matter():
    rng = np.random.default_rng(0)
    rows, labels, others = rng.normal(size=(30, 4)), np.arange(30) % 2, rng.normal(size=(9, 4))
    unit = np.array([1.0, 1e3, 1e-3, 60.0])
    for make in (scaled, scaled_in_span):
        metres = make(LogisticRegression()).fit(rows, labels).predict_proba(others)
        others_units = make(LogisticRegression()).fit(rows * unit, labels).predict_proba(others * unit)
        np.testing.assert_allclose(metres, others_units, atol=1e-6)
