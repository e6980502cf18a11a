"""Faithfulness of maps: deletion in their order against random orders, motion energy and the reversed order."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.maps.cycle_maps import Predict
from stgcn_affect.explain.maps.explained_model import JudgedModel
from stgcn_affect.explain.maps.stride_time import stride_time_beside
from stgcn_affect.explain.quality.deletion import (
    Curves,
    Order,
    Replacement,
    deletion_curves,
    motion_energy,
    order_by,
    order_without_stride_time_score,
    random_order,
    replacement,
    unit_scores,
)
from stgcn_affect.stats import Names, Takes, estimate, percentile_limits, subject_draws, subject_means
from stgcn_affect.training.predict import emotion_probabilities

PHASE_BINS = 8
BIN_STEPS = 16
"""States between nothing and everything deleted where joints are cut into phase bins."""

COMPARED: tuple[tuple[str, str], ...] = (("map", "random"), ("map", "energy"), ("map", "reversed"))
"""Pairs of orders whose areas are compared on the same cycles."""


def deletion_orders(
    scores: npt.NDArray[np.floating], energy: npt.NDArray[np.floating], *, random_draws: int = 5, seed: int = 0
) -> dict[str, Order]:
    """All orders ``[N, U]`` to try: map, reversed, energy, energy_reversed, random_0 ...

    Args:
        scores: ``[N, U]`` the map's, see ``unit_scores``.
        energy: ``[N, V * bins]``, see ``motion_energy``. It says nothing of stride time, which is deleted where the map
            deletes it.
        random_draws: how many random orders.
        seed: the seed of the random orders and of the order of equal scores.
    """
    cycles, units = scores.shape
    by_map = order_by(scores, seed=seed)
    if energy.shape[1] < units:
        by_energy = order_without_stride_time_score(by_map, energy, seed=seed)
    else:
        by_energy = order_by(energy, seed=seed)
    chance = {f"random_{i}": random_order(cycles, units, seed=seed + 1 + i) for i in range(random_draws)}
    return {
        "map": by_map,
        "reversed": by_map[:, ::-1],
        "energy": by_energy,
        "energy_reversed": by_energy[:, ::-1],
        **chance,
    }


def order_curves(
    predict: Predict,
    cycles: CycleBatch,
    orders: Mapping[str, Order],
    replaced: Replacement,
    target: npt.NDArray[np.int64],
    *,
    bins: int = 1,
    steps: int | None = None,
    batch: int = 1024,
) -> dict[str, Curves]:
    """``deletion_curves`` of one model's cycles in each of ``deletion_orders``; the random ones are averaged to one."""
    curves = {
        name: deletion_curves(predict, cycles, order, replaced, target, bins=bins, steps=steps, batch=batch)
        for name, order in orders.items()
    }
    chance = [curves.pop(name) for name in list(curves) if name.startswith("random_")]
    if chance:
        curves["random"] = Curves(*(np.mean([getattr(c, field) for c in chance], axis=0) for field in Curves._fields))
    return curves


def pool_curves(models: Sequence[Mapping[str, Curves]]) -> dict[str, Curves]:
    """The curves of several models' cycles, one model after another."""
    return {
        name: Curves(
            models[0][name].fraction,
            np.concatenate([curves[name].probability for curves in models]),
            np.concatenate([curves[name].hit for curves in models]),
        )
        for name in models[0]
    }


