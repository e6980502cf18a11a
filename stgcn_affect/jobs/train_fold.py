"""One model: fitted on a split's training subjects, chosen on its validation subjects, judged on its test subjects."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.config import config_dict
from stgcn_affect.data.augment import Augmentation
from stgcn_affect.data.fold import FoldData
from stgcn_affect.data.store import CycleStore
from stgcn_affect.evaluation.seen_subjects import Attack, attack_seen_subjects, held_out_emotion_rounds
from stgcn_affect.jobs.run_data import Progress
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.reporting.tensorboard import BESIDE_CHANCE, RunLogger, record_epoch, record_maps
from stgcn_affect.reporting.tensorboard_run import record_fold
from stgcn_affect.settings import Config
from stgcn_affect.training.checkpoint import Model, load_safely, save_atomically, save_model
from stgcn_affect.training.confidence import fit_confidence
from stgcn_affect.training.predict import Encodings, encode
from stgcn_affect.training.trainer import EpochReport, Trainer

Index = npt.NDArray[np.int64]

RAW_STEP = 4
"""Every fourth phase sample of a raw cycle goes to the attackers: 16 of 64, which keeps what walking has."""


def new_model(config: Config, data: FoldData, *, seed: int) -> Model:
    """An untrained model for the cycles of a fold; the seed decides its initial weights."""
    layout, emotions = data.cycles.layout, data.dataset.emotions
    sizes = {"cycle_samples": data.cycles.positions.shape[1], **asdict(config.network)}
    torch.manual_seed(seed)
    network = DisentangledSTGCN.build(layout, emotions=len(emotions), subjects=len(data.subjects), **sizes)
    return Model(
        network=network,
        sizes=sizes,
        layout=layout,
        emotions=emotions,
        subjects=data.subjects,
        parts=data.parts,
        config=config_dict(config),
    )


def start_training(config: Config, data: FoldData, model: Model, *, seed: int) -> Trainer:
    """A trainer that has begun with a new model."""
    trainer = Trainer(config.train, config.loss, seed=seed)
    trainer.start(
        model.network,
        data.batch(data.fit_index),
        data.batch(data.split.validation),
        augmentation=Augmentation(model.layout, **asdict(config.augment)),
    )
    return trainer


def with_confidence(model: Model, data: FoldData) -> Model:
    """A trained model with its temperature and its outlier threshold, fitted on its own subjects."""
    train, validation = data.batch(data.split.train), data.batch(data.split.validation)
    return replace(model, **fit_confidence(model.network, model.layout, train=train, validation=validation)._asdict())


def fit_model(config: Config, data: FoldData, *, seed: int) -> Model:
    """Train a model without keeping a record of it."""
    model = new_model(config, data, seed=seed)
    for _ in start_training(config, data, model, seed=seed).epochs():
        pass
    return with_confidence(model, data)


def train_fold(
    config: Config, data: FoldData, folder: Path, *, seed: int, label: str, progress: Progress | None = None
) -> Model:
    """Train one model, going on from ``folder/last.pt`` where it is there, and save it as ``folder/model.pt``."""
    model = new_model(config, data, seed=seed)
    trainer = start_training(config, data, model, seed=seed)
    last = folder / "last.pt"
    if last.is_file():
        trainer.load_state_dict(load_safely(last))
    with RunLogger(folder, first_step=trainer.epoch) as logger:
        logger.charts(BESIDE_CHANCE)
        reports: Iterable[EpochReport] = trainer.epochs()
        if progress is not None:
            reports = progress(reports, config.train.epochs - trainer.epoch, label)
        validation_emotion = trainer.validation.emotion.cpu().numpy()
        for report in reports:
            milestone = report.epoch % config.train.log_every == 0 or trainer.finished
            record_epoch(logger, report, model, validation_emotion, picture=milestone)
            if milestone:
                record_maps(logger, model, data.cycles, data.split, step=report.epoch)
                save_atomically(last, trainer.state_dict())
        model = with_confidence(model, data)
        save_model(folder / "model.pt", model)
        record_fold(logger, model, data.cycles, data.split, folder, step=trainer.epoch)
    return model


def judge_fold(model: Model, data: FoldData) -> tuple[Encodings, Attack | None]:
    """The model's predictions of its test subjects, and a fresh attack on the identity of its training subjects.

    No attack (None) where fewer than two training subjects have two emotions.
    """
    test = encode(model.network, data.batch(data.split.test), model.layout)
    index = data.attackable
    subjects = data.cycles.subject[index]
    if len(np.unique(subjects)) < 2:
        return test, None
    seen = encode(model.network, data.batch(index), model.layout)
    rounds = held_out_emotion_rounds(data.cycles.emotion[index], np.isin(index, data.held_index))
    releases = {
        "raw": raw_features(data.recorded, index),
        "z_identity": seen.z_identity,
        "z_emotion": seen.z_emotion,
    }
    return test, attack_seen_subjects(releases, subjects, rounds)


def raw_features(cycles: CycleStore, index: Index) -> npt.NDArray[np.float32]:
    """Raw cycles as attackers get them: every fourth pose, and the log stride time, ``[n, T/4*V*3 + 1]``."""
    poses = np.asarray(cycles.positions[index])[:, ::RAW_STEP].reshape(len(index), -1)
    return np.concatenate([poses, np.log(cycles.stride_time_s[index])[:, None]], axis=1)
