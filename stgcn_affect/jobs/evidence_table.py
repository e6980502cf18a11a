"""The evidence in a dozen lines, for a terminal."""

from collections.abc import Mapping
from typing import Any


def evidence_table(results: Mapping[str, Any]) -> str:
    """The claims, each beside what it is measured against."""
    emotion, comparison, privacy = results["emotion"], results["comparison"], results["privacy"]
    known, unseen = privacy["known_walkers"], privacy["unseen_walkers"]
    best = comparison["best_baseline_scores"]
    lines = [
        f"emotion, unseen walkers          {_scored(emotion, 'balanced_accuracy')}  chance {emotion['chance']:.3f}",
        f"best traditional baseline        {_scored(best, 'balanced_accuracy')}",
        f"difference                       {_scored(comparison, 'difference')}  p {comparison['p']:.3f}",
    ]
    for thing in ("raw", "z_identity", "probabilities", "z_emotion"):
        lines.append(f"known walkers from {thing:<13} {_scored(known[thing], 'worst')}  chance {known['chance']:.3f}")
    for thing in ("raw", "probabilities", "z_emotion"):
        block = {"auc": unseen[thing]["auc"], "ci95": unseen[thing]["ci95"]["auc"]}
        lines.append(f"unseen walkers AUC {thing:<13} {_scored(block, 'auc')}  chance 0.500")
    for name, attribute in privacy.get("attributes", {}).items():
        for thing in ("raw", "probabilities", "z_emotion"):
            lines.append(
                f"{f'{name} from {thing}':<32} {_scored(attribute[thing], 'worst')}  chance {attribute['chance']:.3f}"
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
