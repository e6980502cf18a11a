"""One training on a cache of random cycles, measured: its steps, the reading of cycles, and anonymous memory."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple, cast

import numpy as np
import torch

from stgcn_affect.config import load_config
from stgcn_affect.data.augment import Augmentation
from stgcn_affect.data.batch import CycleBatch, Cycles, StoredCycles
from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.labelled import open_labelled
from stgcn_affect.data.splits import fixed_split
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.train_fold import build_model
from stgcn_affect.training.trainer import Trainer


class Case(NamedTuple):
    """A training of the default network on random cycles.

    Args:
        cycles: N of the cache.
        joints: V.
        samples: T of a cycle.
        encoder_samples: T', samples that the encoders see.
        subjects: S of the cache; two of them do not train.
        steps: steps that are measured, after a fifth as many that are not.
        threads: the threads of torch.
    """

    cycles: int = 2_000
    joints: int = 16
    samples: int = 64
    encoder_samples: int = 8
    subjects: int = 50
    steps: int = 128
    threads: int = 1

    @property
    def cache_bytes(self) -> int:
        """Bytes of the cycles on disk, and about those of their names."""
        return self.cycles * (self.samples * self.joints * 12 + 256)


def measure(case: Case, cache: Path) -> dict[str, float]:
    """Train on a cache until enough steps are measured.

    Args:
        case: its settings, which the cache was made with.
        cache: its folder.

    Returns:
        step_ms: CPU time of a step, of the fastest of several stretches of steps; feeding: the share of a step's time
        on the clock that reading cycles takes; start_s: CPU time from opening the cache to the first step; anonymous
        memory in MB: rss_anon_before_mb, rss_anon_start_mb at its most during the start, rss_anon_mb during the steps.
    """
    torch.set_num_threads(case.threads)
    before, started = rss_anon_mb(), time.process_time()
    config = load_config(None, [f"network.samples={case.encoder_samples}", "train.epochs=1000"])
    cycles = open_labelled(cache)
    (split,) = fixed_split(cycles.subject, test_subjects=1, validation_subjects=1, seed=0)
    data = fold_data(cycles, split, hold_out_take=True, seed=0)
    network = build_model(config, data, seed=0).network
    trainer = Trainer(config.train, config.loss, seed=0)
    train = _Watched(data.stored(data.fit_index))
    steps = _Steps(Augmentation(cycles.layout), train, of=config.train.batch_size, count=case.steps)
    with _Memory() as at_start:
        trainer.start(network, cast(Cycles, train), data.stored(split.validation), augmentation=steps)
    start_s = time.process_time() - started
    with _Memory() as in_steps:
        try:
            for _ in trainer.epochs():
                pass
        except _Enough:
            pass
    return {
        **steps.found(),
        "start_s": start_s,
        "rss_anon_before_mb": before,
        "rss_anon_start_mb": at_start.most_mb,
        "rss_anon_mb": in_steps.most_mb,
    }


class _Enough(Exception):
    """Ends a training in the middle of an epoch."""


class _Watched:
    """Stored cycles that count the seconds of reading them."""

    def __init__(self, cycles: StoredCycles) -> None:
        self.cycles, self.seconds = cycles, 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cycles, name)

    def to(self, device: torch.device | str) -> "_Watched":
        self.cycles = self.cycles.to(device)
        return self

    def take(self, index: torch.Tensor) -> CycleBatch:
        started = time.perf_counter()
        batch = self.cycles.take(index)
        self.seconds += time.perf_counter() - started
        return batch

    def split(self, size: int) -> Iterator[CycleBatch]:
        return self.cycles.split(size)


class _Steps:
    """An augmentation that measures the steps from one call to the next, and ends the training after enough."""

    def __init__(self, augmentation: Augmentation, train: _Watched, *, of: int, count: int) -> None:
        self.augmentation, self.train, self.of = augmentation, train, of
        self.warm, self.enough = of * count // 5, of * count
        self.seen = 0
        self.calls: list[tuple[int, float, float, float]] = []

    def __call__(self, batch: CycleBatch, generator: torch.Generator) -> CycleBatch:
        if self.seen >= self.warm:
            self.calls.append((self.seen, time.process_time(), time.perf_counter(), self.train.seconds))
            if self.seen - self.calls[0][0] >= self.enough:
                raise _Enough
        self.seen += batch.size
        return self.augmentation(batch, generator)

    def found(self) -> dict[str, float]:
        cycles, cpu_s, seconds, feeding_s = np.diff(np.array(self.calls), axis=0).T
        return {
            "step_ms": 1e3 * self.of * float((cpu_s / cycles).min()),
            "feeding": float(feeding_s.sum() / seconds.sum()),
        }


class _Memory:
    """The most anonymous memory of this process while it lasts, looked at every 50 ms."""

    most_mb = 0.0

    def __enter__(self) -> "_Memory":
        self._done = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.most_mb = max(self.most_mb, rss_anon_mb())
            if self._done.wait(0.05):
                return


def rss_anon_mb() -> float:
    """This process's anonymous memory in MB (``RssAnon``), without pages of mapped files.

    Raises:
        InputError: a system that does not tell.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")) / 1e3
    except (OSError, StopIteration) as error:
        raise InputError(
            "anonymous memory: expected /proc/self/status with RssAnon, as Linux has it (got none)"
        ) from error
