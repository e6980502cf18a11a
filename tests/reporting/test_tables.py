import pytest

from stgcn_affect.evaluation.results import Claim, Result, Score
from stgcn_affect.reporting.tables import (
    attacker_name,
    camera_words,
    compared_words,
    counted,
    dataset_sizes,
    limits,
    release_name,
    result_name,
    score,
    split_words,
    times_chance,
    verdict_words,
)


@pytest.mark.parametrize(
    ("protocol", "words"),
    [
        ({}, ""),
        ({"subject_baseline": ""}, ""),
        ({"subject_baseline": "other_takes"}, ", each walk compared with the subject's other takes"),
        ({"subject_baseline": "neutral"}, ", each walk compared with the subject's neutral takes"),
    ],
)
def test_what_a_walk_was_compared_with_is_said(protocol, words):
    assert split_words({"kind": "loso", **protocol}) == f"loso split{words}"


def test_a_difference_has_signs_and_a_score_has_none():
    common = {"score": Score.ACCURACY, "value": 0.0125, "low": -0.5, "high": 0.75}
    gain = Result(claim=Claim.SEEN_SUBJECTS_DIFFERENCE, **common)
    assert (score(gain), limits(gain)) == ("+0.013", "-0.500 to +0.750")
    found = Result(claim=Claim.SEEN_SUBJECTS, **common)
    assert (score(found), limits(found)) == ("0.013", "-0.500 to 0.750")
    assert limits(Result(claim=Claim.CURVE, score=Score.AREA, value=0.5)) == ""


def test_shares_of_right_names_are_multiples_of_chance_and_nothing_else_is():
    about = {"claim": Claim.EMOTION, "score": Score.BALANCED_ACCURACY, "value": 0.588}
    assert times_chance(Result(**about, chance=0.25)) == "2.4"  # 2.352
    assert times_chance(Result(**about, chance=None)) == ""
    assert times_chance(Result(**about | {"claim": Claim.SEEN_SUBJECTS, "score": Score.ACCURACY}, chance=0.1)) == "5.9"
    assert times_chance(Result(**about | {"claim": Claim.EMOTION_DIFFERENCE}, chance=0.25)) == ""
    assert times_chance(Result(**about | {"score": Score.AUC}, chance=0.5)) == ""
    assert times_chance(Result(**about | {"score": Score.MACRO_F1}, chance=0.25)) == ""


def test_names_are_the_fields():
    assert attacker_name("reflected_nearest_neighbour") == "reflected nearest neighbour"
    assert attacker_name("lda") == "LDA"
    assert release_name("probabilities") == "class probabilities"
    assert release_name("something_new") == "something new"
    common = {"score": Score.AUC, "release": "subject_baseline", "value": 0.5}
    one_take = Result(claim=Claim.UNSEEN_SUBJECTS_ONE_TAKE, **common)
    assert result_name(one_take) == "unseen subjects, verification AUC, one-take enrolment, stored subject baseline"
    seen = Result(claim=Claim.SEEN_SUBJECTS, **common)
    assert result_name(seen) == "seen subjects re-identified from the stored subject baseline"


@pytest.mark.parametrize("claim", [one for one in Claim if one != Claim.DISENTANGLEMENT])
def test_every_claim_has_a_name(claim):
    found = Result(claim=claim, score=Score.ACCURACY, release="raw", attacker="svm", setting="gender", value=0.5)
    assert result_name(found)
    assert "{" not in result_name(found)


def test_counts_have_their_noun():
    assert (counted(1, "model"), counted(0, "model"), counted(24, "model")) == ("1 model", "0 models", "24 models")


def test_the_verdict_is_said_as_it_is():
    assert verdict_words({"hidden": True}) == "Verdict: z_emotion is hidden."
    assert verdict_words({"hidden": False}) == "Verdict: z_emotion is not shown to be hidden."


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.004, 0.133, "better than"),
        (-0.133, -0.004, "worse than"),
        (-0.013, 0.021, "within noise of"),
        (-0.031, 0.0, "within noise of"),
        (0.0, 0.031, "within noise of"),
    ],
)
def test_within_noise_means_that_the_limits_include_zero(low, high, words):
    common = {"claim": Claim.EMOTION_DIFFERENCE, "score": Score.BALANCED_ACCURACY, "value": 0.0}
    assert compared_words(Result(low=low, high=high, **common)) == words


def test_poses_from_one_camera_are_flagged_where_the_data_set_is_named(results):
    assert camera_words(results) == ""
    assert dataset_sizes(results) == "6 subjects, 12 takes, 24 cycles"
    results["dataset"]["from_camera"] = {"subjects": 1, "cycles": 5}
    assert dataset_sizes(results) == "6 subjects, 12 takes, 24 cycles (5 of them from one camera)"
    assert camera_words(results) == (
        "5 of 24 cycles, of 1 subject, are poses from one camera: depth is guessed there, so whatever rests on it is"
        " less sure."
    )
