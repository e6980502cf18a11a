import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.data.splits import (
    PARTS,
    Split,
    fixed_split,
    grouped_folds,
    hold_out_take,
    leave_one_subject_out,
    protocol_splits,
    take_ids,
)
from stgcn_affect.errors import InputError

SUBJECTS = np.array(["a", "a", "b", "c", "c", "d", "e", "f"])


def subjects_of(split, subjects):
    return {part: set(np.asarray(subjects)[getattr(split, part)]) for part in PARTS}


def test_split_refuses_a_subject_in_two_parts():
    with pytest.raises(InputError, match=r"no subject in two parts, but train and test share 1 \(got a\)"):
        Split("s", np.array([0]), np.array([2]), np.array([1]), SUBJECTS)


def test_split_refuses_a_take_in_two_parts_even_between_subjects():
    takes = [0, 0, 1, 2, 2, 1, 3, 4]
    with pytest.raises(InputError, match="no take in two parts, but train and validation share 1"):
        Split("s", np.array([0, 1, 2]), np.array([5]), np.array([6]), SUBJECTS, takes)


@pytest.mark.parametrize(
    ("train", "test", "words"),
    [
        ([], [2], "train: expected one cycle or more"),
        ([0, 0], [2], "each cycle once"),
        ([0.5], [2], "list of integers"),
        ([99], [2], "from 0 to 7"),
    ],
)
def test_split_refuses_what_is_no_index(train, test, words):
    with pytest.raises(InputError, match=words):
        Split("s", np.array(train), np.array([], int), np.array(test), SUBJECTS)


def test_take_ids_are_equal_only_where_all_three_are():
    ids = take_ids(["a", "a", "a", "b"], ["sad", "sad", "sad", "sad"], ["1", "1", "2", "1"])
    assert ids.tolist() == [0, 0, 1, 2]


def test_leave_one_subject_out_tests_every_subject_alone():
    splits = leave_one_subject_out(SUBJECTS, validation_subjects=1, seed=0)
    assert [subjects_of(s, SUBJECTS)["test"] for s in splits] == [{w} for w in "abcdef"]
    assert [s.name for s in splits][:2] == ["without-a", "without-b"]
    assert all(len(subjects_of(s, SUBJECTS)["validation"]) == 1 for s in splits)


@given(
    sizes=st.lists(st.integers(1, 5), min_size=6, max_size=15),
    folds=st.integers(2, 3),
    validation=st.integers(0, 1),
    seed=st.integers(0, 99),
)
def test_grouped_folds_test_everybody_once_and_leave_nothing_out(sizes, folds, validation, seed):
    subjects = np.repeat([f"w{i}" for i in range(len(sizes))], sizes)
    splits = grouped_folds(subjects, folds=folds, validation_subjects=validation, seed=seed)
    tested = np.concatenate([s.test for s in splits])
    assert sorted(tested) == list(range(len(subjects)))
    counts = [len(subjects_of(s, subjects)["test"]) for s in splits]
    assert max(counts) - min(counts) <= 1
    for split in splits:
        everything = np.concatenate([split.train, split.validation, split.test])
        assert sorted(everything) == list(range(len(subjects)))
        assert len(subjects_of(split, subjects)["validation"]) == validation
    again = grouped_folds(subjects, folds=folds, validation_subjects=validation, seed=seed)
    for split, same in zip(splits, again, strict=True):
        assert all(np.array_equal(getattr(split, part), getattr(same, part)) for part in PARTS)


def test_validation_subjects_serve_in_turn():
    subjects = np.array([f"w{i:02d}" for i in range(20)])
    splits = grouped_folds(subjects, folds=5, validation_subjects=4, seed=3)
    serving = [w for s in splits for w in subjects_of(s, subjects)["validation"]]
    assert max(serving.count(w) for w in set(serving)) <= 2
    assert len(set(serving)) >= 12


