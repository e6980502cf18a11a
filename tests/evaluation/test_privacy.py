from dataclasses import replace

import numpy as np

from stgcn_affect.evaluation.attributes import AttributeAttack
from stgcn_affect.evaluation.privacy import privacy_block
from stgcn_affect.evaluation.seen_subjects import Attack
from stgcn_affect.reporting.tables import verdict_on_walks


def test_the_privacy_block_joins_models_by_hand(fold_attacks):
    block = privacy_block([fold_attacks([1, 1, 1, 1]), fold_attacks([1, 0, 0, 0])], permutations=50, seed=0)
    seen, unseen = block["seen_subjects"], block["unseen_subjects"]
    assert seen["chance"] == unseen["chance"] == 0.25
    assert (seen["raw"]["accuracy"], seen["z_emotion"]["accuracy"], seen["probabilities"]["accuracy"]) == (
        1.0,
        0.625,
        0.0,
    )
    assert seen["z_emotion_minus_probabilities"]["difference"] == 0.625
    assert (seen["static"]["decoded"]["accuracy"], seen["static"]["retargeted"]["accuracy"]) == (0.0, 1.0)
    assert unseen["one_take"]["z_emotion"]["auc"] == 1.0
    assert unseen["one_take"]["chance"] == 0.25
    assert unseen["same_emotion"] == unseen["one_take"]
    assert unseen["z_emotion_minus_probabilities"] == {"difference": 0.0, "ci95": [0.0, 0.0]}
    assert block["worst_off"]["z_emotion"] == {"subject": "ana", "share": 1.0, "cycles": 2, "permuted_95": 0.5}
    assert "held_out_takes" not in seen
    assert "attributes" not in block
    assert 0 < seen["p"] <= 1
    assert (seen["models"], seen["subjects"], unseen["models"], unseen["subjects"]) == (2, 4, 2, 4)
    assert unseen["z_emotion"]["auc"] == 1.0
    assert block["verdict"]["hidden"] is False
    assert f"p = {seen['p']:.3f}" in block["verdict"]["reasons"][0]


def test_anonymised_walks_are_judged_by_the_same_rule(fold_attacks):
    assert "anonymised" not in privacy_block([fold_attacks([0, 0, 0, 0])], permutations=9, seed=0)
    fold = fold_attacks([0, 0, 0, 0])
    fold.seen.predictions["anonymised"] = fold.seen.predictions["raw"]  # whoever has the file has the subject
    fold.seen.inner["anonymised"] = fold.seen.inner["raw"]
    fold.unseen["emotions"].pairs["anonymised"] = fold.unseen["emotions"].pairs["raw"]
    block = privacy_block([fold], permutations=9, seed=0)
    seen, unseen = block["seen_subjects"], block["unseen_subjects"]
    assert seen["anonymised_minus_probabilities"]["difference"] == 1.0
    assert unseen["anonymised_minus_probabilities"]["difference"] == 0.0
    reasons = block["anonymised"]["verdict"]["reasons"]
    assert reasons[1].startswith("fails: above the class probabilities by 1.000")
    words = verdict_on_walks({"privacy": block})
    assert words.startswith("By the same rule, who is in anonymised walks is not shown to be hidden: ")
    assert verdict_on_walks({"privacy": {}}) == ""


def test_takes_and_attributes_count_where_folds_have_them_by_hand(fold_attacks, closed_attack):
    first, second = fold_attacks([1, 1, 1, 1]), fold_attacks([0, 0, 0, 0])
    takes = closed_attack({"z_emotion": {"svm": np.array([1, 1, 1, 0], bool)}})
    names, values = np.array(["ana", "ben", "eva", "tom"]), np.array(["f", "m", "f", "m"])
    attack = AttributeAttack(names, values, {"z_emotion": {"svm": np.full(4, "f")}}, {"z_emotion": {"svm": 0.5}})
    folds = [replace(first, held_out_takes=takes), replace(second, attributes={"gender": attack})]
    block = privacy_block(folds, permutations=9, seed=0)
    assert block["seen_subjects"]["held_out_takes"]["chance"] == 0.25
    assert block["seen_subjects"]["held_out_takes"]["z_emotion"]["accuracy"] == 0.75
    assert block["attributes"]["gender"]["z_emotion"] == {
        "accuracy": 0.5,
        "attackers": {"svm": 0.5},
        "ci95": [0.5, 0.5],
    }
    assert block["attributes"]["gender"]["models"] == 1


def test_names_are_permuted_within_one_models_round(fold_attacks):
    """Two models that attack one subject each: nobody to trade names with, so a hit proves nothing."""
    folds = []
    for name in ("ana", "ben"):
        names = np.array([name, name])
        hits = {release: {"svm": names} for release in ("raw", "z_emotion", "probabilities")}
        seen = Attack(1.0, names, hits, np.zeros(2, int), {release: {"svm": 1.0} for release in hits})
        folds.append(replace(fold_attacks([1, 1, 1, 1]), seen=seen))
    assert privacy_block(folds, permutations=50, seed=0)["seen_subjects"]["p"] == 1.0
