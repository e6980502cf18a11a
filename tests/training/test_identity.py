import numpy as np
import pytest
import torch

from stgcn_affect.errors import InputError
from stgcn_affect.training.identity import IdentityStatistics, identity_statistics
from stgcn_affect.training.predict import encode


def test_each_subject_counts_once_however_many_cycles_it_has(toy_network, toy_cycles, toy_layout):
    network, cycles = toy_network(), toy_cycles()
    network.fit_statistics(cycles.positions, cycles.stride_time_s)
    uneven = cycles.take(torch.arange(3, cycles.size))  # one cycle of the first subject, four of the others
    found = identity_statistics(network, uneven, toy_layout)
    encoded = encode(network, uneven, toy_layout)
    of_subjects = [(0, 1), (1, 5), (5, 9)]
    identity, emotion = (
        np.stack([latent[slice(*rows)].mean(axis=0) for rows in of_subjects])
        for latent in (encoded.z_identity, encoded.z_emotion)
    )
    assert found.mean == pytest.approx(identity.mean(axis=0), abs=1e-6)
    assert found.z_emotion == pytest.approx(emotion.mean(axis=0), abs=1e-6)
    assert found.covariance == pytest.approx(np.cov(identity.T), abs=1e-6)


def test_draws_have_the_mean_and_the_covariance():
    kept = IdentityStatistics(np.array([1.0, -2.0]), np.array([[4.0, 2.0], [2.0, 1.0]]), np.zeros(1))
    rng = np.random.default_rng(0)
    drawn = np.stack([kept.draw(rng) for _ in range(4000)])
    assert drawn.mean(axis=0) == pytest.approx([1.0, -2.0], abs=0.1)
    assert np.cov(drawn.T) == pytest.approx(kept.covariance, abs=0.2)
    assert drawn[:, 0] - 2 * drawn[:, 1] == pytest.approx(np.full(4000, 5.0), abs=1e-4)  # it has no other spread


def test_the_only_subject_has_no_spread(toy_network, toy_cycles, toy_layout):
    found = identity_statistics(toy_network(), toy_cycles(subjects=1), toy_layout)
    assert not found.covariance.any()
    assert found.draw(np.random.default_rng(0)) == pytest.approx(found.mean)


def test_no_cycle_is_refused(toy_network, toy_cycles, toy_layout):
    with pytest.raises(InputError, match="got none"):
        identity_statistics(toy_network(), toy_cycles().take(torch.arange(0)), toy_layout)
