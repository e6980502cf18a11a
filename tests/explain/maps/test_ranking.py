import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.explain.maps.ranking import (
    drawn_joint_scores,
    emotion_ranking,
    identity_ranking,
    joint_scores,
    limb_phase_shares,
    rank_joints,
)
from stgcn_affect.skeleton.layout import load_layout

AVERAGE = np.array([[1.0, 2.0, 0.0], [-1.0, 0.0, -4.0]])  # T=2, V=3


@pytest.mark.parametrize(
    ("part", "scores"),
    [("magnitude", [1.0, 1.0, 2.0]), ("positive", [0.5, 1.0, 0.0]), ("signed", [0.0, 1.0, -2.0])],
)
def test_what_of_the_map_counts(part, scores):
    assert joint_scores(AVERAGE, part=part).tolist() == scores


def test_an_unknown_part_is_refused():
    with pytest.raises(InputError, match=r"magnitude, positive, signed \(got 'loud'\)"):
        joint_scores(AVERAGE, part="loud")


def test_joints_are_ranked_by_the_average_over_subjects_and_signs_cancel_between_subjects_first():
    maps = np.array([[[3.0, 9.0]], [[3.0, 9.0]], [[1.0, -9.0]]])
    found = rank_joints(maps, ["hand", "noise"], subjects=np.array(["a", "a", "b"]), takes=np.arange(3), draws=400)
    assert [(row["joint"], row["mean"]) for row in found] == [("hand", 2.0), ("noise", 0.0)]


def test_drawn_scores_make_the_whole_average_anew():
    subjects = np.array([[[2.0]], [[-2.0]]])  # two subjects who cancel unless one is drawn twice
    drawn = drawn_joint_scores(subjects, draws=300, seed=1)
    assert drawn.shape == (300, 1)
    assert set(drawn.ravel()) == {0.0, 2.0}
    assert 0.4 < (drawn == 0).mean() < 0.6


def test_limits_hold_the_score_also_where_it_is_noise():
    maps = np.random.default_rng(0).normal(size=(24, 16, 2))
    maps[:, :, 0] += 3
    found = rank_joints(maps, ["signal", "noise"], subjects=np.arange(24).astype(str), takes=np.arange(24))
    for row in found:
        assert row["ci95"][0] < row["mean"] < row["ci95"][1]
    assert found[0]["ci95"][0] > found[1]["ci95"][1]
    assert found[0]["mean"] == pytest.approx(3, abs=0.2)


def test_one_ranking_per_emotion_and_no_limits_for_one_subject():
    maps = np.array([[[1.0, 0.0]], [[0.0, 2.0]]])
    found = emotion_ranking(
        maps,
        ["l", "r"],
        emotions=np.array(["sad", "happy"]),
        subjects=np.array(["a", "a"]),
        takes=np.arange(2),
        draws=10,
    )
    assert found["sad"][0] == {"joint": "l", "mean": 1.0, "ci95": None}
    assert found["happy"][0] == {"joint": "r", "mean": 2.0, "ci95": None}


LAYOUT = load_layout("emotion_gait16")
PHASES = {"early": np.array([True, False]), "all": np.array([True, True])}


def test_shares_of_the_total_magnitude():
    values = np.zeros((2, 16))
    values[0, LAYOUT.index("l_hand")] = -3.0
    values[1, LAYOUT.index("l_elbow")] = 1.0
    values[1, LAYOUT.index("head")] = 4.0
    found = limb_phase_shares(values, LAYOUT, PHASES)
    assert found["left_arm"] == {"cycle": 0.5, "early": 0.375, "all": 0.5}
    assert found["head"] == {"cycle": 0.5, "early": 0.0, "all": 0.5}
    assert found["right_leg"] == {"cycle": 0.0, "early": 0.0, "all": 0.0}


def test_shares_sum_to_one_and_those_of_nothing_to_nothing():
    values = np.random.default_rng(0).normal(size=(2, 16))
    assert sum(row["cycle"] for row in limb_phase_shares(values, LAYOUT, PHASES).values()) == pytest.approx(1)
    assert all(share == 0 for row in limb_phase_shares(0 * values, LAYOUT, PHASES).values() for share in row.values())


def test_a_joint_that_identifies_one_subject_and_speaks_against_another_does_not_cancel():
    maps = np.zeros((4, 2, 2), np.float32)
    maps[:2, :, 0], maps[2:, :, 0], maps[:, :, 1] = 2.0, -2.0, 0.5
    subjects = np.array(["ana", "ana", "eva", "eva"])
    rows = identity_ranking(maps, ("hip", "hand"), subjects=subjects, takes=np.arange(4))
    assert [(row["joint"], row["mean"]) for row in rows] == [("hip", 1.0), ("hand", 0.25)]
    assert rows[0]["ci95"] == [1.0, 1.0]
