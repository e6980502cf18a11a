"""From finished tasks to ``results.json``."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from stgcn_affect.data.labelled import describe_cycles
from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError, last_line
from stgcn_affect.jobs import evidence
from stgcn_affect.jobs.ablation import WITHOUT_ALL, ablation_block
from stgcn_affect.jobs.tasks import Failure
from stgcn_affect.jobs.variants import ABLATIONS
from stgcn_affect.settings import Config


class _Found(NamedTuple):
    """What the finished emotion tasks say.

    Args:
        networks: codes by network, ``[seeds, N]``, -1 where nothing was predicted.
        plain: the same by traditional baseline.
        swapped: the same by baseline that was trained with the linear swap.
        inner: scores inside the training subjects by seed, fold and traditional baseline.
        tested: tested cycles by seed and fold.
    """

    networks: evidence.Predictions
    plain: evidence.Predictions
    swapped: evidence.Predictions
    inner: dict[int, dict[str, dict[str, float]]]
    tested: dict[int, dict[str, evidence.Codes]]


def collect(config: Config, cycles: CycleStore, done: Mapping[str, Any], failures: Sequence[Failure]) -> dict[str, Any]:
    """``results.json`` from the finished tasks by name. Raises InputError where every piece of a claim died."""
    found = _predictions(config, cycles, done)
    privacy = [done[name] for name in sorted(done) if name.endswith("/method")]
    _check_alive(found, privacy, failures)
    seeds, seed = config.evaluate.seeds, config.seed
    predictions = found.networks | found.plain | found.swapped
    blocks = {name: evidence.emotion_block(codes, cycles, seed=seed) for name, codes in predictions.items()}
    curve = defaultdict(list, evidence.method_points(privacy, reversal=config.train.reversal))
    parts: dict[str, list[Any]] = defaultdict(list)
    for name in sorted(done):
        kind = name.split("/")[-1].split("-")[0]
        if kind in ("curve", "ablation"):
            for title, point in done[name].items():
                (curve if kind == "curve" else parts)[title].append(point)
    points = evidence.curve_points(curve, seed=seed)
    attacked = {WITHOUT_ALL: curve["plain"], **parts} if curve["plain"] else parts
    return {
        "dataset": describe_cycles(cycles),
        "protocol": {
            "kind": config.protocol.kind,
            "subject_baseline": config.protocol.subject_baseline,
            "folds": len(found.tested[seeds[0]]),
            "seeds": list(seeds),
        },
        "emotion": blocks["disentangled"],
        "baselines": {name: block for name, block in blocks.items() if name not in {"disentangled", *ABLATIONS}}
        | {"majority": _majority(cycles, seed=seed)},
        "comparison": _comparison(found, blocks, cycles, seed=seed),
        "privacy": evidence.privacy_block(privacy, permutations=config.evaluate.permutations, seed=seed),
        "disentanglement": evidence.disentanglement(privacy, seed=seed),
        "curve": {
            "points": points,
            "area": evidence.curve_area([point for point in points if point["name"].startswith("reversal")]),
        },
        "ablation": ablation_block(found.networks, attacked, cycles, seed=seed),
        "failures": [{"about": f.about, "subjects": list(f.subjects), "error": f.error} for f in failures],
    }


def _comparison(
    found: _Found, blocks: Mapping[str, Mapping[str, Any]], cycles: CycleStore, *, seed: int
) -> dict[str, Any]:
    """The method against the best baseline, which is chosen in every fold by its score inside, and against others."""
    best = np.stack(
        [
            evidence.best_baselines(inner, {name: codes[row] for name, codes in found.plain.items()}, found.tested[s])
            for row, (s, inner) in enumerate(found.inner.items())
        ]
    )

    def against(codes: evidence.Codes) -> dict[str, Any]:
        return evidence.compare(found.networks["disentangled"], codes, cycles, seed=seed)

    def against_top(of: evidence.Predictions) -> dict[str, Any]:
        top = max(of, key=lambda name: float(blocks[name]["balanced_accuracy"]))
        return {"name": top, **against(of[top])}

    return {
        "best_baseline": "chosen per fold on inner validation",
        "best_baseline_scores": evidence.emotion_block(best, cycles, seed=seed),
        **against(best),
        "best_by_test_score": against_top(found.plain),
        "best_swap_trained": against_top(found.swapped),
        "plain_stgcn": against(found.networks["plain_stgcn"]),
    }


def _predictions(config: Config, cycles: CycleStore, done: Mapping[str, Any]) -> _Found:
    seeds = config.evaluate.seeds
    codes: evidence.Predictions = defaultdict(lambda: np.full((len(seeds), len(cycles)), -1, dtype=np.int64))
    networks: set[str] = set()
    inner: dict[int, dict[str, dict[str, float]]] = {seed: defaultdict(dict) for seed in seeds}
    tested: dict[int, dict[str, evidence.Codes]] = {seed: {} for seed in seeds}
    for name, result in sorted(done.items()):  # so that ties fall alike, whichever task ended first
        first, kind, fold, method = name.split("/")
        if kind != "emotion":
            continue
        seed = int(first.removeprefix("seed-"))
        test = np.array(result["test"], dtype=np.int64)
        tested[seed][fold] = test
        row = seeds.index(seed)
        if "classifiers" not in result:
            networks.add(method)
            codes[method][row, test] = result["predicted"]
            continue
        source = method.removeprefix("baselines-")
        for classifier, said in result["classifiers"].items():
            title = f"{classifier} on {source}"
            codes[title][row, test] = said["predicted"]
            if not source.endswith("_swapped"):
                inner[seed][fold][title] = said["inner"]
    swapped = {name for name in codes if name.endswith("_swapped")}
    return _Found(
        networks={name: of for name, of in codes.items() if name in networks},
        plain={name: of for name, of in codes.items() if name not in networks | swapped},
        swapped={name: of for name, of in codes.items() if name in swapped},
        inner={seed: dict(folds) for seed, folds in inner.items()},
        tested=tested,
    )


def _check_alive(found: _Found, privacy: Sequence[Any], failures: Sequence[Failure]) -> None:
    """Raise InputError where all folds of something died without which there is no evidence."""
    alive = {
        "the method": "disentangled" in found.networks,
        "the plain ST-GCN": "plain_stgcn" in found.networks,
        "the baselines": bool(found.plain),
        "the swap-trained baselines": bool(found.swapped),
        "the attacks": bool(privacy),
    }
    for what, there in alive.items():
        if not there:
            died = "; ".join(f"{f.about}: {last_line(f.error)}" for f in failures[:1])
            raise InputError(f"{what}: no fold ended, so there is no evidence to report (got {died or 'no folds'})")


def _majority(cycles: CycleStore, *, seed: int) -> dict[str, Any]:
    """The block of always saying the most frequent emotion."""
    codes = np.unique(cycles.emotion, return_inverse=True)[1]
    return evidence.emotion_block(np.full((1, len(codes)), np.bincount(codes).argmax()), cycles, seed=seed)
