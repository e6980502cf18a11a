"""An evaluation in Markdown: its report, the sections of a document, and the CSV files beside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from stgcn_affect.errors import InputError, last_line
from stgcn_affect.evaluation.old_results import read_results
from stgcn_affect.evaluation.results import RATERS, Claim, Result, result_table, select
from stgcn_affect.files import write_csv, write_whole
from stgcn_affect.reporting.evaluation_tables import (
    emotion_results,
    evaluation_tables,
    identity_results,
    rater_rows,
    summary_rows,
)
from stgcn_affect.reporting.leakage_table import LEAKY_WORDS, leakage_rows
from stgcn_affect.reporting.mechanism_tables import ablation_rows, area_words, curve_rows, factorial_rows
from stgcn_affect.reporting.tables import (
    Row,
    Table,
    camera_words,
    dataset_words,
    number,
    seeds_words,
    span,
    split_words,
    verdict_on_walks,
    verdict_words,
)
from stgcn_affect.visual.scores import confusion_figure, privacy_utility_figure
from stgcn_affect.visual.style import save_figure


def markdown_table(rows: Sequence[Row]) -> str:
    """Rows, the first of them a header, as a Markdown table."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def write_report(results: Mapping[str, Any], folder: Path) -> None:
    """Write report.md, a CSV file per table, ``results.csv`` with every score, and the figures.

    Args:
        results: ``results.json`` of an evaluation.
        folder: where to.
    """
    tables = evaluation_tables(results)
    for name, table in tables.items():
        write_csv(table.rows, path=folder / f"{name}.csv")
    columns = [field.name for field in fields(Result)]
    rows = [list(asdict(one).values()) for one in result_table(results)]
    write_csv([columns, *rows], path=folder / "results.csv")
    confusion, chance = np.array(results["emotion"]["confusion"]), results["emotion"]["chance"]
    figure = confusion_figure(confusion, names=results["dataset"]["emotions"], title="Unseen subjects")
    save_figure(figure, path=folder / "confusion.png")
    save_figure(privacy_utility_figure(results["curve"]["points"], chance=chance), path=folder / "curve.png")
    write_whole(report_text(results, tables), path=folder / "report.md")


def report_text(results: Mapping[str, Any], tables: Mapping[str, Table]) -> str:
    """The report of an evaluation.

    Args:
        results: ``results.json``.
        tables: the result of ``evaluation_tables``; those with words above them are attacks.
    """
    dataset, protocol, verdict = results["dataset"], results["protocol"], results["privacy"]["verdict"]
    attacks = [part for table in tables.values() if table.words for part in (table.words, markdown_table(table.rows))]
    parts = [
        "# Evaluation",
        f"{dataset['name']}: {dataset_words(results)}; {split_words(protocol)}, {protocol['folds']} folds, seeds"
        f" {seeds_words(protocol)}. Limits are 95 %, by bootstrap over subjects. Every score is on subjects that the"
        " model never saw, except the attacks on seen subjects.",
        *filter(None, [camera_words(results)]),
        "## Emotion",
        markdown_table(tables["emotion"].rows),
        "![Confusion of the method](confusion.png)",
        "The best baseline is chosen anew in every fold, inside its training subjects. Differences are the method minus"
        " the baseline.",
        markdown_table(tables["comparison"].rows),
        *_raters(results, tables),
        "## Privacy",
        verdict_words(verdict),
        _listed(verdict["reasons"]),
        *filter(None, [verdict_on_walks(results)]),
        *attacks,
        "## Disentanglement",
        markdown_table(tables["disentanglement"].rows),
        "## Privacy against utility",
        "![Privacy against utility](curve.png)",
        area_words(result_table(results)),
        markdown_table(tables["curve"].rows),
        "## Without one part",
        markdown_table(tables["ablation"].rows),
        *_heading("What a leaky split is worth", PARTS["leakage"](results, result_table(results))),
        "## Failed tasks",
        _listed(failed_tasks(results)) or "None.",
    ]
    return "\n\n".join(parts) + "\n"


def _heading(title: str, text: str) -> list[str]:
    """A text below its heading; nothing where there is no text."""
    return [f"## {title}", text] if text else []


def _raters(results: Mapping[str, Any], tables: Mapping[str, Table]) -> list[str]:
    """What was acted against what raters perceived, where the clips are rated."""
    if RATERS not in results:
        return []
    found = results[RATERS]
    words = (
        f"Raters perceived the acted emotion in {number(found['balanced_accuracy'])} of the clips (mean over emotions,"
        f" 95 % limits {span(found['ci95'])}, chance {number(found['chance'])}):"
    )
    return ["## Human raters", words, markdown_table(tables[RATERS].rows)]


