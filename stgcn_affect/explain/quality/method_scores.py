"""One method's row in the table of methods: all scores of a map with their limits beside them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.explain.quality.sanity import Likeness
from stgcn_affect.stats import Names, Takes, estimate

PER_CYCLE = ("sanity_spearman", "sanity_spearman_signed", "stability", "sparsity", "contrastivity")
"""Scores that are one number per cycle and are averaged over cycles, takes and subjects here."""


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
        faithfulness: of ``faithfulness``.
        sanity: likeness once every layer has forgotten, the last of ``cascading_randomisation``. The score is that of
            the magnitudes: it is the harder to pass, as it stays up where a map multiplies by its input.
        stability: ``[N]``, the Spearman of ``stability``.
        sparsity: ``[N]`` of ``sparsity``.
        subjects: ``[N]`` names.
        takes: ``[N]`` a number per take.
        contrastivity: ``[N]`` of ``contrastivity``.
        ground_truth: of ``ground_truth_auc``; None where nobody knows the truth.
        seed: of the bootstrap.

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
