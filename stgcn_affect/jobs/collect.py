"""Collect finished tasks into ``results.json``."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from stgcn_affect.data.labelled import describe_cycles
from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError, last_line
from stgcn_affect.evaluation.attacks import FoldAttacks
from stgcn_affect.evaluation.disentanglement import SwapFold, disentanglement_block
from stgcn_affect.evaluation.emotion import (
    Codes,
    Predictions,
    Probabilities,
    ablation_block,
    best_baselines,
    comparison_block,
    emotion_block,
    majority_block,
    raters_block,
    vote,
)
from stgcn_affect.evaluation.leakage import LEAKY, leakage_block
from stgcn_affect.evaluation.mechanisms import MechanismFold, curve_area, curve_areas, curve_points, method_points
from stgcn_affect.evaluation.privacy import privacy_block
from stgcn_affect.evaluation.results import ADAPTED, BOTH_INPUTS, METHOD, RATERS, VOTE
from stgcn_affect.evaluation.seen_subjects import Attack
from stgcn_affect.jobs.emotion_tasks import ON_FEATURES
from stgcn_affect.jobs.leakage_tasks import NETWORK
from stgcn_affect.jobs.tasks import Done, Failure
from stgcn_affect.jobs.variants import WITHOUT_ALL, is_ablation
from stgcn_affect.settings import Config


class _Emotion(NamedTuple):
    """What the finished tasks on emotion predicted.

    Args:
        networks: codes by network, ``[seeds, N]``, -1 where nothing was predicted.
        probabilities: by network, ``[seeds, N, Q]``, NaN where nothing was predicted.
        adapted: codes by network that each subject's own cycles adapted.
        plain: codes by traditional baseline.
        swapped: the same by baseline that was trained with the linear swap.
        inner: inner scores by seed, fold and traditional baseline.
        tested: tested cycles by seed and fold.
        leaky: codes of the plain ST-GCN by leaky split.
    """

    networks: Predictions
    probabilities: Mapping[str, Probabilities]
    adapted: Predictions
    plain: Predictions
    swapped: Predictions
    inner: dict[int, dict[int, dict[str, float]]]
    tested: dict[int, dict[int, Codes]]
    leaky: Predictions


def collect(config: Config, cycles: CycleStore, done: Sequence[Done], failures: Sequence[Failure]) -> dict[str, Any]:
    """``results.json`` from the finished tasks. Raises InputError where every task behind a claim failed."""
    # In one order, so that ties fall alike, whichever task ended first.
    done = sorted(done, key=lambda one: (one.task.seed, one.task.fold, one.task.kind, one.task.file))
    found = _emotion(config, cycles, done)
    models = [one.result for one in done if one.task.kind == "attacks"]
    _check_alive(found, models, failures)
    seeds, seed = config.evaluate.seeds, config.seed
    predictions = {**found.networks, **found.adapted, **_votes(found), **found.plain, **found.swapped}
    blocks = {name: emotion_block(codes, cycles, seed=seed) for name, codes in predictions.items()}
    if VOTE in blocks:
        blocks[VOTE]["seeds"] = len(seeds)  # one prediction a cycle, by models of all of them
    attacks = [FoldAttacks.from_dict(model["attacks"]) for model in models]
    mechanisms = [MechanismFold.from_dict(fold) for one in done if one.task.kind == "mechanism" for fold in one.result]
    mechanisms += [MechanismFold.from_dict(model["adapted"]) for model in models if "adapted" in model]
    raters = raters_block(cycles, seed=seed)
    points = curve_points(
        method_points(attacks, [model["emotion"] for model in models], reversal=config.train.reversal) + mechanisms,
        seed=seed,
    )
    return {
        "dataset": describe_cycles(cycles),
        "protocol": {
            "kind": config.protocol.kind,
            "subject_baseline": config.protocol.subject_baseline,
            "folds": len(found.tested[seeds[0]]),
            "seeds": list(seeds),
        },
        "emotion": blocks["disentangled"],
        "baselines": {name: block for name, block in blocks.items() if name != METHOD and not is_ablation(name)}
        | {"majority": majority_block(cycles, seed=seed)},
        **({} if raters is None else {RATERS: raters}),
        "comparison": comparison_block(
            found.networks,
            found.plain,
            found.swapped,
            chosen=_chosen(found),
            scores={name: block["balanced_accuracy"] for name, block in blocks.items()},
            cycles=cycles,
            seed=seed,
        ),
        "privacy": privacy_block(attacks, permutations=config.evaluate.permutations, seed=seed)
        | {"curve_area": curve_areas(points)},
        "disentanglement": disentanglement_block(
            [model["disentanglement"] for model in models],
            [SwapFold.from_dict(model["swap"]) for model in models],
            seed=seed,
        ),
        "curve": {
            "points": points,
            "area": curve_area([point for point in points if point["kind"] == "reversal"]),
        },
        "ablation": ablation_block(
            found.networks["disentangled"], _ablated(found.networks, mechanisms, done), cycles, seed=seed
        ),
        **_leakage(found, cycles, seed=seed),
        "failures": [
            {"about": one.task.about, "subjects": list(one.task.subjects), "error": one.error} for one in failures
        ],
    }


def _ablated(
    networks: Predictions, mechanisms: Sequence[MechanismFold], done: Sequence[Done]
) -> dict[str, tuple[Codes, list[Attack]]]:
    """Part taken away to codes and attacks; the plain ST-GCN is the method without all of disentanglement."""
    parts: defaultdict[str, list[Attack]] = defaultdict(list)
    for one in done:
        if one.task.kind == "ablation":
            parts[one.task.name] += [MechanismFold.from_dict(fold).attack for fold in one.result]
    plain = [fold.attack for fold in mechanisms if fold.kind == "plain"]
    ablated = {name: (networks[name], attacks) for name, attacks in parts.items()}
    return {WITHOUT_ALL: (networks["plain_stgcn"], plain), **ablated} if plain else ablated


def _votes(found: _Emotion) -> dict[str, Codes]:
    """Means of probabilities: of the method's models of all seeds, and for each seed of its two kinds of input.

    The members are fixed beforehand and count alike. There is no vote of the seeds where no cycle is tested by all of
    them, as under fixed splits, which differ by seed.
    """
    method = found.probabilities[METHOD]
    votes = {VOTE: vote([*method])[None]}
    if ON_FEATURES in found.probabilities:
        pairs = zip(method, found.probabilities[ON_FEATURES], strict=True)
        votes[BOTH_INPUTS] = np.stack([vote(pair) for pair in pairs])
    return {name: codes for name, codes in votes.items() if (codes >= 0).any()}


def _leakage(found: _Emotion, cycles: CycleStore, *, seed: int) -> dict[str, Any]:
    """The block of leaky splits, where they were asked for."""
    leaky = {name: found.leaky[name] for name in LEAKY if name in found.leaky}
    return {"leakage": leakage_block(leaky, found.networks[NETWORK], cycles, seed=seed)} if leaky else {}


def _chosen(found: _Emotion) -> Codes:
    """``[seeds, N]`` codes of the baseline that was chosen in every fold by its inner score."""
    return np.stack(
        [
            best_baselines(inner, {name: codes[row] for name, codes in found.plain.items()}, found.tested[seed])
            for row, (seed, inner) in enumerate(found.inner.items())
        ]
    )


def _emotion(config: Config, cycles: CycleStore, done: Sequence[Done]) -> _Emotion:
    seeds = config.evaluate.seeds

    def nothing() -> Codes:
        return np.full((len(seeds), len(cycles)), -1, dtype=np.int64)

    shape = (len(seeds), len(cycles), len(np.unique(cycles.emotion)))
    networks: defaultdict[str, Codes] = defaultdict(nothing)
    probabilities: defaultdict[str, Probabilities] = defaultdict(lambda: np.full(shape, np.nan))
    adapted: defaultdict[str, Codes] = defaultdict(nothing)
    plain: defaultdict[str, Codes] = defaultdict(nothing)
    swapped: defaultdict[str, Codes] = defaultdict(nothing)
    inner: dict[int, dict[int, dict[str, float]]] = {seed: defaultdict(dict) for seed in seeds}
    tested: dict[int, dict[int, Codes]] = {seed: {} for seed in seeds}
    leaky: defaultdict[str, Codes] = defaultdict(nothing)
    for one in done:
        task = one.task
        if task.kind not in ("network", "baselines", "leakage"):
            continue
        test = np.array(one.result["test"], dtype=np.int64)
        row = seeds.index(task.seed)
        if task.kind == "leakage":
            leaky[task.name][row, test] = one.result["predicted"]
            continue
        tested[task.seed][task.fold] = test
        if task.kind == "network":
            networks[task.name][row, test] = one.result["predicted"]
            probabilities[task.name][row, test] = one.result["probabilities"]
            if "adapted" in one.result:
                adapted[ADAPTED[task.name]][row, test] = one.result["adapted"]
            continue
        for classifier, scored in one.result["classifiers"].items():
            title = f"{classifier} on {task.name}{'_swapped' if task.swapped else ''}"
            (swapped if task.swapped else plain)[title][row, test] = scored["predicted"]
            if not task.swapped:
                inner[task.seed][task.fold][title] = scored["inner"]
    inner_scores = {seed: dict(folds) for seed, folds in inner.items()}
    return _Emotion(networks, probabilities, adapted, plain, swapped, inner_scores, tested, leaky)


def _check_alive(found: _Emotion, models: Sequence[Any], failures: Sequence[Failure]) -> None:
    """Raise InputError where every fold of something that the results need has failed."""
    alive = {
        "the method": "disentangled" in found.networks,
        "the plain ST-GCN": "plain_stgcn" in found.networks,
        "the baselines": bool(found.plain),
        "the swap-trained baselines": bool(found.swapped),
        "the attacks": bool(models),
    }
    for what, there in alive.items():
        if not there:
            error = "; ".join(f"{one.task.about}: {last_line(one.error)}" for one in failures[:1])
            raise InputError(f"{what}: expected one finished fold or more (got {error or 'no folds'})")
