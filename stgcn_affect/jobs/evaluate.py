"""The evidence: every claim with its baselines, attackers, chance levels and limits."""

import json
import logging
import math
import time
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from stgcn_affect.config import config_dict, config_yaml, load_config
from stgcn_affect.data.splits import Split, grouped_folds
from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError, last_line
from stgcn_affect.evaluation.inputs import INPUTS
from stgcn_affect.evaluation.mechanisms import can_erase
from stgcn_affect.evaluation.verdict import CONTROL
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.collect import collect
from stgcn_affect.jobs.emotion_tasks import ON_FEATURES, baselines_task, network_task
from stgcn_affect.jobs.privacy_tasks import curve_task, method_task
from stgcn_affect.jobs.run_data import Progress, labelled_cycles, run_splits
from stgcn_affect.jobs.tasks import Task, run_tasks
from stgcn_affect.jobs.train import versions
from stgcn_affect.jobs.variants import check_ablation
from stgcn_affect.reporting.markdown import write_report
from stgcn_affect.settings import Config

log = logging.getLogger(__name__)

NETWORKS = ("disentangled", "plain_stgcn", ON_FEATURES)
SWAPPED_INPUTS = ("bone_normalised", "harmonics", "mean_pose_and_stride_time")
"""Inputs on which classifiers are also trained with the linear swap."""

APART = 1_000_000
"""How far the seeds of a seed's partitions are from each other, so that no other seed's are met."""

TASK_VERSION = 4
"""Raised when a finished piece holds something else than before, so that older ones are made again."""


