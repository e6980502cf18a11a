"""Tasks on emotion: one fold, one seed, one network or one input of the baselines."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.data.subject_baseline import relative_to_baseline
from stgcn_affect.evaluation.adaptation import adapt_to_subjects, emotion_of_latents, emotions_centre
from stgcn_affect.evaluation.baselines import CLASSIFIERS, run_baseline
from stgcn_affect.evaluation.feature_method import predict_on_features
from stgcn_affect.evaluation.inputs import INPUTS, baseline_input
from stgcn_affect.evaluation.results import ADAPTED
from stgcn_affect.jobs.digest import kept_model, model_once, result_digest
from stgcn_affect.jobs.run_data import open_run_cycles, run_splits
from stgcn_affect.jobs.tasks import Task
from stgcn_affect.jobs.train_fold import fit_model
from stgcn_affect.jobs.variants import variant
from stgcn_affect.settings import Config
from stgcn_affect.training.predict import encode

ON_FEATURES = "disentangled_on_hand_made"
"""The method fed with hand-made features."""

NETWORKS = ("disentangled", "plain_stgcn", ON_FEATURES)
SWAPPED_INPUTS = ("bone_normalised", "harmonics", "mean_pose_and_stride_time")
"""Inputs on which classifiers are also trained with the linear swap."""


def emotion_tasks(config: Config, cycles: CycleStore, cache: Path, models: Path, run: Path | None) -> list[Task]:
    """Every network and every input of the baselines on every fold of the protocol, for every seed.

    Args:
        config: the settings of the evaluation.
        cycles: all labelled cycles.
        cache: with the cycles.
        models: the folder that keeps trained models.
        run: the run of a training, whose models are used where they fit.
    """
    tasks = []
    for seed in config.evaluate.seeds:
        seeded = replace(config, seed=seed)
        for number, split in enumerate(run_splits(seeded, cycles)):
            folder = run if config.protocol.kind == "fixed" else run and run / f"fold-{number:02d}"
            trained = folder / "model.pt" if folder and seed == config.seed else None
            about, fitting = f"seed {seed}, fold {number + 1}", seed + number
            tested = tuple(np.unique(cycles.subject[split.test]).tolist())
            for name in (*NETWORKS, *config.evaluate.ablation):
                kept = models / f"seed-{seed}" / f"emotion-{number:03d}-{name}.pt"
                call = partial(network_task, seeded, cache, split, name=name, seed=fitting, kept=kept)
                if name == "disentangled":
                    call = partial(call, trained=trained)
                digest = result_digest("network", seeded, cycles, split, name=name, seed=fitting)
                tasks.append(
                    Task(
                        kind="network",
                        seed=seed,
                        fold=number,
                        name=name,
                        about=f"{about}: {name}",
                        subjects=tested,
                        digest=digest,
                        call=call,
                    )
                )
            for name, swap in [*((name, False) for name in INPUTS), *((name, True) for name in SWAPPED_INPUTS)]:
                digest = result_digest("baselines", seeded, cycles, split, name=name, swap=swap, seed=seed)
                tasks.append(
                    Task(
                        kind="baselines",
                        seed=seed,
                        fold=number,
                        name=name,
                        swapped=swap,
                        about=f"{about}: baselines on {name}{', swapped' if swap else ''}",
                        subjects=tested,
                        digest=digest,
                        call=partial(baselines_task, seeded, cache, split, name=name, seed=seed, swap=swap),
                    )
                )
    return tasks


def network_task(
    config: Config,
    cache: Path,
    split: Split,
    *,
    name: str,
    seed: int,
    kept: Path | None = None,
    trained: Path | None = None,
) -> dict[str, Any]:
    """What a network predicts for a fold's test subjects: probabilities ``[n, Q]`` with six digits, and codes ``[n]``.

    Those in ``ADAPTED`` also give the codes that they predict where each subject's own cycles adapt the decision.

    Args:
        config: the settings of the run.
        cache: with the cycles.
        split: the fold.
        name: one of ``VARIANTS``, or ``ON_FEATURES``.
        seed: the seed of the training.
        kept: where the trained model is kept, so that another evaluation of it trains nothing.
        trained: where a model of this very fold may be; used if it has the same digest.
    """
    torch.set_num_threads(config.train.threads)
    cycles = open_run_cycles(config, cache)
    more: dict[str, Any] = {}
    settings = variant(config, "disentangled" if name == ON_FEATURES else name)
    data = fold_data(cycles, split, hold_out_take=settings.protocol.hold_out_take, seed=settings.seed)
    if name == ON_FEATURES:
        probabilities = predict_on_features(
            baseline_input("hand_made", data.cycles, split.train),
            data,
            settings.train,
            settings.loss,
            seed=seed,
            emotion_dim=settings.network.emotion_dim,
            identity_dim=settings.network.identity_dim,
        )
    else:
        digest = result_digest("model", settings, cycles, split, seed=seed)
        of_run = None if trained is None else kept_model(trained, digest)
        model = of_run or model_once(kept, digest, lambda: fit_model(settings, data, seed=seed))
        encoded = encode(model.network, data.batch(split.test), model.layout)
        probabilities = encoded.probabilities
        if name in ADAPTED and not settings.protocol.subject_baseline:  # else cycles stand beside the subject's others
            learnt = encode(model.network, data.batch(split.train), model.layout).z_emotion
            centre = emotions_centre(learnt, cycles.emotion[split.train])
            moved = adapt_to_subjects(encoded.z_emotion, cycles.subject[split.test], centre)
            more["adapted"] = emotion_of_latents(model.network, moved).argmax(axis=1).tolist()
    return {
        "test": split.test.tolist(),
        "predicted": probabilities.argmax(axis=1).tolist(),
        "probabilities": np.round(probabilities.astype(np.float64), 6).tolist(),
        **more,
    }


def baselines_task(config: Config, cache: Path, split: Split, *, name: str, seed: int, swap: bool) -> dict[str, Any]:
    """Codes that every classifier predicts from one input, and its inner score.

    Training and validation subjects both train a baseline, which chooses by inner folds: it needs no validation part.
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
