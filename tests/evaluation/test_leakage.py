import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stgcn_affect.data.splits import grouped_folds, leave_one_subject_out
from stgcn_affect.evaluation.leakage import leakage_block, leaky_splits

SUBJECTS = np.repeat([f"subject {i}" for i in range(6)], 4)
EMOTIONS = np.array(["happy", "sad"] * 12)
PARTS = ("train", "validation", "test")


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_cycles_are_dealt_with_the_sizes_and_emotions_of_the_splits_by_subject(seed):
    splits = grouped_folds(SUBJECTS, folds=3, validation_subjects=1, seed=0)
    leaky = leaky_splits(splits, EMOTIONS, seed=seed)
    for ours, one in zip(splits, leaky, strict=True):
        for part in PARTS:
            mine, theirs = (np.unique(EMOTIONS[getattr(s, part)], return_counts=True) for s in (ours, one.split))
            assert [column.tolist() for column in mine] == [column.tolist() for column in theirs]
        assert len(one.copies) == len(ours.train) == len(set(one.copies.tolist()))
    tested = np.concatenate([one.split.test for one in leaky])
    assert sorted(tested.tolist()) == list(range(24))  # each cycle once, as by subject


def test_subjects_are_on_both_sides_and_copies_of_what_is_tested_are_in_training():
    splits = leave_one_subject_out(SUBJECTS, validation_subjects=0, seed=0)
    seen = copied = 0
    for one in leaky_splits(splits, EMOTIONS, seed=0):
        seen += np.isin(SUBJECTS[one.split.test], SUBJECTS[one.split.train]).sum()
        copied += np.isin(one.split.test, one.copies).sum()
    assert seen == 24
    assert copied == pytest.approx(24 * 5 / 6, abs=4)  # five of six cycles train


def test_another_seed_deals_otherwise():
    splits = grouped_folds(SUBJECTS, folds=2, validation_subjects=0, seed=0)
    tests = [leaky_splits(splits, EMOTIONS, seed=seed)[0].split.test.tolist() for seed in (0, 0, 1)]
    assert tests[0] == tests[1] != tests[2]


@pytest.fixture
def cycles(labelled):
    return labelled(["ana", "ana", "ben", "ben"], ["happy", "sad"] * 2)


def test_what_a_leaky_split_adds_by_hand(cycles):
    """By subject ana is wrong in both; with copies only her sad walk is, in the second seed."""
    by_subject = np.array([[1, 0, 0, 1]] * 2)
    leaky = {"copies": np.array([[0, 1, 0, 1], [0, 0, 0, 1]]), "best_test_epoch": by_subject}
    block = leakage_block(leaky, by_subject, cycles, seed=0)
    assert list(block) == ["copies", "best_test_epoch", "by_subject"]
    assert [one["emotion"]["balanced_accuracy"] for one in block.values()] == [0.875, 0.5, 0.5]
    assert block["copies"]["difference"] == 0.375
    assert block["copies"]["ci95"] == [0.0, 0.75]  # ben alone, ana alone
    assert (block["best_test_epoch"]["difference"], block["best_test_epoch"]["ci95"]) == (0.0, [0.0, 0.0])
    assert "difference" not in block["by_subject"]


def test_other_tested_cycles_give_no_difference(cycles):
    block = leakage_block({"random_clips": np.array([[0, -1, 0, -1]])}, np.array([[0, 1, -1, -1]]), cycles, seed=0)
    assert set(block["random_clips"]) == {"emotion"}
    assert block["random_clips"]["emotion"]["n_cycles"] == 2
