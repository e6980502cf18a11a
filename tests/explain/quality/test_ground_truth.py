import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from stgcn_affect.errors import InputError
from stgcn_affect.explain.quality.ground_truth import ground_truth_auc, roc_auc
from stgcn_affect.synthetic.truth import FactorTruth

JOINTS = ("hip", "knee", "hand", "head")
TRUTHS = {
    "arm": FactorTruth({}, ("hand",), True),
    "nod": FactorTruth({}, ("head", "knee"), True),
    "everything": FactorTruth({}, JOINTS, False),
    "nothing": FactorTruth({}, (), False),
}
SCORES = {
    "arm": np.array([0.1, 0.2, 0.9, 0.3]),  # the hand is above all three
    "nod": np.array([0.1, 0.3, 0.2, 0.4]),  # of the pairs knee-hip, knee-hand, head-hip, head-hand all are right
    "everything": np.ones(4),
}


def test_every_factor_and_their_mean():
    found = ground_truth_auc(SCORES, TRUTHS, JOINTS)
    assert found["auc"] == 1.0
    assert found["ci95"] is None
    assert found["factors"] == {
        "arm": {"auc": 1.0, "ci95": None, "bearing": ["hand"]},
        "nod": {"auc": 1.0, "ci95": None, "bearing": ["head", "knee"]},
    }
    worse = SCORES | {"nod": np.array([0.35, 0.3, 0.2, 0.4])}  # knee-hip is wrong, three of four are right
    assert ground_truth_auc(worse, TRUTHS, JOINTS)["auc"] == pytest.approx((1 + 0.75) / 2)
    assert ground_truth_auc(SCORES | {"arm": np.zeros(4)}, TRUTHS, JOINTS)["factors"]["arm"]["auc"] == 0.5


def test_limits_are_of_the_scores_of_drawn_subjects():
    drawn = {"arm": np.array([SCORES["arm"]] * 9 + [-SCORES["arm"]]), "nod": np.array([SCORES["nod"]] * 10)}
    found = ground_truth_auc(SCORES, TRUTHS, JOINTS, drawn=drawn)
    lower = np.quantile([0.0] + [1.0] * 9, 0.025)
    assert found["factors"]["arm"]["ci95"] == pytest.approx([lower, 1.0])
    assert found["factors"]["nod"]["ci95"] == [1.0, 1.0]
    assert found["ci95"] == pytest.approx([(lower + 1) / 2, 1.0])


def test_a_factor_without_scores_is_left_out_and_none_at_all_refused():
    assert list(ground_truth_auc({"arm": SCORES["arm"]}, TRUTHS, JOINTS)["factors"]) == ["arm"]
    with pytest.raises(InputError, match=r"\(got scores for everything\)"):
        ground_truth_auc({"everything": np.ones(4)}, TRUTHS, JOINTS)


@pytest.mark.parametrize("scores", [np.ones(3), np.array([1.0, np.nan, 0.0, 0.0])])
def test_scores_that_do_not_fit_are_refused(scores):
    with pytest.raises(InputError, match=r"ground truth, arm: expected a finite score for each of 4 joints \(got"):
        ground_truth_auc({"arm": scores}, TRUTHS, JOINTS)


def test_area_by_ranks_is_the_area_under_the_curve():
    rng = np.random.default_rng(0)
    bears = np.array([True, False, True, False, False, True])
    scores = rng.integers(0, 4, (20, 6)).astype(float)  # with ties
    np.testing.assert_allclose(roc_auc(bears, scores), [roc_auc_score(bears, row) for row in scores], atol=1e-12)
    assert roc_auc(np.array([True, False, False]), np.array([1.0, 1.0, 0.0])) == 0.75  # a tie counts half
