import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from stgcn_affect.evaluation.verification import verification


@pytest.mark.parametrize(
    ("same", "different", "expected"),
    [
        ([0.9, 0.8], [0.2, 0.1], (0.0, 1.0, 1.0)),
        ([0.1], [0.9, 0.8], (1.0, 0.0, 0.0)),
        ([0.5, 0.5], [0.5, 0.5], (0.5, 0.5, 0.0)),  # all alike: the whole ROC curve is the diagonal
        ([0.9, 0.3], [0.8, 0.1], (0.5, 0.75, 0.5)),
        (
            [2.0, 1.0, 1.0],
            [1.0, 0.0, 0.0, 0.0],
            (2 / 11, 1 - 1 / 12, 1 / 3),
        ),  # from (0, 1/3) to (1/4, 1): x = 2/3 - 8x/3
    ],
)
def test_scores_by_hand(same, different, expected):
    labels = np.array([True] * len(same) + [False] * len(different))
    assert tuple(verification(np.array(same + different), labels)) == pytest.approx(expected)


def test_one_false_accept_in_a_hundred_is_allowed():
    scores = np.concatenate([[5.0, 3.0, 1.0], [4.0, 2.0], np.zeros(98)])
    found = verification(scores, np.arange(103) < 3)
    assert found.tar_at_far_1pct == pytest.approx(2 / 3)  # above 2: two of three, and 1 of 100 wrongly


pairs = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40)


@given(pairs)
@settings(max_examples=80, deadline=None)
def test_scores_are_those_of_scikit_learn(found):
    scores = np.array([score for score, _ in found], float)
    same = np.array([label for _, label in found])
    if same.all() or not same.any():
        with pytest.raises(ValueError, match=rf"got {same.sum()} of {len(same)} same"):
            verification(scores, same)
        return
    ours = verification(scores, same)
    false_accepts, true_accepts, _ = roc_curve(same, scores, drop_intermediate=False)
    assert ours.auc == pytest.approx(roc_auc_score(same, scores))
    assert ours.tar_at_far_1pct == pytest.approx(true_accepts[false_accepts <= 0.01].max())
    assert 0 <= ours.eer <= 1
    if len(np.unique(false_accepts)) == len(false_accepts):  # no jumps: both rates are the same where they cross
        assert 1 - np.interp(ours.eer, false_accepts, true_accepts) == pytest.approx(ours.eer)


@given(pairs)
@settings(max_examples=40, deadline=None)
def test_only_the_order_of_scores_counts(found):
    scores, same = np.array([s for s, _ in found], float), np.array([label for _, label in found])
    if 0 < same.sum() < len(same):
        shuffled = np.random.default_rng(0).permutation(len(same))
        again = verification(np.exp(scores[shuffled]), same[shuffled])
        assert tuple(again) == pytest.approx(tuple(verification(scores, same)))
