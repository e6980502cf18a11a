"""The table that ends a run: every score beside its chance level and its limits."""

from collections.abc import Mapping
from typing import Any

from stgcn_affect.jobs.cells import compared_with

RELEASES = {"raw": "raw cycles", "z_identity": "z_identity", "z_emotion": "z_emotion"}


def results_table(results: Mapping[str, Any]) -> str:
    """``results.json`` as a table of text, for a terminal."""
    emotion = results["emotion"]
    rows = [("", "score", "95 % limits", "chance")]
    rows.append(_row("emotion, unseen subjects (balanced accuracy)", emotion["balanced_accuracy"], emotion))
    rows.append(("emotion, unseen subjects (macro F1)", f"{emotion['macro_f1']:.3f}", "", f"{emotion['chance']:.3f}"))
    attacks = results["privacy"].get("seen_subjects", {})
    for release, words in RELEASES.items():
        if release in attacks:
            found = {**attacks[release], "chance": attacks["chance"]}
            strongest = max(found["attackers"], key=lambda name: found["attackers"][name]).replace("_", " ")
            rows.append(_row(f"identity from {words} ({strongest})", found["accuracy"], found))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = [_line(row, widths) for row in rows]
    dataset, protocol = results["dataset"], results["protocol"]
    caption = (
        f"{dataset['name']}: {dataset['subjects']} subjects, {dataset['takes']} takes, {dataset['cycles']} cycles;"
        f" {_count(emotion['n_subjects'], 'subject')} tested by models that never saw them ({protocol['kind']}"
        f"{compared_with(protocol)}, {_count(protocol['folds'], 'model')}); {results['seconds']:.0f} s"
    )
    rule = "-" * len(lines[0])
    return "\n".join([caption, rule, lines[0], rule, *lines[1:], rule])


def _row(what: str, score: float, block: Mapping[str, Any]) -> tuple[str, str, str, str]:
    lower, upper = block["ci95"]
    return what, f"{score:.3f}", f"{lower:.3f} to {upper:.3f}", f"{block['chance']:.3f}"


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    first, *rest = (
        cell.ljust(width) if i == 0 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([first, *rest])


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
