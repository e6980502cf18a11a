import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stgcn_affect.data.deduplicate import copied_takes, deduplicate
from stgcn_affect.data.prepare_clip import PreparedClip
from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import Cycle
from stgcn_affect.skeleton.layout import Layout, load_layout


def cycles(n, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 4, 5, 3)).astype(np.float32)


def test_different_takes_are_left_alone():
    assert copied_takes(cycles(6), np.arange(6)) == []
    assert copied_takes(cycles(1), np.zeros(1, int)) == []


def test_copies_are_grouped_through_each_other():
    x = cycles(6)
    x[3], x[5] = x[0] + 1e-4, x[0]
    x[4] = x[1]
    assert copied_takes(x, np.array([10, 20, 30, 40, 50, 60])) == [(10, 40, 60), (20, 50)]


def test_an_overlap_of_one_cycle_joins_two_takes():
    x = cycles(4)
    x[2] = x[1]
    assert copied_takes(x, np.array([0, 0, 7, 7])) == [(0, 7)]


def test_the_same_cycle_twice_in_one_take_is_no_copy():
    x = cycles(2)
    x[1] = x[0]
    assert copied_takes(x, np.array([4, 4])) == []


@settings(max_examples=25, deadline=None)
@given(n=st.integers(2, 12), seed=st.integers(0, 1000), scale=st.sampled_from([1e-3, 1e-2, 1.0]))
def test_pairs_are_those_of_a_full_search(n, seed, scale):
    x = cycles(n, seed) * np.float32(scale)
    tolerance = 0.5 * scale * np.sqrt(6)
    found = {frozenset(g) for g in copied_takes(x, np.arange(n), tolerance=tolerance)}
    near = np.sqrt(((x[:, None] - x[None]) ** 2).sum(-1).mean((2, 3))) <= tolerance
    reach = np.linalg.matrix_power(near.astype(float), n) > 0
    expected = {frozenset(np.flatnonzero(row).tolist()) for row in reach}
    assert found == {g for g in expected if len(g) > 1}


def test_tolerance_is_root_mean_square_per_joint():
    x = np.zeros((2, 4, 5, 3), np.float32)
    x[1, ..., 0] = 0.002
    assert copied_takes(x, np.arange(2), tolerance=0.0021) == [(0, 1)]
    assert copied_takes(x, np.arange(2), tolerance=0.0019) == []


LAYOUT = load_layout("emotion_gait16")
FACTS = {"name": "toy", "settings": {}, "digest": "", "truth": {}}


def prepared(source, subject, emotion, take, seed, layout=LAYOUT):
    positions = np.random.default_rng(seed).normal(size=(8, layout.num_joints, 3)).astype(np.float32)
    clip = Clip(positions=positions, fps_hz=60, layout=layout)
    return PreparedClip(source, subject, emotion, take, cycles=(Cycle(positions, 1.0 + seed / 100, 1.7, clip),))


def test_cycles_of_used_clips_come_in_order():
    clips = [
        prepared("a", "ana", "sad", "1", 1),
        PreparedClip("b", left_out="stands"),
        prepared("c", "ben", "sad", "1", 2),
    ]
    found = deduplicate(clips)
    store = found.store(**FACTS)
    assert store.source.tolist() == ["a", "c"]
    assert store.subject.tolist() == ["ana", "ben"]
    assert store.stride_time_s.tolist() == pytest.approx([1.01, 1.02])
    np.testing.assert_array_equal(store.positions[1], clips[2].cycles[0].positions)
    assert found.skipped == (("b", "stands"),)
    assert found.notes == ()


def test_copies_with_one_label_become_one_take():
    found = deduplicate([prepared("a", "ana", "sad", "1", 1), prepared("b", "ana", "sad", "2", 1)])
    store = found.store(**FACTS)
    assert store.take.tolist() == ["1", "1"]
    assert len(set(store.take_ids)) == 1
    assert found.notes == ("the same cycle in several clips, kept together as one take: a, b",)


def test_copies_with_two_labels_are_left_out():
    clips = [
        prepared("a", "ana", "sad", "1", 1),
        prepared("b", "ben", "sad", "1", 1),
        prepared("c", "ben", "sad", "2", 3),
    ]
    found = deduplicate(clips)
    assert [clip.source for clip in found.used] == ["c"]
    assert found.skipped == (
        ("a", "holds the same cycle as b, which is labelled ben, sad"),
        ("b", "holds the same cycle as a, which is labelled ana, sad"),
    )


def test_a_copy_without_label_gives_way():
    found = deduplicate([prepared("a", "", "", "x", 1), prepared("b", "ben", "sad", "1", 1)])
    assert [clip.source for clip in found.used] == ["b"]
    assert found.skipped == (("a", "holds the same cycle as b, whose subject and emotion are known"),)


def reordered(layout, swap_parent=False):
    joints = layout.joints[::-1]
    names = {j: layout.joints[p] if p >= 0 else None for j, p in zip(layout.joints, layout.parents, strict=True)}
    parents = tuple(-1 if names[j] is None else joints.index(names[j]) for j in joints)
    return Layout("reordered", joints, parents, layout.mirror, layout.roles)


def test_joints_in_another_order_are_put_in_order():
    other = prepared("b", "ben", "sad", "1", 2, reordered(LAYOUT))
    store = deduplicate([prepared("a", "ana", "sad", "1", 1), other]).store(**FACTS)
    assert store.layout is LAYOUT
    np.testing.assert_array_equal(store.positions[1], other.cycles[0].positions[:, ::-1])


def test_other_joints_are_refused_by_both_names():
    other = prepared("b.bvh", "ben", "sad", "1", 2, load_layout("coco17"))
    with pytest.raises(InputError, match=r"^b.bvh: expected the same joints and bones as a.bvh, 16 joints \(got 17"):
        deduplicate([prepared("a.bvh", "ana", "sad", "1", 1), other])


def test_nothing_usable_says_why():
    found = deduplicate(
        [
            PreparedClip("a", left_out="stands"),
            PreparedClip("b", left_out="stands"),
            PreparedClip("c", left_out="turns"),
        ]
    )
    with pytest.raises(InputError, match=r"^toy: expected clips .*\(got 2 x stands, 1 x turns\)"):
        found.store(**FACTS)
    with pytest.raises(InputError, match=r"\(got no clips\)"):
        deduplicate([]).store(**FACTS)
