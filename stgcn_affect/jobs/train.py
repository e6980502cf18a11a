"""A whole run: cycles, splits, one model a fold, scores over all held-out subjects."""

import json
import logging
import platform
import time
from collections.abc import Sequence
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import torch

from stgcn_affect import __version__
from stgcn_affect.config import config_dict, config_yaml, flat_settings, load_config
from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.labelled import describe_cycles
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.attacks import attack_latents
from stgcn_affect.evaluation.seen_scores import seen_subjects_block
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.digest import result_digest, settings_of
from stgcn_affect.jobs.fold_record import FoldRecord, read_fold, write_fold
from stgcn_affect.jobs.run_data import Progress, cache_folder, labelled_cycles, run_splits
from stgcn_affect.jobs.side_by_side import processes, side_by_side
from stgcn_affect.jobs.train_fold import train_fold
from stgcn_affect.reporting.tensorboard_run import record_run
from stgcn_affect.settings import Config
from stgcn_affect.stats import emotion_scores
from stgcn_affect.training.predict import encode
from stgcn_affect.training.trainer import torch_device

log = logging.getLogger(__name__)


def train(
    config: Config, out: Path, *, resume: bool = False, jobs: int | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Train and judge, and write the run folder; the results are those of ``out/results.json``.

    Args:
        config: everything.
        out: the run's folder; new, or with ``resume`` one whose settings are the same.
        resume: go on where an interrupted run stopped; finished folds are not trained again.
        jobs: folds that train side by side; None: as many as there are physical cores, one on another device than the
            CPU. The results are the same bits for any number.
        progress: watches clips and epochs go by; folds, where several train side by side.

    Raises:
        InputError: a mistake in settings or data, before anything is trained.
    """
    started = time.perf_counter()
    _claim(out, config, resume=resume)
    torch_device(config.train.device)
    torch.set_num_threads(config.train.threads)
    cycles = labelled_cycles(config, cache_folder(config, out), progress)
    _warn_single_emotions(cycles)
    splits = run_splits(config, cycles)
    write_whole(config_yaml(config), path=out / "config.yaml")
    folds = _train_folds(config, cycles, splits, out, jobs=jobs, progress=progress)
    results = pool(config, cycles, folds)
    earlier = sum(fold.seconds for fold in folds)
    results["seconds"] = round(max(earlier, time.perf_counter() - started), 2)
    results["versions"] = versions()
    write_whole(json.dumps(results, indent=1) + "\n", path=out / "results.json")
    tested = np.concatenate([fold.test for fold in folds])
    probabilities = np.concatenate([fold.probabilities for fold in folds])
    settings = flat_settings(config_dict(config))
    record_run(out, settings, results, cycles, tested=tested, probabilities=probabilities, step=len(folds))
    return results


def pool(config: Config, cycles: CycleStore, folds: list[FoldRecord]) -> dict[str, Any]:
    """``results.json`` from the folds: every tested subject counts once, as judged by the model that never saw it."""
    emotions = np.unique(cycles.emotion).tolist()
    tested = np.concatenate([fold.test for fold in folds])
    predicted = np.concatenate([fold.predicted for fold in folds])
    code = {name: i for i, name in enumerate(emotions)}
    truth = np.array([code[name] for name in cycles.emotion[tested].tolist()])
    results = {
        "dataset": describe_cycles(cycles),
        "protocol": {
            "kind": config.protocol.kind,
            "subject_baseline": config.protocol.subject_baseline,
            "folds": len(folds),
            "seeds": [config.seed],
        },
        "emotion": emotion_scores(truth, predicted, cycles.subject[tested], emotions, seed=config.seed),
        "privacy": {},
    }
    attacks = [fold.attack for fold in folds if fold.attack is not None]
    if attacks:
        results["privacy"] = {"seen_subjects": seen_subjects_block(attacks, seed=config.seed)}
    else:
        log.warning("no identity attack: no fold has two training subjects with two emotions each")
    return results


def versions() -> dict[str, str]:
    """What the numbers were made with."""
    packages = ("torch", "torch-geometric", "numpy", "scikit-learn", "networkx")
    found = {name: metadata.version(name) for name in packages}
    return {"stgcn_affect": __version__, "python": platform.python_version(), **found}


def _train_folds(
    config: Config,
    cycles: CycleStore,
    splits: Sequence[Split],
    out: Path,
    *,
    jobs: int | None,
    progress: Progress | None,
) -> list[FoldRecord]:
    """Every fold's outcome, in order; several train in processes of their own, one shows its epochs."""
    workers = processes(jobs, len(splits), device=config.train.device)
    calls = [
        partial(
            _one_fold,
            config,
            cycles,
            split,
            out if config.protocol.kind == "fixed" else out / f"fold-{number:02d}",
            seed=config.seed + number,
            label="training" if len(splits) == 1 else f"fold {number + 1} of {len(splits)}",
        )
        for number, split in enumerate(splits)
    ]
    if workers == 1:
        return [call(watch=progress) for call in calls]
    return side_by_side([partial(call, watch=None) for call in calls], jobs=workers, progress=progress, label="folds")


def _one_fold(
    config: Config, cycles: CycleStore, split: Split, folder: Path, *, seed: int, label: str, watch: Progress | None
) -> FoldRecord:
    torch.set_num_threads(config.train.threads)
    digest = result_digest("model", config, cycles, split, seed=seed)
    done = read_fold(folder, digest)
    if done is not None:
        return done
    started = time.perf_counter()
    data = fold_data(cycles, split, hold_out_take=config.protocol.hold_out_take, seed=config.seed)
    model = train_fold(config, data, folder, seed=seed, label=label, digest=digest, progress=watch)
    probabilities = encode(model.network, data.batch(split.test), model.layout).probabilities
    attack = attack_latents(model, data)
    seconds = time.perf_counter() - started
    record = FoldRecord(split.test, probabilities, attack, model.parts, seconds, digest)
    write_fold(folder, record, cycles, model.emotions)
    return record


def _claim(out: Path, config: Config, *, resume: bool) -> None:
    """Make sure that the folder is this run's."""
    marker = out / "config.yaml"
    if not resume:
        if out.exists() and (not out.is_dir() or {entry.name for entry in out.iterdir()} - {"cache"}):
            raise InputError(f"{out}: expected a new folder, or --resume to continue (got one with files in it)")
        return
    if not marker.is_file():
        raise InputError(f"{out}: expected a run to resume, with {marker.name} (got none)")
    before = load_config(marker)
    if result_digest("run", before) == result_digest("run", config):
        return
    now, kept = settings_of("run", config), settings_of("run", before)
    key = next(key for key, value in now.items() if kept[key] != value)
    raise InputError(f"{out}: expected the settings of the run to resume, {key}={kept[key]!r} (got {now[key]!r})")


def _warn_single_emotions(cycles: CycleStore) -> None:
    for subject in np.unique(cycles.subject):
        kinds = np.unique(cycles.emotion[cycles.subject == subject])
        if len(kinds) == 1:
            log.warning("subject %s has one emotion only (%s): left out of identity attacks", subject, kinds[0])
