"""What is kept of a signal: a few statistics over the cycle."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.features.signals import Signals
from stgcn_affect.features.table import FeatureTable

STATISTICS = ("mean", "std", "min", "max")

RESOLUTION = 1e-5
"""What varies by less over a cycle, in its own unit, is constant: float32 positions about one body height large carry
no more, and a scaler would make a loud feature of the rounding errors."""


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
