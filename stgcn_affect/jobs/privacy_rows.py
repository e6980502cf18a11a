"""The evidence on privacy as tables, and what is written above each."""

from collections.abc import Mapping
from typing import Any

from stgcn_affect.jobs.cells import Row, limits, number, span

SCORES = ("rank1", "eer", "auc", "tar_at_far_1pct")


def privacy_tables(privacy: Mapping[str, Any]) -> dict[str, tuple[str, list[Row]]]:
    """Name of the table to the paragraph above it and its rows, the first of them a header.

    Takes, a single enrolled take and attributes have tables where they were attacked.

    Args:
        privacy: the block ``privacy`` of ``results.json``.
    """
    known, unseen = privacy["seen_subjects"], privacy["unseen_subjects"]
    tables = {
        "seen_subjects": (
            f"Seen subjects ({known['subjects']} subjects, {known['models']} models): fresh attackers learn from all"
            " emotions but one and name the subject in that one, each in turn. The score is that of the attacker that"
            " was strongest inside the attackers' own training part. Static attackers know raw cycles only.",
            known_rows(known, static=known["static"]),
        )
    }
    if "held_out_takes" in known:
        tables["held_out_takes"] = (
            "Seen subjects, held-out takes: attackers learn from the takes that fitted the encoder, in all emotions,"
            " and name the subject in the takes that it never saw, in the same emotions.",
            known_rows(known["held_out_takes"]),
        )
    tables["unseen_subjects"] = (
        f"Unseen subjects ({unseen['subjects']} subjects, {unseen['models']} models): enrolled from all emotions but"
        f" one"
        f" and looked for in that one, among the unseen subjects of one model. {_resolution(unseen)}",
        unseen_rows(unseen),
    )
    if "one_take" in unseen:
        tables["one_take"] = (
            "Unseen subjects, one take: enrolled from a single take in one emotion and looked for in all the others."
            f" {_resolution(unseen['one_take'])}",
            unseen_rows(unseen["one_take"]),
        )
    if "attributes" in privacy:
        tables["attributes"] = (
            "What subjects are: attackers learn it from seen subjects and name it for unseen ones. The score is"
            " balanced"
            " accuracy, of the attacker that was strongest on seen subjects left out inside.",
            attribute_rows(privacy["attributes"]),
        )
    return tables


def known_rows(known: Mapping[str, Any], *, static: Mapping[str, Any] | None = None) -> list[Row]:
    """A closed-set attack by thing."""
    attackers = list(known["raw"]["attackers"])
    rows: list[Row] = [
        ("released", "re-identified", "95 % limits", "chance", *(a.replace("_", " ") for a in attackers))
    ]
    releases = {name: block for name, block in known.items() if isinstance(block, Mapping) and "accuracy" in block}
    releases |= {f"{name} (static)": block for name, block in (static or {}).items()}
    for name, block in releases.items():
        each = [number(block["attackers"][attacker]) for attacker in attackers]
        rows.append((name, number(block["accuracy"]), limits(block), number(known["chance"]), *each))
    return rows


def unseen_rows(unseen: Mapping[str, Any]) -> list[Row]:
    """An open-set attack by thing."""
    rows: list[Row] = [("released", *(f"{score}, 95 % limits" for score in SCORES), "chance of rank1")]
    for name, block in unseen.items():
        if isinstance(block, Mapping) and "rank1" in block:
            cells = [f"{number(block[score])} ({span(block['ci95'][score])})" for score in SCORES]
            rows.append((name, *cells, number(unseen["chance"])))
    return rows


def attribute_rows(attributes: Mapping[str, Any]) -> list[Row]:
    """The attack on what subjects are, by attribute and thing."""
    first = next(iter(attributes.values()))
    attackers = list(first["raw"]["attackers"])
    rows: list[Row] = [
        (
            *("attribute", "released", "named", "95 % limits", "chance", "subjects"),
            *(attacker.replace("_", " ") for attacker in attackers),
        )
    ]
    for attribute, releases in attributes.items():
        subjects = ", ".join(f"{count} {value}" for value, count in releases["values"].items())
        for name, block in releases.items():
            if isinstance(block, Mapping) and "accuracy" in block:
                each = [number(block["attackers"][attacker]) for attacker in attackers]
                score = (number(block["accuracy"]), limits(block), number(releases["chance"]))
                rows.append((attribute.replace("_", " "), name, *score, subjects, *each))
    return rows


def _resolution(unseen: Mapping[str, Any]) -> str:
    smallest = unseen["smallest_far"]
    return (
        "True accepts at 1 % false accepts are those of one threshold per model, whose false accepts come in steps of"
        f" {smallest:.2g}" + ("." if smallest < 0.01 else ": at 1 % they are those at none, and their limits lean up.")
    )
