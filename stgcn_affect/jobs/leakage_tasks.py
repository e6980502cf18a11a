"""Tasks on leaky splits: the plain ST-GCN of one fold and seed, scored as published work often scores it."""

from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.augment import Augmentation
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.fold import FoldData, fold_data
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.evaluation.leakage import BEST_TEST_EPOCH, COPIES, LEAKY, leaky_splits
from stgcn_affect.jobs.digest import result_digest
from stgcn_affect.jobs.run_data import open_run_cycles, run_splits
from stgcn_affect.jobs.tasks import Task
from stgcn_affect.jobs.train_fold import build_model, start_training
from stgcn_affect.jobs.variants import variant
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.settings import Config
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.stats import balanced_accuracy
from stgcn_affect.training.predict import encode

NETWORK = "plain_stgcn"
"""The network that is scored, since published work disentangles nothing; the emotion tasks score it by subject."""

Codes = npt.NDArray[np.int64]


def leakage_tasks(config: Config, cycles: CycleStore, cache: Path) -> list[Task]:
    """The network in every leaky way on every fold of the protocol, for every seed; none where it is not asked for.

    Args:
        config: the settings of the evaluation.
        cycles: all labelled cycles.
        cache: with the cycles.
    """
    tasks = []
    for seed in config.evaluate.seeds if config.evaluate.leakage else ():
        seeded = replace(config, seed=seed)
        splits = run_splits(seeded, cycles)
        pairs = zip(splits, leaky_splits(splits, cycles.emotion, seed=seed), strict=True)
        for number, (by_subject, leaky) in enumerate(pairs):
            for name in LEAKY:
                split = by_subject if name == BEST_TEST_EPOCH else leaky.split
                copies = leaky.copies.tolist() if name == COPIES else []
                about: dict[str, Any] = {"name": name, "seed": seed + number, "copies": copies}
                tasks.append(
                    Task(
                        kind="leakage",
                        seed=seed,
                        fold=number,
                        name=name,
                        about=f"seed {seed}, fold {number + 1}: leaky split, {name.replace('_', ' ')}",
                        subjects=tuple(np.unique(cycles.subject[split.test]).tolist()),
                        digest=result_digest("leakage", seeded, cycles, split, **about),
                        call=partial(leakage_task, seeded, cache, split, **about),
                    )
                )
    return tasks


def leakage_task(
    config: Config, cache: Path, split: Split, *, name: str, seed: int, copies: list[int]
) -> dict[str, Any]:
    """What the network predicts for a fold's test cycles, codes ``[n]``, and after how many epochs.

    Args:
        config: the settings of the run.
        cache: with the cycles.
        split: the fold, leaky or by subject.
        name: one of ``LEAKY``; "best_test_epoch" chooses the epoch, by balanced accuracy, on the test cycles.
        seed: the seed of the training.
        copies: cycles of which a mirrored and slightly changed copy is trained on besides.
    """
    torch.set_num_threads(config.train.threads)
    settings = variant(config, NETWORK)
    data = fold_data(
        open_run_cycles(config, cache), split, hold_out_take=settings.protocol.hold_out_take, seed=settings.seed
    )
    model = build_model(settings, data, seed=seed)
    train = _with_copies(settings, data, np.array(copies, np.int64), seed=seed) if copies else None
    trainer = start_training(settings, data, model, seed=seed, train=train)
    test, best, found = data.batch(split.test), -1.0, {"test": split.test.tolist()}
    for report in trainer.epochs():
        if name == BEST_TEST_EPOCH:
            predicted = _predicted(trainer.current, test, model.layout)
            score = balanced_accuracy(test.emotion.numpy(), predicted)
            if score > best:
                best = score
                found |= {"predicted": predicted.tolist(), "epoch": report.epoch}
    if name != BEST_TEST_EPOCH:
        found["predicted"] = _predicted(model.network, test, model.layout).tolist()
    return found


def _predicted(network: DisentangledSTGCN, test: CycleBatch, layout: Layout) -> Codes:
    return np.asarray(encode(network, test, layout).probabilities.argmax(axis=1), np.int64)


def _with_copies(config: Config, data: FoldData, copies: Codes, *, seed: int) -> CycleBatch:
    """The cycles that fit the weights, and behind them the copies, made as the training's augmentation makes them."""
    change = Augmentation(data.cycles.layout, **asdict(config.augment) | {"mirror_probability": 1.0})
    copied = change(data.batch(copies), torch.Generator().manual_seed(seed))
    copied = copied._replace(subject=copied.subject.clamp_min(0))  # of no weight in this network's loss
    return CycleBatch(*(torch.cat(pair) for pair in zip(data.batch(data.fit_index), copied, strict=True)))
