"""Run independent tasks in processes or on machines; results are kept, and failures are reported."""

import json
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import joblib

from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole

BACKENDS = ("loky", "dask")
LONGEST_FIRST = ("attacks", "mechanism", "ablation", "leakage", "network", "baselines")
"""Kinds of tasks by the time that one takes, so that no long one is left for the end, when other processes idle."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """A piece of work: one result of a kind, for one seed and fold.

    Args:
        kind: the kind of result, of ``VERSIONS``.
        seed: the seed of the run that it belongs to.
        fold: number of the fold.
        name: the name of the network, the input or the mechanism; "" where the kind has one only.
        swapped: whether the training rows were augmented with the linear swap.
        strengths: the strengths of the mechanism.
        about: in words, for progress bars and reports: which fold, which method.
        subjects: whom it tests.
        digest: the digest of everything that the result depends on.
        call: gives the result in JSON's types; must be picklable.
    """

    kind: str
    seed: int
    fold: int
    name: str = ""
    swapped: bool = False
    strengths: tuple[float, ...] = ()
    about: str
    subjects: tuple[str, ...] = ()
    digest: str
    call: Callable[[], Any] = field(compare=False)

    @property
    def file(self) -> Path:
        """Where its result is kept, below the folder of all results."""
        words = [self.name or self.kind, *(f"{strength:g}" for strength in self.strengths)]
        name = "-".join([*words, *(["swapped"] if self.swapped else [])])
        return Path(f"seed-{self.seed}", self.kind, f"{self.fold:03d}", f"{name}.json")


@dataclass(frozen=True)
class Done:
    """A task and its result."""

    task: Task
    result: Any


@dataclass(frozen=True)
class Failure:
    """A task that failed; the error is quoted in full."""

    task: Task
    error: str


def run_tasks(
    tasks: Sequence[Task],
    folder: Path,
    *,
    jobs: int = 1,
    backend: str = "loky",
    progress: Callable[[Iterable[Any], int, str], Iterable[Any]] | None = None,
) -> tuple[list[Done], list[Failure]]:
    """Run what is not done yet and give all results, in the order of the tasks, with the failures.

    Args:
        tasks: no two with the same file.
        folder: keeps a JSON file a task; a file with another digest is made again.
        jobs: processes of this machine.
        backend: "loky", or "dask" for the workers of the engine that DASK_SCHEDULER_ADDRESS names.
        progress: watches tasks end.

    Raises:
        InputError: an unknown backend, or dask without its extra.
    """
    if backend not in BACKENDS:
        raise InputError(f"backend: expected one of {', '.join(BACKENDS)} (got {backend})")
    results = {task.file: kept for task in tasks if (kept := _kept(folder, task)) is not None}
    waiting = sorted((task for task in tasks if task.file not in results), key=_place)
    failures: list[Failure] = []
    with _engine(backend):
        parallel = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
        ended: Iterable[tuple[Task, Any]] = parallel(joblib.delayed(_attempt)(task) for task in waiting)
        for task, outcome in ended if progress is None else progress(ended, len(waiting), "tasks"):
            if isinstance(outcome, Failure):
                failures.append(outcome)
                continue
            text = json.dumps({"digest": task.digest, "result": outcome})
            write_whole(text, path=folder / task.file)
            results[task.file] = json.loads(text)["result"]
    order = {task.file: place for place, task in enumerate(tasks)}
    failures.sort(key=lambda failure: order[failure.task.file])
    return [Done(task, results[task.file]) for task in tasks if task.file in results], failures


def _place(task: Task) -> int:
    return LONGEST_FIRST.index(task.kind) if task.kind in LONGEST_FIRST else len(LONGEST_FIRST)


def _attempt(task: Task) -> tuple[Task, Any]:
    """Run a task; an error is a result, so that the others go on."""
    try:
        return task, task.call()
    except Exception:  # the report names the subjects and quotes the error in full
        return task, Failure(task, traceback.format_exc())


def _kept(folder: Path, task: Task) -> Any:
    path = folder / task.file
    if not path.is_file():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    return content["result"] if content.get("digest") == task.digest else None


def _engine(backend: str) -> AbstractContextManager[Any]:
    return _dask() if backend == "dask" else nullcontext()


class _dask(AbstractContextManager[None]):
    """joblib's tasks on dask, whose client finds the engine by DASK_SCHEDULER_ADDRESS or starts one here."""

    def __enter__(self) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise InputError("backend dask: expected the extra, pip install 'stgcn_affect[dask]' (got none)") from error
        self.client = Client(set_as_default=True)  # type: ignore[no-untyped-call]
        self.config = joblib.parallel_config(backend="dask")
        self.config.__enter__()

    def __exit__(self, *error: Any) -> None:
        self.config.__exit__(*error)
        self.client.close()  # type: ignore[no-untyped-call]
