"""Tasks on privacy: one grouped fold, one seed, one network and the attacks on what it releases."""

import logging
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from stgcn_affect.data.fold import FoldData, fold_data
from stgcn_affect.data.splits import Split, grouped_folds
from stgcn_affect.data.store import CycleStore
from stgcn_affect.evaluation.adaptation import adapt_to_subjects, emotions_centre
from stgcn_affect.evaluation.attackers import ALL_ATTACKERS, Features, also_reflected
from stgcn_affect.evaluation.attacks import attack_fold, check_attackable
from stgcn_affect.evaluation.disentanglement import probe_latents, swap_latents
from stgcn_affect.evaluation.mechanisms import (
    METHOD_POINTS,
    can_erase,
    emotion_of_release,
    latent_mechanisms,
    score_mechanism,
)
from stgcn_affect.evaluation.releases import released
from stgcn_affect.evaluation.verdict import CONTROL
from stgcn_affect.jobs.anonymise.kept import METHOD as ANONYMISED
from stgcn_affect.jobs.anonymise.read_back import anonymised_release
from stgcn_affect.jobs.digest import model_once, result_digest
from stgcn_affect.jobs.run_data import open_run_cycles, open_with_further
from stgcn_affect.jobs.tasks import Task
from stgcn_affect.jobs.train_fold import fit_model
from stgcn_affect.jobs.variants import variant
from stgcn_affect.settings import Config
from stgcn_affect.training.model import with_identity
from stgcn_affect.training.predict import encode

log = logging.getLogger(__name__)

WIDE = 64
"""Width of the latent that LEACE erases from: erasing S subjects takes S-1 directions, all of a narrow latent."""

SEED_STEP = 1_000_000
"""Distance between the seeds of a seed's partitions, so that they never equal another seed's."""


