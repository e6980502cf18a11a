from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.skeleton.layout import Layout, layout_names, load_layout
from stgcn_affect.skeleton.limbs import LIMBS, limb_groups


@pytest.mark.parametrize("name", layout_names())
def test_every_joint_of_every_layout_is_in_one_limb(name: str) -> None:
    layout = load_layout(name)
    groups = limb_groups(layout)
    assert sorted(joint for joints in groups.values() for joint in joints) == sorted(layout.joints)
    assert list(groups) == [limb for limb in LIMBS if limb in groups]
    assert set(LIMBS) - set(groups) == ({"trunk"} if name in ("coco17", "mediapipe33") else set())


@pytest.mark.parametrize("name", layout_names())
def test_limbs_mirror_each_other_and_middle_joints_are_in_none_of_them(name: str) -> None:
    layout = load_layout(name)
    groups = limb_groups(layout)
    partner = dict(layout.mirror)
    for limb in ("arm", "leg"):
        assert tuple(partner[joint] for joint in groups[f"left_{limb}"]) == groups[f"right_{limb}"]
    paired = {joint for pair in layout.mirror for joint in pair}
    assert not paired & set(groups.get("trunk", ()))


EXPECTED = {
    "emotion_gait16": {
        "head": ("head",),
        "trunk": ("root", "spine", "neck"),
        "left_arm": ("l_shoulder", "l_elbow", "l_hand"),
        "left_leg": ("l_hip", "l_knee", "l_foot"),
    },
    "cmu31": {
        "head": ("lowerneck", "upperneck", "head"),
        "trunk": ("root", "lowerback", "upperback", "thorax"),
        "right_arm": ("rclavicle", "rhumerus", "rradius", "rwrist", "rhand", "rthumb", "rfingers"),
        "right_leg": ("rhipjoint", "rfemur", "rtibia", "rfoot", "rtoes"),
    },
    "bandai21": {
        "head": ("Neck", "Head"),
        "trunk": ("Hips", "Spine", "Chest"),
        "left_arm": ("Shoulder_L", "UpperArm_L", "LowerArm_L", "Hand_L"),
    },
    "kinect25": {"head": ("Neck", "Head"), "trunk": ("SpineBase", "SpineMid", "SpineShoulder")},
    "h36m17": {"head": ("Nose", "Head"), "trunk": ("Hip", "Spine", "Thorax")},
    "coco17": {
        "head": ("nose", "left_eye", "right_eye", "left_ear", "right_ear"),
        "left_leg": ("left_hip", "left_knee", "left_ankle"),
        "left_arm": ("left_shoulder", "left_elbow", "left_wrist"),
    },
}


@pytest.mark.parametrize("name", EXPECTED)
def test_limbs_by_hand(name: str) -> None:
    groups = limb_groups(load_layout(name))
    assert {limb: groups[limb] for limb in EXPECTED[name]} == EXPECTED[name]


def extended(**more: str) -> Layout:
    """Emotion-Gait's layout with further joints, name to parent."""
    content: dict[str, Any] = load_layout("emotion_gait16").to_dict()
    content["joints"] |= more
    content["rest"] = None
    return Layout.from_dict(content)


def test_what_hangs_on_the_trunk_is_trunk_and_what_hangs_on_a_limb_is_limb() -> None:
    groups = limb_groups(extended(tail="root", tip="tail", ring="r_hand", nose="head"))
    assert {"tail", "tip"} <= set(groups["trunk"])
    assert groups["right_arm"][-1] == "ring"
    assert groups["head"] == ("head", "nose")


def test_sides_are_found_without_mirror_pairs() -> None:
    content = load_layout("bandai21").to_dict()
    del content["mirror"]
    assert limb_groups(Layout.from_dict(content)) == limb_groups(load_layout("bandai21"))


BANDAI = load_layout("bandai21")


@given(st.permutations(range(21)))
def test_limbs_do_not_depend_on_the_order_of_the_joints(order: list[int]) -> None:
    content = BANDAI.to_dict()
    names = list(content["joints"])
    content["joints"] = {names[v]: content["joints"][names[v]] for v in order}
    content["rest"] = None
    expected = {limb: set(joints) for limb, joints in limb_groups(BANDAI).items()}
    assert {limb: set(joints) for limb, joints in limb_groups(Layout.from_dict(content)).items()} == expected


def test_a_root_outside_the_body_belongs_to_the_trunk() -> None:
    content = load_layout("emotion_gait16").to_dict()
    content["joints"] = {"world": None} | content["joints"] | {"root": "world"}
    content["rest"] = np.concatenate([np.zeros((1, 3)), np.asarray(content["rest"])]).tolist()
    assert "world" in limb_groups(Layout.from_dict(content))["trunk"]


def test_legs_alone_are_trunk_and_legs_and_a_neck_without_arms_is_trunk() -> None:
    whole = load_layout("kinect25")
    legs = [joint for joint in whole.joints if joint.startswith(("SpineBase", "Hip", "Knee", "Ankle", "Foot"))]
    assert list(limb_groups(_kept(whole, legs))) == ["trunk", "left_leg", "right_leg"]
    groups = limb_groups(_kept(whole, [*legs, "SpineMid", "SpineShoulder", "Neck"]))
    assert groups["trunk"] == ("SpineBase", "SpineMid", "SpineShoulder", "Neck")


def _kept(layout: Layout, joints: list[str]) -> Layout:
    """Some joints of a layout; each hangs on one of them."""
    parents = [layout.parents[layout.index(joint)] for joint in joints]
    return Layout(
        name="kept",
        joints=tuple(joints),
        parents=tuple(
            -1 if p < 0 else joints.index(layout.joints[p] if layout.joints[p] in joints else "SpineBase")
            for p in parents
        ),
        mirror=tuple(pair for pair in layout.mirror if set(pair) <= set(joints)),
        roles={role: players for role, players in layout.roles.items() if set(players) <= set(joints)},
    )
