"""Explanations in a dozen lines, for a terminal."""

from collections.abc import Mapping
from typing import Any

from stgcn_affect.motion.camera import LESS_SURE
from stgcn_affect.reporting.tables import camera_words, number

TOP = 3


def run_table(results: Mapping[str, Any]) -> str:
    """The methods with their scores, the trusted one and why, and the first joints of each emotion."""
    columns = ("ground_truth_auc", "deletion_auc", "random_auc", "energy_auc", "sanity_spearman", "stability")
    titles = ("block", "truth", "deletion", "random", "energy", "sanity", "stability")
    lines = ["".join([f"{'method':<22}", *(f"{title:>10}" for title in titles)])]
    for name, row in results["methods"].items():
        cells = ["" if row[column] is None else number(row[column]) for column in columns]
        block = "" if row["block"] is None else str(row["block"])
        lines.append("".join([f"{name:<22}{block:>10}", *(f"{cell:>10}" for cell in cells)]))
    trusted, about = results["trusted"], results["explained"]
    block = "" if trusted["block"] is None else f", block {trusted['block']}"
    lines.append(f"trusted: {trusted['method']}{block}: {trusted['why']}")
    lines.append(
        f"explained by {about['method']}: {about['cycles']} cycles of {about['subjects']} unseen subjects,"
        f" {about['decided_right']} of them predicted rightly"
    )
    for emotion, ranked in results["ranking"].items():
        joints = ", ".join(f"{row['joint']} {row['mean']:.2f}" for row in ranked[:TOP])
        stride_time = results["tempo"][emotion]
        lines.append(f"{emotion:<12}{joints}; stride time {stride_time['mean']:.2f} {stride_time['speaks']} it")
    return "\n".join([*lines, *filter(None, [camera_words(results)])])


def identity_table(results: Mapping[str, Any]) -> str:
    """The first joints that identify seen subjects."""
    about = results["explained"]
    (ranked,) = results["ranking"].values()
    joints = ", ".join(f"{row['joint']} {row['mean']:.2f}" for row in ranked[:TOP])
    return (
        f"explained by {about['method']}: {about['cycles']} cycles of {about['subjects']} training subjects\n"
        f"joints that identify them: {joints}"
    )


def file_table(results: Mapping[str, Any]) -> str:
    """The emotions' probabilities, notes on the recording, and its first joints."""
    if not results["identifies_subject"]:
        return _released_table(results)
    unlike = results["unlike_training"]
    lines = [f"{results['file']}: {results['cycles']} cycles"]
    if results["compared_with"]:
        lines.append(f"compared with {', '.join(results['compared_with'])}")
    lines += [f"note: {note}" for note in results["notes"]]
    if results.get("from_camera"):
        lines.append(f"from one camera: {LESS_SURE}")
    if unlike["cycles"]:
        lines.append(
            f"unlike the training data: {unlike['cycles']} of {results['cycles']} cycles are outliers, with a score"
            f" of up to {unlike['farthest_over_border']:.2f} times the threshold: do not trust what follows"
        )
    lines += [*_probabilities(results), f"{_first_joints(results)}; stride time {results['stride_time_share']:.0%}"]
    lines.append(
        "all files here identify the subject, as the map of a single walk does; --release writes what does not"
    )
    return "\n".join(lines)


def _released_table(results: Mapping[str, Any]) -> str:
    """The probabilities, and the first joints of the released map."""
    about = results["explained"]
    how = f"released by {about['released_by']} of {about['training_subjects']} training subjects' maps"
    return "\n".join([*_probabilities(results), f"{_first_joints(results)} ({how})"])


def _probabilities(results: Mapping[str, Any]) -> list[str]:
    ordered = sorted(results["probabilities"].items(), key=lambda item: -item[1])
    known = results["calibrated_on"]
    sure = "not temperature-scaled, as the run has no validation subjects"
    if known is not None:
        sure = f"temperature-scaled on {known['cycles']} cycles of {known['subjects']} validation subjects"
    lines = [f"{emotion:<12}{number(chance)}" for emotion, chance in ordered]
    return [*lines, f"({sure}; acted emotion, not what the subject felt)"]


def _first_joints(results: Mapping[str, Any]) -> str:
    joints = ", ".join(f"{row['joint']} {row['mean']:.2f}" for row in results["ranking"][:TOP])
    return f"for {results['explained']['target']}, by {results['explained']['method']}: {joints}"
