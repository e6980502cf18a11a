"""All scores of one attribution method on a run's models, with their limits: its row in the table of methods."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.attribution.target import lead
from stgcn_affect.explain.maps.explained_model import JudgedModel
from stgcn_affect.explain.quality.faithfulness import deletion_scores
from stgcn_affect.explain.quality.map_properties import contrastivity, sparsity, stability
from stgcn_affect.explain.quality.sanity import Likeness, cascading_randomisation, emotion_layers, likeness
from stgcn_affect.stats import Names, Takes, estimate
from stgcn_affect.training.model import Model

PER_CYCLE = ("sanity_spearman", "sanity_spearman_signed", "stability", "sparsity", "contrastivity")
"""Scores that are one number per cycle and are averaged over cycles, takes and subjects here."""


def score_method(
    models: Sequence[JudgedModel], choice: MethodChoice, *, ground_truth: Mapping[str, Any] | None, seed: int
) -> dict[str, Any]:
    """The row of one method and block in the table of methods.

    Args:
        models: the models of one run, with their unseen subjects' cycles.
        choice: the method and the block.
        ground_truth: the result of ``ground_truth_auc``, or None where it was not measured.
        seed: the seed of everything random.
    """
    sane = [_cascade(one, choice, seed=seed, all_layers=False) for one in models]
    random = [_random_labels(one, choice, one.random_labels) for one in models if one.random_labels is not None]
    row = method_scores(
        faithfulness=deletion_scores(models, choice, seed=seed),
        sanity=Likeness(
            *(np.concatenate(part) for part in zip(*(list(one.values())[-1] for one in sane), strict=True))
        ),
        stability=np.concatenate([_stability(one, choice, seed=seed) for one in models]),
        sparsity=np.concatenate([sparsity(one.maps(choice)) for one in models]),
        contrastivity=np.concatenate([_contrast(one, choice) for one in models]),
        ground_truth=ground_truth,
        subjects=np.concatenate([one.subjects for one in models]),
        takes=np.concatenate([one.takes for one in models]),
        seed=seed,
    )
    if random:
        row["random_labels_spearman"] = float(np.mean([np.mean(one.absolute) for one in random]))
    return row


def sanity_cascade(models: Sequence[JudgedModel], choice: MethodChoice, *, seed: int) -> dict[str, float]:
    """Mean Spearman correlation of map magnitudes before and after each layer, and all above it, are randomised."""
    cascades = [_cascade(one, choice, seed=seed, all_layers=True) for one in models]
    return {layer: float(np.mean([cascade[layer].absolute.mean() for cascade in cascades])) for layer in cascades[0]}


def _cascade(one: JudgedModel, choice: MethodChoice, *, seed: int, all_layers: bool) -> dict[str, Likeness]:
    network = one.explained.model.network
    return cascading_randomisation(
        network,
        lambda other: one.explained.map_maker(choice, one.target, network=other),
        one.batch,
        watched=None if all_layers else emotion_layers(network)[-1:],
        seed=seed,
    )


def _random_labels(one: JudgedModel, choice: MethodChoice, other: Model) -> Likeness:
    maker = one.explained.map_maker(choice, one.target, network=other.network)
    return likeness(one.maps(choice), maker(one.batch))


def _stability(one: JudgedModel, choice: MethodChoice, *, seed: int) -> npt.NDArray[np.float64]:
    maker = one.explained.map_maker(choice, one.target)
    return stability(maker, one.batch, one.explained.model.layout, seed=seed).spearman


def _contrast(one: JudgedModel, choice: MethodChoice) -> npt.NDArray[np.float64]:
    """How much the maps for all emotions differ, ``[N]``."""
    emotions = one.explained.model.emotions
    weights = [lead(emotion, emotions, batch=len(one.index)) for emotion in emotions]
    return contrastivity([one.explained.map_maker(choice, of)(one.batch) for of in weights])


def method_scores(
    *,
    faithfulness: Mapping[str, Any],
    sanity: Likeness,
    stability: npt.NDArray[np.floating],
    sparsity: npt.NDArray[np.floating],
    subjects: Names,
    takes: Takes,
    contrastivity: npt.NDArray[np.floating] | None = None,
    ground_truth: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """The entry of one method in the block ``methods`` of ``results.json``.

    Args:
        faithfulness: the result of ``faithfulness_scores``.
        sanity: likeness once every layer is random, the last of ``cascading_randomisation``. The score is that of the
            magnitudes, which is harder to pass: it stays high where a map multiplies by its input.
        stability: ``[N]``, the Spearman of ``stability``.
        sparsity: ``[N]`` of ``sparsity``.
        subjects: ``[N]`` names.
        takes: ``[N]`` a number per take.
        contrastivity: ``[N]`` of ``contrastivity``.
        ground_truth: the result of ``ground_truth_auc``; None where there is none.
        seed: the seed of the bootstrap.

    Returns:
        deletion_auc, insertion_auc (in the map's order), random_auc, energy_auc (deletion in those orders),
        sanity_spearman, sanity_spearman_signed, stability, sparsity, contrastivity, ground_truth_auc (None where not
        measured); ci95: the same names to [lower, upper] or None; better_than: "random" and "energy" to the paired
        difference of the deletion areas with its limits, and whether the map's is smaller with limits below 0.
    """
    deletion, insertion = faithfulness["deletion"], faithfulness["insertion"]
    found: dict[str, Any] = {
        "deletion_auc": deletion["map"],
        "insertion_auc": insertion["map"],
        "random_auc": deletion.get("random"),
        "energy_auc": deletion.get("energy"),
    }
    measured = (sanity.absolute, sanity.signed, stability, sparsity, contrastivity)
    per_cycle = dict(zip(PER_CYCLE, measured, strict=True))
    for name, values in per_cycle.items():
        found[name] = None if values is None else estimate(values, subjects=subjects, takes=takes, seed=seed)
    means = {name: None if one is None else one["mean"] for name, one in found.items()}
    limits = {name: None if one is None else one["ci95"] for name, one in found.items()}
    means["ground_truth_auc"] = None if ground_truth is None else ground_truth["auc"]
    limits["ground_truth_auc"] = None if ground_truth is None else ground_truth["ci95"]
    return {**means, "ci95": limits, "better_than": _better_than(faithfulness["deletion_difference"])}


def _better_than(differences: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """A smaller deletion area is better; one subject has no limits and shows nothing."""
    return {
        other: {
            "difference": about["mean"],
            "ci95": about["ci95"],
            "holds": about["ci95"] is not None and about["ci95"][1] < 0,
        }
        for name, about in differences.items()
        for other in [name.removeprefix("map_minus_")]
        if other != "reversed"
    }