def test_too_few_subjects_says_the_numbers():
    with pytest.raises(InputError, match=r"too few subjects for 8 folds: .* expected 8 subjects or more \(got 6\)"):
        grouped_folds(SUBJECTS, folds=8, validation_subjects=2, seed=0)
    with pytest.raises(InputError, match=r"3 to test, 3 to validate and 2 to train .* expected 8 .* \(got 6\)"):
        grouped_folds(SUBJECTS, folds=2, validation_subjects=3, seed=0)
    with pytest.raises(InputError, match="folds: expected 2 or more"):
        grouped_folds(SUBJECTS, folds=1, validation_subjects=1, seed=0)


def test_fixed_split_by_number_and_by_name():
    (split,) = fixed_split(SUBJECTS, test_subjects=2, validation_subjects=1, seed=5)
    assert {part: len(who) for part, who in subjects_of(split, SUBJECTS).items()} == {
        "train": 3,
        "validation": 1,
        "test": 2,
    }
    (named,) = fixed_split(SUBJECTS, test_subjects=["b", "c"], validation_subjects=1, seed=5)
    assert named.test.tolist() == [2, 3, 4]
    with pytest.raises(InputError, match="test_subjects: expected subjects of the set"):
        fixed_split(SUBJECTS, test_subjects=["z"], validation_subjects=1, seed=5)
    with pytest.raises(InputError, match="too few subjects"):
        fixed_split(SUBJECTS, test_subjects=5, validation_subjects=1, seed=5)


def test_hold_out_take_keeps_takes_whole_and_single_takes_in():
    subjects = ["a", "a", "a", "a", "b", "b"]
    emotions = ["sad", "sad", "sad", "happy", "sad", "sad"]
    takes = ["1", "1", "2", "1", "1", "1"]
    fit, held = hold_out_take(subjects, emotions, takes, seed=0)
    assert sorted([*fit, *held]) == [0, 1, 2, 3, 4, 5]
    assert held.tolist() in ([0, 1], [2])


def test_hold_out_take_is_empty_without_second_takes():
    fit, held = hold_out_take(["a", "b"], ["sad", "sad"], ["1", "1"], seed=0)
    assert fit.tolist() == [0, 1]
    assert held.size == 0


def parts(split, subjects):
    return [set(np.asarray(subjects)[index]) for index in (split.train, split.validation, split.test)]


@pytest.mark.parametrize(
    ("kind", "settings", "count", "sizes"),
    [
        ("fixed", {"test_subjects": 3}, 1, [(5, 2, 3)]),
        ("grouped", {"folds": 5}, 5, [(6, 2, 2)]),
        ("loso", {}, 10, [(7, 2, 1)]),
    ],
)
def test_the_kind_of_protocol_decides_the_splits(kind, settings, count, sizes):
    subjects = np.repeat([f"subject {s:02d}" for s in range(10)], 4)
    found = protocol_splits(kind, subjects, validation_subjects=2, **settings)
    assert len(found) == count
    assert {tuple(len(part) for part in parts(split, subjects)) for split in found} == set(sizes)
    if count > 1:
        tested = np.concatenate([split.test for split in found])
        np.testing.assert_array_equal(np.sort(tested), np.arange(len(subjects)))


@pytest.mark.parametrize("kind", ["fixed", "grouped", "loso"])
def test_the_seed_of_a_protocol_decides_who_is_where(kind):
    subjects = np.repeat([f"subject {s:02d}" for s in range(12)], 2)
    first = [parts(protocol_splits(kind, subjects, seed=seed)[0], subjects) for seed in (1, 1, 2)]
    assert first[0] == first[1] != first[2]


@pytest.mark.parametrize("kind", ["fixed", "grouped", "loso"])
def test_too_few_subjects_for_a_protocol_are_told(kind):
    with pytest.raises(InputError, match=r"too few subjects .*\(got 2\)"):
        protocol_splits(kind, ["ana", "ben"], folds=2)


def test_an_unknown_kind_of_protocol_is_told():
    with pytest.raises(InputError, match=r"protocol: expected one of fixed, grouped, loso \(got 'random'\)"):
        protocol_splits("random", ["ana", "ben"])
