"""Measure how long an answer takes: a recording to its probabilities, and cycles a second at several batch sizes."""

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.walk import read_walk
from stgcn_affect.training.checkpoint import load_model, save_model
from stgcn_affect.training.model import Model
from stgcn_affect.training.predict import emotion_logits

BATCHES = (1, 256)
"""Cycles in a batch."""

_ANSWER = """
import sys
import stgcn_affect as sa
model = sa.load_model(sys.argv[1])
model.predict(sa.read_walk(sys.argv[2], layout=model.layout))
"""


def answers(
    model: Model,
    cycles: CycleBatch,
    walk: Path,
    folder: Path,
    *,
    best: Callable[[Callable[[], Any]], float],
    starts: int,
) -> dict[str, tuple[float, str, str]]:
    """Seconds from a file to probabilities, in a new process and in one that runs, and cycles a second.

    Args:
        model: any.
        cycles: at least as many as the largest of ``BATCHES``, for whole batches.
        walk: a recording on the model's layout with at least one cycle.
        folder: takes the model's file.
        best: gives the seconds of the fastest of several calls.
        starts: processes that are started one after another; the fastest counts.

    Returns:
        name to value, unit, and what it is.
    """
    file = folder / "model.pt"
    save_model(file, model)
    cold = min(_seconds(lambda: _in_new_process(file, walk)) for _ in range(starts))
    loaded = load_model(file)
    warm = best(lambda: loaded.predict(read_walk(walk, layout=loaded.layout)))
    found = {
        "walk_cold_ms": (
            1e3 * cold,
            "ms",
            "a BVH file to its probabilities, start of Python and imports included",
        ),
        "walk_warm_ms": (1e3 * warm, "ms", "the same where the model is loaded"),
    }
    for batch in BATCHES:
        some = CycleBatch(*(part[: 64 * batch] for part in cycles))
        seconds = best(partial(emotion_logits, model.network, some, model.layout, batch=batch))
        about = f"decisions on {some.size} cycles, each averaged with its mirror image"
        found[f"cycles_per_s_batch_{batch}"] = (some.size / seconds, "cycles/s", about)
    return found


def _in_new_process(model: Path, walk: Path) -> None:
    subprocess.run([sys.executable, "-c", _ANSWER, str(model), str(walk)], check=True, capture_output=True)


def _seconds(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