def privacy_tasks(
    config: Config, cycles: CycleStore, cache: Path, models: Path, further: Path | None = None
) -> list[Task]:
    """The method and the mechanisms of the curve on grouped folds with enough unseen subjects, for every seed.

    The method's attacks are repeated on ``evaluate.privacy_partitions`` partitions of the subjects; the mechanisms are
    tried on the first, LEACE among them where its extra is installed.

    Args:
        config: the settings of the evaluation.
        cycles: all labelled cycles.
        cache: with the cycles.
        models: the folder that keeps trained models.
        further: a cache of further walkers for attackers to learn from.

    Raises:
        InputError: too few subjects, or too few with two emotions.
    """
    folds = max(2, len(np.unique(cycles.subject)) // config.evaluate.privacy_subjects)
    _warn_of_few(config, cycles, folds)
    others = 0 if further is None else config.evaluate.further_walkers
    tasks = []
    for seed in config.evaluate.seeds:
        seeded = replace(config, seed=seed)
        splits = [
            split
            for partition in range(config.evaluate.privacy_partitions)
            for split in grouped_folds(
                cycles.subject,
                folds=folds,
                validation_subjects=config.protocol.validation_subjects,
                seed=seed + partition * SEED_STEP,
                takes=cycles.take_ids,
            )
        ]
        for number, split in enumerate(splits):
            about, fitting = f"seed {seed}, privacy fold {number + 1}", seed + number
            kept = models / f"seed-{seed}"
            check_attackable(cycles, split, about)
            where = partial(
                Task,
                seed=seed,
                fold=number,
                subjects=tuple(np.unique(cycles.subject[split.test]).tolist()),
            )
            tasks.append(
                where(
                    kind="attacks",
                    about=f"{about}: attacks",
                    digest=result_digest("attacks", seeded, cycles, split, seed=fitting, further=others),
                    call=partial(
                        attacks_task,
                        seeded,
                        cache,
                        split,
                        seed=fitting,
                        kept=kept / f"privacy-{number:03d}.pt",
                        further=further,
                    ),
                )
            )
            if number >= folds:
                continue
            for kind, name, strengths in _mechanisms(config):
                chosen: dict[str, Any] = {"name": name, "strengths": strengths}
                title = "-".join([name, *(f"{strength:g}" for strength in strengths)])
                place = kept / f"privacy-{number:03d}-{title}.pt"
                tasks.append(
                    where(
                        kind=kind,
                        **chosen,
                        about=f"{about}: {title}",
                        digest=result_digest(kind, seeded, cycles, split, seed=fitting, further=others, **chosen),
                        call=partial(
                            mechanism_task,
                            seeded,
                            cache,
                            split,
                            kind=kind,
                            **chosen,
                            seed=fitting,
                            kept=place,
                            further=further,
                        ),
                    )
                )
    return tasks


def attacks_task(
    config: Config, cache: Path, split: Split, *, seed: int, kept: Path | None = None, further: Path | None = None
) -> dict[str, Any]:
    """Train the method on a privacy fold, attack everything it releases, and probe its latents.

    z_emotion that each subject's own cycles have adapted is scored as a mechanism of its own.

    Args:
        config: the settings of the run.
        cache: with the cycles.
        split: the fold.
        seed: the seed of training.
        kept: where the trained model is kept.
        further: a cache of further walkers for attackers to learn from.
    """
    torch.set_num_threads(config.train.threads)
    cycles = open_run_cycles(config, cache)
    data = fold_data(cycles, split, hold_out_take=config.protocol.hold_out_take, seed=config.seed)
    digest = result_digest("model", config, cycles, split, seed=seed)
    model = model_once(kept, digest, lambda: fit_model(config, data, seed=seed))
    model = with_identity(model, data.batch(data.split.train))
    data = _with_further(config, data, further)
    cycles = data.cycles
    releases = released(model, data)
    if model.average_baseline is None:  # else a walk alone is not what the model classifies
        releases[ANONYMISED] = anonymised_release(model, releases["z_emotion"], cycles.take_ids)
    more = {}
    if not config.protocol.subject_baseline:  # else cycles stand beside the subject's others already
        centre = emotions_centre(releases["z_emotion"][split.train], cycles.emotion[split.train])
        moved = adapt_to_subjects(releases["z_emotion"], cycles.subject, centre)
        attackers = also_reflected(ALL_ATTACKERS)
        more["adapted"] = score_mechanism("adapted", None, moved, data, attackers=attackers).to_dict()
    return {
        "attacks": attack_fold(releases, data, attackers=ALL_ATTACKERS).to_dict(),
        "emotion": {
            name: emotion_of_release(releases[name], cycles, split) for name in METHOD_POINTS if name in releases
        },
        "disentanglement": probe_latents(releases, data),
        "swap": swap_latents(model, data, releases).to_dict(),
        **more,
    }


def mechanism_task(
    config: Config,
    cache: Path,
    split: Split,
    *,
    kind: str,
    name: str,
    strengths: Sequence[float],
    seed: int,
    kept: Path | None = None,
    further: Path | None = None,
) -> list[dict[str, Any]]:
    """What one network gives with one mechanism, or several, on a privacy fold.

    Args:
        config: the settings of the run.
        cache: with the cycles.
        split: the fold.
        kind: "mechanism" or "ablation".
        name: the mechanism: "reversal" trains the method with the one strength given; "plain" releases the latent of
            the plain ST-GCN as it is and with noise of each strength; "leace" a wide one with the subjects erased. Of
            an ablation: the part that the method is trained without.
        strengths: the strengths of the reversal, or of the noise in standard deviations of the latent.
        seed: the seed of training and noise.
        kept: where the trained model is kept.
        further: a cache of further walkers for attackers to learn from.
    """
    torch.set_num_threads(config.train.threads)
    cycles = open_run_cycles(config, cache)
    if name == "reversal":
        settings = variant(config, "disentangled", reversal=strengths[0])
    else:
        settings = variant(config, name if kind == "ablation" else "plain_stgcn")
    if name == "leace":
        settings.network.emotion_dim = WIDE
    data = fold_data(cycles, split, hold_out_take=settings.protocol.hold_out_take, seed=settings.seed)
    digest = result_digest("model", settings, cycles, split, seed=seed)
    model = model_once(kept, digest, lambda: fit_model(settings, data, seed=seed))
    data = _with_further(settings, data, further)
    latent: Features = encode(model.network, data.dataset.tensors(), model.layout).z_emotion
    strength = strengths[0] if name == "reversal" else None
    releases = [(name, strength, latent)]
    if name in ("plain", "leace"):
        releases = latent_mechanisms(latent, data, noise=strengths, erase=name == "leace", seed=seed)
    return [score_mechanism(*one, data, attackers=ALL_ATTACKERS).to_dict() for one in releases]


def _with_further(config: Config, data: FoldData, further: Path | None) -> FoldData:
    """The data of a fold, and behind them further walkers that no part of its split holds."""
    if further is None:
        return data
    cycles = open_with_further(config, data.recorded, further)
    return fold_data(cycles, data.split, hold_out_take=config.protocol.hold_out_take, seed=config.seed)


def _mechanisms(config: Config) -> list[tuple[str, str, tuple[float, ...]]]:
    """Kind of task, name and strengths: points of the curve beside the method's own, and ablations."""
    curve = [strength for strength in config.evaluate.curve if strength != config.train.reversal]
    found: list[tuple[str, str, tuple[float, ...]]] = [("mechanism", "reversal", (strength,)) for strength in curve]
    found.append(("mechanism", "plain", tuple(config.evaluate.noise)))
    if can_erase():
        found.append(("mechanism", "leace", ()))
    return found + [("ablation", name, ()) for name in config.evaluate.ablation]


def _warn_of_few(config: Config, cycles: CycleStore, folds: int) -> None:
    subjects = len(np.unique(cycles.subject))
    if subjects < 2 * config.evaluate.privacy_subjects:
        log.warning(
            "privacy: %d subjects make galleries of %d unseen ones, fewer than the %d asked for",
            subjects,
            subjects // 2,
            config.evaluate.privacy_subjects,
        )
    seen = subjects - math.ceil(subjects / folds) - config.protocol.validation_subjects
    if 0 < seen <= CONTROL:
        log.warning(
            "privacy: of %d subjects a model is trained on %d at least, and more than %d are needed for a verdict: no"
            " release can be re-identified above %d x chance, so that nothing will be called hidden",
            subjects,
            seen,
            CONTROL,
            CONTROL,
        )
    if not can_erase():
        log.warning("the curve is without LEACE, which needs an extra: pip install 'stgcn_affect[erasure]'")
