"""One model: fitted on a split's training subjects, chosen on its validation subjects, judged on its test subjects."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect import build
from stgcn_affect.config import config_dict
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.splits import Split, hold_out_take
from stgcn_affect.data.store import CycleStore
from stgcn_affect.data.subject_baseline import relative_to_baseline
from stgcn_affect.evaluation.seen_subjects import Attack, attack_seen_subjects, held_out_emotion_rounds
from stgcn_affect.jobs.run_data import Progress
from stgcn_affect.reporting.tensorboard import BESIDE_CHANCE, RunLogger, record_epoch, record_maps
from stgcn_affect.reporting.tensorboard_run import record_fold
from stgcn_affect.settings import Config
from stgcn_affect.training.checkpoint import Model, load_safely, save_atomically, save_model
from stgcn_affect.training.predict import Encodings, encode
from stgcn_affect.training.trainer import EpochReport, Training

Index = npt.NDArray[np.int64]

RAW_STEP = 4
"""Every fourth phase sample of a raw cycle goes to the attackers: 16 of 64, which keeps what walking has."""


@dataclass(frozen=True, eq=False)
class FoldData:
    """A split's cycles, coded.

    Args:
        cycles: all labelled cycles, calibrated where the protocol says so.
        recorded: the same as they were recorded.
        split: indices into them.
        dataset: of all of them; subject codes are those of all subjects.
        subjects: names of the training subjects, sorted, whose positions are the codes in ``fit``.
        fit_index: training cycles that fit weights; one take of each (subject, emotion) is held out where it has more.
        held_index: training cycles of the held-out takes.
    """

    cycles: CycleStore
    recorded: CycleStore
    split: Split
    dataset: GaitDataset
    subjects: tuple[str, ...]
    fit_index: Index
    held_index: Index

    def batch(self, index: Index) -> CycleBatch:
        """Cycles with subject codes among the training subjects, -1 for others."""
        batch = self.dataset.batch(index)
        known = {name: code for code, name in enumerate(self.subjects)}
        codes = torch.tensor([known.get(name, -1) for name in self.cycles.subject[index].tolist()], dtype=torch.int64)
        return batch._replace(subject=codes)


def fold_data(config: Config, cycles: CycleStore, split: Split) -> FoldData:
    """Calibrate and code a split's cycles, and set takes of the training subjects aside."""
    recorded, cycles = cycles, relative_to_baseline(cycles, split.train)
    subjects = tuple(np.unique(cycles.subject[split.train]).tolist())
    fit, held = np.arange(len(split.train)), np.zeros(0, np.int64)
    if config.protocol.hold_out_take:
        train = cycles.select(split.train)
        fit, held = hold_out_take(train.subject, train.emotion, train.take, seed=config.seed)
    return FoldData(cycles, recorded, split, GaitDataset(cycles), subjects, split.train[fit], split.train[held])


def new_training(config: Config, data: FoldData, *, seed: int) -> tuple[Training, Model]:
    """An untrained network with its training, and the model that it will be."""
    device = build.device(config)
    sizes = build.network_sizes(config, cycle_samples=data.cycles.positions.shape[1])
    torch.manual_seed(seed)
    network = build.network(sizes, data.cycles.layout, data.dataset.emotions, data.subjects).to(device)
    training = Training(
        network,
        data.batch(data.fit_index).to(device),
        data.batch(data.split.validation).to(device),
        augmentation=build.augmentation(config, data.cycles.layout),
        settings=build.fit_settings(config, seed=seed),
    )
    model = Model(
        network=network,
        sizes=sizes,
        layout=data.cycles.layout,
        emotions=data.dataset.emotions,
        subjects=data.subjects,
        parts=_parts(data),
        config=config_dict(config),
    )
    return training, model


def train_fold(
    config: Config, data: FoldData, folder: Path, *, seed: int, label: str, progress: Progress | None = None
) -> Model:
    """Train one model, going on from ``folder/last.pt`` where it is there, and save it as ``folder/model.pt``."""
    training, model = new_training(config, data, seed=seed)
    last = folder / "last.pt"
    if last.is_file():
        training.load_state_dict(load_safely(last))
    with RunLogger(folder, first_step=training.epoch) as logger:
        logger.charts(BESIDE_CHANCE)
        reports: Iterable[EpochReport] = training.epochs()
        if progress is not None:
            reports = progress(reports, config.train.epochs - training.epoch, label)
        validation_emotion = training.validation.emotion.cpu().numpy()
        for report in reports:
            milestone = report.epoch % config.train.log_every == 0 or training.finished
            record_epoch(logger, report, model, validation_emotion, picture=milestone)
            if milestone:
                record_maps(logger, model, data.cycles, data.split, step=report.epoch)
                save_atomically(last, training.state_dict())
        save_model(folder / "model.pt", model)
        record_fold(logger, model, data.cycles, data.split, folder, step=training.epoch)
    return model


def judge_fold(model: Model, data: FoldData) -> tuple[Encodings, Attack | None]:
    """What the model says of its test subjects, and what fresh attackers find out about its training subjects.

    No attack (None) where fewer than two training subjects have two emotions.
    """
    test = encode(model.network, data.batch(data.split.test), model.layout)
    index = attackable(data)
    subjects = data.cycles.subject[index]
    if len(np.unique(subjects)) < 2:
        return test, None
    known = encode(model.network, data.batch(index), model.layout)
    rounds = held_out_emotion_rounds(data.cycles.emotion[index], np.isin(index, data.held_index))
    releases = {
        "raw": raw_features(data.recorded, index),
        "z_identity": known.z_identity,
        "z_emotion": known.z_emotion,
    }
    return test, attack_seen_subjects(releases, subjects, rounds)


def raw_features(cycles: CycleStore, index: Index) -> npt.NDArray[np.float32]:
    """Raw cycles as attackers get them: every fourth pose, and the log stride time, ``[n, T/4*V*3 + 1]``."""
    poses = np.asarray(cycles.positions[index])[:, ::RAW_STEP].reshape(len(index), -1)
    return np.concatenate([poses, np.log(cycles.stride_time_s[index])[:, None]], axis=1)


def attackable(data: FoldData) -> Index:
    """``[n]`` training cycles of subjects with two emotions or more: the others cannot be attacked across emotions."""
    train = data.split.train
    subject, emotion = data.cycles.subject[train], data.cycles.emotion[train]
    kinds = {name: len(np.unique(emotion[subject == name])) for name in np.unique(subject)}
    chosen: Index = train[np.array([kinds[name] > 1 for name in subject], dtype=bool)]
    return chosen


def _parts(data: FoldData) -> dict[str, list[str]]:
    parts: dict[str, Any] = {part: getattr(data.split, part) for part in ("train", "validation", "test")}
    return {part: np.unique(data.cycles.subject[index]).tolist() for part, index in parts.items()}
