"""Pieces of the evidence on emotion: one fold, one seed, one network or one input of the baselines."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.config import config_dict
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.fold import FoldData, fold_data
from stgcn_affect.data.splits import Split
from stgcn_affect.data.subject_baseline import relative_to_baseline
from stgcn_affect.evaluation.baselines import CLASSIFIERS, run_baseline
from stgcn_affect.evaluation.inputs import baseline_input
from stgcn_affect.jobs.run_data import open_run_cycles
from stgcn_affect.jobs.train_fold import fit_model
from stgcn_affect.jobs.variants import variant
from stgcn_affect.nn.feature_network import feature_network
from stgcn_affect.settings import Config
from stgcn_affect.training.checkpoint import Model, load_model
from stgcn_affect.training.predict import encode
from stgcn_affect.training.trainer import Trainer

ON_FEATURES = "disentangled_on_hand_made"
"""The method fed with hand-made features."""


def network_task(
    config: Config, cache: Path, split: Split, *, name: str, seed: int, trained: Path | None = None
) -> dict[str, Any]:
    """Codes that a network predicts for a fold's test subjects, and its score on the validation subjects.

    Args:
        config: of the run.
        cache: with the cycles.
        split: the fold.
        name: of ``VARIANTS``, or ``ON_FEATURES``.
        seed: of the training.
        trained: a model of this very fold and seed that is there already; used where its subjects are the
            fold's and its settings these.
    """
    torch.set_num_threads(config.train.threads)
    cycles = open_run_cycles(config, cache)
    settings = variant(config, "disentangled" if name == ON_FEATURES else name)
    data = fold_data(cycles, split, hold_out_take=settings.protocol.hold_out_take, seed=settings.seed)
    if name == ON_FEATURES:
        predicted = _on_features(settings, data, seed=seed)
    else:
        model = _already(trained, settings, data) or fit_model(settings, data, seed=seed)
        predicted = encode(model.network, data.batch(split.test), model.layout).probabilities.argmax(axis=1)
    return {"test": split.test.tolist(), "predicted": predicted.tolist()}


def baselines_task(config: Config, cache: Path, split: Split, *, name: str, seed: int, swap: bool) -> dict[str, Any]:
    """Codes that every classifier predicts from one input, and what it scored inside the training subjects.

    Training and validation subjects both train a baseline, which chooses inside them: it needs no subjects set aside.
    """
    train = np.sort(np.concatenate([split.train, split.validation]))
    cycles = relative_to_baseline(open_run_cycles(config, cache), train)
    codes = np.unique(cycles.emotion, return_inverse=True)[1]
    features = baseline_input(name, cycles, train)
    found: dict[str, Any] = {}
    for classifier in CLASSIFIERS:
        result = run_baseline(
            classifier,
            features[train],
            codes[train],
            cycles.subject[train],
            features[split.test],
            swap_copies=config.evaluate.swap_copies if swap else 0,
            seed=seed,
        )
        found[classifier] = {"predicted": result.predicted.tolist(), "inner": result.inner_score}
    return {"test": split.test.tolist(), "classifiers": found}


def _already(trained: Path | None, config: Config, data: FoldData) -> Model | None:
    """The run's own model of this fold, if it was fitted on exactly these subjects with these settings."""
    if trained is None or not trained.is_file():
        return None
    model = load_model(trained)
    parts = {part: np.unique(data.cycles.subject[getattr(data.split, part)]).tolist() for part in model.parts}
    alike = _fitting(model.config) == _fitting(config_dict(config)) and parts == dict(model.parts)
    return model if alike else None


def _fitting(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that decide what a model becomes, but for its subjects."""
    kept = {name: dict(settings[name]) for name in ("data", "synthetic", "augment", "network", "loss", "train")}
    for section, name in (("data", "cache"), ("train", "threads"), ("train", "device"), ("train", "log_every")):
        del kept[section][name]
    return {**kept, "seed": settings["seed"], "hold_out_take": settings["protocol"]["hold_out_take"]}


def _on_features(config: Config, data: FoldData, *, seed: int) -> npt.NDArray[np.int64]:
    """The method on hand-made features: the same losses and schedule, with rows of features for cycles."""
    cycles = data.cycles
    rows = torch.from_numpy(baseline_input("hand_made", cycles, data.split.train).astype(np.float32))

    def batch(index: npt.NDArray[np.int64]) -> CycleBatch:
        return data.batch(index)._replace(positions=rows[torch.from_numpy(index)])

    torch.manual_seed(seed)
    network = feature_network(
        rows.shape[1],
        emotions=len(data.dataset.emotions),
        subjects=len(data.subjects),
        emotion_dim=config.network.emotion_dim,
        identity_dim=config.network.identity_dim,
    )
    trainer = Trainer(config.train, config.loss, seed=seed)
    trainer.fit(network, batch(data.fit_index), batch(data.split.validation), augmentation=_unchanged)
    test = batch(data.split.test)
    with torch.no_grad():
        logits = network.emotion_head(network.encode_emotion(test.positions, test.stride_time_s))
    predicted: npt.NDArray[np.int64] = logits.argmax(dim=1).numpy()
    return predicted


def _unchanged(batch: CycleBatch, generator: torch.Generator) -> CycleBatch:
    del generator
    return batch
