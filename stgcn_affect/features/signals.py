"""Signals over the gait cycle, their circular derivative, and their statistics as features."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.features.table import FeatureTable, check_columns, find_column

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


@dataclass(frozen=True, eq=False)
class Signals:
    """F quantities of N cycles at each of T phase samples.

    Args:
        names: F names, each once.
        units: F units.
        sources: the sources of each: the paper, or "our choice".
        values: ``[N, T, F]``.

    Raises:
        InputError: names, units, sources and columns of different number, or a name given twice.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    sources: tuple[str, ...]
    values: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.values.ndim != 3:
            raise InputError(f"features: signals must have shape [N, T, F] (got {list(self.values.shape)})")
        check_columns(self.names, self.units, self.sources, self.values.shape[2])

    def signal(self, name: str) -> npt.NDArray[np.float64]:
        """``[N, T]``: one quantity. Raises InputError for a name that is not there."""
        return self.values[..., find_column(self.names, name)]


def join_signals(parts: Sequence[Signals]) -> Signals:
    """Put the signals of the same cycles side by side. Raises InputError for a name in two of them."""
    return Signals(
        names=tuple(name for part in parts for name in part.names),
        units=tuple(unit for part in parts for unit in part.units),
        sources=tuple(source for part in parts for source in part.sources),
        values=np.concatenate([part.values for part in parts], axis=-1),
    )


STATISTICS = ("mean", "std", "min", "max")

RESOLUTION = 1e-5
"""A signal that varies by less over a cycle, in its own unit, counts as constant: float32 positions of about one body
height have no finer resolution, and a scaler would turn rounding errors into a large feature."""


def cycle_range(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Largest minus smallest value, 0 where that is below ``RESOLUTION``: ``[..., T]`` to ``[...]``."""
    span = np.ptp(values, axis=-1)
    return np.where(span < RESOLUTION, 0.0, span)


def cycle_statistics(signals: Signals) -> FeatureTable:
    """Mean, standard deviation, minimum and maximum over the cycle: ``[N, T, F]`` to ``[N, 4F]``.

    Feature ``<signal>.<statistic>``, the four of a signal side by side. The standard deviation is that of the T samples
    (divided by T) and has the signal's unit. None of them depends on where the cycle starts.
    """
    values = signals.values
    mean = values.mean(axis=1)
    varies = cycle_range(values.swapaxes(1, 2)) > 0
    columns = (
        mean,
        np.where(varies, values.std(axis=1), 0.0),
        np.where(varies, values.min(axis=1), mean),
        np.where(varies, values.max(axis=1), mean),
    )
    times = len(STATISTICS)
    return FeatureTable(
        names=tuple(f"{name}.{statistic}" for name in signals.names for statistic in STATISTICS),
        units=tuple(unit for unit in signals.units for _ in range(times)),
        sources=tuple(source for source in signals.sources for _ in range(times)),
        values=np.stack(columns, axis=-1).reshape(len(values), -1),
    )
