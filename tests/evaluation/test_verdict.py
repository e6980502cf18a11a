from copy import deepcopy

import numpy as np
import pytest

from stgcn_affect.evaluation.seen_subjects import Attack
from stgcn_affect.evaluation.verdict import paired_difference, verdict

KNOWN = {"chance": 0.1, "z_emotion": {"ci95": [0.1, 0.28]}, "raw": {"ci95": [0.6, 0.9]}}
UNSEEN = {"z_emotion_minus_probabilities": {"difference": 0.02, "ci95": [-0.01, 0.04]}}
DIFFERENCE = {"difference": 0.01, "ci95": [-0.02, 0.05]}


def judged(*, known=None, unseen=None, difference=None, p_value=0.5):
    blocks = deepcopy([KNOWN, UNSEEN])
    for block, changes in zip(blocks, (known or {}, unseen or {}), strict=True):
        for release, limits in changes.items():
            block[release]["ci95"] = limits
    return verdict(*blocks, difference or DIFFERENCE, p_value=p_value)


def fails(found):
    return [reason.startswith("fails: ") for reason in found["reasons"]]


def test_it_is_hidden_where_every_condition_holds():
    found = judged()
    assert found["hidden"] is True
    assert [reason.split(":")[0] for reason in found["reasons"]] == ["holds"] * 4
    assert "p = 0.500, upper limit 0.280 against 3 x chance = 0.300" in found["reasons"][0]
    assert "0.010, upper limit 0.050 against 0.05" in found["reasons"][1]
    assert "AUC above that from the class probabilities by 0.020, upper limit 0.040 against 0.05" in found["reasons"][2]
    assert "raw cycles 0.600 against 5 x chance = 0.500" in found["reasons"][3]


@pytest.mark.parametrize(
    ("changes", "failing"),
    [
        ({"p_value": 0.001, "known": {"z_emotion": [0.2, 0.31]}}, 0),
        ({"difference": {"difference": 0.02, "ci95": [-0.01, 0.051]}}, 1),
        ({"unseen": {"z_emotion_minus_probabilities": [0.0, 0.051]}}, 2),
        ({"known": {"raw": [0.49, 0.9]}}, 3),
    ],
)
def test_each_condition_alone_can_deny_it(changes, failing):
    found = judged(**changes)
    assert found["hidden"] is False
    assert fails(found) == [number == failing for number in range(4)]


@pytest.mark.parametrize(
    "changes",
    [
        {"p_value": 0.001},  # significant, but below three times chance by its limit
        {"p_value": 0.05, "known": {"z_emotion": [0.1, 0.9]}},  # a wide limit, but nothing significant
    ],
)
def test_one_half_of_the_first_condition_is_enough(changes):
    assert judged(**changes)["hidden"] is True


def test_every_failure_is_told_not_the_first_only():
    found = judged(
        p_value=0.01,
        known={"z_emotion": [0.5, 0.9], "raw": [0.1, 0.2]},
        unseen={"z_emotion_minus_probabilities": [0.2, 0.3]},
        difference={"difference": 0.3, "ci95": [0.2, 0.4]},
    )
    assert fails(found) == [True] * 4


def attack(subjects, hits):
    """One attacker, who names the subject where it hits."""
    subjects = np.array(subjects)
    said = {release: {"svm": np.where(hit, subjects, "nobody")} for release, hit in hits.items()}
    return Attack(0.5, subjects, said, np.zeros(len(subjects), int), {release: {"svm": 1.0} for release in hits})


def test_the_difference_is_paired_by_hand():
    first = attack(["ana", "ana", "ben", "ben"], {"z": [1, 1, 1, 0], "p": [1, 0, 0, 0]})
    second = attack(["eva", "tom"], {"z": [0, 0], "p": [1, 0]})
    found = paired_difference([first, second], "z", "p")
    assert found["difference"] == pytest.approx((2 / 4 - 1 / 2) / 2)  # of each model, then the mean
    assert found["ci95"][0] <= 0 <= found["ci95"][1]
    same = paired_difference([first, second], "z", "z")
    assert same == {"difference": 0.0, "ci95": [0.0, 0.0]}


def test_the_difference_is_of_each_things_own_strongest_attacker():
    subjects = np.array(["ana", "ben"])
    said = {"svm": subjects, "lda": np.array(["x", "x"])}
    inner = {"z": {"svm": 0.1, "lda": 0.9}, "p": {"svm": 0.9, "lda": 0.1}}
    both = Attack(0.5, subjects, {"z": said, "p": said}, np.zeros(2, int), inner)
    assert paired_difference([both], "z", "p")["difference"] == -1.0
