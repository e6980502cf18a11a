"""Models trained to test explanations: of one known emotion factor, of random labels, without the stride time."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.explain.maps.explained_model import ExplainedModel, with_cycles
from stgcn_affect.explain.quality.ground_truth import KnownFactor, joint_channels
from stgcn_affect.jobs.digest import model_once, result_digest
from stgcn_affect.jobs.run_data import Progress, labelled_cycles, run_splits
from stgcn_affect.jobs.side_by_side import side_by_side
from stgcn_affect.jobs.train_fold import fit_model
from stgcn_affect.settings import Config, TrainConfig
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS
from stgcn_affect.synthetic.truth import factor_truth
from stgcn_affect.training.model import Model

WALKERS, TAKES, TESTED = 16, 2, 4
"""Synthetic walkers and takes of a one-factor model, and how many of the walkers are unseen."""


def factor_model(config: Config, factor: str, folder: Path) -> ExplainedModel:
    """A model like the run's, of synthetic walkers whose emotions differ in one factor only.

    Args:
        config: settings of the run; its network, losses and training are kept, but for epochs beyond the default: a run
            with few cycles needs many to make enough steps, and these subjects have cycles enough.
        factor: one of ``EMOTION_FACTORS``.
        folder: keeps the subjects' cycles and the model, which is trained once.
    """
    settings = deepcopy(config)
    settings.data.root = settings.data.cache = ""
    settings.data.emotions = []
    settings.protocol.subject_baseline = ""  # a walk by itself: the truth is known for that
    known = settings.synthetic
    known.walkers, known.takes = min(known.walkers, WALKERS), min(known.takes, TAKES)
    known.emotions = sorted({*EMOTION_FACTORS[factor].changes, "neutral"})
    known.emotion_factors = [factor]
    settings.train.epochs = min(settings.train.epochs, TrainConfig.epochs)
    settings.protocol.kind = "fixed"
    settings.protocol.test_subjects = min(TESTED, known.walkers // 3)
    cycles = labelled_cycles(settings, folder / "cache")
    (split,) = run_splits(settings, cycles)
    return with_cycles(_trained_once(settings, cycles, split, folder), cycles)


def train_models(
    config: Config,
    models: Sequence[ExplainedModel],
    folder: Path,
    *,
    factors: Sequence[str],
    jobs: int,
    progress: Progress | None = None,
) -> None:
    """Train side by side what ``folder`` does not keep yet: models of one factor, random labels and no stride time.

    Args:
        config: the settings of the run, whose network and training the models have.
        models: the run's.
        folder: keeps subjects and models; the other functions here read them from it.
        factors: some of ``EMOTION_FACTORS``.
        jobs: processes.
        progress: watches models go by.
    """
    calls: list[Callable[[], Any]] = [partial(factor_model, config, name, folder / name) for name in factors]
    for number, one in enumerate(models):
        calls.append(partial(random_label_model, config, one, random_label_folder(folder, number)))
        calls.append(partial(without_stride_time, config, one, no_stride_time_folder(folder, number)))
    side_by_side([partial(_make, call) for call in calls], jobs=jobs, progress=progress, label="models")


def _make(call: Callable[[], Any]) -> None:
    """Make a model without handing it from process to process."""
    call()


def random_label_folder(folder: Path, number: int) -> Path:
    """Where the model of random labels beside model ``number`` of the run is kept."""
    return folder / f"random-labels-{number}"


def no_stride_time_folder(folder: Path, number: int) -> Path:
    """Where the model without stride time beside model ``number`` of the run is kept."""
    return folder / f"no-stride-time-{number}"


def known_factors(
    config: Config, folder: Path, *, factors: Sequence[str] = tuple(EMOTION_FACTORS)
) -> list[KnownFactor]:
    """A one-factor model per factor, from ``folder`` or trained; factors that move no joint or nearly all are left out.

    Args:
        config: the settings of the run, whose network and training the models have.
        folder: keeps subjects and models.
        factors: some of ``EMOTION_FACTORS``.
    """
    found = []
    for name in factors:
        explained = factor_model(config, name, folder / name)
        truth = factor_truth(name, transform=partial(joint_channels, explained.model.network))
        if truth.scored:
            found.append(KnownFactor(name, explained, truth))
    return found


def random_label_model(config: Config, explained: ExplainedModel, folder: Path) -> Model:
    """A model of the same subjects and cycles, trained on the emotions of the takes in random order.

    Args:
        config: the settings of the run.
        explained: the model, and its cycles.
        folder: keeps the model, which is trained once.
    """
    cycles = explained.cycles
    takes, first = np.unique(cycles.take_ids, return_index=True)
    shuffled = np.random.default_rng(config.seed).permutation(cycles.emotion[first])
    emotion = shuffled[np.searchsorted(takes, cycles.take_ids)]
    relabelled = replace(cycles, emotion=emotion, take=cycles.take_ids.astype(str))
    return _trained_once(config, relabelled, _split(explained, "random labels"), folder, kind="random_label_model")


def without_stride_time(config: Config, explained: ExplainedModel, folder: Path) -> ExplainedModel:
    """A model of the same subjects and cycles whose emotion encoder has no stride time in its input.

    Args:
        config: the settings of the run.
        explained: the model, and its cycles.
        folder: keeps the model, which is trained once.
    """
    settings = deepcopy(config)
    settings.network.stride_time = False
    split = _split(explained, "without stride time")
    return with_cycles(_trained_once(settings, explained.cycles, split, folder), explained.cycles)


def _split(explained: ExplainedModel, name: str) -> Split:
    parts = (explained.train, explained.validation, explained.test)
    return Split(name, *parts, subjects=explained.cycles.subject)


def _trained_once(config: Config, cycles: CycleStore, split: Split, folder: Path, *, kind: str = "model") -> Model:
    """The model that ``folder`` keeps of these data and settings, else a new one."""

    def train() -> Model:
        torch.set_num_threads(config.train.threads)
        data = fold_data(cycles, split, hold_out_take=config.protocol.hold_out_take, seed=config.seed)
        return fit_model(config, data, seed=config.seed)

    return model_once(folder / "model.pt", result_digest(kind, config, cycles, split, seed=config.seed), train)
