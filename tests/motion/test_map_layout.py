from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.guess_layout import keep_joints
from stgcn_affect.motion.map_layout import map_layout
from stgcn_affect.motion.normalise import body_height
from stgcn_affect.skeleton.layout import layout_names, load_layout
from stgcn_affect.synthetic.walkers import synthetic_walkers

EG = load_layout("emotion_gait16")


def standing(name):
    """Two frames of a layout's rest pose."""
    layout = load_layout(name)
    return Clip(positions=np.stack([layout.rest, layout.rest]), fps_hz=30, layout=layout, source="walk.bvh")


def test_the_same_layout_leaves_the_clip_alone():
    clip = standing("emotion_gait16")
    assert map_layout(clip, load_layout("emotion_gait16")) == (clip, [])


def test_joints_go_where_their_role_is():
    clip = standing("cmu31")
    mapped, words = map_layout(clip, EG)
    for role in EG.roles:
        expected = clip.layout.role_position(clip.positions, role)
        np.testing.assert_allclose(EG.role_position(mapped.positions, role), expected)
    assert mapped.layout is EG
    assert mapped.source == clip.source
    assert len(words) == 1
    assert "joints of cmu31 left out: " in words[0]
    assert "ltoes" in words[0]
    assert "lfemur" not in words[0], "it plays the knee"


def test_a_role_of_several_joints_is_their_middle():
    mapped, _ = map_layout(standing("coco17"), load_layout("h36m17"))
    coco = load_layout("coco17")
    middle = (coco.rest[coco.index("left_hip")] + coco.rest[coco.index("right_hip")]) / 2
    np.testing.assert_allclose(mapped.positions[0, mapped.layout.index("Hip")], middle, atol=1e-6)


def test_what_lies_between_is_placed_as_in_the_rest_pose_and_said():
    """coco17 has no spine: Emotion-Gait's is 25 of 51 cm above the pelvis on the way to the neck."""
    clip = standing("coco17")
    mapped, words = map_layout(clip, EG)
    pelvis, neck = (mapped.positions[:, EG.index(j)] for j in ("root", "neck"))
    np.testing.assert_allclose(mapped.positions[:, EG.index("spine")], pelvis + 25 / 51 * (neck - pelvis), atol=1e-6)
    assert words[0].endswith("joints estimated from their neighbours: spine")


def test_hands_continue_the_arm():
    kinect = load_layout("kinect20")
    bandai = standing("bandai21")
    mapped, words = map_layout(bandai, kinect)
    elbow, wrist, hand = (mapped.positions[0, kinect.index(f"{j}Left")] for j in ("Elbow", "Wrist", "Hand"))
    along = (wrist - elbow) / np.linalg.norm(wrist - elbow)
    np.testing.assert_allclose((hand - wrist) / np.linalg.norm(hand - wrist), along, atol=1e-5)
    assert "HandLeft, HandRight" in words[0]


def test_a_foot_is_not_guessed():
    with pytest.raises(InputError, match=r"^walk.bvh: .*kinect20.*: FootLeft, FootRight \(got joints root, spine"):
        map_layout(standing("emotion_gait16"), load_layout("kinect20"))


def turned(clip, degrees):
    """The clip turned to its left about the vertical, and away from the origin."""
    turn = np.deg2rad(degrees)
    matrix = [[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]]
    return replace(clip, positions=clip.positions @ np.array(matrix).T + [3.0, 0.0, 2.0])


def test_eyes_and_heels_stand_as_in_the_rest_pose_and_turn_with_the_body():
    """bandai21 has neither: seen from ankle and head, they stand where the rest pose of halpe26 has them."""
    bandai, halpe = turned(standing("bandai21"), 90.0), load_layout("halpe26")
    mapped, words = map_layout(bandai, halpe)
    size = body_height(bandai.positions, bandai.layout) / body_height(halpe.rest[None], halpe)
    heel, ankle = (halpe.rest[halpe.index(joint)] for joint in ("LHeel", "LAnkle"))
    x, y, z = size * (heel - ankle)
    away = mapped.positions[:, halpe.index("LHeel")] - mapped.positions[:, halpe.index("LAnkle")]
    np.testing.assert_allclose(away, [[z, y, -x]] * 2, atol=1e-4)
    ears = mapped.positions[:, [halpe.index(joint) for joint in ("LEar", "REar")]].mean(axis=1)
    np.testing.assert_allclose(ears, bandai.layout.role_position(bandai.positions, "head"), atol=1e-4)
    assert "joints that stand as in its rest pose: Nose, LEye" in words[0]
    assert "do not rely" not in words[0]


def test_a_head_and_arms_that_are_not_there_stand_still_and_are_said():
    kinect = standing("kinect25")
    below = ("SpineBase", "Hip", "Knee", "Ankle", "Foot")
    own = keep_joints(kinect.layout, [joint for joint in kinect.layout.joints if joint.startswith(below)])
    legs = replace(kinect, positions=kinect.positions[:, [kinect.layout.index(j) for j in own.joints]], layout=own)
    mapped, words = map_layout(legs, kinect.layout)
    np.testing.assert_allclose(mapped.positions, kinect.positions, atol=0.05)
    assert "the recording has no head, l_elbow, l_shoulder, l_wrist, neck, r_elbow" in words[0]
    assert words[0].endswith("spine: do not rely on what is said of them")


@pytest.mark.parametrize("name", layout_names())
def test_every_layout_goes_on_emotion_gait(name):
    mapped, _ = map_layout(standing(name), EG)
    assert np.isfinite(mapped.positions).all()


def test_cycles_of_a_mapped_walk_are_those_of_the_walk():
    """Emotion-Gait to the layout of Human3.6M and back: all roles survive, so nothing changes."""
    clip = synthetic_walkers(walkers=1, takes=1).clips[0]
    there, _ = map_layout(clip, load_layout("h36m17"))
    back, _ = map_layout(there, EG)
    np.testing.assert_allclose(back.positions, clip.positions, atol=1e-6)
    assert len(cut_cycles(there)[0]) == len(cut_cycles(clip)[0])
