"""The evidence on paper: a CSV per table, figures, and report.md that holds them all."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stgcn_affect.files import write_whole
from stgcn_affect.jobs.ablation import ablation_rows
from stgcn_affect.jobs.cells import Row, compared_with, limits, number, signed, span
from stgcn_affect.jobs.privacy_rows import privacy_tables
from stgcn_affect.jobs.tasks import cause
from stgcn_affect.visual.scores import confusion_figure, privacy_utility_figure
from stgcn_affect.visual.style import save_figure


def write_report(results: Mapping[str, Any], out: Path) -> None:
    """Write tables, figures and ``report.md`` beside ``results.json``."""
    tables = {
        "emotion": emotion_rows(results),
        "comparison": comparison_rows(results),
        **{name: rows for name, (_, rows) in privacy_tables(results["privacy"]).items()},
        "disentanglement": disentanglement_rows(results),
        "curve": curve_rows(results),
        "ablation": ablation_rows(results),
    }
    for name, rows in tables.items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        write_whole(text.getvalue(), path=out / f"{name}.csv")
    emotions = results["dataset"]["emotions"]
    counts = np.array(results["emotion"]["confusion"])
    save_figure(confusion_figure(counts, names=emotions, title="Unseen subjects"), path=out / "confusion.png")
    save_figure(
        privacy_utility_figure(results["curve"]["points"], chance=results["emotion"]["chance"]), path=out / "curve.png"
    )
    write_whole(report_text(results, tables), path=out / "report.md")


def report_text(results: Mapping[str, Any], tables: Mapping[str, Sequence[Row]]) -> str:
    """The report as Markdown."""
    dataset, protocol, verdict = results["dataset"], results["protocol"], results["privacy"]["verdict"]
    attacks = [(words, tables[name]) for name, (words, _) in privacy_tables(results["privacy"]).items()]
    parts = [
        "# Evidence",
        f"{dataset['name']}: {dataset['subjects']} subjects, {dataset['takes']} takes, {dataset['cycles']} cycles of"
        f" {', '.join(dataset['emotions'])}; {protocol['kind']}{compared_with(protocol)}, {protocol['folds']} folds,"
        f" seeds {', '.join(map(str, protocol['seeds']))}. Limits are 95 %, by bootstrap over subjects. Every score is"
        " on subjects that the model never saw, except the attacks on seen subjects.",
        "## Emotion",
        markdown(tables["emotion"]),
        "![Confusion of the method](confusion.png)",
        "The best baseline is chosen anew in every fold, inside its training subjects. Differences are the method minus"
        " it.",
        markdown(tables["comparison"]),
        "## Privacy",
        f"Verdict: z_emotion is {'hidden' if verdict['hidden'] else 'not shown to be hidden'}.",
        "\n".join(f"- {reason}" for reason in verdict["reasons"]),
        *(part for words, rows in attacks for part in (words, markdown(rows))),
        "## Disentanglement",
        markdown(tables["disentanglement"]),
        "## Privacy against utility",
        "![Privacy against utility](curve.png)",
        f"Area under the curve of reversal strengths: {results['curve']['area']:.3f}.",
        markdown(tables["curve"]),
        "## Without one part",
        markdown(tables["ablation"]),
        "## What died",
        "\n".join(f"- {words}" for words in died(results)) or "Nothing.",
    ]
    return "\n\n".join(parts) + "\n"


def died(results: Mapping[str, Any]) -> list[str]:
    """Every piece of work that died, whose subjects are missing from it, and what of."""
    return [
        f"{one['about']} (subjects {', '.join(one['subjects'])}): {cause(one['error'])}" for one in results["failures"]
    ]


def markdown(rows: Sequence[Row]) -> str:
    """Rows, the first of them a header, as a Markdown table."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def emotion_rows(results: Mapping[str, Any]) -> list[Row]:
    """Every method, best first, beside chance."""
    rows: list[Row] = [
        ("method", "balanced accuracy", "95 % limits", "macro F1", "chance", "subjects", "cycles", "seeds")
    ]
    blocks = {"disentangled (the method)": results["emotion"], **results["baselines"]}
    blocks["best baseline, chosen inside"] = results["comparison"]["best_baseline_scores"]
    for name in sorted(blocks, key=lambda name: -blocks[name]["balanced_accuracy"]):
        block = blocks[name]
        counts = [str(block.get(key, "")) for key in ("n_subjects", "n_cycles", "seeds")]
        f1 = number(block["macro_f1"]) if "macro_f1" in block else ""
        rows.append((name, number(block["balanced_accuracy"]), limits(block), f1, number(block["chance"]), *counts))
    return rows


def comparison_rows(results: Mapping[str, Any]) -> list[Row]:
    """The method against the baselines that matter."""
    comparison = results["comparison"]
    others = {
        "best baseline, chosen inside": comparison,
        f"best by test score ({comparison['best_by_test_score']['name']})": comparison["best_by_test_score"],
        f"best swap-trained ({comparison['best_swap_trained']['name']})": comparison["best_swap_trained"],
        "plain ST-GCN": comparison["plain_stgcn"],
    }
    head: Row = ("against", "difference", "95 % limits", "p")
    return [head, *((n, signed(b["difference"]), limits(b), f"{b['p']:.4f}") for n, b in others.items())]


def disentanglement_rows(results: Mapping[str, Any]) -> list[Row]:
    """What is read from which latent, and the swap test."""
    found = results["disentanglement"]
    rows: list[Row] = [("", "z_emotion", "z_identity", "reference")]
    for what in ("emotion", "walker"):
        scores = [number(found[f"{what}_from_{z}"]) for z in ("z_emotion", "z_identity")]
        nats = [number(found[f"{what}_nats_from_{z}"]) for z in ("z_emotion", "z_identity")]
        rows.append((f"{what}, balanced accuracy", *scores, f"chance {number(found[f'swap_{what}_chance'])}"))
        entropy = number(found[f"entropy_{what}_nats"])
        rows.append((f"{what}, lower bound on information (nats)", *nats, f"entropy {entropy}"))
    swaps = [f"{number(found[key])} ({span(found[key + '_ci95'])})" for key in ("swap_emotion", "swap_walker")]
    chances = [f"chance {number(found[f'swap_{what}_chance'])}" for what in ("emotion", "walker")]
    rows.append(("swap test: judges name the emotion lent", swaps[0], "", chances[0]))
    rows.append(("swap test: judges name the subject's body", "", swaps[1], chances[1]))
    rows.append(("CKA of both latents", number(found["cka"]), "", "0: unrelated"))
    return rows


def curve_rows(results: Mapping[str, Any]) -> list[Row]:
    """The points of the privacy/utility curve."""
    rows: list[Row] = [("way of hiding", "emotion", "re-identified", "95 % limits", "chance", "models")]
    for point in results["curve"]["points"]:
        within = span(point["identity_ci95"])
        numbers = [number(point[key]) for key in ("emotion", "identity")]
        rows.append((point["name"], *numbers, within, number(point["identity_chance"]), str(point["models"])))
    return rows
