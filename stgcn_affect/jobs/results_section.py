"""The results section of a document, made from ``results.json``: each row with its limits, chance, counts and seeds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stgcn_affect.errors import InputError
from stgcn_affect.jobs.ablation import ablation_rows
from stgcn_affect.jobs.cells import compared_with, number, span
from stgcn_affect.jobs.evidence_report import curve_rows, markdown

Row = tuple[str, str, str, str, str, str, str]

HEAD: Row = ("", "score", "95 % limits", "chance", "subjects", "cycles or models", "seeds")
KNOWN = {
    "raw": "raw cycles",
    "retargeted": "retargeted cycles",
    "bone_ratios": "bone ratios",
    "hand_made": "hand-made features",
    "subject_baseline": "the stored subject baseline",
    "relative_to_baseline": "cycles relative to the subject baseline",
    "z_identity": "z_identity",
    "probabilities": "the class probabilities",
    "decoded": "decoded walks",
    "anonymised": "anonymised walks",
    "relevance_maps": "relevance maps",
    "z_emotion": "z_emotion",
}
ACROSS_TAKES = ("raw", "probabilities", "decoded", "relevance_maps", "z_emotion")
UNSEEN = ("raw", "retargeted", "subject_baseline", "relative_to_baseline", "probabilities", "z_emotion")


def results_section(results: Mapping[str, Any], shows: Sequence[str] = ("scores", "curve")) -> str:
    """What one evaluation found, as Markdown: a caption, then the parts that are wanted.

    Args:
        results: of one evaluation.
        shows: of ``PARTS``: the scores with the verdict on privacy, the privacy/utility curve, or what each part of the
            method is good for.
    """
    dataset, protocol = results["dataset"], results["protocol"]
    seeds = ", ".join(map(str, protocol["seeds"]))
    caption = (
        f"**{dataset['name']}**: {dataset['subjects']} subjects, {dataset['takes']} takes, {dataset['cycles']} cycles"
        f" of"
        f" {', '.join(dataset['emotions'])}; emotion by {protocol['kind']} split{compared_with(protocol)}, folds a"
        f" seed: {protocol['folds']}; seeds {seeds}."
    )
    return "\n\n".join([caption, *(PARTS[part](results) for part in shows)])


def _scores(results: Mapping[str, Any]) -> str:
    verdict = results["privacy"]["verdict"]
    said = f"Verdict: z_emotion is {'hidden' if verdict['hidden'] else '*not* shown to be hidden'}."
    reasons = "\n".join(f"- {reason}" for reason in verdict["reasons"])
    return "\n\n".join(
        [markdown([HEAD, *emotion_rows(results), *identity_rows(results), *swap_rows(results)]), said, reasons]
    )


def _curve(results: Mapping[str, Any]) -> str:
    words = (
        "Privacy against utility: the emotion of unseen subjects that a fresh reader finds in a release, and the known"
        " subjects that the strongest attacker names from it."
    )
    return f"{words}\n\n{markdown(curve_rows(results))}"


def _ablation(results: Mapping[str, Any]) -> str:
    words = (
        "The method without one part at a time. A difference above 0 says that the part helps the emotion; a share"
        " re-identified above the method's says that it hides the subject."
    )
    return f"{words}\n\n{markdown(ablation_rows(results))}"


PARTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {"scores": _scores, "curve": _curve, "ablation": _ablation}
"""What a section can show, by name."""


def emotion_rows(results: Mapping[str, Any]) -> list[Row]:
    """The method, what it is compared with, and the differences, on subjects that no model saw."""
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
    """Who is re-identified from what: seen subjects by their strongest attacker, unseen ones by verification."""
    known, unseen = results["privacy"]["seen_subjects"], results["privacy"]["unseen_subjects"]
    seeds = str(len(results["protocol"]["seeds"]))

    def row(what: str, score: float, limits: Sequence[float], chance: float, block: Mapping[str, Any]) -> Row:
        counts = (str(block["subjects"]), f"{block['models']} models", seeds)
        return (what, f"{score:.3f}", span(limits), f"{chance:.3f}", *counts)

    rows = [
        row(
            f"seen subjects re-identified from {KNOWN[release]}",
            found["accuracy"],
            found["ci95"],
            known["chance"],
            known,
        )
        for release in KNOWN
        if (found := known.get(release))
    ]
    takes = known.get("held_out_takes", {})
    rows += [
        row(
            f"the same, in another take of a known emotion, from {KNOWN[release]}",
            found["accuracy"],
            found["ci95"],
            takes["chance"],
            known,
        )
        for release in ACROSS_TAKES
        if (found := takes.get(release))
    ]
    rows += [
        row(f"unseen subjects verified from {KNOWN[release]}, AUC", found["auc"], found["ci95"]["auc"], 0.5, unseen)
        for release in UNSEEN
        if (found := unseen.get(release))
    ]
    once = unseen.get("one_take", {})
    rows += [
        row(
            f"the same, enrolled on one take, from {KNOWN[release]}, AUC",
            found["auc"],
            found["ci95"]["auc"],
            0.5,
            unseen,
        )
        for release in UNSEEN
        if (found := once.get(release))
    ]
    return rows


def swap_rows(results: Mapping[str, Any]) -> list[Row]:
    """Whether judges of real cycles name, on decoded ones, whose emotion was lent and on whose body."""
    found, known = results["disentanglement"], results["privacy"]["seen_subjects"]
    counts = (str(known["subjects"]), f"{known['models']} models", str(len(results["protocol"]["seeds"])))
    return [
        (
            f"swap test: judges of real cycles name {words}",
            number(found[f"swap_{what}"]),
            span(found[f"swap_{what}_ci95"]),
            number(found[f"swap_{what}_chance"]),
            *counts,
        )
        for what, words in (("emotion", "the emotion lent"), ("walker", "the subject whose body it is"))
    ]


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
    counts = (str(block["n_subjects"]), str(block["n_cycles"]), str(block["seeds"]))
    return what, f"{block['balanced_accuracy']:.3f}", span(block["ci95"]), f"{block['chance']:.3f}", *counts


def _difference(what: str, compared: Mapping[str, Any], block: Mapping[str, Any]) -> Row:
    counts = (str(block["n_subjects"]), str(block["n_cycles"]), str(block["seeds"]))
    lower, upper = compared["ci95"]
    return what, f"{compared['difference']:+.3f}", f"{lower:+.3f} to {upper:+.3f}", "", *counts
