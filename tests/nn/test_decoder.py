import math

import pytest
import torch

from stgcn_affect.nn.decoder import Decoder
from stgcn_affect.nn.harmonics import uniform_phase

PI = math.pi


@pytest.fixture
def decoder(toy_graph):
    torch.manual_seed(0)
    return Decoder(2, 3, toy_graph, width=4, harmonics=2, cycle_samples=8)


@pytest.fixture
def latents():
    rng = torch.Generator().manual_seed(0)
    return torch.randn(5, 2, generator=rng), torch.randn(5, 3, generator=rng)


def swinging(amplitude, samples=8):
    """The left joint along x as 2 + amplitude cos."""
    positions = torch.zeros(1, samples, 3, 3)
    positions[0, :, 1, 0] = 2 + amplitude * (2 * PI * uniform_phase(samples)).cos().float()
    return positions


def zeroed(decoder):
    for parameter in (*decoder.to_coefficients.parameters(), *decoder.to_stride_time.parameters()):
        torch.nn.init.zeros_(parameter)
    return decoder


def test_shapes(decoder, latents):
    positions, stride_time_s = decoder(*latents, uniform_phase(7).float())
    assert positions.shape == (5, 7, 3, 3)
    assert stride_time_s.shape == (5,)
    assert (stride_time_s > 0).all()


def test_later_phases_are_a_rolled_cycle(decoder, latents):
    phase = uniform_phase(8).float()
    here, later = decoder(*latents, phase).positions, decoder(*latents, phase + 3 / 8).positions
    torch.testing.assert_close(later, here.roll(-3, dims=1), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(decoder(*latents, phase + 1).positions, here, atol=1e-5, rtol=1e-4)


def test_coarse_phases_are_a_part_of_the_fine_ones(decoder, latents):
    fine, coarse = (decoder(*latents, uniform_phase(n).float()).positions for n in (32, 8))
    torch.testing.assert_close(fine[:, ::4], coarse, atol=1e-5, rtol=1e-4)


def test_coefficients_by_hand(decoder):
    # In the order 1, cos, cos twice as fast, sin, sin twice as fast.
    series = decoder.coefficients(swinging(3.0))
    assert series.shape == (1, 3, 5, 3)
    torch.testing.assert_close(series[0, 1, :, 0], torch.tensor([2.0, 3.0, 0.0, 0.0, 0.0]), atol=1e-6, rtol=1e-5)


def test_fit_by_hand(decoder):
    decoder.fit(torch.cat([swinging(1.0), swinging(5.0)]), torch.tensor([1.0, math.e**2]))
    torch.testing.assert_close(decoder.mean[1, :, 0], torch.tensor([2.0, 3.0, 0.0, 0.0, 0.0]), atol=1e-5, rtol=1e-5)
    # The cosine's amplitude is 2 off its mean in both; what never moves counts as a twentieth of the largest.
    expected = torch.full((3, 1, 3), 0.1)
    expected[1, 0, 0] = 2.0
    torch.testing.assert_close(decoder.sigma, expected)
    torch.testing.assert_close(decoder.stride_time, torch.tensor([1.0, 2.0**0.5]))


def test_the_mean_cycle_where_the_net_says_nothing(decoder, latents):
    decoder.fit(torch.cat([swinging(1.0), swinging(5.0)]), torch.tensor([1.0, math.e**2]))
    positions, stride_time_s = zeroed(decoder)(*latents, uniform_phase(8).float())
    torch.testing.assert_close(positions, swinging(3.0).expand(5, -1, -1, -1), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(stride_time_s, torch.full((5,), math.e))


def test_what_the_net_says_counts_in_sigma(decoder, latents):
    decoder.fit(torch.cat([swinging(1.0), swinging(5.0)]), torch.tensor([1.0, math.e**2]))
    with torch.no_grad():
        zeroed(decoder).to_coefficients.bias.view(5, 3)[1, 0] = 1.0  # the cosine along x, of every joint
        decoder.to_stride_time.bias.fill_(1.0)
    positions, stride_time_s = decoder(*latents, uniform_phase(8).float())
    torch.testing.assert_close(stride_time_s, torch.full((5,), math.exp(1 + 2**0.5)))
    torch.testing.assert_close(positions[:1, :, 1], swinging(3.0 + 2.0)[:, :, 1], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(positions[0, 0, 0, 0], torch.tensor(0.1), atol=1e-5, rtol=1e-5)


def test_both_latents_matter(decoder, latents):
    z_emotion, z_identity = (z.clone().requires_grad_() for z in latents)
    positions, stride_time_s = decoder(z_emotion, z_identity, uniform_phase(4).float())
    (positions.square().sum() + stride_time_s.sum()).backward()
    for z in (z_emotion, z_identity):
        assert z.grad.any(dim=1).all()
