import numpy as np
import pytest

from stgcn_affect.data.examine import Examined
from stgcn_affect.data.gather import gather
from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import Cycle
from stgcn_affect.skeleton.layout import Layout, load_layout

LAYOUT = load_layout("emotion_gait16")
FACTS = {"name": "toy", "settings": {}, "digest": "", "truth": {}}


def examined(source, subject, emotion, take, seed, layout=LAYOUT):
    positions = np.random.default_rng(seed).normal(size=(8, layout.num_joints, 3)).astype(np.float32)
    clip = Clip(positions=positions, fps_hz=60, layout=layout)
    return Examined(source, subject, emotion, take, cycles=(Cycle(positions, 1.0 + seed / 100, 1.7, clip),))


def test_cycles_of_used_clips_come_in_order():
    clips = [
        examined("a", "ana", "sad", "1", 1),
        Examined("b", left_out="stands"),
        examined("c", "ben", "sad", "1", 2),
    ]
    gathered = gather(clips)
    store = gathered.store(**FACTS)
    assert store.source.tolist() == ["a", "c"]
    assert store.subject.tolist() == ["ana", "ben"]
    assert store.stride_time_s.tolist() == pytest.approx([1.01, 1.02])
    np.testing.assert_array_equal(store.positions[1], clips[2].cycles[0].positions)
    assert gathered.skipped == (("b", "stands"),)
    assert gathered.notes == ()


def test_copies_with_one_label_become_one_take():
    gathered = gather([examined("a", "ana", "sad", "1", 1), examined("b", "ana", "sad", "2", 1)])
    store = gathered.store(**FACTS)
    assert store.take.tolist() == ["1", "1"]
    assert len(set(store.take_ids)) == 1
    assert gathered.notes == ("the same cycle in several clips, kept together as one take: a, b",)


def test_copies_with_two_labels_are_left_out():
    clips = [
        examined("a", "ana", "sad", "1", 1),
        examined("b", "ben", "sad", "1", 1),
        examined("c", "ben", "sad", "2", 3),
    ]
    gathered = gather(clips)
    assert [clip.source for clip in gathered.used] == ["c"]
    assert gathered.skipped == (
        ("a", "holds the same cycle as b, which is labelled ben, sad"),
        ("b", "holds the same cycle as a, which is labelled ana, sad"),
    )


def test_a_copy_without_label_gives_way():
    gathered = gather([examined("a", "", "", "x", 1), examined("b", "ben", "sad", "1", 1)])
    assert [clip.source for clip in gathered.used] == ["b"]
    assert gathered.skipped == (("a", "holds the same cycle as b, whose walker and emotion are known"),)


def reordered(layout, swap_parent=False):
    joints = layout.joints[::-1]
    names = {j: layout.joints[p] if p >= 0 else None for j, p in zip(layout.joints, layout.parents, strict=True)}
    parents = tuple(-1 if names[j] is None else joints.index(names[j]) for j in joints)
    return Layout("reordered", joints, parents, layout.mirror, layout.roles)


def test_joints_in_another_order_are_put_in_order():
    other = examined("b", "ben", "sad", "1", 2, reordered(LAYOUT))
    store = gather([examined("a", "ana", "sad", "1", 1), other]).store(**FACTS)
    assert store.layout is LAYOUT
    np.testing.assert_array_equal(store.positions[1], other.cycles[0].positions[:, ::-1])


def test_other_joints_are_refused_by_both_names():
    other = examined("b.bvh", "ben", "sad", "1", 2, load_layout("coco17"))
    with pytest.raises(InputError, match=r"^b.bvh: expected the same joints and bones as a.bvh, 16 joints \(got 17"):
        gather([examined("a.bvh", "ana", "sad", "1", 1), other])


def test_nothing_usable_says_why():
    gathered = gather(
        [Examined("a", left_out="stands"), Examined("b", left_out="stands"), Examined("c", left_out="turns")]
    )
    with pytest.raises(InputError, match=r"^toy: expected clips .*\(got 2 x stands, 1 x turns\)"):
        gathered.store(**FACTS)
    with pytest.raises(InputError, match=r"\(got no clips\)"):
        gather([]).store(**FACTS)
