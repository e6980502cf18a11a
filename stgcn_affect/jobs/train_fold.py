"""One model: fitted on a split's training subjects, chosen on its validation subjects, judged on its test subjects."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from stgcn_affect.config import config_dict
from stgcn_affect.data.augment import Augmentation
from stgcn_affect.data.batch import Cycles
from stgcn_affect.data.fold import FoldData
from stgcn_affect.jobs.run_data import Progress
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.reporting.tensorboard import BESIDE_CHANCE, RunLogger, record_epoch, record_maps
from stgcn_affect.reporting.tensorboard_run import record_fold
from stgcn_affect.settings import Config
from stgcn_affect.training.checkpoint import load_safely, save_atomically, save_model
from stgcn_affect.training.epoch import EpochReport
from stgcn_affect.training.model import Model, complete_model, new_model
from stgcn_affect.training.trainer import Trainer


def build_model(config: Config, data: FoldData, *, seed: int) -> Model:
    """An untrained model for the cycles of a fold; the seed decides its initial weights."""
    network = DisentangledSTGCN.for_data(data.dataset, data.split, seed=seed, **asdict(config.network))
    return new_model(network, data, config_dict(config))


def start_training(config: Config, data: FoldData, model: Model, *, seed: int, train: Cycles | None = None) -> Trainer:
    """A trainer that has begun with a new model.

    Args:
        config: the settings of the run.
        data: the data of the fold.
        model: a new one.
        seed: the seed of the training.
        train: the cycles that fit the weights, where they are others than the fold's.
    """
    trainer = Trainer(config.train, config.loss, seed=seed)
    trainer.start(
        model.network,
        data.stored(data.fit_index) if train is None else train,
        data.stored(data.split.validation),
        augmentation=Augmentation(model.layout, **asdict(config.augment)),
    )
    return trainer


def fit_model(config: Config, data: FoldData, *, seed: int) -> Model:
    """Train a model without keeping a record of it."""
    model = build_model(config, data, seed=seed)
    for _ in start_training(config, data, model, seed=seed).epochs():
        pass
    return complete_model(model, data)


def train_fold(
    config: Config,
    data: FoldData,
    folder: Path,
    *,
    seed: int,
    label: str,
    digest: str,
    progress: Progress | None = None,
) -> Model:
    """Train one model, going on from ``folder/last.pt`` where it is there, and save it as ``folder/model.pt``.

    Args:
        config: the settings of the run.
        data: the data of the fold.
        folder: the folder of the fold.
        seed: the seed of the training.
        label: for the progress bar.
        digest: the digest of data and settings, kept with the model.
        progress: watches epochs go by.
    """
    model = replace(build_model(config, data, seed=seed), digest=digest)
    trainer = start_training(config, data, model, seed=seed)
    last = folder / "last.pt"
    if last.is_file():
        trainer.load_state_dict(load_safely(last))
    with RunLogger(folder, first_step=trainer.epoch) as logger:
        logger.charts(BESIDE_CHANCE)
        reports: Iterable[EpochReport] = trainer.epochs()
        if progress is not None:
            reports = progress(reports, config.train.epochs - trainer.epoch, label)
        validation_emotion, maps = trainer.validation.emotion.cpu().numpy(), None
        for report in reports:
            milestone = report.epoch % config.train.log_every == 0 or trainer.finished
            record_epoch(logger, report, model, validation_emotion, picture=milestone)
            if milestone:
                maps = record_maps(logger, model, data.cycles, data.split, step=report.epoch, drawn=maps)
                save_atomically(last, trainer.state_dict())
        model = complete_model(model, data)
        save_model(folder / "model.pt", model)
        record_fold(logger, model, data.cycles, data.split, folder, step=trainer.epoch)
    return model
