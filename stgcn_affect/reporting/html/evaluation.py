"""The report's sections on an evaluation: emotion, privacy, disentanglement, and the privacy/utility curve."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from stgcn_affect.evaluation.results import BEST_INSIDE, Claim, Result, result_table, select
from stgcn_affect.reporting.evaluation_tables import (
    HEAD,
    IDENTITY,
    best_by_hindsight,
    comparison_rows,
    disentanglement_rows,
    emotion_results,
    identity_results,
    method_rows,
    score_cells,
    summary_rows,
)
from stgcn_affect.reporting.html.elements import (
    bullets,
    confusion_table,
    folded,
    heading,
    html_table,
    joined,
    missing,
    paragraph,
    warning,
)
from stgcn_affect.reporting.html.figures import drawn
from stgcn_affect.reporting.html.page import Section
from stgcn_affect.reporting.html.training import tool
from stgcn_affect.reporting.leakage_table import LEAKY_WORDS, leakage_rows
from stgcn_affect.reporting.markdown import failed_tasks
from stgcn_affect.reporting.mechanism_tables import ablation_rows, area_words, curve_rows
from stgcn_affect.reporting.privacy_tables import privacy_tables
from stgcn_affect.reporting.run_files import RunFiles
from stgcn_affect.reporting.tables import (
    DIFFERENCES,
    Row,
    attacker_name,
    chance,
    compared_words,
    counted,
    dataset_words,
    limits,
    p_value,
    reader_name,
    release_name,
    score,
    scored,
    seeds_words,
    split_words,
    verdict_on_walks,
)
from stgcn_affect.visual.scores import privacy_utility_figure

ATTACKS = {
    Claim.SEEN_SUBJECTS: "Seen subjects re-identified in an emotion that attackers did not learn from",
    Claim.SEEN_SUBJECTS_HELD_OUT_TAKES: "Seen subjects re-identified in held-out takes of emotions that attackers know",
    Claim.UNSEEN_SUBJECTS: "Unseen subjects: verification AUC",
    Claim.UNSEEN_SUBJECTS_ONE_TAKE: "Unseen subjects: verification AUC, one-take enrolment",
    Claim.UNSEEN_SUBJECTS_SAME_EMOTION: "Unseen subjects: verification AUC, a take of the same emotion enrolled",
    Claim.UNSEEN_SUBJECTS_DIFFERENCE: "Unseen subjects: verification AUC minus that of the class probabilities",
    Claim.WORST_OFF: "The seen subject who is named most often: share of the own cycles",
    Claim.WORST_OFF_PERMUTED: "The same with permuted names: 95 % point of the largest share of anybody",
}
"""Captions of the tables of attacks on identity."""

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
    "curve": "the curve of emotion kept against subjects re-identified.",
}


def evaluation_sections(files: RunFiles) -> list[Section]:
    """Four sections, each of which says so where its numbers are missing."""
    results = files.evaluated
    if results is None:
        command = tool("evaluate", files.run)
        sections = [Section(name, title, missing(WANTED[name], command)) for name, title in TITLES.items()]
        if files.trained is not None:
            sections[0] = Section("emotion", TITLES["emotion"], sections[0].body + _confusion(files.trained, "run"))
        return sections
    table = result_table(results)
    bodies = {
        "emotion": _emotion(results, table, files),
        "privacy": _privacy(results, table),
        "disentanglement": _disentanglement(results, table),
        "curve": _curve(results, table),
    }
    return [Section(name, title, bodies[name]) for name, title in TITLES.items()]


def verdict_sentence(results: Mapping[str, Any]) -> str:
    """The verdict on z_emotion, the conditions that fail, and the attacker that came closest, in one sentence."""
    attacks = select(result_table(results), claim=Claim.SEEN_SUBJECTS, release="z_emotion")
    (chosen,) = select(attacks, attacker="")
    fresh = [one for one in attacks if one.attacker]
    closest = max(fresh, key=lambda one: one.value)
    named = (
        f"of {len(fresh)} fresh attackers the one that came closest, {attacker_name(closest.attacker)}, names"
        f" {score(closest)} of the seen subjects from it where guessing names {chance(chosen)} (the attackers chosen"
        f" beforehand {score(chosen)}, 95 % limits {limits(chosen)})."
    )
    verdict = results["privacy"]["verdict"]
    if verdict["hidden"]:
        return f"z_emotion passes every condition of the verdict and counts as hiding the subject: {named}"
    failing = [reason.removeprefix("fails: ") for reason in verdict["reasons"] if reason.startswith("fails: ")]
    return f"z_emotion is not shown to hide the subject ({'; '.join(failing)}): {named}"


def other_settings(files: RunFiles) -> Markup:
    """A warning where the evaluation is not of the run's own settings, such as a quick one; "" where it is."""
    if not files.changed:
        return Markup()
    rows: list[Row] = [("setting", "run", "evaluation")]
    rows += [(name, str(files.config.get(name, "")), str(value)) for name, value in files.changed.items()]
    about = warning(
        "The evaluation below was made with other settings than the run, and trained models of its own with them. Its"
        " numbers are of those models, not of the run's."
    )
    title = f"The settings that differ: {len(files.changed)}"
    return about + folded(title, html_table(rows, caption=title))


