import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.attributes import AttributeAttack
from stgcn_affect.evaluation.seen_subjects import Attack
from stgcn_affect.jobs.attack_record import attack_to_json, attribute_to_json
from stgcn_affect.jobs.evidence import (
    best_baselines,
    compare,
    curve_area,
    curve_points,
    disentanglement,
    emotion_block,
    method_points,
    privacy_block,
)

SUBJECTS = ["ana", "ana", "ben", "ben"]
EMOTIONS = ["happy", "sad", "happy", "sad"]  # codes 0, 1, 0, 1


@pytest.fixture
def cycles(labelled):
    return labelled(SUBJECTS, EMOTIONS)


def test_emotion_over_seeds_by_hand(cycles):
    block = emotion_block(np.array([[0, 1, 0, 1], [0, 0, 1, 1]]), cycles, seed=0)
    assert block["balanced_accuracy"] == (1.0 + 0.5) / 2
    assert block["confusion"] == [[3, 1], [1, 3]]
    assert block["per_class_recall"] == {"happy": 0.75, "sad": 0.75}
    assert (block["n_cycles"], block["n_subjects"], block["seeds"], block["chance"]) == (4, 2, 2, 0.5)


def test_what_a_dead_fold_did_not_predict_does_not_count(cycles):
    block = emotion_block(np.array([[0, 1, -1, -1]]), cycles, seed=0)
    assert (block["balanced_accuracy"], block["n_cycles"], block["n_subjects"]) == (1.0, 2, 1)


def test_seeds_that_test_different_subjects_are_put_together(cycles):
    block = emotion_block(np.array([[0, 1, -1, -1], [-1, -1, 1, 1]]), cycles, seed=0)
    assert (block["balanced_accuracy"], block["n_cycles"], block["n_subjects"]) == (0.75, 4, 2)


def test_the_best_baseline_is_chosen_in_every_fold_by_its_inner_score():
    predictions = {"svm": np.array([0, 0, 0, 0]), "lda": np.array([1, 1, 1, 1])}
    inner = {"000": {"svm": 0.9, "lda": 0.5}, "001": {"svm": 0.3, "lda": 0.6}}
    tested = {"000": np.array([0, 3]), "001": np.array([1, 2])}
    assert best_baselines(inner, predictions, tested).tolist() == [0, 1, 1, 0]


def test_test_scores_choose_nothing():
    truth = np.array([0, 1, 0, 1])
    inner = {"000": {"right": 0.4, "wrong": 0.5}}
    chosen = best_baselines(inner, {"right": truth, "wrong": 1 - truth}, {"000": np.arange(4)})
    assert chosen.tolist() == (1 - truth).tolist()


def test_folds_without_a_baseline_are_left_open():
    chosen = best_baselines({"000": {"svm": 0.1}}, {"svm": np.array([0, 0])}, {"000": np.array([1])})
    assert chosen.tolist() == [-1, 0]


def test_the_paired_difference_by_hand(cycles):
    method, other = np.array([[0, 1, 0, 1], [0, 1, 1, 1]]), np.array([[0, 0, 1, 1], [0, 1, 1, 1]])
    found = compare(method, other, cycles, seed=0)
    # gains over both seeds: ana happy 0, ana sad (1 + 0) / 2, ben happy (1 + 0) / 2, ben sad 0
    assert found["difference"] == pytest.approx(0.25)
    assert found["ci95"] == [0.25, 0.25]  # the same in both subjects
    assert found["p"] == pytest.approx(0.5, abs=0.03)  # two equal gains: signs alike in half of the draws


def test_emotions_weigh_alike_in_the_difference(labelled):
    cycles = labelled(["ana"] * 4, ["happy", "sad", "sad", "sad"])
    found = compare(np.array([[0, 0, 0, 0]]), np.array([[1, 0, 0, 0]]), cycles, seed=0)
    assert found["difference"] == pytest.approx(0.5)  # one of one happy, none of three sad


def test_the_same_method_twice_differs_by_nothing(cycles):
    codes = np.array([[0, 0, 1, 1]])
    assert compare(codes, codes, cycles, seed=0) == {"difference": 0.0, "ci95": [0.0, 0.0], "p": 1.0}


def test_only_what_both_predict_is_compared(cycles):
    found = compare(np.array([[0, 1, -1, -1]]), np.array([[1, 0, 0, 1]]), cycles, seed=0)
    assert found["difference"] == 1.0
    with pytest.raises(InputError, match=r"both methods were tested on \(got none\)"):
        compare(np.array([[0, 1, -1, -1]]), np.array([[-1, -1, 0, 1]]), cycles, seed=0)


def test_the_difference_is_that_of_the_scores_where_seeds_test_other_subjects(cycles):
    """The first two cycles are tested by one seed, the others by two."""
    method, other = np.array([[0, 1, 0, 1], [-1, -1, 0, 0]]), np.array([[1, 1, 0, 0], [-1, -1, 1, 0]])
    scores = [emotion_block(codes, cycles, seed=0)["balanced_accuracy"] for codes in (method, other)]
    assert scores[0] != scores[1]
    assert compare(method, other, cycles, seed=0)["difference"] == pytest.approx(scores[0] - scores[1])


@pytest.mark.parametrize(
    ("points", "area"),
    [
        ([], 0.0),
        ([(0.25, 0.8)], 0.75 * 0.8),
        ([(0.2, 0.5), (0.6, 0.9)], 0.4 * 0.5 + 0.4 * 0.9),
        ([(0.6, 0.4), (0.2, 0.5)], 0.8 * 0.5),  # more leaks and less is read: worse in both, adds nothing
        ([(1.0, 0.9)], 0.0),
    ],
)
def test_area_by_hand(points, area):
    assert curve_area([{"identity": x, "emotion": y} for x, y in points]) == pytest.approx(area)


