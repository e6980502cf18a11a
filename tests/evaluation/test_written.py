import numpy as np
import pytest

from stgcn_affect.data.fold import fold_data
from stgcn_affect.evaluation.mechanisms import emotion_of_release
from stgcn_affect.evaluation.pair_attacker import STEPS
from stgcn_affect.evaluation.written import judge_written

QUICK = ("nearest_neighbour", "pair")
WIDTH = 49
"""One pose of 16 joints, and the stride time."""


@pytest.fixture
def data(labelled, halves):
    """Twelve subjects in three emotions, two cycles each."""
    cycles = labelled(
        np.repeat([f"subject {i:02d}" for i in range(12)], 6), np.repeat(["angry", "happy", "sad"] * 12, 2)
    )
    return fold_data(cycles, halves(cycles)[0], hold_out_take=False, seed=0)


def rows(data, *, subject=0.0, emotion=0.0, seed=0):
    """``[N, WIDTH]`` that say who walks, and how, so loud."""
    rng = np.random.default_rng(0)
    of_subject, of_emotion = rng.normal(size=(12, WIDTH)), rng.normal(size=(3, WIDTH))
    noise = 0.1 * np.random.default_rng(seed + 1).normal(size=(len(data.cycles), WIDTH))
    who, how = (np.unique(names, return_inverse=True)[1] for names in (data.cycles.subject, data.cycles.emotion))
    return subject * of_subject[who] + emotion * of_emotion[how] + noise


def probabilities(data):
    return np.eye(3)[np.unique(data.cycles.emotion, return_inverse=True)[1]] + 1e-3


def test_files_that_name_their_subjects_fail_and_files_that_only_say_the_emotion_pass(data, monkeypatch):
    for kind in STEPS:  # what is easy needs few
        monkeypatch.setitem(STEPS, kind, 4)
    raw = rows(data, subject=1.0, emotion=0.5)
    mean_walks = rows(data, emotion=1.0)[np.unique(data.cycles.emotion, return_index=True)[1]]
    silent = mean_walks[np.unique(data.cycles.emotion, return_inverse=True)[1]]  # one walk for each emotion
    written = {"open": rows(data, subject=1.0, emotion=1.0, seed=5), "silent": silent}
    found = judge_written(written, raw, probabilities(data), data, attackers=QUICK, permutations=50)
    open_, quiet = (found["mechanisms"][name] for name in ("open", "silent"))
    assert found["raw"]["seen"]["accuracy"] == 1.0
    assert tuple(open_["seen"]["attackers"]) == QUICK
    assert tuple(open_["static"]["attackers"]) == ("nearest_neighbour",)  # the others learn from other people
    assert open_["seen"]["accuracy"] > 0.9
    assert open_["unseen"]["auc"] > 0.9
    assert open_["static"]["accuracy"] > 0.9
    assert open_["verdict"]["hidden"] is False
    assert quiet["seen_minus_probabilities"]["difference"] == pytest.approx(0.0, abs=0.1)
    assert quiet["unseen"]["auc"] == pytest.approx(0.5, abs=0.05)
    assert quiet["emotion_anew"] == 1.0
    assert [reason.split(":")[0] for reason in quiet["verdict"]["reasons"][1:3]] == ["holds", "holds"]


def test_the_frozen_judge_knows_raw_cycles_only(data):
    raw = rows(data, emotion=1.0)
    assert emotion_of_release(rows(data, emotion=1.0, seed=9), data.cycles, data.split, learnt=raw) == 1.0
    assert emotion_of_release(-raw, data.cycles, data.split, learnt=raw) < 0.34  # it has never seen them so
