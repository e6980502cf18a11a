"""The labelled cycles that a run trains and judges on, and the models of a finished run with them."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from stgcn_affect.config import load_config
from stgcn_affect.data.labelled import open_labelled, with_further
from stgcn_affect.data.splits import Split, protocol_splits
from stgcn_affect.data.store import CycleStore
from stgcn_affect.data.synthetic_cache import build_synthetic_cache
from stgcn_affect.explain.maps.explained_model import ExplainedModel, with_cycles
from stgcn_affect.jobs.prepare import prepare_data
from stgcn_affect.settings import Config
from stgcn_affect.training.checkpoint import model_paths, read_model

Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]
"""Watches items go by: the items, how many there are, and what they are."""

FURTHER_SEED = 500_000
"""Distance between the seed of the data's walkers and that of further ones."""

FURTHER_TAKES = 2
"""Takes of every further walker and emotion: pairs in one emotion need two."""

log = logging.getLogger(__name__)


def labelled_cycles(config: Config, cache: Path, progress: Progress | None = None) -> CycleStore:
    """The cycles whose subject and emotion are known, from the cache, which is made where it is not there.

    Args:
        config: where the data are, and which emotions are wanted.
        cache: its folder.
        progress: watches clips go by.

    Raises:
        InputError: no data set, a wanted emotion that no cycle has, fewer than two emotions or subjects.
    """
    if config.data.root:
        watched = None if progress is None else lambda clips, count: progress(clips, count, "clips")
        report = prepare_data(
            config.data.root, cache, layout=config.data.layout or None, keep_unlabelled=False, progress=watched
        )
    else:
        report = build_synthetic_cache(cache, **asdict(config.synthetic))
    for line in report.lines()[1:]:
        log.warning(line)
    found = open_run_cycles(config, cache)
    if config.protocol.subject_baseline:
        _warn_without_baseline(config, cache, found)
    return found


def further_cache(config: Config, folder: Path) -> Path | None:
    """A cache of synthetic walkers who are not among the data, for attackers to learn from; None for real data.

    Args:
        config: ``synthetic`` says what they show, ``evaluate.further_walkers`` how many they are.
        folder: where the cache is, or is made.
    """
    if config.data.root or not config.evaluate.further_walkers:
        return None
    about = asdict(config.synthetic) | {
        "walkers": config.evaluate.further_walkers,
        "takes": FURTHER_TAKES,
        "seed": config.synthetic.seed + FURTHER_SEED,
    }
    build_synthetic_cache(folder, **about)
    return folder


def open_with_further(config: Config, cycles: CycleStore, further: Path | None) -> CycleStore:
    """The run's cycles, and behind them those of ``further_cache``, where there is one."""
    if further is None:
        return cycles
    baseline = config.protocol.subject_baseline
    return with_further(cycles, open_labelled(further, emotions=config.data.emotions, subject_baseline=baseline))


def open_run_cycles(config: Config, cache: Path) -> CycleStore:
    """The labelled cycles of a cache that is there already. Raises InputError as ``labelled_cycles`` does."""
    data = config.data
    baseline = config.protocol.subject_baseline
    return open_labelled(cache, labels=data.labels, emotions=data.emotions, subject_baseline=baseline)


def cache_folder(config: Config, run: Path) -> Path:
    """The folder of a run's cache: where the settings say, else in the run folder."""
    return Path(config.data.cache) if config.data.cache else run / "cache"


def models_of_run(run: Path) -> list[ExplainedModel]:
    """Every model of a run, with the run's cycles.

    Raises:
        InputError: the folder is no finished run, or its cycles are gone.
    """
    paths = model_paths(run)
    config = load_config(run / "config.yaml")
    cycles = open_run_cycles(config, cache_folder(config, run))
    return [with_cycles(read_model(path), cycles) for path in paths]


def _warn_without_baseline(config: Config, cache: Path, found: CycleStore) -> None:
    everybody = open_labelled(cache, labels=config.data.labels, emotions=config.data.emotions)
    left = sorted(set(everybody.subject.tolist()) - set(found.subject.tolist()))
    if left:
        log.warning(
            "left out: subjects %s, with no take to compare theirs with (protocol.subject_baseline=%s)",
            ", ".join(left),
            config.protocol.subject_baseline,
        )


def run_splits(config: Config, cycles: CycleStore) -> list[Split]:
    """The protocol's splits of labelled cycles. Raises InputError where there are too few subjects."""
    protocol = config.protocol
    return protocol_splits(
        protocol.kind,
        cycles.subject,
        folds=protocol.folds,
        test_subjects=protocol.test_subjects,
        validation_subjects=protocol.validation_subjects,
        seed=config.seed,
        takes=cycles.take_ids,
    )
