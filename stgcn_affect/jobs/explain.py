"""The explanation of a run: maps of its unseen walkers over the average gait cycle, and whether they are true."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from stgcn_affect.config import load_config
from stgcn_affect.data.emotion_factors import EMOTION_FACTORS
from stgcn_affect.explain.hops import hops_seen, share_seen
from stgcn_affect.explain.methods import METHODS
from stgcn_affect.jobs import explain_average as average
from stgcn_affect.jobs.explain_check import check_arguments
from stgcn_affect.jobs.explain_maps import Choice, UnseenMaps, identity_maps, unseen_maps
from stgcn_affect.jobs.explain_methods import candidates, methods_block, score_candidates, trusted
from stgcn_affect.jobs.explain_pictures import draw_explanation
from stgcn_affect.jobs.explain_record import write_maps, write_tables
from stgcn_affect.jobs.explain_scores import PHASE_BINS, Judged, deletion_scores, judged
from stgcn_affect.jobs.explain_truth import all_factors_truth, known_factors, one_factor_truth, taken_away
from stgcn_affect.jobs.explained_models import ExplainedModel, models_of_run
from stgcn_affect.jobs.run_data import Progress, describe_cycles
from stgcn_affect.jobs.train import versions
from stgcn_affect.jobs.truth_models import random_label_model, without_stride_time
from stgcn_affect.settings import Config
from stgcn_affect.skeleton.graph import SkeletonGraph

QUICK_FACTORS = ("arm_swing_ratio", "head_flexion_deg")
"""The factors of an explanation in small."""


def explain_run(
    run: Path,
    out: Path,
    *,
    method: str | None = None,
    block: int | None = None,
    target: str | None = None,
    quick: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Score every method, explain the unseen walkers by the trusted one, and write files and pictures to ``out``.

    Args:
        run: folder of a finished run.
        out: folder; models that it holds from before are used again.
        method: of ``METHODS``, for maps and pictures; None: the trusted one.
        block: for that method; None: the one that serves it best.
        target: an emotion, or two joined by a minus, explained in every cycle; None: each cycle's own.
        quick: few candidates and factors; to try it out.
        progress: watches models and methods go by.

    Raises:
        InputError: no finished run, an unknown method, block or emotion.
    """
    started = time.perf_counter()
    config = load_config(run / "config.yaml")
    models = models_of_run(run)
    torch.set_num_threads(config.train.threads)
    check_arguments(models[0], method, block, target)
    methods, verdict, truth = _score(config, models, out, quick=quick, progress=progress)
    chosen = _chosen(methods, verdict, method, block)
    found = unseen_maps(models, chosen, target=target)
    results = {
        "dataset": describe_cycles(models[0].cycles),
        "explained": _explained(models, found, chosen, target),
        "methods": methods,
        "trusted": verdict,
        **({"ground_truth": truth} if truth else {}),
        **_averages(config, models, found, chosen, out),
        "faithfulness": _faithfulness(models, chosen, seed=config.seed),
        "without_stride_time": _without_stride_time(config, models, out, chosen),
    }
    results["seconds"] = round(time.perf_counter() - started, 2)
    results["versions"] = versions()
    maps, scale = average.average_maps(found)
    cycles, layout = average.average_cycles(found.cycles, found.index), models[0].model.layout
    write_maps(out, maps=maps, cycles=cycles, layout=layout, scale=scale)
    draw_explanation(out, results, maps=maps, cycles=cycles, layout=layout)
    write_tables(out, results)
    return results