def failed_tasks(results: Mapping[str, Any]) -> list[str]:
    """Every task that failed, the subjects that are missing from it, and the last line of its error."""
    return [
        f"{one['about']} (subjects {', '.join(one['subjects'])}): {last_line(one['error'])}"
        for one in results["failures"]
    ]


def results_section(results: Mapping[str, Any], shows: Sequence[str] = ("scores", "curve")) -> str:
    """What one evaluation found, for a document: a caption, then the parts that are wanted.

    Args:
        results: ``results.json``.
        shows: names of ``PARTS``: the scores with the verdict on privacy, those of the emotion alone with what raters
            perceived, the privacy/utility curve, the method without one part at a time or several, or the plain ST-GCN
            by leaky splits (nothing where these were not asked for).
    """
    protocol = results["protocol"]
    caption = (
        f"**{results['dataset']['name']}**: {dataset_words(results)}; emotion by {split_words(protocol)}, folds a"
        f" seed: {protocol['folds']}; seeds {seeds_words(protocol)}."
    )
    table = result_table(results)
    return "\n\n".join([caption, *filter(None, (PARTS[part](results, table) for part in shows))])


def replace_section(text: str, name: str, section: str, *, source: str) -> str:
    """A document with the section ``name`` between its two marks replaced.

    Args:
        text: the document, which has ``<!-- results: NAME -->`` and, below it, ``<!-- end of results: NAME -->``.
        name: the name of the section.
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


def replace_sections(document: Path, sections: Mapping[str, str]) -> str:
    """The text of a document with several sections replaced, by name. Raises InputError as ``replace_section`` does."""
    try:
        text = document.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{document}: expected a document with results (got {error.strerror})") from error
    for name, section in sections.items():
        text = replace_section(text, name, section, source=str(document))
    return text


def rebuild_sections(document: Path, found: Mapping[str, Path], shows: Sequence[str] = ("scores", "curve")) -> None:
    """Write the sections of a document anew from evaluations that are there; nothing is computed.

    Args:
        document: with the marks of every section.
        found: section to the ``results.json`` of its evaluation; one of before is read too.
        shows: as for ``results_section``.

    Raises:
        InputError: a mark is missing, or a file is not there or is no JSON.
    """
    sections = {name: results_section(read_results(path), shows) for name, path in found.items()}
    write_whole(replace_sections(document, sections), path=document)


def _scores(results: Mapping[str, Any], table: Sequence[Result]) -> str:
    verdict = results["privacy"]["verdict"]
    found = emotion_results(table) + identity_results(table) + select(table, claim=Claim.SWAP)
    words = [verdict_words(verdict), _listed(verdict["reasons"]), verdict_on_walks(results)]
    return "\n\n".join([markdown_table(summary_rows(found)), *filter(None, words)])


def _emotion(results: Mapping[str, Any], table: Sequence[Result]) -> str:
    parts = [markdown_table(summary_rows(emotion_results(table)))]
    if RATERS in results:
        words = "In rows what was acted, in columns what raters perceived:"
        parts += [words, markdown_table(rater_rows(results[RATERS]))]
    return "\n\n".join(parts)


def _curve(results: Mapping[str, Any], table: Sequence[Result]) -> str:
    words = (
        "Privacy against utility: the emotion of unseen subjects that a fresh classifier reads from a release, and the"
        " share of seen subjects that the attacker chosen inside re-identifies from it."
    )
    return f"{words}\n\n{markdown_table(curve_rows(table))}\n\n{area_words(table)}"


def _ablation(results: Mapping[str, Any], table: Sequence[Result]) -> str:
    words = (
        "The method without one part at a time. A difference above 0 says that the part helps the emotion; a share"
        " re-identified above the method's says that it hides the subject."
    )
    return f"{words}\n\n{markdown_table(ablation_rows(table))}"


def _factorial(results: Mapping[str, Any], table: Sequence[Result]) -> str:
    words = (
        "Gradient reversal, transfer (with its consistency) and projection on and off, the rest as in the method:"
        " emotion of unseen subjects, and the share of seen subjects that the attacker chosen inside re-identifies from"
        " z_emotion in an emotion that it did not learn from."
    )
    return f"{words}\n\n{markdown_table(factorial_rows(table))}"


def _leakage(results: Mapping[str, Any], table: Sequence[Result]) -> str:
    return f"{LEAKY_WORDS}\n\n{markdown_table(leakage_rows(table))}" if "leakage" in results else ""


PARTS: Mapping[str, Callable[[Mapping[str, Any], Sequence[Result]], str]] = {
    "scores": _scores,
    "emotion": _emotion,
    "curve": _curve,
    "ablation": _ablation,
    "factorial": _factorial,
    "leakage": _leakage,
}
"""What a section can show, by name."""


def _listed(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
