"""Measure how fast the package is on this machine: times, rates and their ratios, all from one run."""

import os
import platform
import tempfile
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.config import load_config
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.splits import fixed_split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import DEFAULT_BLOCK, DEFAULT_METHOD
from stgcn_affect.explain.attribution.target import lead
from stgcn_affect.explain.maps.cycle_maps import explain_cycles
from stgcn_affect.jobs.benchmark_answers import answers
from stgcn_affect.jobs.run_data import labelled_cycles
from stgcn_affect.jobs.train import versions
from stgcn_affect.jobs.train_fold import build_model, start_training
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.readers.bvh import read_bvh
from stgcn_affect.nn.graph_conv import SkeletonConv
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.synthetic.walkers import synthetic_walkers
from stgcn_affect.training.model import Model
from stgcn_affect.training.predict import emotion_logits, encode
from stgcn_affect.training.trainer import Trainer

_END = "End Site\n{\nOFFSET 0 0 0\n}\n"


class Sizes(NamedTuple):
    """How much is measured."""

    batch: int
    channels: int
    cycles: int
    walkers: int
    epochs: int
    bvh_seconds: int
    repeats: int


WHOLE = Sizes(batch=32, channels=64, cycles=1000, walkers=8, epochs=3, bvh_seconds=120, repeats=7)
SMALL = Sizes(batch=4, channels=8, cycles=64, walkers=4, epochs=1, bvh_seconds=5, repeats=2)


def benchmark(*, quick: bool = False, threads: int = 1) -> dict[str, Any]:
    """Measure everything, untrained networks of the default settings on synthetic walkers.

    Every number is the best of several repeats: what else the machine does only ever adds to a time.

    Args:
        quick: in small, to try it out; such numbers say little.
        threads: the threads of torch.

    Returns:
        machine, versions, sizes, and results: name to {value, unit, about}.
    """
    sizes = SMALL if quick else WHOLE
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        with tempfile.TemporaryDirectory() as folder:
            trainer, model, cycles = _prepared(Path(folder) / "cache", sizes)
            many = _many(GaitDataset(cycles), sizes.cycles)
            results = {
                **_convolution(model, sizes),
                **_maps(model, many, GaitDataset(cycles).tensors(), sizes),
                **_training_step(trainer, sizes),
                **_encoding(model, many, sizes),
                **_reading(Path(folder) / "walk.bvh", sizes),
                **_answers(model, many, Path(folder), sizes),
            }
    finally:
        torch.set_num_threads(before)
    machine = {"processor": platform.machine(), "cores": os.cpu_count(), "threads": threads}
    return {"machine": machine, "versions": versions(), "sizes": sizes._asdict(), "results": results}


def _prepared(cache: Path, sizes: Sizes) -> tuple[Trainer, Model, CycleStore]:
    config = load_config()
    config.synthetic.walkers, config.synthetic.takes = sizes.walkers, 1
    config.train.epochs = sizes.epochs + 1
    cycles = labelled_cycles(config, cache)
    (split,) = fixed_split(cycles.subject, test_subjects=1, validation_subjects=1, seed=0)
    data = fold_data(cycles, split, hold_out_take=config.protocol.hold_out_take, seed=0)
    model = build_model(config, data, seed=0)
    return start_training(config, data, model, seed=0), model, cycles


def _many(dataset: GaitDataset, count: int) -> CycleBatch:
    """As many cycles as wanted, the same ones again and again."""
    return dataset.batch(np.resize(np.arange(len(dataset)), count))


def _convolution(model: Model, sizes: Sizes) -> dict[str, Any]:
    """Forward and backward of the graph convolution on its two paths."""
    graph = SkeletonGraph(model.layout)
    fused = SkeletonConv(sizes.channels, sizes.channels, graph)
    by_messages = deepcopy(fused)
    by_messages.fused = False
    x = torch.randn(sizes.batch, 64, graph.num_joints, sizes.channels)

    def both_ways(layer: SkeletonConv) -> Callable[[], None]:
        def run() -> None:
            layer(x.requires_grad_()).sum().backward()

        return run

    seconds = [_best(both_ways(layer), sizes.repeats) for layer in (fused, by_messages)]
    about = f"forward and backward of {list(x.shape)}"
    return {
        "skeleton_conv_fused_ms": _result(1e3 * seconds[0], "ms", about),
        "skeleton_conv_messages_ms": _result(1e3 * seconds[1], "ms", about),
        "skeleton_conv_gain": _result(seconds[1] / seconds[0], "x", "message path over fused path"),
    }


