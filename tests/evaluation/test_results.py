from dataclasses import FrozenInstanceError

import pytest

from stgcn_affect.evaluation.old_results import upgrade_results
from stgcn_affect.evaluation.results import BEST_BY_TEST, METHOD, Claim, Result, Score, result_table, select

LIMITS = [0.1, 0.9]
EMOTION = {"balanced_accuracy": 0.75, "macro_f1": 0.7, "ci95": LIMITS, "chance": 0.25}
EMOTION |= {"n_subjects": 6, "n_cycles": 24, "seeds": 2}
ATTACKED = {"accuracy": 0.3, "ci95": LIMITS, "attackers": {"svm": 0.25, "lda": 0.35}}


def test_a_training_run_has_its_own_claims_only():
    table = result_table({"emotion": EMOTION, "privacy": {"seen_subjects": {"chance": 0.2, "raw": ATTACKED}}})
    assert table == [
        Result(
            claim=Claim.EMOTION,
            score=Score.BALANCED_ACCURACY,
            attacker=METHOD,
            value=0.75,
            low=0.1,
            high=0.9,
            chance=0.25,
            subjects=6,
            cycles=24,
            seeds=2,
        ),
        Result(
            claim=Claim.EMOTION,
            score=Score.MACRO_F1,
            attacker=METHOD,
            value=0.7,
            chance=0.25,
            subjects=6,
            cycles=24,
            seeds=2,
        ),
        Result(
            claim=Claim.SEEN_SUBJECTS, score=Score.ACCURACY, release="raw", value=0.3, low=0.1, high=0.9, chance=0.2
        ),
        Result(claim=Claim.SEEN_SUBJECTS, score=Score.ACCURACY, release="raw", attacker="svm", value=0.25, chance=0.2),
        Result(claim=Claim.SEEN_SUBJECTS, score=Score.ACCURACY, release="raw", attacker="lda", value=0.35, chance=0.2),
    ]


def test_human_raters_have_no_seeds():
    block = {name: value for name, value in EMOTION.items() if name != "seeds"}
    found = select(result_table({"emotion": EMOTION, "raters": block}), attacker="raters", score=Score.MACRO_F1)
    assert [(one.claim, one.setting, one.value, one.cycles, one.seeds) for one in found] == [
        (Claim.EMOTION, "", 0.7, 24, None)
    ]
    of_ratings = {"emotion": EMOTION, "raters": block, "dataset": {"labels": "perceived"}}
    assert select(result_table(of_ratings), attacker="raters") == []  # they would agree with themselves


def test_a_result_cannot_be_changed():
    (first, *_) = result_table({"emotion": EMOTION})
    with pytest.raises(FrozenInstanceError):
        first.value = 1.0


def test_a_chosen_baseline_is_named_and_so_is_how_it_was_chosen():
    gain = {"difference": -0.1, "ci95": [-0.3, 0.1], "p": 0.04}
    comparison = {"best_baseline_scores": EMOTION, **gain, BEST_BY_TEST: {"name": "svm on raw", **gain}}
    found = {"emotion": EMOTION, "baselines": {"svm on raw": EMOTION}, "comparison": comparison}
    differences = select(result_table(found), claim=Claim.EMOTION_DIFFERENCE)
    assert [(one.attacker, one.setting) for one in differences] == [("", "best_baseline"), ("svm on raw", BEST_BY_TEST)]
    assert (differences[0].value, differences[0].low, differences[0].p, differences[0].subjects) == (
        -0.1,
        -0.3,
        0.04,
        6,
    )
    chosen = select(result_table(found), claim=Claim.EMOTION, setting=BEST_BY_TEST, score=Score.MACRO_F1)
    assert [one.attacker for one in chosen] == ["svm on raw"]


