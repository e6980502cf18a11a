import numpy as np
import pytest
import torch
from scipy.special import logit

from stgcn_affect.data.prediction import probabilities
from stgcn_affect.errors import InputError
from stgcn_affect.training.confidence import (
    TEMPERATURES,
    fit_confidence,
    fit_temperature,
    outlier_score,
    outlier_threshold,
)
from stgcn_affect.training.predict import emotion_logits


def test_the_temperature_makes_the_mean_probability_the_hit_rate():
    """Three of four are right at a margin of m: the likeliest temperature gives .75, so m / t = logit(.75)."""
    margin = 4.0
    logits = np.array([[margin, 0.0]] * 4)
    found = fit_temperature(logits, np.array([0, 0, 0, 1]))
    assert found == pytest.approx(margin / logit(0.75), rel=1e-3)
    np.testing.assert_allclose(probabilities(logits, temperature=found)[0], [0.75, 0.25], atol=1e-3)


def test_the_temperature_stays_within_its_bounds():
    certain = np.array([[1.0, 0.0]] * 3)
    found = [fit_temperature(certain, codes) for codes in (np.zeros(3, int), np.ones(3, int))]
    assert found == pytest.approx(TEMPERATURES, rel=1e-3)


@pytest.mark.parametrize("temperature", [1.0, None])
def test_one_and_none_are_the_plain_softmax(temperature):
    found = probabilities(np.log([[0.2, 0.3, 0.5]]), temperature=temperature)
    np.testing.assert_allclose(found, [[0.2, 0.3, 0.5]])


def test_nothing_to_fit_on_is_refused():
    with pytest.raises(InputError, match=r"temperature: expected logits of one cycle or more .* \(got 0 and"):
        fit_temperature(np.zeros((0, 2)), np.zeros(0, int))


@pytest.fixture
def fitted(toy_network, toy_cycles):
    """A network whose input is standardised by the cycles, and the cycles."""
    network, cycles = toy_network(), toy_cycles()
    network.emotion_channels.fit(cycles.positions, cycles.stride_time_s)
    return network, cycles


def test_the_temperature_never_makes_a_model_more_certain(fitted, toy_layout):
    network, cycles = fitted
    logits = emotion_logits(network, cycles, toy_layout)
    all_right = logits.argmax(axis=1)
    assert fit_temperature(logits, all_right) < 1 < fit_temperature(logits, 1 - all_right)
    for codes, expected in ((all_right, 1.0), (1 - all_right, fit_temperature(logits, 1 - all_right))):
        validation = cycles._replace(emotion=torch.from_numpy(codes))
        assert fit_confidence(network, toy_layout, train=cycles, validation=validation).temperature == expected


def test_without_validation_subjects_there_is_a_threshold_but_no_temperature(fitted, toy_layout):
    network, cycles = fitted
    nobody = cycles.take(torch.arange(0))
    assert fit_confidence(network, toy_layout, train=cycles, validation=nobody) == (
        None,
        outlier_threshold(network, cycles),
    )


def test_training_cycles_score_about_one_and_hardly_any_is_an_outlier(fitted):
    score = outlier_score(*fitted)
    assert np.sqrt((score**2).mean()) == pytest.approx(1.0, abs=0.3)
    threshold = outlier_threshold(*fitted)
    assert threshold == pytest.approx(np.quantile(score, 0.99))
    assert (score > threshold).sum() <= 1


def test_the_batch_changes_no_score(fitted):
    network, cycles = fitted
    np.testing.assert_allclose(outlier_score(network, cycles, batch=5), outlier_score(network, cycles), rtol=1e-5)
    assert outlier_score(network, cycles.take(torch.arange(0))).shape == (0,)


def test_a_walk_that_is_larger_than_life_is_an_outlier(fitted):
    network, cycles = fitted
    large = cycles._replace(positions=10 * cycles.positions, stride_time_s=10 * cycles.stride_time_s)
    assert (outlier_score(network, large) > outlier_threshold(network, cycles)).all()


def test_validation_subjects_widen_the_threshold_and_never_narrow_it(fitted):
    network, cycles = fitted
    alone = outlier_threshold(network, cycles)
    farther = cycles._replace(positions=1.5 * cycles.positions)
    assert outlier_threshold(network, cycles, farther) == pytest.approx(outlier_score(network, farther).max())
    assert outlier_threshold(network, cycles, farther) > alone
    nobody, one = (cycles.take(torch.arange(number)) for number in (0, 1))
    assert outlier_threshold(network, cycles, nobody) == alone
    assert outlier_threshold(network, cycles, one) >= alone
