"""Models trained to test explanations: of one known emotion factor, of random labels, without the stride time."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from stgcn_affect.config import config_dict
from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.explain.explained_model import ExplainedModel, with_cycles
from stgcn_affect.jobs.run_data import labelled_cycles, run_splits
from stgcn_affect.jobs.train_fold import fit_model
from stgcn_affect.settings import Config, TrainConfig
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS
from stgcn_affect.training.checkpoint import Model, load_model, save_model

WALKERS, TAKES, TESTED = 16, 2, 4
"""Synthetic walkers and takes behind a one-factor model, and how many of them it never sees."""


def factor_model(config: Config, factor: str, folder: Path) -> ExplainedModel:
    """A model like the run's, of synthetic walkers whose emotions differ in one factor only.

    Args:
        config: of the run; its network, losses and training are kept, but for epochs beyond the default: a run with
            few cycles needs many to make enough steps, and these subjects have cycles enough.
        factor: of ``EMOTION_FACTORS``.
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
    model = _once(folder / "model.pt", settings, lambda: _trained(settings, cycles, split))
    return with_cycles(model, cycles)


def random_label_model(config: Config, explained: ExplainedModel, folder: Path) -> Model:
    """A model like the given one, with the same subjects and cycles, whose takes bear each other's emotions at random.

    Args:
        config: of the run.
        explained: the model, and its cycles.
        folder: keeps the model, which is trained once.
    """
    cycles = explained.cycles
    takes, first = np.unique(cycles.take_ids, return_index=True)
    shuffled = np.random.default_rng(config.seed).permutation(cycles.emotion[first])
    wrong = replace(cycles, emotion=shuffled[np.searchsorted(takes, cycles.take_ids)], take=cycles.take_ids.astype(str))
    parts = (explained.train, explained.validation, explained.test)
    split = Split("random labels", *parts, subjects=cycles.subject)
    return _once(folder / "model.pt", config, lambda: _trained(config, wrong, split))


def without_stride_time(config: Config, explained: ExplainedModel, folder: Path) -> ExplainedModel:
    """A model like the given one, with the same subjects and cycles, whose emotion encoder is not told the stride time.

    Args:
        config: of the run.
        explained: the model, and its cycles.
        folder: keeps the model, which is trained once.
    """
    settings = deepcopy(config)
    settings.network.stride_time = False
    cycles, parts = explained.cycles, (explained.train, explained.validation, explained.test)
    split = Split("without stride time", *parts, subjects=cycles.subject)
    return with_cycles(_once(folder / "model.pt", settings, lambda: _trained(settings, cycles, split)), cycles)


def _trained(config: Config, cycles: CycleStore, split: Split) -> Model:
    torch.set_num_threads(config.train.threads)
    data = fold_data(cycles, split, hold_out_take=config.protocol.hold_out_take, seed=config.seed)
    return fit_model(config, data, seed=config.seed)


def _once(path: Path, config: Config, train: Callable[[], Model]) -> Model:
    """The model at ``path`` if its settings are these, else a new one, kept there."""
    if path.is_file():
        kept = load_model(path)
        if kept.config == config_dict(config):
            return kept
    model = train()
    save_model(path, model)
    return model
