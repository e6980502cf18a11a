"""Score every attribution method of a run, side by side, and name the one to trust."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch

from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.maps.explained_model import JudgedModel, judged
from stgcn_affect.explain.quality.ground_truth import all_factors_truth, one_factor_truth, without_each_factor
from stgcn_affect.explain.quality.method_choice import (
    ScoredMethod,
    candidates,
    methods_block,
    score_candidate,
    trusted,
)
from stgcn_affect.jobs.explain.models import known_factors
from stgcn_affect.jobs.run_data import Progress
from stgcn_affect.jobs.side_by_side import processes, side_by_side
from stgcn_affect.settings import Config


def score_methods(
    config: Config,
    unseen: Sequence[JudgedModel],
    out: Path,
    *,
    factors: Sequence[str],
    quick: bool,
    jobs: int | None,
    progress: Progress | None,
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The block ``methods``, the block ``trusted``, and the ground truth of the method that is trusted.

    Args:
        config: the settings of the run.
        unseen: its models with their unseen subjects.
        out: the folder of the explanation, with the one-factor models.
        factors: the emotion factors of these.
        quick: the last block only.
        jobs: processes; None: as many as there are physical cores.
        progress: watches methods go by.
    """
    models = [one.explained for one in unseen]
    known = known_factors(config, out / "models", factors=factors)
    pairs = []
    if not config.data.root and not config.protocol.subject_baseline:
        made = config.synthetic
        pairs = without_each_factor(
            models[0].model, generator_seed=made.seed, factors=made.emotion_factors, scored=factors
        )
    score = partial(
        _scored,
        unseen=unseen,
        validation=[judged(one, one.validation) for one in models if len(one.validation)],
        truth=partial(one_factor_truth, known, seed=config.seed) if known else None,
        truth_all=partial(all_factors_truth, models[0], pairs) if pairs else None,
        config=config,
    )
    choices = candidates(len(models[0].model.network.emotion_encoder.blocks), last_only=quick)
    workers = processes(jobs, len(choices), device=config.train.device)
    calls = [partial(score, choice) for choice in choices]
    scored = side_by_side(calls, jobs=workers, progress=progress, label="methods")
    verdict = trusted(scored)
    (best,) = [one for one in scored if one.choice == MethodChoice(verdict["method"], verdict["block"] or 0)]
    truths = {"one_factor": best.truth, "all_factors": best.truth_all}
    return methods_block(scored), verdict, {name: dict(one) for name, one in truths.items() if one is not None}


def _scored(choice: MethodChoice, *, config: Config, **how: Any) -> ScoredMethod:
    """``score_candidate`` in a process that may be a new one."""
    torch.set_num_threads(config.train.threads)
    return score_candidate(choice, seed=config.seed, **how)
