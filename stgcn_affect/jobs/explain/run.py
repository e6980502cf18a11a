"""The explanation of a run: maps of its unseen subjects over the average gait cycle, and whether they are true."""

import time
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from stgcn_affect.config import load_config
from stgcn_affect.data.labelled import describe_cycles
from stgcn_affect.explain.attribution.decision import hops_seen, share_seen
from stgcn_affect.explain.attribution.methods import METHODS
from stgcn_affect.explain.explained_model import ExplainedModel
from stgcn_affect.jobs.explain import average
from stgcn_affect.jobs.explain.check import check_arguments
from stgcn_affect.jobs.explain.choice import chosen_block
from stgcn_affect.jobs.explain.maps import Choice, UnseenMaps, identity_maps, unseen_maps
from stgcn_affect.jobs.explain.methods import candidates, methods_block, score_candidates, trusted
from stgcn_affect.jobs.explain.models import random_label_model, without_stride_time
from stgcn_affect.jobs.explain.pictures import BLIND, OWN, draw_explanation
from stgcn_affect.jobs.explain.record import write_maps, write_tables
from stgcn_affect.jobs.explain.scores import PHASE_BINS, Judged, deletion_scores, judged, sanity_cascade
from stgcn_affect.jobs.explain.truth import all_factors_truth, known_factors, one_factor_truth, taken_away
from stgcn_affect.jobs.run_data import Progress, models_of_run
from stgcn_affect.jobs.train import versions
from stgcn_affect.settings import Config
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS

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
    """Score every method, explain the unseen subjects by the trusted one, and write files and pictures to ``out``.

    Args:
        run: folder of a finished run.
        out: folder; models that it holds from before are used again.
        method: of ``METHODS``, for maps and pictures; None: the trusted one. Every method is scored anyway.
        block: for that method; None: the one that serves it best.
        target: an emotion, or two joined by a minus, explained in every cycle; None: each cycle's own.
        quick: few candidates and factors; to try it out.
        progress: watches models and methods go by.

    Raises:
        InputError: no finished run, an unknown method, block or emotion.
    """
    started = time.perf_counter()
    models = models_of_run(run)
    config = load_config(run / "config.yaml")
    torch.set_num_threads(config.train.threads)
    check_arguments(models[0], method, block, target)
    unseen = _unseen(config, models, out)
    methods, verdict, truth = _score(config, unseen, out, quick=quick, progress=progress)
    chosen = _chosen(methods, verdict, method, block)
    found = unseen_maps(models, chosen, target=target)
    blind = _without_stride_time(config, models, out, chosen)
    results = {
        "dataset": describe_cycles(models[0].cycles),
        "explained": _explained(models, found, chosen, target),
        "methods": methods,
        "trusted": verdict,
        **({"ground_truth": truth} if truth else {}),
        **_averages(config, models, found, chosen, out),
        "faithfulness": _faithfulness(unseen, chosen, seed=config.seed),
        "sanity_cascade": sanity_cascade(unseen, chosen, seed=config.seed),
        "without_stride_time": _told_nothing(blind, models[0], seed=config.seed),
    }
    results["seconds"] = round(time.perf_counter() - started, 2)
    results["versions"] = versions()
    maps, scale = average.average_maps(found)
    cycles, layout = average.average_cycles(found.cycles, found.index), models[0].model.layout
    maps |= {f"{name}{BLIND}": one for name, one in average.average_maps(blind)[0].items() if name in cycles}
    write_maps(out, maps=maps, cycles=cycles, layout=layout, scale=scale)
    draw_explanation(out, results, maps=maps, cycles=cycles, layout=layout)
    write_tables(out, results)
    return results


def _unseen(config: Config, models: Sequence[ExplainedModel], out: Path) -> list[Judged]:
    """The models with their unseen subjects, and beside each one that learned random labels."""
    untaught = [random_label_model(config, one, out / "models" / f"random-labels-{i}") for i, one in enumerate(models)]
    return [judged(one, one.test, wrong) for one, wrong in zip(models, untaught, strict=True)]


