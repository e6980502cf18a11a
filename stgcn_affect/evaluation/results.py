"""One long table of the scores in ``results.json``: a typed record for each score, which tables and pages select."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

METHOD = "disentangled"
"""The method's name among the networks."""

VOTE = "disentangled_vote"
"""The mean of the probabilities that the method's models of all seeds give a cycle."""

BOTH_INPUTS = "disentangled_on_both"
"""The mean of the probabilities that the method gives a cycle and its hand-made features."""

ADAPTED = {"disentangled": "disentangled_adapted", "plain_stgcn": "plain_stgcn_adapted"}
"""Networks, and what they are called where a subject's own unlabelled cycles adapt the decision (``adaptation``)."""

RATERS = "raters"
"""Human raters, among the networks and baselines: the emotion that they perceived, against the acted one."""

BEST_INSIDE, BEST_BY_TEST, BEST_SWAPPED = "best_baseline", "best_by_test_score", "best_swap_trained"
"""Settings of a baseline: chosen in every fold inside its training subjects; best by test score; best swap-trained."""

LATENTS = ("z_emotion", "z_identity")

JUDGED = ("z_emotion", "anonymised")
"""Releases that the rule of the verdict judges: what the method is about to hand out."""

_MINUS = "_minus_probabilities"


class Claim(StrEnum):
    """The claim that a score belongs to."""

    EMOTION = "emotion"
    EMOTION_DIFFERENCE = "emotion_difference"
    SEEN_SUBJECTS = "seen_subjects"
    SEEN_SUBJECTS_STATIC = "seen_subjects_static"
    SEEN_SUBJECTS_HELD_OUT_TAKES = "seen_subjects_held_out_takes"
    SEEN_SUBJECTS_DIFFERENCE = "seen_subjects_difference"
    UNSEEN_SUBJECTS = "unseen_subjects"
    UNSEEN_SUBJECTS_ONE_TAKE = "unseen_subjects_one_take"
    UNSEEN_SUBJECTS_SAME_EMOTION = "unseen_subjects_same_emotion"
    UNSEEN_SUBJECTS_DIFFERENCE = "unseen_subjects_difference"
    WORST_OFF = "worst_off"
    WORST_OFF_PERMUTED = "worst_off_permuted"
    ATTRIBUTES = "attributes"
    DISENTANGLEMENT = "disentanglement"
    SWAP = "swap"
    CURVE = "curve"
    ABLATION = "ablation"
    ABLATION_DIFFERENCE = "ablation_difference"
    LEAKAGE = "leakage"
    LEAKAGE_DIFFERENCE = "leakage_difference"


class Score(StrEnum):
    """What is measured; all but the last four are shares between 0 and 1."""

    BALANCED_ACCURACY = "balanced_accuracy"
    MACRO_F1 = "macro_f1"
    ACCURACY = "accuracy"
    RANK1 = "rank1"
    EER = "eer"
    AUC = "auc"
    TAR = "tar_at_far_1pct"
    NATS = "nats"
    ENTROPY = "entropy_nats"
    CKA = "cka"
    AREA = "area"


CHANCE = {Score.EER: 0.5, Score.AUC: 0.5, Score.TAR: 0.01}
"""Chance levels of verification; that of rank1 stands in the results."""

