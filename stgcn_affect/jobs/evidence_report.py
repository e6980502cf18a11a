"""The evidence on paper: a CSV per table, figures, and report.md that holds them all."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stgcn_affect.files import write_whole
from stgcn_affect.visual.confusion import confusion_figure
from stgcn_affect.visual.curve import privacy_utility_figure
from stgcn_affect.visual.save import save_figure

Row = Sequence[str]


def write_report(results: Mapping[str, Any], out: Path) -> None:
    """Write tables, figures and ``report.md`` beside ``results.json``."""
    tables = {
        "emotion": emotion_rows(results),
        "comparison": comparison_rows(results),
        "known_walkers": known_rows(results),
        "unseen_walkers": unseen_rows(results),
        "disentanglement": disentanglement_rows(results),
        "curve": curve_rows(results),
    }
    for name, rows in tables.items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        write_whole(text.getvalue(), path=out / f"{name}.csv")
    emotions = results["dataset"]["emotions"]
    counts = np.array(results["emotion"]["confusion"])
    save_figure(confusion_figure(counts, names=emotions, title="Unseen walkers"), path=out / "confusion.png")
    save_figure(
        privacy_utility_figure(results["curve"]["points"], chance=results["emotion"]["chance"]), path=out / "curve.png"
    )
    write_whole(report_text(results, tables), path=out / "report.md")


def report_text(results: Mapping[str, Any], tables: Mapping[str, Sequence[Row]]) -> str:
    """The report as Markdown."""
    dataset, protocol, privacy = results["dataset"], results["protocol"], results["privacy"]
    known, unseen, verdict = privacy["known_walkers"], privacy["unseen_walkers"], privacy["verdict"]
    failures = [f"- {one['about']} (walkers {', '.join(one['walkers'])})" for one in results["failures"]]
    parts = [
        "# Evidence",
        f"{dataset['name']}: {dataset['walkers']} walkers, {dataset['takes']} takes, {dataset['cycles']} cycles of"
        f" {', '.join(dataset['emotions'])}; {protocol['kind']}, {protocol['folds']} folds, seeds"
        f" {', '.join(map(str, protocol['seeds']))}. Limits are 95 %, by bootstrap over walkers. Every score is on"
        " walkers that the model never saw, except the attack on known walkers.",
        "## Emotion",
        markdown(tables["emotion"]),
        "![Confusion of the method](confusion.png)",
        "The best baseline is chosen anew in every fold, inside its training walkers. Differences are the method minus"
        " it.",
        markdown(tables["comparison"]),
        "## Privacy",
        f"Verdict: z_emotion is {'hidden' if verdict['hidden'] else 'not shown to be hidden'}.",
        "\n".join(f"- {reason}" for reason in verdict["reasons"]),
        f"Known walkers ({known['walkers']} walkers, {known['models']} models): fresh attackers learn from all emotions"
        " but one and name the walker in that one, each in turn. The score is that of the attacker that was strongest"
        " inside the attackers' own training part.",
        markdown(tables["known_walkers"]),
        f"Unseen walkers ({unseen['walkers']} walkers, {unseen['models']} models): enrolled from all emotions but one"
        " and looked for in that one, among the unseen walkers of one model.",
        markdown(tables["unseen_walkers"]),
        "## Disentanglement",
        markdown(tables["disentanglement"]),
        "## Privacy against utility",
        "![Privacy against utility](curve.png)",
        f"Area under the curve of reversal strengths: {results['curve']['area']:.3f}.",
        markdown(tables["curve"]),
        "## What died",
        "\n".join(failures) or "Nothing.",
    ]
    return "\n\n".join(parts) + "\n"


def markdown(rows: Sequence[Row]) -> str:
    """Rows, the first of them a header, as a Markdown table."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def emotion_rows(results: Mapping[str, Any]) -> list[Row]:
    """Every method, best first, beside chance."""
    rows: list[Row] = [
        ("method", "balanced accuracy", "95 % limits", "macro F1", "chance", "walkers", "cycles", "seeds")
    ]
    blocks = {"disentangled (the method)": results["emotion"], **results["baselines"]}
    blocks["best baseline, chosen inside"] = results["comparison"]["best_baseline_scores"]
    for name in sorted(blocks, key=lambda name: -blocks[name]["balanced_accuracy"]):
        block = blocks[name]
        counts = [str(block.get(key, "")) for key in ("n_walkers", "n_cycles", "seeds")]
        f1 = _number(block["macro_f1"]) if "macro_f1" in block else ""
        rows.append((name, _number(block["balanced_accuracy"]), _limits(block), f1, _number(block["chance"]), *counts))
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
    return [head, *((n, _signed(b["difference"]), _limits(b), f"{b['p']:.4f}") for n, b in others.items())]


