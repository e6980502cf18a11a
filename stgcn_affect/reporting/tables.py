"""Numbers, names and results in words, as the cells of every table and page show them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from stgcn_affect.data.subject_baseline import OTHER_TAKES
from stgcn_affect.evaluation.results import (
    ADAPTED,
    BEST_BY_TEST,
    BEST_INSIDE,
    BEST_SWAPPED,
    BOTH_INPUTS,
    METHOD,
    RATERS,
    VOTE,
    Claim,
    Result,
    Score,
)
from stgcn_affect.motion.camera import LESS_SURE

Row = Sequence[str]

LIMITS = "95 % limits"
"""Header of a column of limits."""

TIMES_CHANCE = "times chance"
"""Header of a column of ``times_chance``."""


class Table(NamedTuple):
    """A paragraph that stands above a table, "" for none, and its rows, the first of them the header."""

    words: str
    rows: list[Row]


RELEASES = {
    "raw": "raw cycles",
    "retargeted": "retargeted cycles",
    "bone_ratios": "bone ratios",
    "hand_made": "hand-made features",
    "subject_baseline": "the stored subject baseline",
    "relative_to_baseline": "cycles relative to the subject baseline",
    "z_identity": "z_identity",
    "logits": "logits",
    "probabilities": "the class probabilities",
    "decoded": "decoded walks",
    "anonymised": "anonymised walks",
    "relevance_maps": "relevance maps",
    "released_maps": "released maps",
    "z_emotion": "z_emotion",
}
"""What is released or attacked, in the order of tables; "the" stands only where a sentence wants it."""

METHODS = {
    METHOD: "the method",
    "plain_stgcn": "plain ST-GCN",
    "disentangled_on_hand_made": "the method on hand-made features",
    BOTH_INPUTS: "the method on both inputs (mean of the probabilities)",
    VOTE: "the method, vote of the seeds' models",
    ADAPTED[METHOD]: "the method, adapted to the subject's own unlabelled cycles",
    ADAPTED["plain_stgcn"]: "plain ST-GCN, adapted to the subject's own unlabelled cycles",
    "majority": "majority class",
    RATERS: "human raters",
}
"""Networks, and who else names emotions; baselines are called as in the results, such as "svm_rbf on harmonics"."""

CHOSEN = {
    BEST_INSIDE: "best traditional baseline, chosen inside",
    BEST_BY_TEST: "best traditional baseline by test score",
    BEST_SWAPPED: "best swap-trained baseline",
}

SPLITS = {
    "random_clips": "random clips: a subject's other clips are in training",
    "copies": "random clips, copied before the split: mirrored copies of tested clips are in training",
    "best_test_epoch": "by subject, at the epoch that is best on the test subjects",
    "by_subject": "by subject, as every other score here",
}
"""Ways to split in the table of leaky splits."""

ACRONYMS = {"lda": "LDA", "svm": "SVM", "mlp": "MLP"}

SCORES = {
    Score.BALANCED_ACCURACY: "balanced accuracy",
    Score.MACRO_F1: "macro F1",
    Score.ACCURACY: "accuracy",
    Score.RANK1: "rank-1",
    Score.EER: "EER",
    Score.AUC: "AUC",
    Score.TAR: "TAR at 1 % FAR",
    Score.NATS: "lower bound on information (nats)",
    Score.ENTROPY: "entropy (nats)",
    Score.CKA: "CKA",
    Score.AREA: "area",
}

CLAIMS = {
    Claim.EMOTION: "emotion: {reader}",
    Claim.EMOTION_DIFFERENCE: "the method minus the {reader}",
    Claim.SEEN_SUBJECTS: "seen subjects re-identified from {release}",
    Claim.SEEN_SUBJECTS_STATIC: "seen subjects re-identified by static attackers, from {release}",
    Claim.SEEN_SUBJECTS_HELD_OUT_TAKES: "seen subjects re-identified in held-out takes, from {release}",
    Claim.SEEN_SUBJECTS_DIFFERENCE: "seen subjects re-identified from {release} minus from {setting}",
    Claim.UNSEEN_SUBJECTS: "unseen subjects, verification {score}, {bare}",
    Claim.UNSEEN_SUBJECTS_ONE_TAKE: "unseen subjects, verification {score}, one-take enrolment, {bare}",
    Claim.UNSEEN_SUBJECTS_SAME_EMOTION: "unseen subjects, verification {score}, a take of the same emotion enrolled,"
    " {bare}",
    Claim.UNSEEN_SUBJECTS_DIFFERENCE: "unseen subjects, verification {score}, {bare} minus {setting}",
    Claim.WORST_OFF: "worst-off seen subject, share of own cycles named from {release}",
    Claim.WORST_OFF_PERMUTED: "95 % point of the same with permuted names, from {release}",
    Claim.ATTRIBUTES: "{setting} of unseen subjects, from {release}",
    Claim.SWAP: "swap test: {setting} of decoded cycles, recognised by classifiers of real cycles",
    Claim.CURVE: "{setting}",
    Claim.ABLATION: "{setting}",
    Claim.ABLATION_DIFFERENCE: "the method minus {setting}",
    Claim.LEAKAGE: "plain ST-GCN, {split}",
    Claim.LEAKAGE_DIFFERENCE: "plain ST-GCN, {split}, minus by subject",
}
"""How a row is named that stands among rows of other claims."""

DIFFERENCES = (
    Claim.EMOTION_DIFFERENCE,
    Claim.SEEN_SUBJECTS_DIFFERENCE,
    Claim.UNSEEN_SUBJECTS_DIFFERENCE,
    Claim.ABLATION_DIFFERENCE,
    Claim.LEAKAGE_DIFFERENCE,
)


def number(value: float) -> str:
    """A number with three decimals."""
    return f"{value:.3f}"


def signed(value: float) -> str:
    """A number with three decimals and its sign."""
    return f"{value:+.3f}"


def span(limits: Sequence[float]) -> str:
    """An interval, from the lower to the upper limit."""
    return f"{limits[0]:.3f} to {limits[1]:.3f}"


def p_value(p: float) -> str:
    """A p value with four decimals."""
    return f"{p:.4f}"


def counted(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def count(value: int | None) -> str:
    """A count; "" where it is not known."""
    return "" if value is None else str(value)


def score(result: Result) -> str:
    """The score of a result; a difference has a sign."""
    return signed(result.value) if result.claim in DIFFERENCES else number(result.value)


def limits(result: Result) -> str:
    """The 95 % limits of a result; "" where it has none."""
    if result.low is None or result.high is None:
        return ""
    if result.claim in DIFFERENCES:
        return f"{signed(result.low)} to {signed(result.high)}"
    return span((result.low, result.high))


def chance(result: Result) -> str:
    """The score of guessing; "" where that has no meaning."""
    return "" if result.chance is None else number(result.chance)


def times_chance(result: Result) -> str:
    """A share of right names as a multiple of the share by guessing; "" for differences and for other scores.

    Multiples compare no tasks: of two emotions even a perfect reader reaches 2.0, of twenty subjects 20.0.
    """
    named = result.score in (Score.BALANCED_ACCURACY, Score.ACCURACY) and result.claim not in DIFFERENCES
    return f"{result.value / result.chance:.1f}" if named and result.chance else ""


def scored(result: Result) -> str:
    """Score and limits in one cell."""
    return f"{score(result)} ({limits(result)})"


def release_name(release: str) -> str:
    """A release as the field calls it, without an article."""
    return RELEASES.get(release, release.replace("_", " ")).removeprefix("the ")


def attacker_name(attacker: str) -> str:
    """An attacker as the field calls it."""
    return " ".join(ACRONYMS.get(word, word) for word in attacker.split("_"))


def reader_name(result: Result) -> str:
    """The network or baseline that a score of emotion is of, and how it was chosen."""
    name = METHODS.get(result.attacker, result.attacker)
    if result.setting not in CHOSEN:
        return name
    return CHOSEN[result.setting] + (f" ({name})" if name else "")


def result_name(result: Result) -> str:
    """What a result is, for a row among rows of other claims."""
    release = RELEASES.get(result.release, release_name(result.release))
    setting = RELEASES.get(result.setting, result.setting.replace("_", " "))
    names = {"bare": release_name(result.release), "score": SCORES[result.score], "reader": reader_name(result)}
    split = SPLITS.get(result.setting, "")
    return CLAIMS[result.claim].format(release=release, setting=setting, split=split, **names)


def dataset_sizes(results: Mapping[str, Any]) -> str:
    """Size of the data set, how much of it is poses from one camera, and whether its emotions are those perceived."""
    dataset = results["dataset"]
    sizes = ", ".join(f"{dataset[name]} {name}" for name in ("subjects", "takes", "cycles"))
    camera = dataset.get("from_camera")
    notes = [f"{camera['cycles']} of them from one camera"] if camera else []
    notes += ["emotions as raters perceived them"] if "labels" in dataset else []
    return f"{sizes} ({'; '.join(notes)})" if notes else sizes


def camera_words(results: Mapping[str, Any]) -> str:
    """What to bear in mind with every score of a data set that holds poses from one camera; "" where it holds none."""
    dataset = results["dataset"]
    camera = dataset.get("from_camera")
    if not camera:
        return ""
    return (
        f"{camera['cycles']} of {counted(dataset['cycles'], 'cycle')}, of {counted(camera['subjects'], 'subject')}, are"
        f" poses from one camera: {LESS_SURE}."
    )


def dataset_words(results: Mapping[str, Any]) -> str:
    """Size of the data set and its emotions."""
    return f"{dataset_sizes(results)} of {', '.join(results['dataset']['emotions'])}"


def compared_words(difference: Result) -> str:
    """Whether the method is better or worse than something; "within noise of" where the paired limits include 0."""
    low, high = difference.low or 0.0, difference.high or 0.0
    return "better than" if low > 0 else "worse than" if high < 0 else "within noise of"


def split_words(protocol: Mapping[str, Any]) -> str:
    """The kind of split, and what every walk was compared with, if anything."""
    of = protocol.get("subject_baseline", "")
    takes = "other takes" if of == OTHER_TAKES else f"{of} takes"
    return f"{protocol['kind']} split" + (f", each walk compared with the subject's {takes}" if of else "")


def seeds_words(protocol: Mapping[str, Any]) -> str:
    """The seeds of the models."""
    return ", ".join(map(str, protocol["seeds"]))


def verdict_words(verdict: Mapping[str, Any]) -> str:
    """The verdict on z_emotion in a sentence."""
    return f"Verdict: z_emotion is {_hidden(verdict)}."


def verdict_on_walks(results: Mapping[str, Any]) -> str:
    """The verdict on anonymised walks, by the same rule, in a paragraph; "" where none were attacked."""
    found = results["privacy"].get("anonymised")
    if found is None:
        return ""
    reasons = "; ".join(found["verdict"]["reasons"])
    return f"By the same rule, who is in anonymised walks is {_hidden(found['verdict'])}: {reasons}."


def _hidden(verdict: Mapping[str, Any]) -> str:
    return "hidden" if verdict["hidden"] else "not shown to be hidden"
