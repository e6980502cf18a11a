"""The report of a run: everything that its folder holds, as one HTML page that needs no network."""

from stgcn_affect.evaluation.results import result_table
from stgcn_affect.reporting.html.elements import bullets, missing, paragraph, warning
from stgcn_affect.reporting.html.evaluation import comparison_sentences, evaluation_sections, verdict_sentence
from stgcn_affect.reporting.html.explanation import explanation_sections
from stgcn_affect.reporting.html.page import Section, report_page
from stgcn_affect.reporting.html.training import quality_section, reproduce_section, tool, training_section
from stgcn_affect.reporting.run_files import RunFiles
from stgcn_affect.reporting.tables import camera_words, number, span

LIMITS = (
    "Acted emotion is not felt emotion: actors were asked to walk so, and a walk is weak evidence of either. Nothing"
    " here diagnoses anyone.",
    "Synthetic walkers test the machinery. What is found on them says nothing about people.",
    "It is not for covert use: not for watching, hiring, policing or selling to people who did not agree to it.",
    "The verdict speaks of these attackers, these subjects and this latent. It does not say that nobody could ever find"
    " a subject again, and it does not speak of the raw recordings, which stay personal data.",
    "Few subjects make wide limits. A difference whose limits hold zero is not shown, whichever way it points.",
    "A map says what moved this model's decision. It does not say what causes or expresses an emotion in people.",
)


def run_page(files: RunFiles) -> str:
    """The page of what a run holds."""
    sections = [
        _short(files),
        training_section(files),
        *evaluation_sections(files),
        *explanation_sections(files),
        quality_section(files),
        Section("limits", "Limits, and what this is not for", bullets(LIMITS)),
        reproduce_section(files),
    ]
    name = files.run.resolve().name
    return report_page(
        sections,
        title=f"Report of the run {name}",
        about="Emotion from gait on a skeleton graph: what was trained, how well it knows the emotion of subjects it"
        " never saw, whether it gives the subject away, and which joints decided.",
        foot="Made by stgcn-affect report of stgcn_affect from the files of the run. Every score stands in its"
        " results.json, evaluation/results.json or explanations/results.json.",
    )


def _short(files: RunFiles) -> Section:
    """What a reader in a hurry should know."""
    parts, run = [], files.run
    results = files.evaluated or files.trained
    if results is not None:
        emotion, dataset = results["emotion"], results["dataset"]
        parts.append(
            f"Emotion of {emotion['n_subjects']} unseen subjects ({dataset['name']}): balanced accuracy"
            f" {number(emotion['balanced_accuracy'])}, 95 % limits {span(emotion['ci95'])}, chance"
            f" {number(emotion['chance'])}."
        )
    if files.evaluated is not None:
        parts.append(comparison_sentences(result_table(files.evaluated)))
    if files.explained is not None:
        first = {name: rows[0]["joint"] for name, rows in files.explained["ranking"].items() if rows}
        parts.append(
            f"Most relevant joint by {files.explained['explained']['method']}: "
            + ", ".join(f"{joint} ({emotion})" for emotion, joint in first.items())
            + "."
        )
    camera = "" if results is None else camera_words(results)
    if camera:
        parts.append(camera)
    body = bullets(parts) if parts else paragraph("There are no results yet.")
    if files.evaluated is not None:
        body = paragraph(verdict_sentence(files.evaluated), kind="lead") + body
    else:
        body += missing("baselines, attackers and the verdict on privacy.", tool("evaluate", run))
    if files.changed:
        body += warning("The evaluation was made with other settings than the run; see the section on emotion.")
    if files.explained is None:
        body += missing("which joints decided, and when.", tool("explain", run))
    return Section("short", "In short", body)
