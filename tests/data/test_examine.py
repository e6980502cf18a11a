from dataclasses import replace

import numpy as np

from stgcn_affect.data.examine import Unreadable, examine


def test_a_good_clip_gives_cycles(walk):
    found = examine(walk(subject="ana", emotion="sad", take="1", source="a.bvh", attributes={"age": "30"}))
    assert len(found.cycles) == 1
    assert found.cycles[0].positions.shape == (64, 16, 3)
    assert found.left_out == ""
    assert found.attributes == {"age": "30"}
    assert found.words().startswith("a.bvh: ana, sad, take 1, 1 cycle of 1.00 s")


def test_samples_are_passed_on(walk):
    assert examine(walk(subject="a", emotion="b"), samples=32).cycles[0].positions.shape == (32, 16, 3)


def test_a_clip_without_labels_is_left_out_unless_wanted(walk):
    assert examine(walk(subject="ana")).left_out == "unknown emotion"
    assert examine(walk()).left_out == "unknown walker and emotion"
    assert examine(walk()).cycles == ()
    assert len(examine(walk(), keep_unlabelled=True).cycles) == 1


def test_a_standing_clip_is_left_out_with_a_reason(walk):
    found = examine(walk(subject="a", emotion="b", swing=0, source="a.bvh"))
    assert found.cycles == ()
    assert found.left_out
    assert found.words().startswith("a.bvh: left out: ")


def test_a_broken_clip_is_left_out_with_a_reason(walk):
    clip = walk(subject="a", emotion="b")
    positions = clip.positions.copy()
    positions[10:] = np.nan
    found = examine(replace(clip, positions=positions))
    assert found.cycles == ()
    assert found.left_out


def test_an_unreadable_file_keeps_its_reason():
    found = examine(Unreadable("a.bvh", "no HIERARCHY in it"))
    assert found.words() == "a.bvh: left out: no HIERARCHY in it"
