"""The table of leaky splits: one network scored by each of them and by subject."""

from collections.abc import Iterable

from stgcn_affect.evaluation.results import Claim, Result, Score, select
from stgcn_affect.reporting.tables import (
    LIMITS,
    SCORES,
    SPLITS,
    TIMES_CHANCE,
    Row,
    chance,
    count,
    limits,
    score,
    times_chance,
)

LEAKY_WORDS = (
    "The plain ST-GCN, with the same settings, scored by splits that published work uses and, in the last row, by"
    " subject. Only the last row says how well the emotion of a new subject is recognised. The rows above it are no"
    " results, whether higher or lower: there the training has seen the tested subjects or copies of the tested clips,"
    " or the test itself chose the epoch."
)
"""What stands above the table of leaky splits."""


def leakage_rows(table: Iterable[Result]) -> list[Row]:
    """The network by each way to split, the last one by subject, and what a leaky split adds to that."""
    table = list(table)
    heads = ("emotion", LIMITS, SCORES[Score.MACRO_F1], "chance", TIMES_CHANCE, "minus by subject", LIMITS)
    rows: list[Row] = [("split", *heads, "subjects", "cycles", "seeds")]
    for one in select(table, claim=Claim.LEAKAGE, score=Score.BALANCED_ACCURACY):
        (f1,) = select(table, claim=Claim.LEAKAGE, score=Score.MACRO_F1, setting=one.setting)
        gains = select(table, claim=Claim.LEAKAGE_DIFFERENCE, setting=one.setting)
        added = (score(gains[0]), limits(gains[0])) if gains else ("", "")
        cells = (score(one), limits(one), score(f1), chance(one), times_chance(one), *added)
        rows.append((SPLITS[one.setting], *cells, count(one.subjects), count(one.cycles), count(one.seeds)))
    return rows
