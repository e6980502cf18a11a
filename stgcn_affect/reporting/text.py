"""Tables for a terminal: of a training run and of an evaluation."""

from collections.abc import Mapping, Sequence
from typing import Any

from stgcn_affect.evaluation.results import Claim, Result, Score, result_table, select
from stgcn_affect.reporting.evaluation_tables import emotion_results, training_rows
from stgcn_affect.reporting.tables import (
    LIMITS,
    TIMES_CHANCE,
    Row,
    camera_words,
    chance,
    counted,
    dataset_sizes,
    limits,
    p_value,
    result_name,
    score,
    split_words,
    times_chance,
    verdict_words,
)

_RELEASES = ("raw", "probabilities", "z_emotion")


def aligned(rows: Sequence[Row], *, left: Sequence[int] = (0,)) -> list[str]:
    """Lines of a table with its columns ``left`` flush left and the others flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if i in left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def training_table(results: Mapping[str, Any]) -> str:
    """The scores of a training run, each beside its limits and chance.

    Args:
        results: ``results.json`` of the run.
    """
    dataset, protocol = results["dataset"], results["protocol"]
    caption = (
        f"{dataset['name']}: {dataset_sizes(results)};"
        f" {counted(results['emotion']['n_subjects'], 'subject')} tested by models that never saw them"
        f" ({split_words(protocol)}, {counted(protocol['folds'], 'model')}); {results['seconds']:.0f} s"
    )
    lines = [caption, *_ruled([row[:5] for row in training_rows(result_table(results))])]
    return "\n".join([*lines, *filter(None, [camera_words(results)])])


def evaluation_table(results: Mapping[str, Any]) -> str:
    """The claims of an evaluation, each beside its limits and chance, and the verdict.

    Args:
        results: ``results.json`` of the evaluation.
    """
    table = result_table(results)
    rows: list[Row] = [("", "score", LIMITS, "chance", TIMES_CHANCE)]
    rows += [
        (result_name(one), score(one), limits(one), _chance_or_p(one), times_chance(one)) for one in _headline(table)
    ]
    verdict = results["privacy"]["verdict"]
    lines = [*_ruled(rows), verdict_words(verdict), *(f"  {reason}" for reason in verdict["reasons"])]
    return "\n".join([*lines, *filter(None, [camera_words(results)])])


def _headline(table: Sequence[Result]) -> list[Result]:
    """Emotion beside everything that it is compared with, then attacks on what gives the most and the least away."""
    shown = {
        Claim.SEEN_SUBJECTS: (Score.ACCURACY, ("raw", "z_identity", "probabilities", "z_emotion")),
        Claim.UNSEEN_SUBJECTS: (Score.AUC, ("raw", "probabilities", "z_emotion")),
        Claim.ATTRIBUTES: (Score.BALANCED_ACCURACY, ("raw", "probabilities", "z_emotion")),
    }
    attacks = [
        one
        for claim, (of, releases) in shown.items()
        for release in releases
        for one in select(table, claim=claim, score=of, release=release, attacker="")
    ]
    return emotion_results(table) + attacks


def _chance_or_p(result: Result) -> str:
    """Chance; a difference has the p value of its test instead."""
    return chance(result) if result.p is None or result.chance is not None else f"p {p_value(result.p)}"


def _ruled(rows: Sequence[Row]) -> list[str]:
    """An aligned table between rules, the first row being its header."""
    head, *lines = aligned(rows)
    rule = "-" * max(map(len, [head, *lines]))
    return [rule, head, rule, *lines, rule]
