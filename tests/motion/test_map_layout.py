import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.map_layout import map_layout
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
