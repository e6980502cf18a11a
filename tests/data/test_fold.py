import numpy as np
import pytest
import torch

from stgcn_affect.data.fold import fold_data
from stgcn_affect.data.splits import fixed_split


@pytest.fixture
def cycles(synthetic_cycles):
    """Six synthetic walkers in two emotions, two takes each."""
    return synthetic_cycles(walkers=6, takes=2, emotions=("neutral", "sad"))


def fold(cycles, *, hold_out_take=True, seed=0):
    (split,) = fixed_split(cycles.subject, test_subjects=2, validation_subjects=1, seed=0)
    return fold_data(cycles, split, hold_out_take=hold_out_take, seed=seed)


def test_one_take_of_each_subject_and_emotion_is_held_out(cycles):
    data = fold(cycles)
    together = np.sort(np.concatenate([data.fit_index, data.held_index]))
    np.testing.assert_array_equal(together, np.sort(data.split.train))
    for index in (data.fit_index, data.held_index):
        takes = {(cycles.subject[i], cycles.emotion[i], cycles.take[i]) for i in index}
        assert len(takes) == len(data.subjects) * 2
    assert fold(cycles, seed=1).held_index.tolist() != data.held_index.tolist()


def test_all_takes_fit_where_none_is_held_out(cycles):
    data = fold(cycles, hold_out_take=False)
    assert data.fit_index.tolist() == data.split.train.tolist()
    assert not len(data.held_index)


def test_codes_are_positions_among_the_training_subjects(cycles):
    data = fold(cycles)
    batch = data.batch(data.split.train)
    assert [data.subjects[code] for code in batch.subject] == cycles.subject[data.split.train].tolist()
    assert set(data.batch(data.split.test).subject.tolist()) == {-1}
    assert {part: len(names) for part, names in data.parts.items()} == {"train": 3, "validation": 1, "test": 2}
    assert tuple(data.parts["train"]) == data.subjects


def test_subjects_with_one_emotion_cannot_be_attacked(cycles):
    name = fold(cycles).subjects[0]
    some = cycles.select(np.flatnonzero((cycles.subject != name) | (cycles.emotion == "sad")))
    data = fold(some)
    assert name in data.subjects
    assert set(some.subject[data.attackable]) == set(data.subjects) - {name}


def test_stored_cycles_are_those_of_the_batch(cycles):
    data = fold(cycles)
    stored = data.stored(data.fit_index)
    batch, taken = data.batch(data.fit_index), stored.take(torch.arange(stored.size))
    assert all(one.equal(other) for one, other in zip(batch, taken, strict=True))
    assert np.shares_memory(stored.positions, cycles.positions)
