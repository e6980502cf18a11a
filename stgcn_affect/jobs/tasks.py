"""Many independent pieces of work: spread over processes or machines, kept when done, reported when dead."""

import hashlib
import json
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib

from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole

BACKENDS = ("loky", "dask")


@dataclass(frozen=True)
class Task:
    """A piece of work.

    Args:
        name: of the file that keeps its result, such as ``seed-0/fold-03/baselines-raw``.
        about: in words, for progress bars and reports: which fold, which method.
        subjects: whom it tests.
        call: gives the result in JSON's types; must be picklable.
    """

    name: str
    about: str
    subjects: tuple[str, ...]
    call: Callable[[], Any]


@dataclass(frozen=True)
class Failure:
    """A piece of work that died; the error is quoted in full."""

    name: str
    about: str
    subjects: tuple[str, ...]
    error: str


def run_tasks(
    tasks: Sequence[Task],
    folder: Path,
    *,
    key: str,
    jobs: int = 1,
    backend: str = "loky",
    progress: Callable[[Iterable[Any], int, str], Iterable[Any]] | None = None,
) -> tuple[dict[str, Any], list[Failure]]:
    """Run what is not done yet and give all results by name, with the failures.

    Args:
        tasks: names are unique.
        folder: keeps a JSON file a task; a file made under another key is made again.
        key: stands for data and settings.
        jobs: processes of this machine.
        backend: "loky", or "dask" for the workers of the engine that DASK_SCHEDULER_ADDRESS names.
        progress: watches tasks end.

    Raises:
        InputError: an unknown backend, or dask without its extra.
    """
    if backend not in BACKENDS:
        raise InputError(f"backend: expected one of {', '.join(BACKENDS)} (got {backend})")
    digest = hashlib.sha256(key.encode()).hexdigest()
    done = {task.name: found for task in tasks if (found := _kept(folder / f"{task.name}.json", digest)) is not None}
    waiting = [task for task in tasks if task.name not in done]
    failures: list[Failure] = []
    with _engine(backend):
        parallel = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
        ended: Iterable[tuple[Task, Any]] = parallel(joblib.delayed(_attempt)(task) for task in waiting)
        for task, outcome in ended if progress is None else progress(ended, len(waiting), "tasks"):
            if isinstance(outcome, Failure):
                failures.append(outcome)
                continue
            write_whole(json.dumps({"key": digest, "result": outcome}), path=folder / f"{task.name}.json")
            done[task.name] = json.loads(json.dumps(outcome))
    return done, failures


def _attempt(task: Task) -> tuple[Task, Any]:
    """Run a task; whatever it dies of is a result, so that the others go on."""
    try:
        return task, task.call()
    except Exception:  # the report names the subjects and quotes the error in full
        return task, Failure(task.name, task.about, task.subjects, traceback.format_exc())


def _kept(path: Path, digest: str) -> Any:
    if not path.is_file():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    return content["result"] if content["key"] == digest else None


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