def _emotion(results: Mapping[str, Any], table: Sequence[Result], files: RunFiles) -> Markup:
    protocol, found = results["protocol"], emotion_results(table)
    strong = [place for place, one in enumerate(found, start=1) if place == 1 or one.claim in DIFFERENCES]
    methods = html_table(method_rows(table), caption="All methods, best first")
    against = html_table(comparison_rows(table), caption="The method minus the baselines that matter")
    parts = [
        other_settings(files),
        paragraph(
            f"{results['dataset']['name']}: {dataset_words(results)}; {split_words(protocol)}, {protocol['folds']}"
            f" folds, seeds {seeds_words(protocol)}. No score is of a subject that the model was trained on. The best"
            " baseline is chosen anew in every fold, inside its training subjects, so that it is not picked by the"
            " test."
        ),
        html_table(
            _named("what", summary_rows(found)),
            caption="Emotion of unseen subjects: balanced accuracy, and differences",
            strong=strong,
        ),
        paragraph(comparison_sentences(table)),
        _confusion(results, "evaluation"),
        folded("All methods and tests", methods + against),
        *_leakage(results, table),
    ]
    if results["failures"]:
        words = "Some tasks failed; their subjects are missing from what was run on them:"
        parts += [warning(words), bullets(failed_tasks(results))]
    return joined(parts)


def _leakage(results: Mapping[str, Any], table: Sequence[Result]) -> list[Markup]:
    """The plain ST-GCN by splits that leak, where they were asked for."""
    if "leakage" not in results:
        return []
    rows = leakage_rows(table)
    title = "What a leaky split is worth"
    return [folded(title, warning(LEAKY_WORDS) + html_table(rows, caption=title, strong=[len(rows) - 1]))]


def comparison_sentences(table: Sequence[Result]) -> str:
    """The method against the baseline chosen inside, the plain ST-GCN, and the baseline that is best afterwards."""
    gains = [one for one in select(table, claim=Claim.EMOTION_DIFFERENCE) if one.setting in ("", BEST_INSIDE)]
    sentences = [
        f"The method is {compared_words(gain)} the {reader_name(gain)}: the difference is {score(gain)}, 95 % limits"
        f" {limits(gain)}{_by_sign_flips(gain)}."
        for gain in gains
    ]
    afterwards = best_by_hindsight(table)
    if afterwards is not None:
        sentences.append(
            "The baseline that turns out best on the test subjects, which nobody could have chosen beforehand, has"
            f" {scored(afterwards)}."
        )
    seeds = {counted(gain.seeds, "seed") for gain in gains if gain.seeds is not None}
    over = f" over {seeds.pop()}" if seeds else ""
    return " ".join([*sentences, f"Within noise means that the paired 95 % limits{over} include 0."])


