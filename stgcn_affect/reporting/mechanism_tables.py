"""The tables of the privacy mechanisms, and of the method without some of its parts."""

from collections.abc import Iterable, Sequence

from stgcn_affect.evaluation.results import METHOD, Claim, Result, Score, select
from stgcn_affect.reporting.tables import LIMITS, TIMES_CHANCE, Row, chance, count, limits, number, score, times_chance


def curve_rows(table: Iterable[Result]) -> list[Row]:
    """The points of the privacy/utility curve."""
    rows: list[Row] = [("privacy mechanism", "emotion", TIMES_CHANCE, "re-identified", LIMITS, "chance", "models")]
    mine = select(table, claim=Claim.CURVE)
    identity = select(mine, score=Score.ACCURACY)
    for emotion, found in zip(select(mine, score=Score.BALANCED_ACCURACY), identity, strict=True):
        cells = (score(found), limits(found), chance(found), count(found.models))
        rows.append((found.setting, score(emotion), times_chance(emotion), *cells))
    return rows


def area_words(table: Sequence[Result]) -> str:
    """The area under the curve of every mechanism in a sentence, the best one first."""
    areas = sorted(select(table, claim=Claim.CURVE, score=Score.AREA), key=lambda one: -one.value)
    listed = ", ".join(f"{one.setting} {number(one.value)}" for one in areas)
    return (
        "Area under the curve, emotion over re-identification, of each mechanism (1.000: the emotion always, and nobody"
        f" re-identified): {listed}."
    )


FACTORS = ("reversal", "transfer", "projection")
"""The parts of the method that the factorial table has on and off."""


def factorial_rows(table: Iterable[Result]) -> list[Row]:
    """Each combination of ``FACTORS``: emotion, and re-identification from z_emotion by the attacker chosen inside.

    The first row has all of them, which is the method; the variants have the names of configs/factorial.yaml.
    """
    table = list(table)
    (whole,) = select(table, claim=Claim.EMOTION, score=Score.BALANCED_ACCURACY, attacker=METHOD)
    (known,) = select(table, claim=Claim.SEEN_SUBJECTS, release="z_emotion", attacker="")
    cells: dict[tuple[str, ...], tuple[Result, Result]] = {("on",) * len(FACTORS): (whole, known)}
    for emotion in select(table, claim=Claim.ABLATION, score=Score.BALANCED_ACCURACY):
        off = {part.removeprefix("no_") for part in emotion.setting.split("+")}
        if off <= set(FACTORS):
            (named,) = select(table, claim=Claim.ABLATION, score=Score.ACCURACY, setting=emotion.setting)
            cells[tuple("off" if factor in off else "on" for factor in FACTORS)] = (emotion, named)
    rows: list[Row] = [(*FACTORS, "emotion", LIMITS, "chance", "re-identified from z_emotion", LIMITS, "chance")]
    for switches in sorted(cells, reverse=True):
        texts = (text for one in cells[switches] for text in (score(one), limits(one), chance(one)))
        rows.append((*switches, *texts))
    return rows


def ablation_rows(table: Iterable[Result]) -> list[Row]:
    """The method, then the method without one part, in emotion and in re-identification from z_emotion."""
    table = list(table)
    heads = (
        "emotion",
        TIMES_CHANCE,
        LIMITS,
        "the method minus the variant",
        LIMITS,
        "re-identified from z_emotion",
        LIMITS,
        "chance",
    )
    rows: list[Row] = [("", *heads)]
    (whole,) = select(table, claim=Claim.EMOTION, score=Score.BALANCED_ACCURACY, attacker=METHOD)
    (known,) = select(table, claim=Claim.SEEN_SUBJECTS, release="z_emotion", attacker="")
    cells: Row = ("", "", score(known), limits(known), chance(known))
    rows.append(("the method", score(whole), times_chance(whole), limits(whole), *cells))
    for gain in select(table, claim=Claim.ABLATION_DIFFERENCE):
        mine = select(table, claim=Claim.ABLATION, setting=gain.setting)
        (emotion,) = select(mine, score=Score.BALANCED_ACCURACY)
        (found,) = select(mine, score=Score.ACCURACY)
        cells = (*(text for one in (gain, found) for text in (score(one), limits(one))), chance(found))
        name = gain.setting.replace("_", " ")
        rows.append((name, score(emotion), times_chance(emotion), limits(emotion), *cells))
    return rows
