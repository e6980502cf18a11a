"""Ratios of CPU times that hold on a busy machine, and the roof of a roofline figure: matrix product and bandwidths."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import torch


class Roof(NamedTuple):
    """What one process reaches here, measured in float32.

    Args:
        gflop_per_s: of a matrix product, the best of several sizes.
        memory_gb_per_s: of a copy that no cache holds, read and written bytes.
        cache_gb_per_s: of a copy of 256 KiB, read and written bytes.
    """

    gflop_per_s: float
    memory_gb_per_s: float
    cache_gb_per_s: float


class Ratio(NamedTuple):
    """The median of pairwise ratios, between its quartiles."""

    value: float
    low: float
    high: float


def alternate(runs: Mapping[str, Callable[[], object]], *, repeats: int, least_s: float) -> dict[str, list[float]]:
    """CPU seconds of each computation, taken in turns, every second round backwards: what drifts hits all alike.

    Args:
        runs: name to computation; each is run before, to warm it up, a short one twice.
        repeats: rounds.
        least_s: a computation is repeated until a measurement takes about this long.

    Returns:
        name to ``repeats`` CPU seconds of one run.
    """
    times = {name: _cpu_s(run, 1) for name, run in runs.items()}
    times |= {name: _cpu_s(runs[name], 1) for name, seconds in times.items() if seconds < 4 * least_s}
    counts = {name: max(1, round(least_s / max(seconds, 1e-6))) for name, seconds in times.items()}
    found: dict[str, list[float]] = {name: [] for name in runs}
    with _without_garbage_collection():
        for turn in range(repeats):
            for name in list(runs)[:: -1 if turn % 2 else 1]:
                found[name].append(_cpu_s(runs[name], counts[name]))
    return found


def pairwise_ratio(above: list[float], below: list[float]) -> Ratio:
    """Median and quartiles of the ratios of two lists of times that were taken in turns."""
    low, median, high = np.quantile(np.divide(above, below), [0.25, 0.5, 0.75])
    return Ratio(float(median), float(low), float(high))


def measure_roof(*, small: bool = False) -> Roof:
    """Measure matrix products and copies; ``small`` for a try that says little."""
    sizes, mebibytes, repeats = ((64,), 1, 2) if small else ((256, 512, 1024), 128, 9)
    rates = [2e-9 * n**3 / _best_s(torch.mm, torch.randn(n, n), torch.randn(n, n), repeats=repeats) for n in sizes]
    bandwidths = []
    for floats in (mebibytes << 18, 1 << 16):
        source, target = torch.randn(floats), torch.empty(floats)
        bandwidths.append(8e-9 * floats / _best_s(torch.Tensor.copy_, target, source, repeats=repeats))
    return Roof(max(rates), *bandwidths)


def _best_s(run: Callable[..., object], *tensors: torch.Tensor, repeats: int) -> float:
    """CPU seconds of the fastest of several measurements, each of about 0.02 s."""
    count = max(1, round(0.02 / max(_cpu_s(lambda: run(*tensors), 3), 1e-6)))
    return min(_cpu_s(lambda: run(*tensors), count) for _ in range(repeats))


def _cpu_s(run: Callable[[], object], count: int) -> float:
    started = time.process_time()
    for _ in range(count):
        run()
    return (time.process_time() - started) / count


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