def _score(
    config: Config, unseen: Sequence[Judged], out: Path, *, quick: bool, progress: Progress | None
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The table of methods, which of them is trusted, and what the truth says of that one."""
    models = [one.explained for one in unseen]
    factors = QUICK_FACTORS if quick else tuple(EMOTION_FACTORS)
    known = known_factors(config, out / "models", factors=factors, progress=progress)
    away = (
        [] if config.data.root or config.protocol.subject_baseline else taken_away(models[0], config, factors=factors)
    )
    truth = cache(partial(one_factor_truth, known, seed=config.seed)) if known else None
    truth_all = cache(partial(all_factors_truth, models[0], away)) if away else None
    validation = [judged(one, one.validation) for one in models if len(one.validation)]
    scored = score_candidates(
        candidates(len(models[0].model.network.emotion_encoder.blocks), last_only=quick),
        unseen,
        validation,
        truth=truth,
        truth_all=truth_all,
        seed=config.seed,
        progress=progress,
    )
    verdict = trusted(scored)
    best = Choice(verdict["method"], verdict["block"] or 0)
    asked = {"one_factor": truth, "all_factors": truth_all}
    return methods_block(scored), verdict, {name: of(best) for name, of in asked.items() if of is not None}


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
        "tempo": average.stride_time_block(found, scale=scale, seed=config.seed),
        "identity_ranking": average.identity_ranking(
            given_away[0], found.cycles, given_away[1], layout, seed=config.seed
        ),
        "events": {name: one.lines() for name, one in events.items()},
        "summary": average.summaries(maps, events, layout, list(cycles)),
    }


def _faithfulness(unseen: Sequence[Judged], chosen: Choice, *, seed: int) -> dict[str, Any]:
    """Deletion and insertion by the chosen maps: whole joints and pieces, either replacement."""
    return {
        f"{units}, {kind.replace('_', ' ')}": deletion_scores(unseen, chosen, seed=seed, kind=kind, bins=bins)
        for units, bins in (("joints", 1), ("joint x phase", PHASE_BINS))
        for kind in ("mean_path", "own_mean_pose")
    }


def _without_stride_time(config: Config, models: Sequence[ExplainedModel], out: Path, chosen: Choice) -> UnseenMaps:
    """The maps of models that are not told the stride time."""
    blind = [without_stride_time(config, one, out / "models" / f"no-stride-time-{i}") for i, one in enumerate(models)]
    return unseen_maps(blind, chosen, stride_time=False)


def _told_nothing(blind: UnseenMaps, explained: ExplainedModel, *, seed: int) -> dict[str, Any]:
    """How well they do, and their rankings."""
    scale = average.average_maps(blind)[1]
    ranking = average.rankings(blind, explained.model.layout, scale=scale, seed=seed)
    return {"accuracy": float(blind.right.mean()), "ranking": ranking}


def _explained(
    models: Sequence[ExplainedModel], found: UnseenMaps, chosen: Choice, target: str | None
) -> dict[str, Any]:
    about: dict[str, Any] = {
        "method": chosen.method,
        "block": chosen_block(chosen),
        "target": target or OWN,
        "models": len(models),
        "subjects": len(np.unique(found.subjects)),
        "cycles": len(found.index),
        "decided_right": int(found.right.sum()),
    }
    if METHODS[chosen.method].takes_block:
        graph = SkeletonGraph(models[0].model.layout)
        about["hops_seen"] = hops_seen(chosen.block)
        about["share_of_joints_seen"] = float(share_seen(graph, chosen.block).mean())
    return about


def _chosen(methods: dict[str, Any], verdict: dict[str, Any], method: str | None, block: int | None) -> Choice:
    name = method or verdict["method"]
    best = verdict["block"] if method is None else methods[name]["block"]
    return Choice(name, (best or 0) if block is None else block)