def test_the_privacy_block_joins_models_by_hand(privacy_fold):
    block = privacy_block([privacy_fold([1, 1, 1, 1]), privacy_fold([1, 0, 0, 0])], permutations=50, seed=0)
    known, unseen = block["seen_subjects"], block["unseen_subjects"]
    assert known["chance"] == unseen["chance"] == 0.25
    assert (known["raw"]["accuracy"], known["z_emotion"]["accuracy"], known["probabilities"]["accuracy"]) == (
        1.0,
        0.625,
        0.0,
    )
    assert known["z_emotion_minus_probabilities"]["difference"] == 0.625
    assert (known["static"]["decoded"]["accuracy"], known["static"]["retargeted"]["accuracy"]) == (0.0, 1.0)
    assert unseen["one_take"]["z_emotion"]["auc"] == 1.0
    assert unseen["one_take"]["chance"] == 0.25
    assert "held_out_takes" not in known
    assert "attributes" not in block
    assert 0 < known["p"] <= 1
    assert (known["models"], known["subjects"], unseen["models"], unseen["subjects"]) == (2, 4, 2, 4)
    assert unseen["z_emotion"]["auc"] == 1.0
    assert block["verdict"]["hidden"] is False
    assert f"p = {known['p']:.3f}" in block["verdict"]["reasons"][0]


def test_takes_and_attributes_count_where_folds_have_them_by_hand(privacy_fold, closed_attack):
    first, second = privacy_fold([1, 1, 1, 1]), privacy_fold([0, 0, 0, 0])
    first["held_out_takes"] = closed_attack({"z_emotion": {"svm": np.array([1, 1, 1, 0], bool)}})
    names, values = np.array(["ana", "ben", "eva", "tom"]), np.array(["f", "m", "f", "m"])
    attack = AttributeAttack(names, values, {"z_emotion": {"svm": np.full(4, "f")}}, {"z_emotion": {"svm": 0.5}})
    second["attributes"] = {"gender": attribute_to_json(attack)}
    block = privacy_block([first, second], permutations=9, seed=0)
    assert block["seen_subjects"]["held_out_takes"]["chance"] == 0.25
    assert block["seen_subjects"]["held_out_takes"]["z_emotion"]["accuracy"] == 0.75
    assert block["attributes"]["gender"]["z_emotion"] == {
        "accuracy": 0.5,
        "attackers": {"svm": 0.5},
        "ci95": [0.5, 0.5],
    }
    assert block["attributes"]["gender"]["models"] == 1


def test_names_are_permuted_within_one_models_round(privacy_fold):
    """Two models that attack one subject each: nobody to trade names with, so a hit proves nothing."""
    folds = []
    for name in ("ana", "ben"):
        names = np.array([name, name])
        hits = {release: {"svm": names} for release in ("raw", "z_emotion", "probabilities")}
        known = Attack(1.0, names, hits, np.zeros(2, int), {release: {"svm": 1.0} for release in hits})
        folds.append({**privacy_fold([1, 1, 1, 1]), "known": attack_to_json(known)})
    assert privacy_block(folds, permutations=50, seed=0)["seen_subjects"]["p"] == 1.0


def test_points_of_the_curve_by_hand(closed_attack):
    release = {"known": closed_attack({"released": {"svm": np.array([1, 1, 0, 0], bool)}}), "emotion": 0.6}
    other = {"known": closed_attack({"released": {"svm": np.ones(4, bool)}}), "emotion": 0.8}
    names = ["noise-10", "leace", "noise-2", "noise-0.5"]
    points = curve_points({name: [release, other] for name in names}, seed=0)
    assert [point["name"] for point in points] == ["leace", "noise-0.5", "noise-2", "noise-10"]
    for point in points:
        assert point["emotion"] == pytest.approx(0.7)
        assert (point["identity"], point["identity_chance"], point["models"]) == (0.75, 0.25, 2)
        assert point["identity_ci95"][0] <= 0.75 <= point["identity_ci95"][1]


def test_the_privacy_folds_give_points_of_their_own(privacy_fold):
    points = curve_points(method_points([privacy_fold([1, 1, 0, 0])], reversal=0.2), seed=0)
    found = {point["name"]: (point["emotion"], point["identity"]) for point in points}
    assert found == {"reversal-0.2": (0.7, 0.5), "decoded": (0.5, 0.0), "retargeted": (0.9, 1.0)}


def test_with_two_emotions_the_attacker_that_did_best_counts(privacy_fold):
    """One emotion to learn from leaves nothing to choose by inside: the choice errs on the side of the attacker."""
    fold = privacy_fold([1, 1, 0, 0])
    fold["known"]["inner"] = {}
    fold["known"]["said"]["z_emotion"]["knn"] = ["ana", "ben", "eva", "nobody"]
    points = {point["name"]: point["identity"] for point in curve_points(method_points([fold], reversal=0.2), seed=0)}
    assert points == {"reversal-0.2": 0.75, "decoded": 0.0, "retargeted": 1.0}


def test_the_disentanglement_table_is_the_mean_over_models(privacy_fold):
    found = disentanglement([privacy_fold([1, 1, 1, 1]), privacy_fold([0, 0, 0, 0])], seed=0)
    assert (found["cka"], found["swap_emotion"], found["swap_walker"]) == (0.5, 0.75, 1.0)
    assert found["swap_walker_ci95"] == [1.0, 1.0]
    lower, upper = found["swap_emotion_ci95"]
    assert lower < 0.75 < upper
