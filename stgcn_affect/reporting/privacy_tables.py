"""The tables of the attacks on identity and attributes, and what is written above each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stgcn_affect.evaluation.results import VERIFICATION, Claim, Result, Score, result_table, select
from stgcn_affect.reporting.tables import (
    LIMITS,
    SCORES,
    Row,
    Table,
    attacker_name,
    chance,
    count,
    counted,
    limits,
    release_name,
    score,
    scored,
)


def privacy_tables(results: Mapping[str, Any]) -> dict[str, Table]:
    """The tables of the attacks; takes, one-take enrolment and attributes have one where they were attacked."""
    table, privacy = result_table(results), results["privacy"]
    seen, unseen = privacy["seen_subjects"], privacy["unseen_subjects"]
    static = select(table, claim=Claim.SEEN_SUBJECTS_STATIC)
    takes = select(table, claim=Claim.SEEN_SUBJECTS_HELD_OUT_TAKES)
    one_take = select(table, claim=Claim.UNSEEN_SUBJECTS_ONE_TAKE)
    same_emotion = select(table, claim=Claim.UNSEEN_SUBJECTS_SAME_EMOTION)
    worst_off = select(table, claim=Claim.WORST_OFF)
    attributes = select(table, claim=Claim.ATTRIBUTES)
    size, unseen_size = (
        f"{counted(of['subjects'], 'subject')}, {counted(of['models'], 'model')}" for of in (seen, unseen)
    )
    found = {
        "seen_subjects": Table(
            f"Seen subjects ({size}): fresh attackers learn from all emotions but one and name the subject in that"
            " one, each in turn. The score is that of the attacker that was strongest inside the attackers' own"
            " training part. Static attackers learn from raw cycles only.",
            seen_rows([*select(table, claim=Claim.SEEN_SUBJECTS), *static]),
        )
    }
    if takes:
        found["held_out_takes"] = Table(
            "Seen subjects, held-out takes: attackers learn from the takes that fitted the encoder, in all emotions,"
            " and name the subject in takes that did not, in the same emotions.",
            seen_rows(takes),
        )
    found["unseen_subjects"] = Table(
        f"Unseen subjects ({unseen_size}): enrolled from all emotions but one, and probes of that one emotion, among"
        f" the unseen subjects of one model. {_resolution(unseen)}",
        unseen_rows(select(table, claim=Claim.UNSEEN_SUBJECTS)),
    )
    if one_take:
        found["one_take"] = Table(
            "Unseen subjects, one-take enrolment: enrolled from a single take in one emotion, and probes of all other"
            f" emotions. {_resolution(unseen['one_take'])}",
            unseen_rows(one_take),
        )
    if same_emotion:
        found["same_emotion"] = Table(
            "Unseen subjects, same emotion: enrolled from a single take in one emotion, and probes of other takes of"
            f" that emotion. {_resolution(unseen['same_emotion'])}",
            unseen_rows(same_emotion),
        )
    if worst_off:
        found["worst_off"] = Table(
            "The worst-off seen subject, who is named most often over all models: the share of the own cycles that the"
            " attacker chosen inside names, and the 95 % point of the largest share of anybody with permuted names.",
            worst_off_rows(worst_off, select(table, claim=Claim.WORST_OFF_PERMUTED), privacy["worst_off"]),
        )
    if attributes:
        values = {name: block["values"] for name, block in privacy["attributes"].items()}
        found["attributes"] = Table(
            "Attributes: attackers learn them from seen subjects and name them for unseen ones. The score is balanced"
            " accuracy, of the attacker that was strongest on seen subjects left out inside.",
            attribute_rows(attributes, values),
        )
    return found


def seen_rows(found: Sequence[Result]) -> list[Row]:
    """A closed-set attack by release, with a column for each attacker; static attacks below."""
    attackers = _attackers(found)
    rows: list[Row] = [("released", "re-identified", LIMITS, "chance", *map(attacker_name, attackers))]
    for one in select(found, attacker=""):
        static = " (static)" if one.claim == Claim.SEEN_SUBJECTS_STATIC else ""
        name = release_name(one.release) + static
        rows.append((name, score(one), limits(one), chance(one), *_each(one, found, attackers)))
    return rows


def unseen_rows(found: Sequence[Result]) -> list[Row]:
    """An open-set attack by release: identification and verification."""
    heads = (f"{SCORES[one]}, {LIMITS}" for one in VERIFICATION)
    rows: list[Row] = [("released", *heads, "chance of rank-1")]
    for rank1 in select(found, score=Score.RANK1):
        cells = [scored(one) for one in select(found, release=rank1.release)]
        rows.append((release_name(rank1.release), *cells, chance(rank1)))
    return rows


def worst_off_rows(
    found: Sequence[Result], permuted: Sequence[Result], about: Mapping[str, Mapping[str, Any]]
) -> list[Row]:
    """Who is named most often from each release; ``about`` has the block ``privacy.worst_off``."""
    rows: list[Row] = [("released", "subject", "share named", "permuted, 95 % point", "cycles")]
    for one, other in zip(found, permuted, strict=True):
        subject = about[one.release]["subject"]
        rows.append((release_name(one.release), subject, score(one), score(other), count(one.cycles)))
    return rows


def attribute_rows(found: Sequence[Result], values: Mapping[str, Mapping[str, int]]) -> list[Row]:
    """The attack on attributes; ``values`` says how many subjects have which value of each."""
    attackers = _attackers(found)
    heads = ("attribute", "released", SCORES[Score.BALANCED_ACCURACY], LIMITS, "chance", "subjects")
    rows: list[Row] = [(*heads, *map(attacker_name, attackers))]
    for one in select(found, attacker=""):
        subjects = ", ".join(f"{of} {value}" for value, of in values[one.setting].items())
        name = (one.setting.replace("_", " "), release_name(one.release))
        rows.append((*name, score(one), limits(one), chance(one), subjects, *_each(one, found, attackers)))
    return rows


def _attackers(found: Iterable[Result]) -> list[str]:
    return list(dict.fromkeys(one.attacker for one in found if one.attacker))


def _each(result: Result, found: Iterable[Result], attackers: Iterable[str]) -> list[str]:
    """What every attacker scored on the release of a result."""
    mine = select(found, claim=result.claim, release=result.release, setting=result.setting)
    scores = {one.attacker: score(one) for one in mine}
    return [scores.get(attacker, "") for attacker in attackers]


def _resolution(unseen: Mapping[str, Any]) -> str:
    smallest = unseen["smallest_far"]
    biased = (
        "" if smallest < 0.01 else ": at 1 % they are those at no false accept, and their limits are biased upwards"
    )
    return (
        "True accepts at 1 % false accepts are those of one threshold per model, whose false accepts come in steps of"
        f" {smallest:.2g}{biased}."
    )