VERIFICATION = (Score.RANK1, Score.EER, Score.AUC, Score.TAR)
"""The scores of an attack on unseen subjects."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """One score with its limits, its chance level and what it was measured on.

    Args:
        claim: what it is about.
        score: what is measured.
        release: what was read or attacked, such as "raw" or "z_emotion"; "" where that is the gait cycle itself.
        attacker: who read it: an attacker, a baseline or a network, by its name in ``results.json``; "" for the
            attacker or baseline that was chosen without the test.
        setting: what else tells it apart from others of the claim: how a baseline was chosen, the attribute, the part
            that was left out, the point of the curve, what was probed, how cycles were split.
        value: the score, or the difference of two.
        low: lower 95 % limit, by bootstrap over subjects; None where there are no limits.
        high: upper 95 % limit.
        chance: the score of guessing; None where that has no meaning.
        p: the p value of the test that goes with it.
        subjects: how many were tested or attacked.
        cycles: how many were tested.
        models: how many models were attacked.
        seeds: how many seeds the models were trained with.
    """

    claim: Claim
    score: Score
    release: str = ""
    attacker: str = ""
    setting: str = ""
    value: float
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    p: float | None = None
    subjects: int | None = None
    cycles: int | None = None
    models: int | None = None
    seeds: int | None = None


def result_table(results: Mapping[str, Any]) -> list[Result]:
    """The long table of an evaluation, or of a training run, which has fewer blocks.

    Args:
        results: content of ``results.json``.
    """
    privacy = results.get("privacy", {})
    seen, unseen = privacy.get("seen_subjects", {}), privacy.get("unseen_subjects", {})
    seeds = len(results["protocol"]["seeds"]) if "protocol" in results else None
    closed, opened = _counts(seen, seeds), _counts(unseen, seeds)
    return [
        *_emotion(results),
        *_seen_subjects(seen, closed),
        *_verification(unseen, Claim.UNSEEN_SUBJECTS, opened),
        *_verification(unseen.get("one_take", {}), Claim.UNSEEN_SUBJECTS_ONE_TAKE, opened),
        *_verification(unseen.get("same_emotion", {}), Claim.UNSEEN_SUBJECTS_SAME_EMOTION, opened),
        *_differences(unseen, opened, claim=Claim.UNSEEN_SUBJECTS_DIFFERENCE, score=Score.AUC),
        *_worst_off(privacy.get("worst_off", {}), closed),
        *_attributes(privacy.get("attributes", {}), seeds),
        *_disentanglement(results.get("disentanglement", {}), closed),
        *_curve(results.get("curve", {}), privacy.get("curve_area", {}), results["emotion"].get("chance"), seeds),
        *_ablation(results.get("ablation", {})),
        *_leakage(results.get("leakage", {})),
    ]


def select(table: Iterable[Result], **fields: object) -> list[Result]:
    """The results whose fields are these, in the order of the table."""
    return [one for one in table if all(getattr(one, name) == value for name, value in fields.items())]


def _counts(block: Mapping[str, Any], seeds: int | None) -> dict[str, Any]:
    return {"subjects": block.get("subjects"), "models": block.get("models"), "seeds": seeds}


def _limits(block: Mapping[str, Any]) -> dict[str, Any]:
    return dict(zip(("low", "high"), block["ci95"], strict=True)) if block.get("ci95") else {}


def _tested(block: Mapping[str, Any]) -> dict[str, Any]:
    return {"subjects": block.get("n_subjects"), "cycles": block.get("n_cycles"), "seeds": block.get("seeds")}


def _emotion(results: Mapping[str, Any]) -> Iterator[Result]:
    """Every network and baseline, human raters, the baselines that were chosen once more, and the method minus them."""
    blocks = {METHOD: results["emotion"], **results.get("baselines", {})}
    if RATERS in results and "labels" not in results.get("dataset", {}):  # else the ratings judge all the others
        blocks[RATERS] = results[RATERS]
    for name, block in blocks.items():
        yield from _emotion_scores(block, attacker=name)
    comparison = results.get("comparison")
    if comparison is None:
        return
    yield from _emotion_scores(comparison["best_baseline_scores"], setting=BEST_INSIDE)
    named = {role: comparison[role]["name"] for role in (BEST_BY_TEST, BEST_SWAPPED) if role in comparison}
    for role, name in named.items():
        if name in blocks:
            yield from _emotion_scores(blocks[name], attacker=name, setting=role)
    against = {("", BEST_INSIDE): comparison, **{(name, role): comparison[role] for role, name in named.items()}}
    if "plain_stgcn" in comparison:
        against["plain_stgcn", ""] = comparison["plain_stgcn"]
    for (attacker, setting), block in against.items():
        about = {"attacker": attacker, "setting": setting}
        yield _difference(block, claim=Claim.EMOTION_DIFFERENCE, **about, **_tested(results["emotion"]))


def _emotion_scores(block: Mapping[str, Any], *, claim: Claim = Claim.EMOTION, **about: str) -> Iterator[Result]:
    common: dict[str, Any] = {"claim": claim, "chance": block.get("chance"), **about, **_tested(block)}
    value = block["balanced_accuracy"]
    yield Result(score=Score.BALANCED_ACCURACY, value=value, **_limits(block), **common)
    if "macro_f1" in block:
        yield Result(score=Score.MACRO_F1, value=block["macro_f1"], **common)


def _difference(block: Mapping[str, Any], **about: Any) -> Result:
    score = about.pop("score", Score.BALANCED_ACCURACY)
    return Result(score=score, value=block["difference"], p=block.get("p"), **_limits(block), **about)


def _seen_subjects(seen: Mapping[str, Any], counts: Mapping[str, Any]) -> Iterator[Result]:
    static = {"chance": seen.get("chance"), **seen.get("static", {})}
    yield from _closed_set(seen, Claim.SEEN_SUBJECTS, counts, p={"z_emotion": seen.get("p")})
    yield from _closed_set(static, Claim.SEEN_SUBJECTS_STATIC, counts)
    yield from _closed_set(seen.get("held_out_takes", {}), Claim.SEEN_SUBJECTS_HELD_OUT_TAKES, counts)
    yield from _differences(seen, counts, claim=Claim.SEEN_SUBJECTS_DIFFERENCE, score=Score.ACCURACY)


def _closed_set(block: Mapping[str, Any], claim: Claim, counts: Mapping[str, Any], **about: Any) -> Iterator[Result]:
    """An attack that names somebody or something: for every release the attacker chosen inside, then each of them."""
    score = Score.BALANCED_ACCURACY if claim == Claim.ATTRIBUTES else Score.ACCURACY
    p_values = about.pop("p", {})
    for release, found in block.items():
        if not (isinstance(found, Mapping) and "accuracy" in found):
            continue
        common: dict[str, Any] = {"claim": claim, "score": score, "release": release, "chance": block.get("chance")}
        common |= {**about, **counts}
        yield Result(value=found["accuracy"], p=p_values.get(release), **_limits(found), **common)
        for attacker, value in found.get("attackers", {}).items():
            yield Result(value=value, attacker=attacker, **common)


def _verification(block: Mapping[str, Any], claim: Claim, counts: Mapping[str, Any]) -> Iterator[Result]:
    for release, found in block.items():
        for score in VERIFICATION if isinstance(found, Mapping) else ():
            if score in found:
                chance = CHANCE.get(score, block.get("chance"))
                limits = _limits({"ci95": found["ci95"].get(score)})
                about: dict[str, Any] = {"claim": claim, "score": score, "release": release, "chance": chance}
                yield Result(value=found[score], **about, **limits, **counts)


def _differences(block: Mapping[str, Any], counts: Mapping[str, Any], **about: Any) -> Iterator[Result]:
    """What is judged, minus the class probabilities."""
    for name, found in block.items():
        if name.endswith(_MINUS):
            release = name.removesuffix(_MINUS)
            yield _difference(found, release=release, setting="probabilities", **about, **counts)


def _worst_off(found: Mapping[str, Any], counts: Mapping[str, Any]) -> Iterator[Result]:
    """The share of the subject who is named most often, and its 95 % point when names are permuted."""
    for release, worst in found.items():
        about: dict[str, Any] = {"score": Score.ACCURACY, "release": release, **counts}
        yield Result(claim=Claim.WORST_OFF, value=worst["share"], **about | {"cycles": worst["cycles"]})
        yield Result(claim=Claim.WORST_OFF_PERMUTED, value=worst["permuted_95"], **about)


def _attributes(attributes: Mapping[str, Any], seeds: int | None) -> Iterator[Result]:
    for name, block in attributes.items():
        counts = {"subjects": sum(block.get("values", {}).values()), "models": block.get("models"), "seeds": seeds}
        yield from _closed_set(block, Claim.ATTRIBUTES, counts, setting=name)


def _disentanglement(found: Mapping[str, Any], counts: Mapping[str, Any]) -> Iterator[Result]:
    """What is read from which latent, and the swap test; ``results.json`` calls the subject "walker" here."""
    if not found:
        return
    for what, setting in (("emotion", "emotion"), ("walker", "subject")):
        about: dict[str, Any] = {"claim": Claim.DISENTANGLEMENT, "setting": setting}
        chance = found[f"swap_{what}_chance"]
        for latent in LATENTS if f"{what}_from_{LATENTS[0]}" in found else ():
            value, nats = found[f"{what}_from_{latent}"], found[f"{what}_nats_from_{latent}"]
            yield Result(score=Score.BALANCED_ACCURACY, release=latent, value=value, chance=chance, **about)
            yield Result(score=Score.NATS, release=latent, value=nats, **about)
        if f"entropy_{what}_nats" in found:
            yield Result(score=Score.ENTROPY, value=found[f"entropy_{what}_nats"], **about)
        limits = _limits({"ci95": found[f"swap_{what}_ci95"]})
        swap: dict[str, Any] = {"claim": Claim.SWAP, "setting": setting, "chance": chance, **limits, **counts}
        yield Result(score=Score.ACCURACY, value=found[f"swap_{what}"], **swap)
    if "cka" in found:
        yield Result(claim=Claim.DISENTANGLEMENT, score=Score.CKA, value=found["cka"])


def _curve(
    curve: Mapping[str, Any], areas: Mapping[str, float], emotion_chance: float | None, seeds: int | None
) -> Iterator[Result]:
    """Two scores for each point, the emotion that is read from the release and re-identification from it; and areas."""
    for point in curve.get("points", ()):
        about: dict[str, Any] = {"claim": Claim.CURVE, "setting": point["name"]}
        about |= {"models": point.get("models"), "seeds": seeds}
        limits = _limits({"ci95": point["identity_ci95"]})
        yield Result(score=Score.BALANCED_ACCURACY, value=point["emotion"], chance=emotion_chance, **about)
        yield Result(score=Score.ACCURACY, value=point["identity"], chance=point["identity_chance"], **limits, **about)
    if not areas and "area" in curve:  # results of before
        areas = {"reversal": curve["area"]}
    for mechanism, area in areas.items():
        yield Result(claim=Claim.CURVE, score=Score.AREA, setting=mechanism, value=area)


def _ablation(ablation: Mapping[str, Any]) -> Iterator[Result]:
    """For each part left out: emotion, the method minus it, and re-identification from z_emotion."""
    for part, block in ablation.items():
        yield from _emotion_scores(block["emotion"], claim=Claim.ABLATION, setting=part)
        yield _difference(block, claim=Claim.ABLATION_DIFFERENCE, setting=part, **_tested(block["emotion"]))
        found = block["identity"]
        about: dict[str, Any] = {"claim": Claim.ABLATION, "setting": part, "release": "z_emotion"}
        about |= {"chance": found.get("chance"), "models": found.get("models")}
        yield Result(score=Score.ACCURACY, value=found["accuracy"], **_limits(found), **about)


def _leakage(leakage: Mapping[str, Any]) -> Iterator[Result]:
    """Emotion by each way to split, and what a leaky one adds where it tests the same cycles as the one by subject."""
    for split, block in leakage.items():
        yield from _emotion_scores(block["emotion"], claim=Claim.LEAKAGE, setting=split)
        if "difference" in block:
            yield _difference(block, claim=Claim.LEAKAGE_DIFFERENCE, setting=split, **_tested(block["emotion"]))
