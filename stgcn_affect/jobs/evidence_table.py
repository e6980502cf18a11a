"""The evidence in a dozen lines, for a terminal."""

from collections.abc import Mapping
from typing import Any


def evidence_table(results: Mapping[str, Any]) -> str:
    """The claims, each beside what it is measured against."""
    emotion, comparison, privacy = results["emotion"], results["comparison"], results["privacy"]
    known, unseen = privacy["seen_subjects"], privacy["unseen_subjects"]
    best = comparison["best_baseline_scores"]
    lines = [
        f"emotion, unseen subjects          {_scored(emotion, 'balanced_accuracy')}  chance {emotion['chance']:.3f}",
        f"best traditional baseline        {_scored(best, 'balanced_accuracy')}",
        f"difference                       {_scored(comparison, 'difference')}  p {comparison['p']:.3f}",
    ]
    for release in ("raw", "z_identity", "probabilities", "z_emotion"):
        lines.append(
            f"seen subjects from {release:<13} {_scored(known[release], 'accuracy')}  chance {known['chance']:.3f}"
        )
    for release in ("raw", "probabilities", "z_emotion"):
        block = {"auc": unseen[release]["auc"], "ci95": unseen[release]["ci95"]["auc"]}
        lines.append(f"unseen subjects AUC {release:<13} {_scored(block, 'auc')}  chance 0.500")
    for name, attribute in privacy.get("attributes", {}).items():
        for release in ("raw", "probabilities", "z_emotion"):
            lines.append(
                f"{f'{name} from {release}':<32} {_scored(attribute[release], 'accuracy')}  chance"
                f" {attribute['chance']:.3f}"
            )
    lines.append(f"verdict: z_emotion is {'hidden' if privacy['verdict']['hidden'] else 'not shown to be hidden'}")
    lines += [f"  {reason}" for reason in privacy["verdict"]["reasons"]]
    return "\n".join(lines)


def _scored(block: Mapping[str, Any], key: str) -> str:
    lower, upper = block["ci95"]
    return (
        f"{block[key]:+.3f} ({lower:+.3f} to {upper:+.3f})"
        if key == "difference"
        else f" {block[key]:.3f} ({lower:.3f} to {upper:.3f})"
    )
