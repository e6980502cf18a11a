"""Measure how time and memory of a training grow with cycles, joints, samples and subjects, on random cycles."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from stgcn_affect.data.random_cycles import random_cycles
from stgcn_affect.data.store import write_store
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.growth_case import Case, measure, rss_anon_mb
from stgcn_affect.jobs.train import versions

KEPT_FREE = 10 * 2**30
"""Bytes of the disk that a cache leaves free."""

MEASURES = ("step_ms", "start_s", "rss_anon_mb")
"""What exponents are fitted to."""

Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]


WHOLE: dict[str, Sequence[int]] = {
    "cycles": (1_000, 10_000, 100_000, 1_000_000),
    "joints": (16, 24, 32, 48, 64),
    "samples": (16, 32, 64, 128, 256),
    "encoder_samples": (8, 16, 32, 64),
    "subjects": (10, 30, 100, 300, 1_000),
}
SMALL: dict[str, Sequence[int]] = {"cycles": (200, 400), "joints": (16, 18)}
"""The values of every field that is varied, the others being those of the first case."""


def growth(
    *,
    quick: bool = False,
    threads: int = 1,
    most_cycles: int | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Train on caches of random cycles, each in a process of its own, and fit exponents.

    Args:
        quick: in small, to try it out; such numbers say little.
        threads: the threads of torch.
        most_cycles: leave out cases of more cycles.
        folder: where the caches are written, one at a time; they are deleted again. Default: the temporary folder.
        progress: watches the cases go by.

    Returns:
        ``cases``: the settings and measures of each; ``exponents``: field to measure to exponent; versions and threads.

    Raises:
        InputError: no room for a cache, or a system that does not tell a process's anonymous memory, as Linux does.
    """
    rss_anon_mb()
    first = Case(cycles=200, subjects=6, samples=16, steps=8) if quick else Case()
    cases = [
        (field, first._replace(**{field: value}, threads=threads))
        for field, values in (SMALL if quick else WHOLE).items()
        for value in values
    ]
    cases = [(field, case._replace(cycles=max(case.cycles, 20 * case.subjects))) for field, case in cases]
    cases = [(field, case) for field, case in cases if most_cycles is None or case.cycles <= most_cycles]
    watched = cases if progress is None else progress(cases, len(cases), "cases")
    once = cache(partial(_in_a_process, folder=folder))  # the first case stands in the series of several fields
    rows = [{"varied": field, **case._asdict(), **once(case)} for field, case in watched]
    return {"versions": versions(), "threads": threads, "cases": rows, "exponents": exponents(rows)}


def exponents(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Field to measure to exponent, of rows that stand together where they vary the same field."""
    found: dict[str, dict[str, float]] = {}
    for field, group in groupby(rows, key=lambda row: str(row["varied"])):
        cases = list(group)
        if len(cases) > 1:
            x = [case[field] for case in cases]
            found[field] = {name: exponent(x, [case[name] for case in cases]) for name in MEASURES}
    return found


def exponent(x: Sequence[float], y: Sequence[float]) -> float:
    """The b of y = a x^b, by least squares of the logarithms; two numbers or more, all above 0."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def _forget(path: Path) -> None:
    """Have the system drop a file's pages from memory, so that cycles are read from the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _in_a_process(case: Case, *, folder: Path | None) -> dict[str, float]:
    """Write the cache of a case, train on it in a new process, and delete it."""
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        free = shutil.disk_usage(temporary).free - KEPT_FREE
        if case.cache_bytes > free:
            raise InputError(
                f"{temporary}: expected {case.cache_bytes / 1e9:.1f} GB for a cache of {case.cycles} cycles, beside"
                f" {KEPT_FREE / 2**30:.0f} GB that stay free (got {max(free, 0) / 1e9:.1f} GB)"
            )
        started = time.process_time()
        made = random_cycles(case.cycles, subjects=case.subjects, joints=case.joints, samples=case.samples)
        write_store(made, Path(temporary) / "cache")
        written = time.process_time() - started
        _forget(Path(temporary) / "cache" / "positions.npy")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            measured = pool.submit(measure, case, Path(temporary) / "cache").result()
    return {"write_s": written, **measured}
