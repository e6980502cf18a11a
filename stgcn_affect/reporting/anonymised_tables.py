"""The tables of anonymised walks that were read back: identity, emotion and plausibility."""

from collections.abc import Mapping
from typing import Any

from stgcn_affect.reporting.tables import Row, Table, number
from stgcn_affect.reporting.text import aligned

MECHANISMS = {
    "anonymised": "the method",
    "retargeted": "retargeting",
    "retargeted_mean_cadence": "retargeting, mean cadence",
    "noise": "the same with noise",
    "mean_walk": "mean walk of the predicted emotion",
}
"""Mechanisms in words, in the order of the tables."""

MEASURES = {
    "bone_drift_cm": "bones drift, cm",
    "foot_slide_cm": "a foot slides, cm a stance",
    "jerk_m_s3": "jerk, m/s3",
    "penetration_cm": "below the floor, cm",
    "closure_cm": "a stride later off, cm",
    "mpjpe_own_cm": "off the own walk, cm",
    "mpjpe_target_cm": "off the target's, cm",
}
"""Measures of plausibility in words."""

IDENTITY = (
    *("mechanism", "seen subjects", "minus probabilities", "static", "unseen, AUC", "minus probabilities"),
    *("emotion, frozen judge", "emotion, judge anew", "the rule"),
)
"""The columns of the table of identity and emotion."""


def anonymised_tables(found: Mapping[str, Any]) -> dict[str, Table]:
    """The tables of the scores of ``score_anonymised``: identity and emotion, plausibility."""
    data, parts = found["data"], found["data"]["parts"]
    words = (
        f"{data['walks']} walks of {data['name']}, written and read back: {parts['train']} seen subjects,"
        f" {parts['test']} unseen ones; 95 % limits over subjects. Attackers: the strongest of eight, chosen inside."
        " Emotion: balanced accuracy on unseen subjects, by a judge of raw cycles and by one that learns from the"
        f" files. Chance: {number(found['chance']['seen'])} seen subjects, 0.500 AUC."
    )
    raw = found["raw"]
    control = [_limited(raw["seen"], "accuracy"), "", "", number(raw["unseen"]["auc"]), "", "", number(raw["emotion"])]
    rows: list[Row] = [IDENTITY, ("raw recordings", *control, "")]
    for name, of in _mechanisms(found).items():
        rows.append(
            (
                MECHANISMS[name],
                _limited(of["seen"], "accuracy"),
                _limited(of["seen_minus_probabilities"], "difference"),
                number(of["static"]["accuracy"]),
                number(of["unseen"]["auc"]),
                _limited(of["unseen_minus_probabilities"], "difference"),
                number(of["emotion_frozen"]),
                number(of["emotion_anew"]),
                "passed" if of["verdict"]["hidden"] else "failed",
            )
        )
    return {"identity": Table(words, rows), "plausibility": _plausible(found)}


def anonymised_text(found: Mapping[str, Any]) -> str:
    """The same tables for a terminal, why the method passed or failed, and which recordings were left out."""
    lines = []
    for table in anonymised_tables(found).values():
        lines += [table.words, *aligned(table.rows), ""]
    left_out = (f"{source}: left out: {reason}" for source, reason in found["data"]["left_out"])
    return "\n".join([*lines, *found["mechanisms"]["anonymised"]["verdict"]["reasons"], *left_out])


def _plausible(found: Mapping[str, Any]) -> Table:
    header = ("walks", *MEASURES.values(), "unreadable files")
    rows: list[Row] = [header, _measured("raw recordings", found["raw"]["plausibility"], "")]
    for name, of in _mechanisms(found).items():
        rows.append(_measured(MECHANISMS[name], of["plausibility"], str(of["unreadable"])))
    return Table(
        "Plausibility, lengths for a body of 1.70 m. A foot's slide is measured along a path that was fitted to the"
        " other foot; the jerk is that of the decoder's harmonics on both sides.",
        rows,
    )


def _measured(name: str, measures: Mapping[str, float], unreadable: str) -> Row:
    """A row; height 0 is no floor in recordings, and their own walk is their own."""
    return (
        name,
        *(
            f"{measures[one]:.1f}" if one in measures and (unreadable or one != "penetration_cm") else ""
            for one in MEASURES
        ),
        unreadable,
    )


def _mechanisms(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found["mechanisms"][name] for name in MECHANISMS if name in found["mechanisms"]}


def _limited(of: Mapping[str, Any], key: str) -> str:
    low, high = of["ci95"]
    sign = "+" if key == "difference" else ""
    return f"{of[key]:{sign}.3f} ({low:{sign}.3f} to {high:{sign}.3f})"