def known_rows(results: Mapping[str, Any]) -> list[Row]:
    """The closed-set attack by thing."""
    known = results["privacy"]["known_walkers"]
    attackers = list(known["raw"]["attackers"])
    rows: list[Row] = [
        ("released", "re-identified", "95 % limits", "chance", *(a.replace("_", " ") for a in attackers))
    ]
    things = {name: block for name, block in known.items() if isinstance(block, Mapping) and "worst" in block}
    things["decoded (static)"] = known["static"]["decoded"]
    for name, block in things.items():
        each = [_number(block["attackers"][attacker]) for attacker in attackers]
        rows.append((name, _number(block["worst"]), _limits(block), _number(known["chance"]), *each))
    return rows


def unseen_rows(results: Mapping[str, Any]) -> list[Row]:
    """The open-set attack by thing."""
    unseen = results["privacy"]["unseen_walkers"]
    scores = ("rank1", "eer", "auc", "tar_at_far_1pct")
    rows: list[Row] = [("released", *(f"{score}, 95 % limits" for score in scores), "chance of rank1")]
    for name, block in unseen.items():
        if isinstance(block, Mapping):
            cells = [f"{_number(block[score])} ({_range(block['ci95'][score])})" for score in scores]
            rows.append((name, *cells, _number(unseen["chance"])))
    return rows


def disentanglement_rows(results: Mapping[str, Any]) -> list[Row]:
    """What is read from which latent, and the swap test."""
    found = results["disentanglement"]
    rows: list[Row] = [("", "z_emotion", "z_identity", "reference")]
    for what in ("emotion", "walker"):
        scores = [_number(found[f"{what}_from_{z}"]) for z in ("z_emotion", "z_identity")]
        nats = [_number(found[f"{what}_nats_from_{z}"]) for z in ("z_emotion", "z_identity")]
        rows.append((f"{what}, balanced accuracy", *scores, f"chance {_number(found[f'swap_{what}_chance'])}"))
        entropy = _number(found[f"entropy_{what}_nats"])
        rows.append((f"{what}, lower bound on information (nats)", *nats, f"entropy {entropy}"))
    rows.append(
        (
            "swap test: judges name the emotion lent",
            _number(found["swap_emotion"]),
            "",
            f"chance {_number(found['swap_emotion_chance'])}",
        )
    )
    rows.append(
        (
            "swap test: judges name the walker's body",
            "",
            _number(found["swap_walker"]),
            f"chance {_number(found['swap_walker_chance'])}",
        )
    )
    rows.append(("CKA of both latents", _number(found["cka"]), "", "0: unrelated"))
    return rows


def curve_rows(results: Mapping[str, Any]) -> list[Row]:
    """The points of the privacy/utility curve."""
    rows: list[Row] = [("way of hiding", "emotion", "re-identified", "95 % limits", "chance", "models")]
    for point in results["curve"]["points"]:
        limits = _range(point["identity_ci95"])
        numbers = [_number(point[key]) for key in ("emotion", "identity")]
        rows.append((point["name"], *numbers, limits, _number(point["identity_chance"]), str(point["models"])))
    return rows


def _number(value: float) -> str:
    return f"{value:.3f}"


def _signed(value: float) -> str:
    return f"{value:+.3f}"


def _range(limits: Sequence[float]) -> str:
    return f"{limits[0]:.3f} to {limits[1]:.3f}"


def _limits(block: Mapping[str, Any]) -> str:
    return _range(block["ci95"]) if "ci95" in block else ""
