import numpy as np
import pytest
from scipy.special import logit

from stgcn_affect.errors import InputError
from stgcn_affect.training.temperature import COLDEST, HOTTEST, probabilities, temperature


def test_the_temperature_makes_the_mean_probability_the_hit_rate():
    """Three of four are right at a margin of m: the likeliest temperature says .75, so m / t = logit(.75)."""
    margin = 4.0
    logits = np.array([[margin, 0.0]] * 4)
    found = temperature(logits, np.array([0, 0, 0, 1]))
    assert found == pytest.approx(margin / logit(0.75), rel=1e-3)
    np.testing.assert_allclose(probabilities(logits, temperature=found)[0], [0.75, 0.25], atol=1e-3)


def test_it_stays_within_its_bounds():
    sure = np.array([[1.0, 0.0]] * 3)
    assert temperature(sure, np.zeros(3, int)) == pytest.approx(COLDEST, rel=1e-3)
    assert temperature(sure, np.ones(3, int)) == pytest.approx(HOTTEST, rel=1e-3)


def test_one_is_the_plain_softmax():
    np.testing.assert_allclose(probabilities(np.log([[0.2, 0.3, 0.5]]), temperature=1.0), [[0.2, 0.3, 0.5]])


def test_nothing_to_fit_on_is_refused():
    with pytest.raises(InputError, match=r"calibration: expected logits of one cycle or more .* \(got 0 and"):
        temperature(np.zeros((0, 2)), np.zeros(0, int))
