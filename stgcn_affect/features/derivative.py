"""Derivatives along a circular gait cycle."""

import numpy as np
import numpy.typing as npt

MOST_HARMONICS = 7
"""The first seven harmonics of a stride hold over 99.7 % of the power of its kinematics (Winter, Sidwall and Hobson,
"Measurement and reduction of noise in kinematics of locomotion", J. Biomechanics 7, 1974). Above them is noise, which a
third derivative would multiply by the third power of its frequency."""


def circular_derivative(
    values: npt.NDArray[np.float64],
    period_s: npt.NDArray[np.float64],
    *,
    order: int = 1,
    harmonics: int = MOST_HARMONICS,
) -> npt.NDArray[np.float64]:
    """Derivative by time of cycles that repeat, exact for what their first harmonics hold.

    Args:
        values: ``[N, T, ...]``, T samples of one period.
        period_s: ``[N]`` seconds.
        order: 1 for velocity, 2 for acceleration, 3 for jerk.
        harmonics: how many are kept, at most (T - 1) // 2.

    Returns:
        ``[N, T, ...]`` per second, once for each order.
    """
    samples = values.shape[1]
    kept = min(harmonics, (samples - 1) // 2)
    trailing = (1,) * (values.ndim - 2)
    spectrum = np.fft.rfft(values, axis=1)
    spectrum[:, kept + 1 :] = 0
    step = 2j * np.pi * np.arange(spectrum.shape[1]) / period_s[:, None]
    return np.fft.irfft(spectrum * (step**order).reshape(*step.shape, *trailing), n=samples, axis=1)
