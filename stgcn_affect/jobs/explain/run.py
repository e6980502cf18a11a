"""Explain a run: score the attribution methods, and average the maps of unseen subjects over the gait cycle."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.config import load_config
from stgcn_affect.data.averages import emotion_cycles
from stgcn_affect.data.labelled import describe_cycles
from stgcn_affect.explain.attribution.decision import hops_seen, share_seen
from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.maps.average import MIN_SUBJECTS, NormalisedMaps, average_maps
from stgcn_affect.explain.maps.dataset_maps import UnseenMaps, identity_maps, unseen_maps
from stgcn_affect.explain.maps.explained_model import ExplainedModel, JudgedModel, judged
from stgcn_affect.explain.maps.ranking import RankedJoint, emotion_ranking, identity_ranking, limb_phase_shares
from stgcn_affect.explain.maps.stride_time import stride_time_by_emotion
from stgcn_affect.explain.quality.faithfulness import PHASE_BINS, deletion_scores
from stgcn_affect.explain.quality.method_scores import sanity_cascade
from stgcn_affect.jobs.explain.choice import check_arguments
from stgcn_affect.jobs.explain.models import (
    no_stride_time_folder,
    random_label_folder,
    random_label_model,
    train_models,
    without_stride_time,
)
from stgcn_affect.jobs.explain.released import check_enough_subjects
from stgcn_affect.jobs.explain.score import score_methods
from stgcn_affect.jobs.run_data import Progress, models_of_run
from stgcn_affect.jobs.side_by_side import processes
from stgcn_affect.jobs.train import versions
from stgcn_affect.motion.gait_events import gait_events, phase_bins
from stgcn_affect.reporting.explanation_figures import OWN, WITHOUT_STRIDE_TIME, draw_explanation
from stgcn_affect.reporting.explanation_files import write_maps, write_tables
from stgcn_affect.settings import Config
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS

Map = npt.NDArray[np.floating]

QUICK_FACTORS = ("arm_swing_ratio", "head_flexion_deg")
"""Emotion factors of a quick explanation."""


def explain_run(
    run: Path,
    out: Path,
    *,
    method: str | None = None,
    block: int | None = None,
    target: str | None = None,
    quick: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
    release: bool = False,
    kept: Path | None = None,
) -> dict[str, Any]:
    """Score every method, explain the unseen subjects by the trusted one, and write files and pictures to ``out``.

    Args:
        run: folder of a finished run.
        out: folder; models that it holds from before are used again.
        method: one of ``METHODS``, for maps and pictures; None: the trusted one. Every method is scored anyway.
        block: for that method; None: the one that serves it best.
        target: an emotion, or two joined by a minus, explained in every cycle; None: each cycle's own.
        quick: few candidates and factors; to try it out.
        jobs: processes that train models and score methods side by side; None: as many as there are physical cores. The
            results are the same bits for any number.
        progress: watches models and methods go by.
        release: leave out the averages of fewer than ``MIN_SUBJECTS`` subjects, which name them.
        kept: the folder that keeps the models, in the place of ``out``.

    Raises:
        InputError: no finished run, an unknown method, block or emotion; with ``release`` an emotion of too few unseen
            subjects.
    """
    started = time.perf_counter()
    models, kept = models_of_run(run), kept or out
    config, layout = load_config(run / "config.yaml"), models[0].model.layout
    torch.set_num_threads(config.train.threads)
    check_arguments(models[0].model, method, block, target)
    if release:
        check_enough_subjects(models)
    factors = QUICK_FACTORS if quick else tuple(EMOTION_FACTORS)
    train_models(
        config,
        models,
        kept / "models",
        factors=factors,
        jobs=processes(jobs, len(factors) + 2 * len(models), device=config.train.device),
        progress=progress,
    )
    unseen = _unseen(config, models, kept)
    methods, verdict, truth = score_methods(
        config, unseen, kept, factors=factors, quick=quick, jobs=jobs, progress=progress
    )
    chosen = _chosen(methods, verdict, method, block)
    found = unseen_maps(models, chosen, target=target)
    maps, scale = _average_maps(found)
    shown = _average_maps(found, min_subjects=MIN_SUBJECTS)
    few = sorted(set(maps) - set(shown.maps))
    if release:
        (maps, scale), few = shown, []
    cycles = emotion_cycles(found.cycles.select(found.index))
    without = _without_stride_time(config, models, kept, chosen)
    results = {
        "dataset": describe_cycles(models[0].cycles),
        "explained": _explained(models, found, chosen, target),
        "identifies_subject": few,
        "methods": methods,
        "trusted": verdict,
        **({"ground_truth": truth} if truth else {}),
        "scale": scale,
        **_by_emotion(found, maps, cycles, layout=layout, scale=scale, seed=config.seed),
        "identity_ranking": _identity(models, chosen, seed=config.seed),
        "faithfulness": _faithfulness(unseen, chosen, seed=config.seed),
        "sanity_cascade": sanity_cascade(unseen, chosen, seed=config.seed),
        "without_stride_time": {
            "accuracy": float(without.right.mean()),
            "ranking": _ranking(without, layout, scale=_average_maps(without).scale, seed=config.seed),
        },
    }
    results["seconds"] = round(time.perf_counter() - started, 2)
    results["versions"] = versions()
    for name, one in _average_maps(without).maps.items():
        if name in cycles:
            maps[f"{name}{WITHOUT_STRIDE_TIME}"] = one
    write_maps(out, maps=maps, cycles=cycles, layout=layout, scale=scale)
    draw_explanation(out, results, maps=maps, cycles=cycles, layout=layout)
    write_tables(out, results)
    return results


def _unseen(config: Config, models: Sequence[ExplainedModel], out: Path) -> list[JudgedModel]:
    """The models with their unseen subjects, each beside one that was trained on random labels."""
    folders = [random_label_folder(out / "models", number) for number in range(len(models))]
    random = [random_label_model(config, one, folder) for one, folder in zip(models, folders, strict=True)]
    return [judged(one, one.test, other) for one, other in zip(models, random, strict=True)]


def _average_maps(found: UnseenMaps, *, min_subjects: int = 1) -> NormalisedMaps:
    return average_maps(
        found.maps,
        emotions=found.emotions,
        subjects=found.subjects,
        takes=found.takes,
        right=found.right,
        min_subjects=min_subjects,
    )


def _ranking(found: UnseenMaps, layout: Layout, *, scale: float, seed: int) -> dict[str, list[RankedJoint]]:
    """The block ``ranking``, in the unit of the normalised maps."""
    maps = found.maps / np.float32(scale or 1.0)
    return emotion_ranking(
        maps, layout.joints, emotions=found.emotions, subjects=found.subjects, takes=found.takes, seed=seed
    )


def _by_emotion(
    found: UnseenMaps, maps: Mapping[str, Map], cycles: Mapping[str, Map], *, layout: Layout, scale: float, seed: int
) -> dict[str, Any]:
    """Rankings, stride time, gait events and shares of limbs and phases, each by emotion."""
    stride_time = stride_time_by_emotion(
        found.maps,
        found.stride_time,
        emotions=found.emotions,
        subjects=found.subjects,
        takes=found.takes,
        scale=scale,
        seed=seed,
    )
    events = {name: gait_events(cycle, layout) for name, cycle in cycles.items()}
    return {
        "ranking": _ranking(found, layout, scale=scale, seed=seed),
        "tempo": stride_time,
        "events": {name: one.lines() for name, one in events.items()},
        "summary": {
            name: limb_phase_shares(maps[name], layout, phase_bins(one, samples=len(maps[name])))
            for name, one in events.items()
        },
    }


def _identity(models: Sequence[ExplainedModel], chosen: MethodChoice, *, seed: int) -> list[RankedJoint]:
    maps, index = identity_maps(models, chosen)
    cycles = models[0].cycles
    subjects, takes = cycles.subject[index], cycles.take_ids[index]
    return identity_ranking(maps, models[0].model.layout.joints, subjects=subjects, takes=takes, seed=seed)


def _faithfulness(unseen: Sequence[JudgedModel], chosen: MethodChoice, *, seed: int) -> dict[str, Any]:
    """Deletion and insertion by the chosen maps: whole joints and pieces of the cycle, either replacement."""
    return {
        f"{units}, {kind.replace('_', ' ')}": {
            "units": units,
            "replacement": kind,
            **deletion_scores(unseen, chosen, seed=seed, kind=kind, bins=bins),
        }
        for units, bins in (("joints", 1), ("joint x phase", PHASE_BINS))
        for kind in ("mean_path", "own_mean_pose")
    }


def _without_stride_time(
    config: Config, models: Sequence[ExplainedModel], out: Path, chosen: MethodChoice
) -> UnseenMaps:
    """The maps of models without stride time."""
    folders = [no_stride_time_folder(out / "models", number) for number in range(len(models))]
    others = [without_stride_time(config, one, folder) for one, folder in zip(models, folders, strict=True)]
    return unseen_maps(others, chosen, stride_time=False)


def _explained(
    models: Sequence[ExplainedModel], found: UnseenMaps, chosen: MethodChoice, target: str | None
) -> dict[str, Any]:
    about: dict[str, Any] = {
        "method": chosen.method,
        "block": chosen.used_block,
        "target": target or OWN,
        "models": len(models),
        "subjects": len(np.unique(found.subjects)),
        "cycles": len(found.index),
        "decided_right": int(found.right.sum()),
    }
    if chosen.used_block is not None:
        graph = SkeletonGraph(models[0].model.layout)
        about["hops_seen"] = hops_seen(chosen.block)
        about["share_of_joints_seen"] = float(share_seen(graph, chosen.block).mean())
    return about


def _chosen(methods: dict[str, Any], verdict: dict[str, Any], method: str | None, block: int | None) -> MethodChoice:
    name = method or verdict["method"]
    best = verdict["block"] if method is None else methods[name]["block"]
    return MethodChoice(name, (best or 0) if block is None else block)
