import numpy as np
import pytest
import torch

from stgcn_affect.training.outliers import outlier_score


@pytest.fixture
def fitted(toy_network, toy_cycles):
    """A network whose input is standardised by the cycles, and the cycles."""
    network, cycles = toy_network(), toy_cycles()
    network.emotion_channels.fit(cycles.positions, cycles.stride_time_s)
    return network, cycles


def test_training_cycles_are_about_one_away_and_hardly_any_is_strange(fitted):
    found = outlier_score(*fitted, fitted[1])
    assert np.sqrt((found.distance**2).mean()) == pytest.approx(1.0, abs=0.3)
    assert found.border == pytest.approx(np.quantile(found.distance, 0.99))
    assert found.is_outlier.sum() <= 1


def test_a_walk_that_is_larger_than_life_is_strange(fitted):
    network, cycles = fitted
    is_outlier = cycles._replace(positions=10 * cycles.positions, stride_time_s=10 * cycles.stride_time_s)
    assert outlier_score(network, is_outlier, cycles).is_outlier.all()


def test_other_seen_subjects_widen_the_border_and_never_narrow_it(fitted):
    network, cycles = fitted
    alone = outlier_score(network, cycles, cycles).border
    farther = cycles._replace(positions=1.5 * cycles.positions)
    found = outlier_score(network, cycles, cycles, farther)
    assert found.border == pytest.approx(outlier_score(network, farther, cycles).distance.max())
    assert found.border > alone
    nobody, one = (cycles.take(torch.arange(number)) for number in (0, 1))
    assert outlier_score(network, cycles, cycles, nobody).border == alone
    assert outlier_score(network, cycles, cycles, one).border >= alone
