from types import SimpleNamespace

import numpy as np
import pytest

from stgcn_affect.jobs.explain.average import (
    average_cycles,
    average_maps,
    identity_ranking,
    rankings,
    stride_time_block,
)
from stgcn_affect.jobs.explain.maps import UnseenMaps

LAYOUT = SimpleNamespace(joints=("hip", "hand"))


@pytest.fixture
def found():
    """Two subjects, angry and sad once each, two samples and two joints; the second subject's sad walk is misread."""
    cycles = SimpleNamespace(
        subject=np.array(["ana", "ana", "eva", "eva"]),
        emotion=np.array(["angry", "sad", "angry", "sad"]),
        take_ids=np.arange(4),
    )
    maps = np.zeros((4, 2, 2), np.float32)
    maps[0, :, 1] = maps[2, :, 1] = 4.0  # angry speaks by the hand
    maps[1, :, 0], maps[3, :, 0] = 1.0, 3.0  # sad by the hip
    logits = np.array([[1, 0], [0, 1], [1, 0], [1, 0]], np.float32)
    stride_time = np.array([2.0, -2.0, 6.0, -6.0], np.float32)
    return UnseenMaps(cycles, np.arange(4), maps, stride_time, logits)


def test_average_maps_share_one_scale(found):
    maps, scale = average_maps(found)
    assert scale == 4.0
    np.testing.assert_allclose(maps["angry"], [[0, 1], [0, 1]])
    np.testing.assert_allclose(maps["sad"], [[0.5, 0], [0.5, 0]])
    np.testing.assert_allclose(maps["sad right"], [[0.25, 0]] * 2)
    np.testing.assert_allclose(maps["sad wrong"], [[0.75, 0]] * 2)
    assert "angry wrong" not in maps
    np.testing.assert_allclose(maps["angry minus sad"], [[-0.5, 1]] * 2)


def test_the_stride_time_is_in_a_joints_unit_and_says_for_whom_it_speaks(found):
    block = stride_time_block(found, scale=4.0, seed=0)
    assert block["angry"]["mean"] == pytest.approx((2 + 6) / 2 / 4 / 2)
    assert (block["angry"]["speaks"], block["sad"]["speaks"]) == ("for", "against")
    assert block["sad"]["mean"] == block["angry"]["mean"]
    assert 0 < block["sad"]["ci95"][0] < block["sad"]["mean"] < block["sad"]["ci95"][1]
    assert block["angry"]["share"]["mean"] == pytest.approx((2 / 10 + 6 / 14) / 2)


def test_what_betrays_one_subject_and_speaks_against_another_does_not_cancel(found):
    maps = np.zeros((4, 2, 2), np.float32)
    maps[:2, :, 0], maps[2:, :, 0], maps[:, :, 1] = 2.0, -2.0, 0.5
    rows = identity_ranking(maps, found.cycles, np.arange(4), LAYOUT, seed=0)
    assert [(row["joint"], row["mean"]) for row in rows] == [("hip", 1.0), ("hand", 0.25)]
    assert rows[0]["ci95"] == [1.0, 1.0]


@pytest.fixture
def uneven(labelled):
    """Ana is happy in two cycles of one take and sad once; Ben is happy once. A map is a number everywhere."""
    cycles = labelled(["ana", "ana", "ana", "ben"], ["happy", "happy", "sad", "happy"])
    values = np.array([1, 3, -4, 6], np.float32)
    maps = np.broadcast_to(values[:, None, None], (4, 4, 16)).copy()
    logits = np.array([[1, 0], [0, 1], [0, 1], [1, 0]], np.float32)  # ana's second happy cycle is called sad
    stride_time = np.array([2, 6, 8, -8], np.float32)
    return UnseenMaps(cycles, np.arange(4), maps, stride_time, logits)


def test_maps_by_emotion_by_decision_and_within_subjects(uneven):
    maps, scale = average_maps(uneven)
    happy, sad = (2 + 6) / 2, -4
    right, wrong = (1 + 6) / 2, 3
    contrast = 2 - -4  # of ana alone, who has both
    assert scale == 6
    wanted = {"happy": happy, "sad": sad, "happy right": right, "happy wrong": wrong, "sad right": sad}
    wanted["happy minus sad"] = contrast
    assert {name: float(one[0, 0]) * scale for name, one in maps.items()} == pytest.approx(wanted)


def test_emotions_that_no_subject_shares_have_no_contrast(labelled):
    cycles = labelled(["ana", "ben"], ["happy", "sad"])
    nothing = np.ones((2, 4, 16), np.float32)
    one = UnseenMaps(cycles, np.arange(2), nothing, np.zeros(2, np.float32), np.eye(2, dtype=np.float32))
    assert not [name for name in average_maps(one)[0] if " minus " in name]


def test_rankings_and_cycles_have_the_emotions(uneven):
    ranking = rankings(uneven, uneven.cycles.layout, scale=2.0, seed=0)
    assert set(ranking) == {"happy", "sad"}
    assert {row["joint"] for row in ranking["sad"]} == set(uneven.cycles.layout.joints)
    assert ranking["sad"][0]["mean"] == pytest.approx(2.0)
    cycles = average_cycles(uneven.cycles, uneven.index)
    assert {name: one.shape for name, one in cycles.items()} == dict.fromkeys(("happy", "sad"), (4, 16, 3))