def _score(
    config: Config, models: Sequence[ExplainedModel], out: Path, *, quick: bool, progress: Progress | None
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The table of methods, which of them is trusted, and what the truth says of that one."""
    untaught = [random_label_model(config, one, out / "models" / f"random-labels-{i}") for i, one in enumerate(models)]
    factors = QUICK_FACTORS if quick else tuple(EMOTION_FACTORS)
    known = known_factors(config, out / "models", factors=factors, progress=progress)
    away = [] if config.data.root else taken_away(models[0], config)
    unseen = [judged(one, one.test, wrong) for one, wrong in zip(models, untaught, strict=True)]
    validation = [judged(one, one.validation) for one in models if len(one.validation)]
    scored = score_candidates(
        candidates(len(models[0].model.network.emotion_encoder.blocks), last_only=quick),
        unseen,
        validation,
        truth=partial(one_factor_truth, known, seed=config.seed),
        truth_all=partial(all_factors_truth, models[0], away) if away else None,
        seed=config.seed,
        progress=progress,
    )
    verdict = trusted(scored)
    best = Choice(verdict["method"], verdict["block"] or 0)
    truth = {"one_factor": one_factor_truth(known, best, seed=config.seed)}
    if away:
        truth["all_factors"] = all_factors_truth(models[0], away, best)
    return methods_block(scored), verdict, truth


def _averages(
    config: Config, models: Sequence[ExplainedModel], found: UnseenMaps, chosen: Choice, out: Path
) -> dict[str, Any]:
    """Rankings, stride time, events and summaries; see ``explain_average``."""
    maps, scale = average.average_maps(found)
    cycles, layout = average.average_cycles(found.cycles, found.index), models[0].model.layout
    events = average.all_events(cycles, layout)
    given_away = identity_maps(models, chosen)
    return {
        "scale": scale,
        "ranking": average.rankings(found, layout, scale=scale, seed=config.seed),
        "tempo": average.tempo_block(found, scale=scale, seed=config.seed),
        "identity_ranking": average.identity_ranking(
            given_away[0], found.cycles, given_away[1], layout, seed=config.seed
        ),
        "events": {name: one.lines() for name, one in events.items()},
        "summary": average.summaries(maps, events, layout, list(cycles)),
    }


def _faithfulness(models: Sequence[ExplainedModel], chosen: Choice, *, seed: int) -> dict[str, Any]:
    """Deletion and insertion by the chosen maps: whole joints and pieces, either replacement."""
    unseen: list[Judged] = [judged(one, one.test) for one in models]
    return {
        f"{units}, {kind.replace('_', ' ')}": deletion_scores(unseen, chosen, seed=seed, kind=kind, bins=bins)
        for units, bins in (("joints", 1), ("joint x phase", PHASE_BINS))
        for kind in ("mean_path", "own_mean_pose")
    }


def _without_stride_time(config: Config, models: Sequence[ExplainedModel], out: Path, chosen: Choice) -> dict[str, Any]:
    """Rankings of models that are not told the stride time, beside how well they do."""
    blind = [without_stride_time(config, one, out / "models" / f"no-stride-time-{i}") for i, one in enumerate(models)]
    found = unseen_maps(blind, chosen)
    scale = average.average_maps(found)[1]
    ranking = average.rankings(found, models[0].model.layout, scale=scale, seed=config.seed)
    return {"accuracy": float(found.right.mean()), "ranking": ranking}


def _explained(
    models: Sequence[ExplainedModel], found: UnseenMaps, chosen: Choice, target: str | None
) -> dict[str, Any]:
    takes_block = METHODS[chosen.method].takes_block
    about: dict[str, Any] = {
        "method": chosen.method,
        "block": chosen.block if takes_block else None,
        "target": target or "each cycle's own emotion",
        "models": len(models),
        "walkers": len(np.unique(found.walkers)),
        "cycles": len(found.index),
        "decided_right": int(found.right.sum()),
    }
    if takes_block:
        graph = SkeletonGraph(models[0].model.layout)
        about["hops_seen"] = hops_seen(chosen.block)
        about["share_of_joints_seen"] = float(share_seen(graph, chosen.block).mean())
    return about


def _chosen(methods: dict[str, Any], verdict: dict[str, Any], method: str | None, block: int | None) -> Choice:
    name = method or verdict["method"]
    best = verdict["block"] if method is None else methods[name]["block"]
    return Choice(name, (best or 0) if block is None else block)
