"""The report's sections on the evidence: emotion, privacy, disentanglement, and the trade between them."""

from collections.abc import Mapping
from typing import Any

from stgcn_affect.jobs.ablation import ablation_rows
from stgcn_affect.jobs.cells import Row, compared_with, number, signed, span
from stgcn_affect.jobs.evidence_report import comparison_rows, curve_rows, died, disentanglement_rows
from stgcn_affect.jobs.evidence_report import emotion_rows as all_methods
from stgcn_affect.jobs.privacy_rows import privacy_tables
from stgcn_affect.jobs.report.files import RunFiles
from stgcn_affect.jobs.report.training import tool
from stgcn_affect.jobs.results_section import HEAD, emotion_rows, identity_rows
from stgcn_affect.reporting.html.elements import (
    bullets,
    confusion_table,
    folded,
    heading,
    html_table,
    missing,
    paragraph,
    warning,
)
from stgcn_affect.reporting.html.figures import drawn
from stgcn_affect.reporting.html.page import Section
from stgcn_affect.visual.scores import privacy_utility_figure

ATTACKERS = {
    "lda": "linear discriminant analysis",
    "svm": "a support vector machine",
    "mlp": "a multilayer perceptron",
    "knn": "k nearest neighbours",
    "random_forest": "a random forest",
}
ATTACKS = {
    "seen subjects re-identified from ": "Seen subjects in an emotion that attackers did not learn from: named rightly",
    "the same, in another take of a known emotion, from ": "Seen subjects in another take of a known emotion",
    "unseen subjects verified from ": "Unseen subjects: are two walks of one subject? (verification, AUC)",
    "the same, enrolled on one take, from ": "Unseen subjects, enrolled on one take (verification, AUC)",
    "": "Other attacks",
}
"""How rows on identity start, by kind of attack; each has a table."""
TITLES = {
    "emotion": "Emotion of unseen subjects",
    "privacy": "Does it hide the subject?",
    "disentanglement": "What each latent holds",
    "curve": "Privacy against utility",
}
WANTED = {
    "emotion": "the emotion of unseen subjects beside baselines on the same folds.",
    "privacy": "the verdict on privacy, which needs fresh attackers.",
    "disentanglement": "what can be read from which latent.",
    "curve": "the curve of emotion kept for identity hidden.",
}


def evidence_sections(files: RunFiles) -> list[Section]:
    """Four sections, each of which says so where its numbers are missing."""
    if files.evaluated is None:
        command = tool("evaluate", files.run)
        sections = [Section(name, title, missing(WANTED[name], command)) for name, title in TITLES.items()]
        if files.trained is not None:
            sections[0] = Section("emotion", TITLES["emotion"], sections[0].body + _confusion(files.trained, "run"))
        return sections
    makers = {"emotion": _emotion, "privacy": _privacy, "disentanglement": _disentanglement, "curve": _curve}
    return [Section(name, title, makers[name](files.evaluated, files)) for name, title in TITLES.items()]


def verdict_sentence(privacy: Mapping[str, Any]) -> str:
    """The verdict on z_emotion with the attacker that came closest, in one sentence."""
    known = privacy["seen_subjects"]
    attacked = known["z_emotion"]
    name = max(attacked["attackers"], key=lambda one: attacked["attackers"][one])
    closest = ATTACKERS.get(name, name.replace("_", " "))
    found = number(attacked["attackers"][name])
    chosen = f"the attackers chosen beforehand {number(attacked['accuracy'])}, 95 % limits {span(attacked['ci95'])}"
    named = f"{found} of the seen subjects from it where guessing names {number(known['chance'])} ({chosen})"
    count = len(attacked["attackers"])
    if privacy["verdict"]["hidden"]:
        return (
            f"z_emotion passes every condition of the verdict and counts as hiding the subject: of {count} fresh"
            f" attackers the one that came closest, {closest}, names {named}."
        )
    return (
        f"z_emotion is not shown to hide the subject: of {count} fresh attackers the one that came closest, {closest},"
        f" names {named}."
    )


def other_settings(files: RunFiles) -> str:
    """A warning where the evaluation is not of the run's own settings, such as a quick one; "" where it is."""
    if not files.changed:
        return ""
    rows: list[Row] = [("setting", "run", "evaluation")]
    rows += [(name, str(files.config.get(name, "")), str(value)) for name, value in files.changed.items()]
    about = warning(
        "The evaluation below was made with other settings than the run, and trained models of its own with them. Its"
        " numbers are of those models, not of the run's."
    )
    title = f"The settings that differ: {len(files.changed)}"
    return about + folded(title, html_table(rows, caption=title))


