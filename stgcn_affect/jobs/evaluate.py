"""An evaluation: every claim with its baselines, attackers, chance levels and limits."""

import json
import logging
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

from stgcn_affect.config import config_yaml, load_config
from stgcn_affect.errors import last_line
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.collect import collect
from stgcn_affect.jobs.digest import result_digest
from stgcn_affect.jobs.emotion_tasks import emotion_tasks
from stgcn_affect.jobs.leakage_tasks import leakage_tasks
from stgcn_affect.jobs.privacy_tasks import privacy_tasks
from stgcn_affect.jobs.run_data import Progress, cache_folder, further_cache, labelled_cycles
from stgcn_affect.jobs.tasks import run_tasks
from stgcn_affect.jobs.train import versions
from stgcn_affect.jobs.variants import check_ablation
from stgcn_affect.reporting.markdown import write_report
from stgcn_affect.settings import Config

log = logging.getLogger(__name__)


def evaluate(
    config: Config,
    out: Path,
    *,
    run: Path | None = None,
    jobs: int = 1,
    backend: str = "loky",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Run all tasks of an evaluation and write results.json, a CSV per table, figures and report.md.

    Args:
        config: everything; ``evaluate`` says how much.
        out: the folder; finished tasks and trained models that are there already are not made again.
        run: the run of a training, whose cache and models are used where they fit.
        jobs: processes.
        backend: "loky" or "dask".
        progress: watches clips and tasks.

    Raises:
        InputError: a mistake in settings or data, before anything is trained, or every task behind a claim failed.
    """
    started = time.perf_counter()
    check_ablation(config.evaluate.ablation)
    cache = _cache(config, out, run)
    cycles = labelled_cycles(config, cache, progress)
    models = out / "models"
    tasks = emotion_tasks(config, cycles, cache, models, run)
    further = further_cache(config, out / "further_walkers")  # after a mistake about subjects and folds is found
    tasks += privacy_tasks(config, cycles, cache, models, further)
    tasks += leakage_tasks(config, cycles, cache)
    write_whole(config_yaml(config), path=out / "config.yaml")
    done, failures = run_tasks(tasks, out / "tasks", jobs=jobs, backend=backend, progress=progress)
    for failure in failures:
        about, missing = failure.task.about, ", ".join(failure.task.subjects)
        log.warning("%s failed, its subjects %s are missing: %s", about, missing, last_line(failure.error))
    results = collect(config, cycles, done, failures)
    results["seconds"] = round(time.perf_counter() - started, 2)
    results["versions"] = versions()
    write_whole(json.dumps(results, indent=1) + "\n", path=out / "results.json")
    write_report(results, out)
    return results


def quick(config: Config) -> Config:
    """A small evaluation: fewer subjects, epochs, folds and points. To try it out; its numbers are no results."""
    small = deepcopy(config)
    small.synthetic.walkers = min(config.synthetic.walkers, 16)
    small.synthetic.takes = min(config.synthetic.takes, 2)
    small.train.epochs = min(config.train.epochs, 8)
    small.protocol.kind, small.protocol.folds = "grouped", 2
    small.evaluate.seeds = config.evaluate.seeds[:1]
    small.evaluate.privacy_partitions = 1
    small.evaluate.further_walkers = min(config.evaluate.further_walkers, 8)
    small.evaluate.curve, small.evaluate.noise, small.evaluate.swap_copies = [0.0], [1.0], 1
    return small


def _cache(config: Config, out: Path, run: Path | None) -> Path:
    """The run's cache where it holds these data, so that other data leave it alone."""
    if run is not None and not config.data.cache:
        before = load_config(run / "config.yaml")
        if result_digest("cache", before) == result_digest("cache", config):
            return cache_folder(before, run)
    return cache_folder(config, out)