def evaluate(
    config: Config,
    out: Path,
    *,
    run: Path | None = None,
    jobs: int = 1,
    backend: str = "loky",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Collect the evidence and write results.json, a CSV per table, figures and report.md.

    Args:
        config: everything; ``evaluate`` says how much.
        out: the folder; finished pieces that are there already are not made again.
        run: of a training, whose cache and models are used where they fit.
        jobs: processes.
        backend: "loky" or "dask".
        progress: watches clips and tasks.

    Raises:
        InputError: a mistake in settings or data, before anything is trained, or every piece of a claim died.
    """
    started = time.perf_counter()
    check_ablation(config.evaluate.ablation)
    cache = _cache(config, out, run)
    cycles = labelled_cycles(config, cache, progress)
    tasks = emotion_tasks(config, cycles, cache, run) + privacy_tasks(config, cycles, cache)
    write_whole(config_yaml(config), path=out / "config.yaml")
    done, failures = run_tasks(
        tasks, out / "tasks", key=task_key(config, cycles), jobs=jobs, backend=backend, progress=progress
    )
    for failure in failures:
        missing = ", ".join(failure.subjects)
        log.warning("%s died; subjects %s are missing from it: %s", failure.about, missing, last_line(failure.error))
    results = collect(config, cycles, done, failures)
    results["seconds"] = round(time.perf_counter() - started, 2)
    results["versions"] = versions()
    write_whole(json.dumps(results, indent=1) + "\n", path=out / "results.json")
    write_report(results, out)
    return results


def task_key(config: Config, cycles: CycleStore) -> str:
    """What finished pieces depend on: data and settings, but for those that say only which pieces there are."""
    settings = config_dict(config)
    for name in ("seeds", "privacy_partitions", "permutations", "curve", "noise", "ablation"):
        del settings["evaluate"][name]
    del settings["benchmark"]
    return json.dumps([TASK_VERSION, settings, cycles.digest], sort_keys=True)


def quick(config: Config) -> Config:
    """The evidence in small: fewer subjects, epochs, folds and points. To try it out; its numbers are no results."""
    small = deepcopy(config)
    small.synthetic.walkers = min(config.synthetic.walkers, 16)
    small.synthetic.takes = min(config.synthetic.takes, 2)
    small.train.epochs = min(config.train.epochs, 8)
    small.protocol.kind, small.protocol.folds = "grouped", 2
    small.evaluate.seeds = config.evaluate.seeds[:1]
    small.evaluate.privacy_partitions = 1
    small.evaluate.curve, small.evaluate.noise, small.evaluate.swap_copies = [0.0], [1.0], 1
    return small


def emotion_tasks(config: Config, cycles: CycleStore, cache: Path, run: Path | None) -> list[Task]:
    """Every network and every input of the baselines on every fold of the protocol, for every seed."""
    tasks = []
    for seed in config.evaluate.seeds:
        seeded = _seeded(config, seed)
        for number, split in enumerate(run_splits(seeded, cycles)):
            where, subjects = f"seed-{seed}/emotion/{number:03d}", _tested(cycles, split)
            about = f"seed {seed}, fold {number + 1}"
            folder = run if config.protocol.kind == "fixed" else run and run / f"fold-{number:02d}"
            trained = folder / "model.pt" if folder and seed == config.seed else None
            for name in (*NETWORKS, *config.evaluate.ablation):
                call = partial(network_task, seeded, cache, split, name=name, seed=seed + number)
                if name == "disentangled":
                    call = partial(call, trained=trained)
                tasks.append(Task(f"{where}/{name}", f"{about}: {name}", subjects, call))
            for name, swap in [*((name, False) for name in INPUTS), *((name, True) for name in SWAPPED_INPUTS)]:
                said = f"{name}_swapped" if swap else name
                call = partial(baselines_task, seeded, cache, split, name=name, seed=seed, swap=swap)
                tasks.append(Task(f"{where}/baselines-{said}", f"{about}: baselines on {said}", subjects, call))
    return tasks


def privacy_tasks(config: Config, cycles: CycleStore, cache: Path) -> list[Task]:
    """The method and the points of the curve on grouped folds with enough unseen subjects, for every seed.

    The method's attacks are repeated on ``evaluate.privacy_partitions`` partitions of the subjects; the points of the
    curve are on the first, LEACE among them where its extra is installed.

    Raises:
        InputError: too few subjects, or too few with two emotions.
    """
    subjects = len(np.unique(cycles.subject))
    folds = max(2, subjects // config.evaluate.privacy_subjects)
    if subjects < 2 * config.evaluate.privacy_subjects:
        log.warning(
            "privacy: %d subjects make galleries of %d unseen ones, fewer than the %d asked for",
            subjects,
            subjects // 2,
            config.evaluate.privacy_subjects,
        )
    known = subjects - math.ceil(subjects / folds) - config.protocol.validation_subjects
    if 0 < known <= CONTROL:
        log.warning(
            "privacy: of %d subjects a model knows %d at least, and more than %d are needed for a verdict: none can be"
            " re-identified above %d x chance, so that nothing will be called hidden",
            subjects,
            known,
            CONTROL,
            CONTROL,
        )
    points: list[tuple[str, tuple[float, ...]]] = [
        ("reversal", (strength,)) for strength in config.evaluate.curve if strength != config.train.reversal
    ]
    points += [("plain", tuple(config.evaluate.noise))]
    if can_erase():
        points += [("leace", ())]
    else:
        log.warning("the curve is without LEACE, which needs an extra: pip install 'stgcn_affect[erasure]'")
    tasks = []
    for seed in config.evaluate.seeds:
        seeded = _seeded(config, seed)
        splits = [
            split
            for partition in range(config.evaluate.privacy_partitions)
            for split in grouped_folds(
                cycles.subject,
                folds=folds,
                validation_subjects=config.protocol.validation_subjects,
                seed=seed + partition * APART,
                takes=cycles.take_ids,
            )
        ]
        for number, split in enumerate(splits):
            where, tested = f"seed-{seed}/privacy/{number:03d}", _tested(cycles, split)
            about = f"seed {seed}, privacy fold {number + 1}"
            _check_attackable(cycles, split, about)
            call = partial(method_task, seeded, cache, split, seed=seed + number)
            tasks.append(Task(f"{where}/method", f"{about}: attacks", tested, call))
            if number >= folds:
                continue
            for name, strengths in points:
                point = partial(curve_task, seeded, cache, split, name=name, strengths=strengths, seed=seed + number)
                title = "-".join([name, *(f"{strength:g}" for strength in strengths)])
                tasks.append(Task(f"{where}/curve-{title}", f"{about}: {title}", tested, point))
            for name in config.evaluate.ablation:
                without = partial(curve_task, seeded, cache, split, name=name, strengths=(), seed=seed + number)
                tasks.append(Task(f"{where}/ablation-{name}", f"{about}: {name}", tested, without))
    return tasks


def _cache(config: Config, out: Path, run: Path | None) -> Path:
    """The run's cache where it holds these data, so that other data leave it alone."""
    if config.data.cache:
        return Path(config.data.cache)
    if run is not None:
        before = load_config(run / "config.yaml")
        if (before.data, before.synthetic) == (config.data, config.synthetic):
            return run / "cache"
    return out / "cache"


def _check_attackable(cycles: CycleStore, split: Split, about: str) -> None:
    for part, index in (("training", split.train), ("unseen", split.test)):
        subjects, emotions = cycles.subject[index], cycles.emotion[index]
        several = sum(len(np.unique(emotions[subjects == name])) > 1 for name in np.unique(subjects))
        if several < 2:
            raise InputError(
                f"{about}: expected two or more {part} subjects with two or more emotions, to attack them across"
                f" emotions (got {several})"
            )


def _seeded(config: Config, seed: int) -> Config:
    changed = deepcopy(config)
    changed.seed = seed
    return changed


def _tested(cycles: CycleStore, split: Split) -> tuple[str, ...]:
    return tuple(np.unique(cycles.subject[split.test]).tolist())