def _emotion(results: Mapping[str, Any], files: RunFiles) -> str:
    dataset, protocol = results["dataset"], results["protocol"]
    rows = [("what", *HEAD[1:]), *emotion_rows(results)]
    differences = [i for i, row in enumerate(rows) if " minus " in row[0]]
    methods = html_table(all_methods(results), caption="All methods, best first")
    against = html_table(comparison_rows(results), caption="The method minus the baselines that matter")
    parts = [
        other_settings(files),
        paragraph(
            f"{dataset['name']}: {dataset['subjects']} subjects, {dataset['takes']} takes, {dataset['cycles']} cycles;"
            f" {protocol['kind']} split{compared_with(protocol)}, {protocol['folds']} folds, seeds"
            f" {', '.join(map(str, protocol['seeds']))}."
            " No score is of a subject that the model was trained on. The best baseline is chosen anew in every fold,"
            " inside its training subjects, so that it is not picked by the test."
        ),
        html_table(
            rows, caption="Emotion of unseen subjects: balanced accuracy, and differences", strong=[1, *differences]
        ),
        paragraph(_comparison_sentence(results)),
        _confusion(results, "evaluation"),
        folded("All methods and tests", methods + against),
    ]
    if results["failures"]:
        parts += [
            warning("Some folds died; their subjects are missing from what was run on them:"),
            bullets(died(results)),
        ]
    return "\n".join(parts)


def _comparison_sentence(results: Mapping[str, Any]) -> str:
    compared = results["comparison"]
    lower, upper = compared["ci95"]
    word = "better than" if lower > 0 else "worse than" if upper < 0 else "not told apart from"
    return (
        f"The method is {word} the best traditional baseline here: the difference is {signed(compared['difference'])},"
        f" 95 % limits {signed(lower)} to {signed(upper)}, p = {compared['p']:.4f} by sign flips over subjects."
    )


def _confusion(results: Mapping[str, Any], whose: str) -> str:
    emotions, emotion = results["dataset"]["emotions"], results["emotion"]
    return confusion_table(
        emotion["confusion"],
        names=emotions,
        caption=f"Predictions on {emotion['n_subjects']} unseen subjects ({whose}): shares of the true emotion, cycles",
    )


def _privacy(results: Mapping[str, Any], files: RunFiles) -> str:
    privacy = results["privacy"]
    tables = [
        paragraph(words) + html_table(rows, caption=name.replace("_", " ").capitalize())
        for name, (words, rows) in privacy_tables(privacy).items()
    ]
    parts = [
        paragraph(verdict_sentence(privacy), kind="lead"),
        heading("The conditions of the verdict"),
        bullets(privacy["verdict"]["reasons"]),
        *_held_out_takes(privacy["seen_subjects"]),
        paragraph(
            "A latent that these attackers cannot read is not thereby private: other attackers, more data or side"
            " knowledge may do better, and the raw recordings give the subject away whatever a network hides."
        ),
        *_who(results),
        folded("Every attack and attacker", "\n".join(tables)),
    ]
    return "\n".join(parts)


def _who(results: Mapping[str, Any]) -> list[str]:
    """The rows on identity, a table for each kind of attack."""
    left, tables = identity_rows(results), []
    for start, caption in ATTACKS.items():
        mine = [row for row in left if row[0].startswith(start)]
        left = [row for row in left if row not in mine]
        rows: list[Row] = [("released", *HEAD[1:])]
        rows += [(row[0].removeprefix(start), *row[1:]) for row in mine]
        strong = [place for place, row in enumerate(rows) if row[0].startswith("z_emotion")]
        tables += [html_table(rows, caption=caption, strong=strong)] if mine else []
    return tables


def _held_out_takes(known: Mapping[str, Any]) -> list[str]:
    """What the verdict's rule does not look at, where it was attacked."""
    if "held_out_takes" not in known:
        return []
    easier = known["held_out_takes"]
    found = easier["z_emotion"]
    return [
        paragraph(
            "The rule looks at an emotion that attackers did not learn from. Where they know the subject in every"
            f" emotion and meet a new take, they name {number(found['accuracy'])} from z_emotion, 95 % limits"
            f" {span(found['ci95'])}, chance {number(easier['chance'])}."
        )
    ]


def _disentanglement(results: Mapping[str, Any], files: RunFiles) -> str:
    first, *rest = disentanglement_rows(results)
    return "\n".join(
        [
            paragraph(
                "Fresh classifiers read emotion and subject from each latent. In the swap test a walk is decoded from"
                " the emotion of one subject and the identity of another, and classifiers that know real walks only say"
                " what they see."
            ),
            html_table([("what", *first[1:]), *rest], caption="Emotion and subject, read from either latent"),
            *_ablation(results),
        ]
    )


def _ablation(results: Mapping[str, Any]) -> list[str]:
    """The method without one part at a time, where that was trained."""
    if not results.get("ablation"):
        return []
    first, *rest = ablation_rows(results)
    caption = "The method without one part at a time: emotion, and subjects re-identified from z_emotion"
    return [html_table([("without", *first[1:]), *rest], caption=caption)]


def _curve(results: Mapping[str, Any], files: RunFiles) -> str:
    points, chance = results["curve"]["points"], results["emotion"]["chance"]
    figure = privacy_utility_figure(points, chance=chance)
    label = "Ways of hiding by seen subjects re-identified and emotion of unseen subjects; numbers in the table below."
    return "\n".join(
        [
            drawn(
                figure,
                prefix="curve",
                caption="Every way of hiding: subjects re-identified against emotion kept. Wanted is the upper left.",
                label=label,
                wide=True,
            ),
            html_table(curve_rows(results), caption="The points of the curve"),
            paragraph(f"Area under the curve of reversal strengths: {number(results['curve']['area'])}."),
        ]
    )
