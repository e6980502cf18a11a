import numpy as np
import pytest

from stgcn_affect.data.prediction import Prediction, pooled_prediction


def test_an_outlier_is_one_to_most_models():
    scores = [np.array(row, np.float32) for row in ([0.5, 2.0, 3.0], [2.5, 1.0, 3.0], [0.5, 2.0, 3.0])]
    even = [np.full((3, 2), 0.5)] * 3
    found = pooled_prediction(("happy", "sad"), even, scores=scores, thresholds=[1.0, 2.0, 1.0])
    assert found.is_outlier.tolist() == [False, True, True]  # the first is one to one model of three
    assert found.outlier_score[2] == pytest.approx((3 + 1.5 + 3) / 3)


def test_a_prediction_is_drawn(tmp_path):
    found = Prediction(("happy", "sad"), np.array([[0.25, 0.75]]), np.array([1.5]), np.array([True]))
    assert (found.emotion, found.probabilities.tolist()) == ("sad", [0.25, 0.75])
    assert found.plot(tmp_path / "sad.png").stat().st_size > 1000


def test_walks_that_were_predicted_as_one_come_apart():
    cycles = np.array([[0.2, 0.8], [0.6, 0.4], [0.9, 0.1]])
    found = Prediction(("happy", "sad"), cycles, np.array([0.5, 1.5, 2.0]), np.array([False, True, True]))
    one, two = found.split([1, 2])
    assert (one.emotion, two.emotion) == ("sad", "happy")
    assert one.outlier_score.tolist() == [0.5]
    assert two.cycles.tolist() == [[0.6, 0.4], [0.9, 0.1]]
    assert two.is_outlier.tolist() == [True, True]
