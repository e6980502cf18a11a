"""The tables of an evaluation: results selected by their fields, put in order, and given as rows of text."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stgcn_affect.evaluation.results import (
    ADAPTED,
    BEST_BY_TEST,
    BEST_INSIDE,
    BEST_SWAPPED,
    BOTH_INPUTS,
    JUDGED,
    LATENTS,
    METHOD,
    RATERS,
    VOTE,
    Claim,
    Result,
    Score,
    result_table,
    select,
)
from stgcn_affect.reporting.leakage_table import leakage_rows
from stgcn_affect.reporting.mechanism_tables import ablation_rows, curve_rows
from stgcn_affect.reporting.privacy_tables import privacy_tables
from stgcn_affect.reporting.tables import (
    LIMITS,
    RELEASES,
    SCORES,
    TIMES_CHANCE,
    Row,
    Table,
    chance,
    count,
    counted,
    limits,
    number,
    p_value,
    reader_name,
    result_name,
    score,
    scored,
    times_chance,
)

HEAD: Row = ("", "score", LIMITS, "chance", TIMES_CHANCE, "subjects", "cycles or models", "seeds")
"""Header of rows of several claims."""

_ACROSS_TAKES = ("raw", "probabilities", "decoded", "relevance_maps", "released_maps", "z_emotion")
_VERIFIED = (
    *("raw", "retargeted", "subject_baseline", "relative_to_baseline", "probabilities"),
    *("relevance_maps", "released_maps", "anonymised", "z_emotion"),
)
IDENTITY: Mapping[Claim, Sequence[str]] = {
    Claim.SEEN_SUBJECTS: tuple(release for release in RELEASES if release != "logits"),
    Claim.SEEN_SUBJECTS_HELD_OUT_TAKES: _ACROSS_TAKES,
    Claim.UNSEEN_SUBJECTS: _VERIFIED,
    Claim.UNSEEN_SUBJECTS_ONE_TAKE: _VERIFIED,
    Claim.UNSEEN_SUBJECTS_SAME_EMOTION: ("raw", "probabilities", "z_emotion"),
    Claim.UNSEEN_SUBJECTS_DIFFERENCE: JUDGED,
    Claim.WORST_OFF: ("z_emotion",),
    Claim.WORST_OFF_PERMUTED: ("z_emotion",),
}
"""The attacks of a summary and the releases that it shows of each, in their order."""


def evaluation_tables(results: Mapping[str, Any]) -> dict[str, Table]:
    """Every table of an evaluation by its name, which is that of its CSV file."""
    table = result_table(results)
    return {
        "emotion": Table("", method_rows(table)),
        "comparison": Table("", comparison_rows(table)),
        **({"raters": Table("", rater_rows(results[RATERS]))} if RATERS in results else {}),
        **privacy_tables(results),
        "disentanglement": Table("", disentanglement_rows(table)),
        "curve": Table("", curve_rows(table)),
        "ablation": Table("", ablation_rows(table)),
        **({"leakage": Table("", leakage_rows(table))} if "leakage" in results else {}),
    }


def training_rows(table: Iterable[Result]) -> list[Row]:
    """What a training run itself scores: emotion of unseen subjects, and the re-identification of seen ones."""
    table = list(table)
    rows: list[Row] = [("", "score", LIMITS, "chance", TIMES_CHANCE, "subjects", "cycles")]
    for one in select(table, claim=Claim.EMOTION, attacker=METHOD):
        rows.append((f"emotion of unseen subjects, {SCORES[one.score]}", *score_cells(one)[:6]))
    for release in ("raw", "z_identity", "z_emotion"):
        seen = select(table, claim=Claim.SEEN_SUBJECTS, release=release, attacker="")
        rows += [(result_name(one), *score_cells(one)[:6]) for one in seen]
    return rows


def emotion_results(table: Iterable[Result]) -> list[Result]:
    """The summary of emotion: the method, what it is compared with, and the differences that matter."""
    table = select(table, score=Score.BALANCED_ACCURACY)
    wanted: list[dict[str, object]] = [
        {"claim": Claim.EMOTION, "attacker": METHOD},
        {"claim": Claim.EMOTION, "setting": BEST_INSIDE},
        {"claim": Claim.EMOTION_DIFFERENCE, "setting": BEST_INSIDE},
        {"claim": Claim.EMOTION, "setting": BEST_BY_TEST},
        {"claim": Claim.EMOTION, "setting": BEST_SWAPPED},
        {"claim": Claim.EMOTION, "setting": "", "attacker": "plain_stgcn"},
        {"claim": Claim.EMOTION_DIFFERENCE, "setting": "", "attacker": "plain_stgcn"},
        {"claim": Claim.EMOTION, "setting": "", "attacker": "disentangled_on_hand_made"},
        {"claim": Claim.EMOTION, "setting": "", "attacker": BOTH_INPUTS},
        {"claim": Claim.EMOTION, "setting": "", "attacker": VOTE},
    ]
    wanted += [{"claim": Claim.EMOTION, "setting": "", "attacker": name} for name in (*ADAPTED.values(), RATERS)]
    return [one for fields in wanted for one in select(table, **fields)]


def identity_results(table: Iterable[Result]) -> list[Result]:
    """The summary of attacks on identity: seen subjects by the attacker chosen inside, unseen ones by their AUC."""
    table = [one for one in table if one.score in (Score.ACCURACY, Score.AUC)]
    return [
        one
        for claim, releases in IDENTITY.items()
        for release in releases
        for one in select(table, claim=claim, release=release, attacker="")
    ]


def best_by_hindsight(table: Iterable[Result]) -> Result | None:
    """The baseline that scores best on the test subjects, swap-trained ones included; None where there is none.

    Nobody could have chosen it without looking at the test.
    """
    table = select(table, claim=Claim.EMOTION, score=Score.BALANCED_ACCURACY)
    found = [one for setting in (BEST_BY_TEST, BEST_SWAPPED) for one in select(table, setting=setting)]
    return max(found, key=lambda one: one.value, default=None)


def summary_rows(found: Iterable[Result]) -> list[Row]:
    """Results of several claims below ``HEAD``, each named in full."""
    return [HEAD, *((result_name(one), *score_cells(one)) for one in found)]


def score_cells(result: Result) -> Row:
    """Score, limits, chance and counts, as ``HEAD`` has them behind the name."""
    what = count(result.cycles) if result.models is None else counted(result.models, "model")
    counts = (count(result.subjects), what, count(result.seeds))
    return score(result), limits(result), chance(result), times_chance(result), *counts


def method_rows(table: Iterable[Result]) -> list[Row]:
    """Every network and baseline, and human raters, best first, beside chance."""
    mine = [one for one in select(table, claim=Claim.EMOTION) if one.setting in ("", BEST_INSIDE)]
    f1 = {(one.attacker, one.setting): number(one.value) for one in select(mine, score=Score.MACRO_F1)}
    rows: list[Row] = [
        (
            "method",
            SCORES[Score.BALANCED_ACCURACY],
            LIMITS,
            SCORES[Score.MACRO_F1],
            "chance",
            TIMES_CHANCE,
            "subjects",
            "cycles",
            "seeds",
        )
    ]
    for one in sorted(select(mine, score=Score.BALANCED_ACCURACY), key=lambda one: -one.value):
        counts = (count(one.subjects), count(one.cycles), count(one.seeds))
        other = f1.get((one.attacker, one.setting), "")
        rows.append((reader_name(one), score(one), limits(one), other, chance(one), times_chance(one), *counts))
    return rows


def comparison_rows(table: Iterable[Result]) -> list[Row]:
    """The method minus the baselines that matter."""
    rows: list[Row] = [("the method minus", "difference", LIMITS, "p")]
    for one in select(table, claim=Claim.EMOTION_DIFFERENCE):
        rows.append((reader_name(one), score(one), limits(one), "" if one.p is None else p_value(one.p)))
    return rows


def rater_rows(raters: Mapping[str, Any]) -> list[Row]:
    """Clips by acted emotion (row) and by the one that raters perceived (column), of the block ``raters``."""
    emotions = tuple(raters["per_class_recall"])
    rows: list[Row] = [("acted, and perceived as", *emotions)]
    return rows + [(name, *map(str, found)) for name, found in zip(emotions, raters["confusion"], strict=True)]


def disentanglement_rows(table: Iterable[Result]) -> list[Row]:
    """What is read from which latent, and the swap test."""
    table = list(table)
    rows: list[Row] = [("", *LATENTS, "reference")]
    for what in ("emotion", "subject"):
        mine = select(table, claim=Claim.DISENTANGLEMENT, setting=what)
        accuracy, nats = (select(mine, score=of) for of in (Score.BALANCED_ACCURACY, Score.NATS))
        (entropy,) = select(mine, score=Score.ENTROPY)
        rows.append(
            (f"{what}, {SCORES[Score.BALANCED_ACCURACY]}", *map(score, accuracy), f"chance {chance(accuracy[0])}")
        )
        rows.append((f"{what}, {SCORES[Score.NATS]}", *map(score, nats), f"entropy {score(entropy)}"))
    for one in select(table, claim=Claim.SWAP):
        cells = (scored(one), "") if one.setting == "emotion" else ("", scored(one))
        rows.append((result_name(one), *cells, f"chance {chance(one)}"))
    (cka,) = select(table, score=Score.CKA)
    return [*rows, ("CKA of both latents", score(cka), "", "0: unrelated")]