def test_attacks_keep_their_own_chance_and_the_counts_of_who_was_attacked():
    seen = {"chance": 0.2, "subjects": 5, "models": 4, "p": 0.01, "z_emotion": ATTACKED, "static": {"raw": ATTACKED}}
    seen |= {"held_out_takes": {"chance": 0.25, "raw": ATTACKED}}
    seen |= {"z_emotion_minus_probabilities": {"difference": 0.02, "ci95": [0.0, 0.04]}}
    names = ("rank1", "eer", "auc", "tar_at_far_1pct")
    verified = dict.fromkeys(names, 0.5) | {"ci95": dict.fromkeys(names, LIMITS)}
    unseen = {
        "chance": 0.125,
        "subjects": 8,
        "models": 4,
        "raw": verified,
        "one_take": {"chance": 0.1, "raw": verified},
    }
    attribute = {"chance": 0.5, "values": {"f": 3, "m": 4}, "models": 2, "raw": ATTACKED}
    privacy = {"seen_subjects": seen, "unseen_subjects": unseen, "attributes": {"gender": attribute}}
    table = result_table({"emotion": EMOTION, "protocol": {"seeds": [0, 7]}, "privacy": privacy})
    chosen = [one for one in select(table, attacker="") if one.claim != Claim.EMOTION]
    assert {(one.claim, one.chance) for one in chosen if one.score == Score.ACCURACY} == {
        (Claim.SEEN_SUBJECTS, 0.2),
        (Claim.SEEN_SUBJECTS_STATIC, 0.2),
        (Claim.SEEN_SUBJECTS_HELD_OUT_TAKES, 0.25),
        (Claim.SEEN_SUBJECTS_DIFFERENCE, None),
    }
    assert {(one.subjects, one.models, one.seeds) for one in chosen if one.score == Score.ACCURACY} == {(5, 4, 2)}
    assert [one.p for one in select(chosen, claim=Claim.SEEN_SUBJECTS)] == [0.01]
    opened = select(table, claim=Claim.UNSEEN_SUBJECTS)
    assert [(one.score.value, one.chance) for one in opened] == [
        *(("rank1", 0.125), ("eer", 0.5), ("auc", 0.5), ("tar_at_far_1pct", 0.01)),
    ]
    assert select(table, claim=Claim.UNSEEN_SUBJECTS_ONE_TAKE, score=Score.RANK1)[0].chance == 0.1
    gender = select(table, claim=Claim.ATTRIBUTES, attacker="")
    assert [(one.setting, one.score, one.subjects) for one in gender] == [("gender", Score.BALANCED_ACCURACY, 7)]


def test_points_and_parts_have_an_emotion_and_an_identity():
    point = {"name": "leace", "emotion": 0.5, "identity": 0.2, "identity_ci95": LIMITS, "identity_chance": 0.125}
    part = {
        "emotion": EMOTION,
        "difference": 0.05,
        "ci95": LIMITS,
        "identity": ATTACKED | {"chance": 0.125, "models": 2},
    }
    found = {"emotion": EMOTION, "curve": {"points": [point], "area": 0.4}, "ablation": {"no_decoder": part}}
    table = result_table(found)
    curve = [(one.score, one.setting, one.value, one.chance) for one in select(table, claim=Claim.CURVE)]
    assert curve == [
        (Score.BALANCED_ACCURACY, "leace", 0.5, 0.25),
        (Score.ACCURACY, "leace", 0.2, 0.125),
        (Score.AREA, "reversal", 0.4, None),
    ]
    assert [one.value for one in select(table, claim=Claim.ABLATION, setting="no_decoder")] == [0.75, 0.7, 0.3]
    assert [one.value for one in select(table, claim=Claim.ABLATION_DIFFERENCE)] == [0.05]


def test_an_upgraded_file_gives_the_same_table():
    old = {"accuracy": 0.5, "worst": 0.3}
    attacked = {"worst": old["worst"], "ci95": LIMITS, "attackers": {"opposite_svm": 0.3}}
    block = {name: value for name, value in EMOTION.items() if name != "n_subjects"} | {"n_walkers": 6}
    found = upgrade_results(
        {"emotion": block, "privacy": {"known_walkers": {"chance": 0.2, "walkers": 5, "own_baseline": attacked}}}
    )
    first, _, chosen, reflected = result_table(found)
    assert (first.subjects, chosen.release, chosen.subjects, chosen.value) == (6, "subject_baseline", 5, 0.3)
    assert reflected.attacker == "reflected_svm"
