"""Random numbers that depend on names, not on the order in which they are drawn."""

from zlib import crc32

import numpy as np


def stream(seed: int, *names: str) -> np.random.Generator:
    """A generator for one purpose, the same for the same seed and names whatever else is drawn."""
    return np.random.default_rng([seed, *(crc32(name.encode()) for name in names)])


def bounded_normal(random: np.random.Generator, limit: float = 1.6) -> float:
    """A standard normal number held within ``limit``, so that no walker is a freak."""
    return float(np.clip(random.standard_normal(), -limit, limit))
