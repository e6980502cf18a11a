"""The linear swap: one walker's emotion on another walker, by differences of walker means."""

from typing import Any

import numpy as np
import numpy.typing as npt

Features = npt.NDArray[np.float64]


def linear_swap(
    features: Features, walkers: npt.NDArray[Any], *, copies: int, rng: np.random.Generator
) -> tuple[Features, npt.NDArray[np.int64]]:
    """Every row as it is, then moved to other walkers: x - mean of its walker + mean of another one.

    Args:
        features: ``[N, F]`` of training walkers.
        walkers: ``[N]`` names.
        copies: how many other walkers, drawn for each row.
        rng: draws them.

    Returns:
        ``[N * (1 + copies), F]`` features, and for each of them the row that it was made of; its label is that row's.
        With one walker only there is nobody to swap with: the rows as they are.
    """
    names, code = np.unique(walkers, return_inverse=True)
    origin = np.arange(len(features))
    if len(names) < 2:
        return features, origin
    mean = np.stack([features[code == i].mean(axis=0) for i in range(len(names))])
    shift = rng.integers(1, len(names), size=(copies, len(features)))
    swapped = [features - mean[code] + mean[(code + step) % len(names)] for step in shift]
    return np.concatenate([features, *swapped]), np.tile(origin, copies + 1)
