"""Run independent calls side by side, in processes of this machine."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import joblib

from stgcn_affect.jobs.run_data import Progress

T = TypeVar("T")


def processes(jobs: int | None, calls: int, *, device: str = "cpu") -> int:
    """How many calls run at once: ``jobs``, else one a physical core; one where the device is not the CPU."""
    cores = joblib.cpu_count(only_physical_cores=True) if device == "cpu" else 1
    return max(1, min(jobs or cores, calls))


def side_by_side(
    calls: Sequence[Callable[[], T]], *, jobs: int, progress: Progress | None = None, label: str = ""
) -> list[T]:
    """The results of all calls, in their order.

    Args:
        calls: must be picklable where there is more than one process; each sets its own number of threads.
        jobs: processes; with one, all is done in this one.
        progress: watches results come in.
        label: what the calls are, for ``progress``.
    """
    found: Iterable[T]
    if jobs == 1:
        found = (call() for call in calls)
    else:
        found = joblib.Parallel(n_jobs=jobs, return_as="generator", batch_size=1)(joblib.delayed(c)() for c in calls)
    return list(found if progress is None else progress(found, len(calls), label))
