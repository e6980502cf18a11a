"""The model card of a released encoder, in Markdown: data, scores with limits, what it gives away, use and misuse.

The headings are those of Mitchell et al., "Model cards for model reporting", FAT* 2019.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stgcn_affect import __version__
from stgcn_affect.evaluation.results import METHOD, Claim, Result, Score, result_table
from stgcn_affect.release.encoder_check import EncoderCheck
from stgcn_affect.release.encoder_names import CARD
from stgcn_affect.reporting.tables import (
    camera_words,
    chance,
    counted,
    dataset_words,
    number,
    result_name,
    scored,
    span,
    split_words,
    verdict_words,
)

UNTESTED = "The verdict's rule was **not tested** on this run: no evaluation attacked it with fresh attackers."

_SIGNALS = {
    "loss": "likelihood of the true emotion",
    "confidence": "largest probability",
    "typical_input": "outlier score",
}

_CLAIMS = (Claim.EMOTION, Claim.SEEN_SUBJECTS, Claim.SEEN_SUBJECTS_DIFFERENCE, Claim.UNSEEN_SUBJECTS_DIFFERENCE)
_RELEASES = ("raw", "z_emotion", "logits", "probabilities")


_USE = (
    "Research on emotion in gait: to predict the acted emotion of recordings, to compare methods, to pass on the latent"
    " z_emotion instead of motion. A recording must show walking on level ground."
)
_MISUSE = (
    "Not for watching, hiring, policing, insurance or selling, nor for anyone who did not agree to it; not for"
    " diagnosis. An acted emotion is not a felt one, and a walk is weak evidence of either. In the European Union,"
    " inferring emotions from biometric data at work and in education is forbidden, but for medical and safety reasons"
    " (Regulation 2024/1689, article 5)."
)
_ABSENT = (
    "The identity encoder, both adversaries, the decoder, names of subjects, takes and files, and whatever is fitted to"
    " one subject. A check read all files back: their tensors are those of the emotion branch and no others, and no"
    " name of a training, validation or test subject stands in them. Normalisation and mean bone lengths are those of"
    " all training subjects together."
)
_CAVEATS = (
    "Predictions of cycles that are outliers are not to be trusted. z_emotion is not thereby anonymous: other"
    " attackers, more data or side knowledge may do better than those that were tried. Raw recordings stay personal"
    " data."
)
_HOW = (
    "    import stgcn_affect as sa\n\n"
    '    encoder = sa.load_released("FOLDER")\n'
    '    walk = sa.read_walk("walk.bvh", layout=encoder.layout)\n'
    "    print(encoder.predict(walk), encoder.encode(walk).shape)\n\n"
    "`encoder.json` says what inputs, outputs and numbers mean, for other software."
)


@dataclass(frozen=True)
class CardFacts:
    """What a card says of one released member of a run.

    Args:
        member: its name in the run.
        members: how many models the run has.
        parts: part to number of subjects.
        synthetic: whether it was trained on synthetic walkers.
        temperature: see ``Model``; None where it was not fitted.
        layout: the name of the skeleton and the number of joints.
        mean_rest: the skeleton's rest pose is the mean pose, since a recording brought its own.
        files: file to what it holds.
        weights: numbers in the weights.
    """

    member: str
    members: int
    parts: Mapping[str, int]
    synthetic: bool
    temperature: float | None
    layout: str
    mean_rest: bool
    files: Mapping[str, str]
    weights: int


def model_card(
    facts: CardFacts,
    *,
    trained: Mapping[str, Any],
    evaluated: Mapping[str, Any] | None,
    membership: Mapping[str, Mapping[str, Any]],
) -> str:
    """Write the card as Markdown.

    Args:
        facts: of the released member.
        trained: ``results.json`` of the run.
        evaluated: that of its evaluation; None where there is none.
        membership: results of ``membership_attack`` by what was attacked; empty where it was not tried.
    """
    results = trained if evaluated is None else evaluated
    parts = [
        "# Emotion from gait: a released encoder\n\n" + _warning(facts),
        "## Model details\n\n" + _details(facts),
        "## Intended use\n\n" + _USE,
        "## Out-of-scope use and misuse\n\n" + _MISUSE,
        "## Factors\n\n" + _factors(results),
        "## Training data\n\n" + _training_data(facts, trained),
        "## Evaluation data\n\n" + _evaluation_data(results, evaluated is not None),
        "## Metrics and quantitative analyses\n\n" + _scores(results),
        "## What it gives away\n\n" + _gives_away(evaluated, membership),
        "## What is not in this folder\n\n" + _ABSENT,
        "## Ethical considerations and caveats\n\n" + _CAVEATS,
        "## How to use it\n\n" + _HOW,
    ]
    return "\n\n".join(parts) + "\n"


def _warning(facts: CardFacts) -> str:
    if facts.synthetic:
        return "**It knows synthetic walkers only and says nothing of people.** It is for trying the software."
    return "It predicts which acted emotion a gait cycle shows. It does not know what anyone feels."


def _details(facts: CardFacts) -> str:
    temperature = "1 (not fitted)" if facts.temperature is None else number(facts.temperature)
    member = f"Member `{facts.member}` of a run with {counted(facts.members, 'model')}"
    rest = (
        " Its rest pose is the mean pose of the training subjects, since a recording brought its own."
        if facts.mean_rest
        else ""
    )
    rows = "\n".join(f"| `{name}` | {about} |" for name, about in facts.files.items())
    return (
        f"{member}, written by stgcn_affect {__version__}: the emotion branch of a spatial-temporal graph network"
        f" (ST-GCN), {facts.weights} numbers, batch normalisation folded into the convolutions. Skeleton:"
        f" {facts.layout}.{rest} Temperature {temperature}.\n\n| file | what it holds |\n|---|---|\n{rows}"
    )


def _factors(results: Mapping[str, Any]) -> str:
    recall = results["emotion"].get("per_class_recall") or {}
    shown = ", ".join(f"{name} {'unknown' if value is None else number(value)}" for name, value in recall.items())
    by_class = f" Recall by emotion: {shown}." if shown else ""
    return (
        "Emotions are recognised unequally well, and so are subjects: limits below are over subjects. Age, gender,"
        f" health, footwear, walking aids and culture were not varied unless the data say so.{by_class}"
    )


def _training_data(facts: CardFacts, trained: Mapping[str, Any]) -> str:
    parts = ", ".join(f"{count} in {part}" for part, count in facts.parts.items())
    return (
        f"{dataset_words(trained)}. Subjects of this member: {parts}. The temperature was fitted on the validation"
        " subjects, the outlier threshold on training and validation subjects, all else on training subjects."
    )


def _evaluation_data(results: Mapping[str, Any], is_evaluated: bool) -> str:
    camera = camera_words(results)
    source = "by the evaluation of the run" if is_evaluated else "at the end of the training"
    return (
        f"Subjects that the scoring model never saw, {split_words(results['protocol'])}; scored {source}, for the run"
        f" as a whole.{f' {camera}' if camera else ''}"
    )


def _scores(results: Mapping[str, Any]) -> str:
    rows = [row for row in result_table(results) if _is_shown(row)]
    lines = [f"| {result_name(row)} | {scored(row)} | {chance(row)} |" for row in rows]
    words = "Balanced accuracy of the emotion, and shares of re-identified subjects; 95 % limits over subjects."
    return f"{words}\n\n| what | score (limits) | chance |\n|---|---|---|\n" + "\n".join(lines)


def _is_shown(row: Result) -> bool:
    if row.claim == Claim.EMOTION:
        return row.attacker == METHOD and row.score == Score.BALANCED_ACCURACY
    return row.claim in _CLAIMS and row.release in _RELEASES and not row.attacker


def _gives_away(evaluated: Mapping[str, Any] | None, membership: Mapping[str, Mapping[str, Any]]) -> str:
    """The verdict of the evaluation and the membership attack, each beside chance."""
    privacy = {} if evaluated is None else evaluated.get("privacy", {})
    found = privacy.get("verdict")
    words = UNTESTED if found is None else verdict_words(found) + "\n\n" + "\n".join(f"- {r}" for r in found["reasons"])
    words += "\n\nWhoever has the encoder and a walk has the emotion that it predicts, which nothing can hide."
    if not membership:
        return (
            words + " **Membership** (was this subject in the training?) was not tried: the run's cycles are not there."
        )
    lines = [
        f"| {name} | {_SIGNALS[signal]} | {number(one['auc'])}{_limits(one['ci95'])} | {number(found['chance'])}"
        f" | {found['members']} | {found['non_members']} |"
        for name, found in membership.items()
        for signal, one in found["attacks"].items()
    ]
    return (
        f"{words}\n\n**Membership: was this subject in the training?** An attacker who has the encoder and walks of a"
        " subject ranks subjects by a signal. The area under the ROC curve, over the models of the run, with limits"
        " over subjects; below chance, a signal turned round would serve as well. The likelihood of the true emotion"
        " asks for labels, the others do not.\n\n"
        "| walks of members | signal | AUC (limits) | chance | members | non-members |\n"
        "|---|---|---|---|---|---|\n" + "\n".join(lines)
    )


def _limits(ci95: list[float] | None) -> str:
    return f" ({span(ci95)})" if ci95 else " (too few subjects for limits)"


def released_lines(
    folder: Path, member: str, check: EncoderCheck, membership: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """What was released, what was searched in it, and the membership attack, line by line."""
    yield f"released: member {member}, {', '.join(check.files)}"
    short = f" ({check.quoted} of them short or numbers: as quoted words)" if check.quoted else ""
    yield (
        f"checked: {check.tensors} tensors are those of the emotion branch; none of {counted(check.names, 'name')}"
        f"{short} in {check.size} bytes"
    )
    for name, found in membership.items():
        best = f"{number(found['auc'])}{_limits(found['ci95'])}, chance {number(found['chance'])}"
        yield f"membership, walks {name}: AUC {best}, by {_SIGNALS[found['strongest']]}"
    yield f"folder: {folder}; its card: {folder / CARD}"
