import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stgcn_affect.nn.harmonics import analysis_matrix, derivative_matrix, fourier_basis, uniform_phase


def test_basis_by_hand():
    # 1, cos and cos twice as fast, sin and sin twice as fast, at the start, an eighth and a quarter of the cycle.
    phase = torch.tensor([0.0, 0.125, 0.25], dtype=torch.float64)
    half = math.sqrt(0.5)
    expected = [[1, 1, 1, 0, 0], [1, half, 0, half, 1], [1, 0, -1, 1, 0]]
    torch.testing.assert_close(fourier_basis(phase, 2), torch.tensor(expected, dtype=torch.float64))


def test_no_harmonics_is_the_constant_alone():
    torch.testing.assert_close(fourier_basis(torch.tensor([0.3]), 0), torch.ones(1, 1))


def test_uniform_phase_is_half_open():
    assert uniform_phase(4).tolist() == [0.0, 0.25, 0.5, 0.75]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 6), st.integers(0, 20))
def test_analysis_inverts_the_basis(harmonics, more):
    samples = 2 * harmonics + 1 + more
    basis = fourier_basis(uniform_phase(samples), harmonics)
    identity = torch.eye(2 * harmonics + 1, dtype=torch.float64)
    torch.testing.assert_close(analysis_matrix(samples, harmonics) @ basis, identity)


def test_analysis_of_a_cycle_by_hand():
    # 2 + 3 cos - 4 sin twice as fast, and a third harmonic that is left out.
    p = uniform_phase(16)
    cycle = 2 + 3 * (2 * math.pi * p).cos() - 4 * (4 * math.pi * p).sin() + 9 * (6 * math.pi * p).cos()
    expected = torch.tensor([2, 3, 0, 0, -4], dtype=torch.float64)
    torch.testing.assert_close(analysis_matrix(16, 2) @ cycle, expected)


@pytest.mark.parametrize(("samples", "harmonics", "most"), [(8, 4, 3), (4, 2, 1), (8, -1, 3)])
def test_more_harmonics_than_the_samples_determine_are_an_error(samples, harmonics, most):
    with pytest.raises(ValueError, match=rf"at most {most} harmonics \(got {harmonics}\)"):
        analysis_matrix(samples, harmonics)


def test_derivative_of_a_sine_by_hand():
    # 5 sin(2 pi p) has the derivative 10 pi cos(2 pi p); 3 cos(4 pi p) has -12 pi sin(4 pi p); a constant has none.
    series = torch.tensor([7, 0, 3, 5, 0], dtype=torch.float64)
    expected = torch.tensor([0, 10 * math.pi, 0, 0, -12 * math.pi], dtype=torch.float64)
    torch.testing.assert_close(derivative_matrix(2) @ series, expected)


def test_derivative_is_that_of_autograd():
    series = torch.randn(7, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    phase = torch.linspace(0, 1, 9, dtype=torch.float64, requires_grad=True)
    (fourier_basis(phase, 3) @ series).sum().backward()
    torch.testing.assert_close(phase.grad, fourier_basis(phase.detach(), 3) @ (derivative_matrix(3) @ series))
