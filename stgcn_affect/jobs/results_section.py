"""The results section of a document, made from ``results.json``: each row with its limits, chance, counts and seeds."""

from collections.abc import Mapping
from typing import Any

from stgcn_affect.errors import InputError
from stgcn_affect.jobs.evidence_report import markdown

Row = tuple[str, str, str, str, str, str, str]

HEAD: Row = ("", "score", "95 % limits", "chance", "walkers", "cycles or models", "seeds")
KNOWN = {
    "raw": "raw cycles",
    "retargeted": "retargeted cycles",
    "bone_ratios": "bone ratios",
    "hand_made": "hand-made features",
    "z_identity": "z_identity",
    "probabilities": "the class probabilities",
    "decoded": "decoded walks",
    "anonymised": "anonymised walks",
    "relevance_maps": "relevance maps",
    "z_emotion": "z_emotion",
}
UNSEEN = ("raw", "retargeted", "probabilities", "z_emotion")


def results_section(results: Mapping[str, Any]) -> str:
    """What one evaluation found, as a Markdown table with its caption and the verdict on privacy."""
    dataset, protocol = results["dataset"], results["protocol"]
    verdict = results["privacy"]["verdict"]
    seeds = ", ".join(map(str, protocol["seeds"]))
    caption = (
        f"**{dataset['name']}**: {dataset['walkers']} walkers, {dataset['takes']} takes, {dataset['cycles']} cycles of"
        f" {', '.join(dataset['emotions'])}; emotion by {protocol['kind']} split, folds a seed: {protocol['folds']};"
        f" seeds {seeds}."
    )
    said = f"Verdict: z_emotion is {'hidden' if verdict['hidden'] else '*not* shown to be hidden'}."
    reasons = " ".join(f"{reason.rstrip('.')}." for reason in verdict["reasons"])
    rows = [HEAD, *emotion_rows(results), *identity_rows(results)]
    return "\n\n".join([caption, markdown(rows), f"{said} {reasons}"])


def emotion_rows(results: Mapping[str, Any]) -> list[Row]:
    """The method, what it is compared with, and the differences, on walkers that no model saw."""
    method, baselines, comparison = results["emotion"], results["baselines"], results["comparison"]
    top, swapped = comparison["best_by_test_score"], comparison["best_swap_trained"]
    rows = [
        _emotion("emotion: the method", method),
        _emotion("best traditional baseline, chosen inside", comparison["best_baseline_scores"]),
        _difference("the method minus it", comparison, method),
        _emotion(f"best traditional by test score ({top['name']})", baselines[top["name"]]),
        _emotion(f"best swap-trained ({swapped['name']})", baselines[swapped["name"]]),
        _emotion("plain ST-GCN, no disentanglement", baselines["plain_stgcn"]),
        _difference("the method minus the plain ST-GCN", comparison["plain_stgcn"], method),
    ]
    if "disentangled_on_hand_made" in baselines:
        rows.append(_emotion("the method on hand-made features", baselines["disentangled_on_hand_made"]))
    return rows


def identity_rows(results: Mapping[str, Any]) -> list[Row]:
    """Who is re-identified from what: known walkers by their strongest attacker, unseen ones by verification."""
    known, unseen = results["privacy"]["known_walkers"], results["privacy"]["unseen_walkers"]
    seeds = str(len(results["protocol"]["seeds"]))
    rows = [
        (
            f"known walkers re-identified from {words}",
            f"{known[thing]['worst']:.3f}",
            _range(known[thing]["ci95"]),
            f"{known['chance']:.3f}",
            str(known["walkers"]),
            f"{known['models']} models",
            seeds,
        )
        for thing, words in KNOWN.items()
        if thing in known
    ]
    rows += [
        (
            f"unseen walkers verified from {KNOWN[thing]}, AUC",
            f"{unseen[thing]['auc']:.3f}",
            _range(unseen[thing]["ci95"]["auc"]),
            "0.500",
            str(unseen["walkers"]),
            f"{unseen['models']} models",
            seeds,
        )
        for thing in UNSEEN
    ]
    return rows


def replace_section(text: str, name: str, section: str, *, source: str) -> str:
    """A document with the section ``name`` between its two marks replaced.

    Args:
        text: the document, which has ``<!-- results: NAME -->`` and, below it, ``<!-- end of results: NAME -->``.
        name: of the section.
        section: what is to stand between the marks.
        source: the document's name, for messages.

    Raises:
        InputError: the marks are not there once each, in this order.
    """
    start, end = f"<!-- results: {name} -->", f"<!-- end of results: {name} -->"
    before, opened, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not opened or not closed or start in after or end in before + after:
        raise InputError(f"{source}: expected the marks {start} and {end}, once each (got another text)")
    return f"{before}{start}\n{section}\n{end}{after}"


def _emotion(what: str, block: Mapping[str, Any]) -> Row:
    counts = (str(block["n_walkers"]), str(block["n_cycles"]), str(block["seeds"]))
    return what, f"{block['balanced_accuracy']:.3f}", _range(block["ci95"]), f"{block['chance']:.3f}", *counts


def _difference(what: str, compared: Mapping[str, Any], block: Mapping[str, Any]) -> Row:
    counts = (str(block["n_walkers"]), str(block["n_cycles"]), str(block["seeds"]))
    lower, upper = compared["ci95"]
    return what, f"{compared['difference']:+.3f}", f"{lower:+.3f} to {upper:+.3f}", "", *counts


def _range(limits: tuple[float, float]) -> str:
    return f"{limits[0]:.3f} to {limits[1]:.3f}"
