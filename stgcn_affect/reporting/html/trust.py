"""The report's section on whether the explanation is to be believed: which method, why, and what deletion says."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from markupsafe import Markup

from stgcn_affect.reporting.explanation_figures import ORDERS, UNITS
from stgcn_affect.reporting.html.elements import folded, html_table, joined, paragraph, side_by_side
from stgcn_affect.reporting.html.figures import drawn
from stgcn_affect.reporting.html.page import Section
from stgcn_affect.reporting.tables import Row, number, span
from stgcn_affect.visual.scores import deletion_figure

TRUST = "Is the explanation true?"
SCORES = {
    "ground_truth_auc": "true joints found (ROC AUC)",
    "deletion_auc": "deletion area",
    "random_auc": "of random orders",
    "energy_auc": "of motion energy",
    "insertion_auc": "insertion area",
    "sanity_spearman": "likeness after new weights",
    "random_labels_spearman": "likeness after random labels",
    "stability": "stability",
}
SHOWN = "mean_path"
"""The replacement whose deletion curves are drawn; the table has all."""


def trust_section(results: Mapping[str, Any]) -> Section:
    """Every method with its scores, the one that is trusted and why, and the deletion curves of its maps."""
    trusted, methods = results["trusted"], results["methods"]
    block = "" if trusted["block"] is None else f", block {trusted['block']}"
    chance = 1 / len(results["ranking"])
    rows: list[Row] = [("method", "block", *SCORES.values())]
    for name, row in methods.items():
        cells = ["" if row.get(score) is None else number(row[score]) for score in SCORES]
        rows.append((name, "" if row["block"] is None else str(row["block"]), *cells))
    place = list(methods).index(trusted["method"]) + 1
    parts = [
        paragraph(f"Trusted of {len(methods)} methods: {trusted['method']}{block}.", kind="lead"),
        paragraph(f"Why: {trusted['why']}."),
        paragraph(
            "A true map takes the emotion away fast when its joints are replaced by their mean path (a small deletion"
            " area), finds the joints that bear a known factor of synthetic walkers, and looks like nothing it was"
            " before once the weights are new. Likeness is Spearman's rho; the choice looks at validation subjects,"
            " where the run has any, and the table at unseen ones."
        ),
        html_table(rows, caption="Every method on unseen subjects, the trusted one in bold", strong=[place]),
    ]
    curves = results.get("faithfulness", {})
    shown = [one for one in curves.values() if one["replacement"] == SHOWN]
    parts.append(side_by_side(_deletion(one, chance, place) for place, one in enumerate(shown)))
    areas: list[Row] = [("units, replacement", "test", *ORDERS.values())]
    for name, one in curves.items():
        for kind in ("deletion", "insertion"):
            cells = [f"{number(one[kind][order]['mean'])} ({span(one[kind][order]['ci95'])})" for order in ORDERS]
            areas.append((name, kind, *cells))
    if curves:
        title = "Areas under the deletion and insertion curves of the maps that are shown, with limits"
        parts.append(html_table(areas, caption=title))
    if results.get("sanity_cascade"):
        layers: list[Row] = [("random from here up", "likeness to the map before")]
        layers += [(layer, number(likeness)) for layer, likeness in results["sanity_cascade"].items()]
        title = "What is left of the maps as the weights are made random, layer by layer"
        parts.append(folded(title, html_table(layers, caption=title)))
    if "one_factor" in results.get("ground_truth", {}):
        parts.append(folded("Which factors' joints are found", _factors(results["ground_truth"]["one_factor"])))
    return Section("trust", TRUST, joined(parts))


def _deletion(one: Mapping[str, Any], chance: float, place: int) -> Markup:
    units = UNITS[one["units"]]
    lines = {
        words: np.array([one["curves"]["deletion"][order]["probability"], *one["curves"]["deletion"][order]["ci95"]])
        for order, words in ORDERS.items()
    }
    return drawn(
        deletion_figure(one["curves"]["fraction"], deletion=lines, chance=chance, unit=units),
        prefix=f"deletion-{place}",
        caption=f"Probability of the emotion while {units} are replaced by their mean path, most relevant first",
        label=f"Deletion of {units} by the map's order, random, reversed and motion energy; areas in the table below.",
    )


def _factors(block: Mapping[str, Any]) -> Markup:
    rows: list[Row] = [("factor", "ROC AUC", "95 % limits", "joints that bear it")]
    rows.append(("all", number(block["auc"]), span(block["ci95"]) if block["ci95"] else "", ""))
    for name, one in block["factors"].items():
        limits = span(one["ci95"]) if one["ci95"] else ""
        rows.append((name, number(one["auc"]), limits, ", ".join(one["bearing"])))
    return html_table(rows, caption="Models of subjects that differ in one factor: does the map find its joints?")
