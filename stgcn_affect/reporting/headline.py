"""The headline table: what several evaluations found about emotion and privacy, a column for each data set."""

from collections.abc import Mapping, Sequence
from typing import Any

from stgcn_affect.evaluation.results import BEST_INSIDE, METHOD, Claim, Result, Score, result_table, select
from stgcn_affect.reporting.evaluation_tables import best_by_hindsight
from stgcn_affect.reporting.markdown import markdown_table
from stgcn_affect.reporting.tables import Row, chance, dataset_sizes, result_name, scored, times_chance, verdict_words

HEADLINE = "headline"
"""Name of the table's section in a document, between the marks of ``replace_section``."""

HINDSIGHT = "emotion: best baseline by test score, picked afterwards"
"""Name of the row of the baseline that scores best on the test subjects: nobody could have chosen it without them."""


def headline_table(found: Mapping[str, Mapping[str, Any]]) -> str:
    """The headline of several evaluations as a Markdown table.

    Args:
        found: name of a data set to its ``results.json``.
    """
    return markdown_table(headline_rows(found))


def headline_rows(found: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """Emotion beside the baselines, re-identification, each with its 95 % limits and chance, and the verdict.

    The difference to the baseline that was chosen inside the training subjects never stands alone: the best baseline
    by test score and the plain ST-GCN follow it. A row that no evaluation has is left out.

    Args:
        found: name of a data set to its ``results.json``.
    """
    claims = [_claims(result_table(results)) for results in found.values()]
    rows: list[Row] = [("", *found), ("data", *(dataset_sizes(results) for results in found.values()))]
    for place in zip(*claims, strict=True):
        named = [name for name, _ in place if name]
        if named:
            rows.append((named[0], *(cell for _, cell in place)))
    verdicts = (verdict_words(results["privacy"]["verdict"]) for results in found.values())
    return [*rows, ("verdict", *(words.removeprefix("Verdict: ").removesuffix(".") for words in verdicts))]


def _claims(table: Sequence[Result]) -> list[tuple[str, str]]:
    """Name and cell of every row but the first and the last, both "" where there is no such result."""
    emotion: dict[str, object] = {"claim": Claim.EMOTION, "score": Score.BALANCED_ACCURACY}
    seen: dict[str, object] = {"claim": Claim.SEEN_SUBJECTS, "score": Score.ACCURACY, "attacker": ""}
    hindsight = best_by_hindsight(table)
    return [
        _named(select(table, **emotion, attacker=METHOD)),
        _named(select(table, **emotion, setting=BEST_INSIDE)),
        _named(select(table, claim=Claim.EMOTION_DIFFERENCE, setting=BEST_INSIDE)),
        ("", "") if hindsight is None else (HINDSIGHT, _cell(hindsight)),
        _named(select(table, **emotion, attacker="plain_stgcn", setting="")),
        _named(select(table, claim=Claim.EMOTION_DIFFERENCE, attacker="plain_stgcn", setting="")),
        _named(select(table, **seen, release="raw")),
        _named(select(table, **seen, release="z_emotion")),
        _named(select(table, claim=Claim.UNSEEN_SUBJECTS_DIFFERENCE, score=Score.AUC, release="z_emotion")),
    ]


def _named(found: Sequence[Result]) -> tuple[str, str]:
    return (result_name(found[0]), _cell(found[0])) if found else ("", "")


def _cell(result: Result) -> str:
    times = times_chance(result)
    return scored(result) + (f", {times} times chance {chance(result)}" if times else "")