def faithfulness_scores(
    curves: Mapping[str, Curves], *, subjects: Names, takes: Takes, seed: int = 0
) -> dict[str, Any]:
    """Areas under deletion and insertion curves, per cycle, then averaged over cycles, takes and subjects.

    A true map has a small deletion area (the decision falls at once) and a large insertion area (it stands at once).

    Args:
        curves: the result of ``order_curves``, N cycles.
        subjects: ``[N]`` names.
        takes: ``[N]`` a number per take.
        seed: the seed of the bootstrap.

    Returns:
        deletion and insertion: order to mean, ci95 over subjects and n_subjects; deletion_difference and
        insertion_difference: "map_minus_random" and so on, the same of paired differences, cycle by cycle; curves:
        fraction, and for deletion and insertion the mean probability, its [lower, upper] (None for one subject) and the
        accuracy at each, per order (insertion's fraction is of what has been put back).
    """

    def summary(values: npt.NDArray[np.floating]) -> dict[str, Any]:
        return dict(estimate(values, subjects=subjects, takes=takes, seed=seed))

    def mean_curve(values: npt.NDArray[np.floating]) -> tuple[list[float], list[list[float]] | None]:
        means = subject_means(values, subjects=subjects, takes=takes).values
        limits = None
        if len(means) > 1:
            drawn = subject_draws(len(means), seed=seed) @ means
            limits = percentile_limits(drawn).tolist()
        return list(map(float, means.mean(axis=0))), limits

    fraction = curves["map"].fraction
    block: dict[str, Any] = {"curves": {"fraction": [float(f) for f in fraction]}}
    for kind, named in (("deletion", _deletion(curves)), ("insertion", _insertion(curves))):
        areas = {name: curve.area() for name, curve in named.items()}
        block[kind] = {name: summary(area) for name, area in areas.items()}
        block[f"{kind}_difference"] = {
            f"{one}_minus_{other}": summary(areas[one] - areas[other])
            for one, other in COMPARED
            if one in areas and other in areas
        }
        block["curves"][kind] = {
            name: {"probability": probability, "ci95": limits, "accuracy": mean_curve(curve.hit)[0]}
            for name, curve in named.items()
            for probability, limits in [mean_curve(curve.probability)]
        }
    return block


def deletion_scores(
    models: Sequence[JudgedModel],
    choice: MethodChoice,
    *,
    seed: int,
    kind: str = "mean_path",
    bins: int = 1,
    draws: int = 3,
) -> dict[str, Any]:
    """``faithfulness_scores`` of a method's maps on a run's models; the stride time is one more unit beside the joints.

    Args:
        models: with the cycles to score on.
        choice: the method and the block.
        seed: the seed of everything random.
        kind: what replaces deleted units, of ``replacement``.
        bins: pieces that the cycle is cut into; 1: whole joints.
        draws: random orders.
    """
    curves: list[Mapping[str, Curves]] = []
    for one in models:
        model, cycles = one.explained.model, one.explained.cycles
        maps = one.maps(choice)
        orders = deletion_orders(
            unit_scores(maps, bins=bins, stride_time=stride_time_beside(maps, one.stride_time)),
            motion_energy(cycles.positions[one.index], model.layout, bins=bins),
            random_draws=draws,
            seed=seed,
        )
        replaced = replacement(
            kind,
            cycles.positions[one.index],
            subjects=one.subjects,
            training_positions=cycles.positions[one.explained.train],
            training_stride_time_s=cycles.stride_time_s[one.explained.train],
        )
        curves.append(
            order_curves(
                partial(emotion_probabilities, model.network, layout=model.layout),
                one.batch,
                orders,
                replaced,
                one.predicted,
                bins=bins,
                steps=None if bins == 1 else BIN_STEPS,
            )
        )
    subjects = np.concatenate([one.subjects for one in models])
    takes = np.concatenate([one.takes for one in models])
    return faithfulness_scores(pool_curves(curves), subjects=subjects, takes=takes, seed=seed)


def _deletion(curves: Mapping[str, Curves]) -> dict[str, Curves]:
    return {name: curve for name, curve in curves.items() if name != "energy_reversed"}


def _insertion(curves: Mapping[str, Curves]) -> dict[str, Curves]:
    """Insertion in an order is deletion in the reversed one, backwards."""
    other_way = {"map": "reversed", "reversed": "map", "energy": "energy_reversed", "random": "random"}
    return {
        name: Curves(1 - curves[source].fraction[::-1], *(values[:, ::-1] for values in curves[source][1:]))
        for name, source in other_way.items()
        if source in curves
    }
