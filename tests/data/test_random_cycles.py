import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.data.random_cycles import random_cycles
from stgcn_affect.data.store import open_store, write_store
from stgcn_affect.errors import InputError


@given(subjects=st.integers(2, 5), more=st.integers(0, 40))
def test_every_subject_shows_every_emotion_in_cycles_that_follow_each_other(subjects, more):
    (store,) = random_cycles(16 * subjects + more, subjects=subjects, samples=8)
    names, first, counts = np.unique(store.subject, return_index=True, return_counts=True)
    assert names.tolist() == [f"subject_{s:05d}" for s in range(subjects)]
    assert counts.min() >= 16
    assert np.ptp(counts) <= 1
    assert (np.diff(first) == counts[:-1]).all()
    for name in names:
        assert sorted(set(store.emotion[store.subject == name])) == ["angry", "happy", "neutral", "sad"]
    assert np.bincount(store.take_ids).max() <= 4


def test_they_are_written_in_parts_of_any_size(tmp_path):
    stores = []
    for at_once in (10, 100):
        write_store(random_cycles(48, subjects=3, samples=8, at_once=at_once), tmp_path / f"{at_once}")
        stores.append(open_store(tmp_path / f"{at_once}"))
    assert stores[0].positions.shape == stores[1].positions.shape == (48, 8, 16, 3)
    assert stores[0].subject.tolist() == stores[1].subject.tolist()
    assert not np.asarray(stores[0].positions)[:, :, 0].any()
    assert np.asarray(stores[0].positions).std() > 0.1


def test_further_joints_hang_on_the_hands():
    (store,) = random_cycles(32, subjects=2, joints=20, samples=4)
    layout = store.layout
    assert layout.num_joints == 20
    parents = {joint: layout.joints[parent] for joint, parent in zip(layout.joints, layout.parents, strict=True)}
    assert (parents["l_further_0"], parents["r_further_1"]) == ("l_hand", "r_further_0")
    assert ("l_further_1", "r_further_1") in layout.mirror


@pytest.mark.parametrize(
    ("cycles", "joints", "words"),
    [
        (31, 16, r"16 cycles of each of 2 subjects or more \(got 31\)"),
        (32, 14, r"16 joints or more, an even number \(got 14\)"),
        (32, 17, r"an even number \(got 17\)"),
    ],
)
def test_too_few_cycles_or_joints(cycles, joints, words):
    with pytest.raises(InputError, match=words):
        next(random_cycles(cycles, subjects=2, joints=joints))
