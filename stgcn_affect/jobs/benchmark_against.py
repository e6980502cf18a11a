"""Compare the package with another checkout of it: training steps by processor time, whole commands by the clock."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from stgcn_affect.errors import InputError, last_line, shortened
from stgcn_affect.jobs.evaluate_sets import VARIABLE
from stgcn_affect.jobs.peers.timing import pairwise_ratio

_WORKER = Path(__file__).with_name("step_worker.py")
_HERE = Path(__file__).parents[2]

STEPS: Mapping[str, int] = {"default": 1, "emotion_gait": 5}
"""The configurations whose training steps are compared, and the epochs of one measurement."""

COMMANDS: Mapping[str, str] = {
    "default training": "train.py --out OUT",
    "Emotion-Gait training": "train.py configs/emotion_gait.yaml data.root=DATA/emotion-gait --out OUT",
    "Emotion-Gait evaluation": "evaluate.py configs/emotion_gait.yaml data.root=DATA/emotion-gait --jobs 2 --out OUT",
    "explanation of a file": "explain.py RUN DATA/bandai-namco/dataset-1_walk_active_001.bvh --out OUT",
    "explanation of a run": "explain.py RUN --out OUT",
}
"""The whole commands that are compared; RUN is a default run of the same checkout."""


def compare_steps(checkout: Path, *, repeats: int = 9) -> Iterator[tuple[str, dict[str, Any]]]:
    """How many times as much processor time a training step takes in another checkout, both measured in turns.

    Each checkout trains in a process of its own, on one thread, whole epochs with their validation from the first to
    the last, so that the averaging of the weights has its share. Emotion-Gait is compared where its folder is.

    Args:
        checkout: a folder with the package and its configurations, of this version or an earlier one from f4eb3d1 on.
        repeats: measurements of each.

    Yields:
        name, and {ratio, low, high, here_ms, there_ms}: the median of the pairs' ratios between its quartiles, and the
        medians of both.

    Raises:
        InputError: no checkout, or one whose training does not start.
    """
    for config, epochs in STEPS.items():
        settings = [f"train.epochs={epochs * (repeats + 1)}"]
        if config == "emotion_gait":
            if not os.environ.get(VARIABLE):
                continue
            settings.append(f"data.root={_data() / 'emotion-gait'}")
        with _worker(_checked(checkout), config, settings) as there, _worker(_HERE, config, settings) as here:
            rounds = [(_step_s(here, epochs), _step_s(there, epochs)) for _ in range(repeats + 1)]
        yield f"{config}, a step", _row(*zip(*rounds[1:], strict=True))  # the first one warms up


def compare_commands(
    checkout: Path, *, names: Sequence[str] = tuple(COMMANDS), repeats: int = 1
) -> Iterator[tuple[str, dict[str, Any]]]:
    """How many times as long whole commands take in another checkout, by the clock, both run in turns.

    Args:
        checkout: as for ``compare_steps``.
        names: those of ``COMMANDS`` that are run.
        repeats: how often each is run.

    Yields:
        name, and {ratio, low, high, here_ms, there_ms} as of ``compare_steps``.

    Raises:
        InputError: no checkout, no folder of data, or a command that fails.
    """
    places = {"here": _HERE, "there": _checked(checkout)}
    with tempfile.TemporaryDirectory() as folder:
        runs = {side: Path(folder) / side / "run" for side in places}
        for name in names:
            pairs = []
            for repeat in range(repeats):
                seconds = []
                for side, place in places.items():
                    if "RUN" in COMMANDS[name] and not runs[side].exists():
                        _command_s(place, COMMANDS["default training"], OUT=str(runs[side]))
                    out = Path(folder) / side / f"{name}-{repeat}"
                    seconds.append(_command_s(place, COMMANDS[name], RUN=str(runs[side]), OUT=str(out)))
                pairs.append(tuple(seconds))
            yield name, _row(*zip(*pairs, strict=True))


def _checked(checkout: Path) -> Path:
    if not (checkout / "stgcn_affect" / "__init__.py").is_file():
        raise InputError(f"--against: expected a checkout of this package, with stgcn_affect/ in it (got {checkout})")
    return checkout.resolve()


def _data() -> Path:
    """The folder that the variable STGCN_AFFECT_DATA names. Raises InputError where it names none."""
    folder = Path(os.environ.get(VARIABLE, ""))
    if not os.environ.get(VARIABLE) or not folder.is_dir():
        raise InputError(f"{VARIABLE}: expected the folder of emotion-gait/ and bandai-namco/ (got {str(folder)!r})")
    return folder.resolve()


def _environment(checkout: Path, *, threads: bool) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(checkout), **({} if threads else {"OMP_NUM_THREADS": "1"})}


@contextmanager
def _worker(checkout: Path, config: str, settings: Sequence[str]) -> Iterator["subprocess.Popen[str]"]:
    """A process that trains with the code of a checkout; it has prepared everything when this gives it."""
    program = [sys.executable, "-c", _WORKER.read_text(encoding="utf-8"), f"configs/{config}.yaml", *settings]
    worker = subprocess.Popen(
        program,
        cwd=checkout,
        env=_environment(checkout, threads=False),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _answer(worker, checkout)
        yield worker
    finally:
        worker.kill()
        worker.communicate()


def _answer(worker: "subprocess.Popen[str]", checkout: str | Path) -> dict[str, float]:
    assert worker.stdout is not None
    line = worker.stdout.readline()
    if not line:
        _, errors = worker.communicate()
        raise InputError(f"{checkout}: expected a training that starts (got {shortened(last_line(errors), 300)})")
    answer: dict[str, float] = json.loads(line)
    return answer


def _step_s(worker: "subprocess.Popen[str]", epochs: int) -> float:
    """Processor seconds of a step, over some epochs."""
    seconds = steps = 0.0
    for _ in range(epochs):
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
        answer = _answer(worker, "worker")
        seconds, steps = seconds + answer["seconds"], steps + answer["steps"]
    return seconds / steps


def _command_s(checkout: Path, command: str, **places: str) -> float:
    """Seconds by the clock that a command takes in a checkout. Raises InputError where it fails."""
    if "DATA" in command:
        places["DATA"] = str(_data())
    words = [_filled(word, places) for word in command.split()]
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, f"tools/{words[0]}", *words[1:]],
        cwd=checkout,
        env=_environment(checkout, threads=True),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise InputError(f"{checkout}: expected {command} to run (got {shortened(last_line(done.stderr), 300)})")
    return time.perf_counter() - started


def _filled(word: str, places: Mapping[str, str]) -> str:
    for name, place in places.items():
        word = word.replace(name, place)
    return word


def _row(here: Sequence[float], there: Sequence[float]) -> dict[str, Any]:
    value, low, high = pairwise_ratio(list(there), list(here))
    medians = {"here_ms": 1e3 * float(np.median(here)), "there_ms": 1e3 * float(np.median(there))}
    return {"ratio": value, "low": low, "high": high, **medians}
