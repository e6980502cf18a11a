import numpy as np
import pytest

from stgcn_affect.features.derivative import circular_derivative

PHASE = 2 * np.pi * np.arange(16) / 16


def test_a_sine_of_known_derivatives():
    values = np.stack([0.3 * np.sin(PHASE), 2 + 0.3 * np.sin(2 * PHASE)])
    period = np.array([1.0, 0.5])
    omega = 2 * np.pi * np.array([1, 2]) / period
    for order, wave in ((1, np.cos), (2, lambda x: -np.sin(x)), (3, lambda x: -np.cos(x))):
        found = circular_derivative(values, period, order=order)
        expected = np.stack([0.3 * omega[0] ** order * wave(PHASE), 0.3 * omega[1] ** order * wave(2 * PHASE)])
        np.testing.assert_allclose(found, expected, atol=1e-9 * np.abs(expected).max())


def test_trailing_axes_are_derived_one_by_one():
    values = np.zeros((1, 16, 2, 3))
    values[0, :, 1, 2] = np.cos(PHASE)
    found = circular_derivative(values, np.array([2 * np.pi]))
    np.testing.assert_allclose(found[0, :, 1, 2], -np.sin(PHASE), atol=1e-12)
    assert np.abs(np.delete(found.reshape(16, 6), 5, axis=1)).max() < 1e-12


def test_what_lies_above_the_harmonics_kept_is_noise():
    values = (np.sin(PHASE) + np.sin(3 * PHASE))[None]
    found = circular_derivative(values, np.array([2 * np.pi]), harmonics=2)
    np.testing.assert_allclose(found[0], np.cos(PHASE), atol=1e-12)


@pytest.mark.parametrize("samples", [4, 5, 8])
def test_few_samples_keep_what_they_determine(samples):
    phase = 2 * np.pi * np.arange(samples) / samples
    found = circular_derivative(np.cos(phase)[None], np.array([1.0]), order=2)
    np.testing.assert_allclose(found[0], -((2 * np.pi) ** 2) * np.cos(phase), atol=1e-9)
