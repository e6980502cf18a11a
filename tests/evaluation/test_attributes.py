import json

import numpy as np
import pytest

from stgcn_affect.evaluation import attributes as attribute
from stgcn_affect.evaluation.attackers import ATTACKERS
from stgcn_affect.evaluation.attributes import AttributeAttack, attack_attribute, attribute_block, values_of_subjects

QUICK = ("logistic_regression", "nearest_neighbour")


def people(count, *, share=2, takes=4):
    """Names and genders of ``count`` subjects with ``takes`` cycles, every ``share``-th of them a woman."""
    number = np.repeat(np.arange(count), takes)
    return np.array([f"subject {i:02d}" for i in number]), np.where(number % share == 0, "female", "male"), number


def halves(subjects, count):
    known = np.isin(subjects, [f"subject {i:02d}" for i in range(count // 2)])
    return np.flatnonzero(known), np.flatnonzero(~known)


def test_a_subject_has_one_value_or_none_by_hand():
    assert attribute.SUBJECTS_PER_VALUE == 3
    subjects = np.array(["a", "a", "b", "c", "d", "e", "e", "f"])
    values = np.array(["f", "", "f", "f", "m", "m", "f", "m"])  # e has both, which leaves m to two subjects, too few
    assert values_of_subjects(values, subjects).tolist() == ["f", "f", "f", "f", "", "", "", ""]


def test_what_holds_the_attribute_is_found_and_what_does_not_is_at_chance():
    subjects, values, number = people(24)
    rng = np.random.default_rng(0)
    face = rng.normal(size=(24, 6))[number]
    releases = {
        "shown": face + 8.0 * (values == "female")[:, None] * np.eye(6)[0],
        "face": face + 0.1 * rng.normal(size=face.shape),  # says who walks, which is no help with others
    }
    attack = attack_attribute(releases, values, subjects, *halves(subjects, 24), attackers=QUICK)
    assert set(attack.subjects) == {f"subject {i:02d}" for i in range(12, 24)}
    block = attribute_block([attack])
    assert (block["chance"], block["values"], block["models"]) == (0.5, {"female": 6, "male": 6}, 1)
    assert block["shown"]["accuracy"] > 0.85
    assert block["shown"]["ci95"][0] > 0.6
    assert set(block["shown"]["attackers"]) == set(QUICK)
    lower, upper = block["face"]["ci95"]
    assert lower <= 0.5 <= upper
    assert abs(block["face"]["accuracy"] - 0.5) < 3 * np.sqrt(0.25 / 12)  # a subject's cycles are alike: twelve guesses


def test_nobody_is_on_both_sides_inside_either(monkeypatch):
    subjects, values, number = people(16, share=4)
    seen = []

    def spy(name, train, train_values, test):
        seen.append((set(train[:, 0]), set(test[:, 0]), train_values))
        return np.full(len(test), "male")

    monkeypatch.setattr(attribute, "predict_subjects", spy)
    known, unseen = halves(subjects, 16)
    attack_attribute({"who": number[:, None].astype(float)}, values, subjects, known, unseen, attackers=["svm"])
    assert len(seen) == 2 + 1  # two women among the known, so two folds inside
    for trained, judged, labels in seen:
        assert not trained & judged
        assert trained <= set(range(8))
        assert (labels == "female").sum() == (labels == "male").sum()  # the rarer value is repeated
    assert set.union(*(judged for _, judged, _ in seen[:-1])) == set(range(8))
    assert seen[-1][1] == set(range(8, 16))


def test_too_few_to_learn_from_are_not_attacked():
    subjects, values, number = people(8)
    rows = {"z": number[:, None].astype(float)}
    known, unseen = halves(subjects, 8)
    alone = np.where(np.isin(number, [0]) | (number > 3), values, "male")  # one woman among the known
    assert attack_attribute(rows, values, subjects, known, unseen, attackers=QUICK) is not None
    assert attack_attribute(rows, alone, subjects, known, unseen, attackers=QUICK) is None
    assert attack_attribute(rows, np.full(len(subjects), "male"), subjects, known, unseen, attackers=QUICK) is None
    nobody = np.where(number > 3, "", values)
    assert attack_attribute(rows, nobody, subjects, known, unseen, attackers=QUICK) is None


def test_the_attacker_that_counts_is_chosen_inside_and_values_weigh_alike_by_hand():
    subjects = np.array(["ana", "ana", "eva", "tom"])
    values = np.array(["f", "f", "f", "m"])
    predictions = {"z": {"svm": values, "lda": np.array(["f", "f", "m", "m"])}}
    attack = AttributeAttack(subjects, values, predictions, {"z": {"svm": 0.4, "lda": 0.6}})
    block = attribute_block([attack])
    assert block["z"]["attackers"] == {"svm": 1.0, "lda": pytest.approx((2 / 3 + 1) / 2)}
    assert block["z"]["accuracy"] == pytest.approx(5 / 6)  # of lda, though svm is right here
    assert block["z"]["ci95"] == pytest.approx([0.5, 1.0])  # women drawn: eva twice, or ana twice
    second = AttributeAttack(subjects, values, predictions, {"z": {"svm": 0.7, "lda": 0.6}})
    assert attribute_block([attack, second])["z"]["accuracy"] == pytest.approx((5 / 6 + 1) / 2)


def test_three_values_have_a_third_as_chance():
    number = np.repeat(np.arange(18), 3)
    subjects, values = np.array([f"w{i:02d}" for i in number]), np.array(["child", "adult", "old"])[number % 3]
    shown = {"shown": np.eye(3)[number % 3] + 0.01 * np.random.default_rng(0).normal(size=(54, 3))}
    known = number < 9
    attack = attack_attribute(
        shown, values, subjects, np.flatnonzero(known), np.flatnonzero(~known), attackers=tuple(ATTACKERS)
    )
    block = attribute_block([attack])
    assert block["chance"] == pytest.approx(1 / 3)
    assert block["shown"]["attackers"] == dict.fromkeys(ATTACKERS, 1.0)
    assert block["shown"]["ci95"] == [1.0, 1.0]


def test_an_attack_on_an_attribute_comes_back_as_it_was():
    names, values = np.array(["ana", "tom", "uli"]), np.array(["f", "m", "m"])
    inner = {"raw": {"svm": 0.9, "lda": 1.0}}
    attack = AttributeAttack(names, values, {"raw": {"svm": values, "lda": values[::-1]}}, inner)
    again = AttributeAttack.from_dict(json.loads(json.dumps(attack.to_dict())))
    assert again.subjects.tolist() == names.tolist()
    assert again.hits("raw").tolist() == attack.hits("raw").tolist() == [False, True, False]
    assert attribute_block([again]) == attribute_block([attack])
