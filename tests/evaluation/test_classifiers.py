import numpy as np
import pytest

from stgcn_affect.evaluation.classifiers import CLASSIFIERS, Family


def test_the_usual_shallow_learners_are_there():
    assert set(CLASSIFIERS) == {"svm_rbf", "svm_linear", "lda", "logistic_regression", "random_forest", "knn"}


def test_all_combinations_are_settings():
    family = Family(lambda **chosen: None, {"a": [1, 2], "b": ["x", "y"]})
    assert sorted(map(str, family.settings())) == sorted(
        ["{'a': 1, 'b': 'x'}", "{'a': 1, 'b': 'y'}", "{'a': 2, 'b': 'x'}", "{'a': 2, 'b': 'y'}"]
    )


def test_settings_that_need_more_rows_than_there_are_are_left_out():
    family = Family(lambda **chosen: None, {"a": [1, 5]}, needs=lambda setting: setting["a"])
    assert [family.settings(rows=rows) for rows in (4, 5)] == [[{"a": 1}], [{"a": 1}, {"a": 5}]]
    tried = CLASSIFIERS["knn"].settings(rows=8)
    assert [setting["n_neighbors"] for setting in tried] == [1, 5]
    for name in set(CLASSIFIERS) - {"knn"}:
        assert CLASSIFIERS[name].settings(rows=2) == CLASSIFIERS[name].settings()


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_every_setting_of_every_family_learns_what_is_plain_to_see(name):
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 10)
    rows = np.eye(3)[labels] * [1.0, 50.0, 0.01] + 0.001 * rng.normal(size=(30, 3)) * [1.0, 50.0, 0.01]
    family = CLASSIFIERS[name]
    assert len(family.settings()) > 1
    for setting in family.settings():
        first, second = family.make(**setting), family.make(**setting)
        assert first is not second
        assert (first.fit(rows[::2], labels[::2]).predict(rows[1::2]) == labels[1::2]).all()
        final = first[-1].get_params()
        assert {key: final[key] for key in setting} == setting