def _maps(model: Model, cycles: CycleBatch, training: CycleBatch, sizes: Sizes) -> dict[str, Any]:
    """Maps of cycles against the decisions on them; both are averaged over a cycle and its mirror image."""
    target = lead(cycles.emotion, model.emotions, batch=cycles.size)
    one = next(cycles.split(1))

    def maps(some: CycleBatch, reference: CycleBatch) -> None:
        weights = target[: some.size]
        how = {"method": DEFAULT_METHOD, "block": DEFAULT_BLOCK, "target": weights, "reference": reference}
        explain_cycles(model.network, some, model.layout, **how)  # type: ignore[arg-type]

    forward = _best(lambda: emotion_logits(model.network, cycles, model.layout, batch=256), sizes.repeats)
    explained = _best(lambda: maps(cycles, one), sizes.repeats)
    start = _best(lambda: maps(one, training), sizes.repeats)
    about = f"{cycles.size} cycles, {DEFAULT_METHOD}, block {DEFAULT_BLOCK}"
    return {
        "forward_ms": _result(1e3 * forward, "ms", f"decisions on {cycles.size} cycles"),
        "maps_ms": _result(1e3 * explained, "ms", about),
        "maps_over_forward": _result(explained / forward, "x", f"{about}; start-up apart"),
        "maps_start_up_ms": _result(1e3 * start, "ms", f"reference of {training.size} training cycles"),
    }


def _training_step(trainer: Trainer, sizes: Sizes) -> dict[str, Any]:
    reports = trainer.epochs()
    next(reports)
    seconds = min(_timed(lambda: next(reports)) for _ in range(sizes.epochs))
    size = trainer.train.size / trainer.batches
    about = f"of {size:.0f} cycles; an epoch over its steps, with its validation"
    return {"training_step_ms": _result(1e3 * seconds / trainer.batches, "ms", about)}


def _encoding(model: Model, cycles: CycleBatch, sizes: Sizes) -> dict[str, Any]:
    seconds = _best(lambda: encode(model.network, cycles, model.layout), sizes.repeats)
    return {"encode_cycles_per_s": _result(cycles.size / seconds, "cycles/s", "both latents, both images")}


def _reading(path: Path, sizes: Sizes) -> dict[str, Any]:
    clip = synthetic_walkers(walkers=1, takes=1).clips[0]
    path.write_text(bvh_text(clip, frames=round(sizes.bvh_seconds * clip.fps_hz)), encoding="utf-8")
    seconds = _best(lambda: read_bvh(path), sizes.repeats)
    megabytes = path.stat().st_size / 1e6
    about = f"{megabytes:.1f} MB, {sizes.bvh_seconds} s of {clip.layout.num_joints} joints at {clip.fps_hz:g} Hz"
    return {"read_bvh_mb_per_s": _result(megabytes / seconds, "MB/s", about)}


def _answers(model: Model, cycles: CycleBatch, folder: Path, sizes: Sizes) -> dict[str, Any]:
    walk = folder / "short.bvh"
    clip = synthetic_walkers(walkers=1, takes=1).clips[0]
    walk.write_text(bvh_text(clip, frames=clip.num_frames), encoding="utf-8")
    found = answers(
        model,
        cycles,
        walk,
        folder,
        best=lambda call: _best(call, sizes.repeats),
        starts=min(sizes.repeats, 3),
    )
    return {name: _result(*one) for name, one in found.items()}


def bvh_text(clip: Clip, *, frames: int) -> str:
    """A clip as BVH in centimetres, its frames repeated until there are enough.

    Every joint has positions, from its parent, and three rotations of zero: as many channels as the largest files have.

    Raises:
        InputError: the layout has no rest pose, whose bones become the offsets.
    """
    layout = clip.layout
    if layout.rest is None:
        raise InputError(f"{layout.name}: expected a layout with a rest pose (got none)")
    positions, rest = 100.0 * clip.positions.astype(float), 100.0 * np.asarray(layout.rest, float)
    columns: list[npt.NDArray[np.float64]] = []

    def block(v: int) -> str:
        parent = layout.parents[v]
        above = parent >= 0
        columns.extend([positions[:, v] - (positions[:, parent] if above else 0.0), np.zeros((clip.num_frames, 3))])
        offset = " ".join(f"{value:.4f}" for value in rest[v] - (rest[parent] if above else 0.0))
        inner = "".join(block(child) for child, of in enumerate(layout.parents) if of == v) or _END
        return (
            f"{'JOINT' if above else 'ROOT'} {layout.joints[v]}\n{{\nOFFSET {offset}\n"
            "CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation\n"
            f"{inner}}}\n"
        )

    tree = block(layout.root)
    lines = [" ".join(f"{value:.4f}" for value in row) for row in np.concatenate(columns, axis=1)]
    body = "\n".join(lines[i % len(lines)] for i in range(frames))
    return f"HIERARCHY\n{tree}MOTION\nFrames: {frames}\nFrame Time: {1 / clip.fps_hz:.8f}\n{body}\n"


def _best(run: Callable[[], Any], repeats: int) -> float:
    """Seconds of the fastest of several runs, after one that warms up."""
    run()
    return min(_timed(run) for _ in range(repeats))


def _timed(run: Callable[[], Any]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _result(value: float, unit: str, about: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "about": about}