def _by_sign_flips(gain: Result) -> str:
    return "" if gain.p is None else f", p = {p_value(gain.p)} by sign flips over subjects"


def _confusion(results: Mapping[str, Any], whose: str) -> Markup:
    emotions, emotion = results["dataset"]["emotions"], results["emotion"]
    return confusion_table(
        emotion["confusion"],
        names=emotions,
        caption=f"Predictions on {emotion['n_subjects']} unseen subjects ({whose}): shares of the true emotion, cycles",
    )


def _privacy(results: Mapping[str, Any], table: Sequence[Result]) -> Markup:
    tables = [
        paragraph(one.words) + html_table(one.rows, caption=name.replace("_", " ").capitalize())
        for name, one in privacy_tables(results).items()
    ]
    parts = [
        paragraph(verdict_sentence(results), kind="lead"),
        heading("The conditions of the verdict"),
        bullets(results["privacy"]["verdict"]["reasons"]),
        *[paragraph(words) for words in filter(None, [verdict_on_walks(results)])],
        *_held_out_takes(table),
        paragraph(
            "A latent that these attackers cannot read is not thereby private: other attackers, more data or side"
            " knowledge may do better, and the raw recordings give the subject away whatever a network hides."
        ),
        *_identity(table),
        folded("Every attack and attacker", joined(tables)),
    ]
    return joined(parts)


def _identity(table: Sequence[Result]) -> list[Markup]:
    """The summary of the attacks on identity, a table for each kind."""
    found, tables = identity_results(table), []
    for claim in IDENTITY:
        mine = select(found, claim=claim)
        rows: list[Row] = [("released", *HEAD[1:])]
        rows += [(release_name(one.release), *score_cells(one)) for one in mine]
        strong = [place for place, one in enumerate(mine, start=1) if one.release == "z_emotion"]
        tables += [html_table(rows, caption=ATTACKS[claim], strong=strong)] if mine else []
    return tables


def _held_out_takes(table: Sequence[Result]) -> list[Markup]:
    """What the verdict's rule does not look at, where it was attacked."""
    takes = select(table, claim=Claim.SEEN_SUBJECTS_HELD_OUT_TAKES, release="z_emotion", attacker="")
    return [
        paragraph(
            "The rule looks at an emotion that attackers did not learn from. Where they know the subject in every"
            f" emotion and meet a new take, they name {score(one)} from z_emotion, 95 % limits {limits(one)}, chance"
            f" {chance(one)}."
        )
        for one in takes
    ]


def _disentanglement(results: Mapping[str, Any], table: Sequence[Result]) -> Markup:
    parts = [
        paragraph(
            "Fresh classifiers read emotion and subject from each latent. In the swap test a walk is decoded from the"
            " emotion of one subject and the identity of another, and classifiers that were trained on real walks only"
            " name both."
        ),
        html_table(_named("what", disentanglement_rows(table)), caption="Emotion and subject, read from either latent"),
    ]
    if results.get("ablation"):
        caption = "The method without one part at a time: emotion, and subjects re-identified from z_emotion"
        parts.append(html_table(_named("without", ablation_rows(table)), caption=caption))
    return joined(parts)


def _curve(results: Mapping[str, Any], table: Sequence[Result]) -> Markup:
    points, by_chance = results["curve"]["points"], results["emotion"]["chance"]
    return joined(
        [
            drawn(
                privacy_utility_figure(points, chance=by_chance),
                prefix="curve",
                caption="Every privacy mechanism: subjects re-identified against emotion kept; the upper left is best.",
                label="Privacy mechanisms by seen subjects re-identified and emotion of unseen subjects; numbers in the"
                " table below.",
                wide=True,
            ),
            html_table(curve_rows(table), caption="The points of the curve"),
            paragraph(area_words(table)),
        ]
    )


def _named(corner: str, rows: Sequence[Row]) -> list[Row]:
    """Rows with a name for their first column."""
    return [(corner, *rows[0][1:]), *rows[1:]]
