from itertools import pairwise

import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.guess_layout import estimated, guess_layout, guess_tree, keep_joints, split_sides, without
from stgcn_affect.skeleton.layout import load_layout


def tree(text):
    """Names and parents from chains "parent > child > child; parent > child"."""
    parent: dict[str, str | None] = {}
    for chain in text.split(";"):
        names = [name.strip() for name in chain.split(">")]
        parent.setdefault(names[0], None)
        for above, name in pairwise(names):
            parent[name] = above
    joints = list(parent)
    return joints, [joints.index(above) if above else -1 for above in parent.values()]


def both(text):
    return ";".join([text, text.replace("Left", "Right").replace("_L", "_R").replace("l_", "r_")])


MIXAMO = "m:Hips > m:Spine > m:Spine1 > m:Neck > m:Head;" + both(
    "m:Spine1 > m:LeftShoulder > m:LeftArm > m:LeftForeArm > m:LeftHand > m:LeftHandIndex1;"
    "m:Hips > m:LeftUpLeg > m:LeftLeg > m:LeftFoot > m:LeftToeBase"
)
CMU_BVH = "Hips > LowerBack > Spine > Neck > Neck1 > Head;" + both(
    "Spine > LeftShoulder > LeftArm > LeftForeArm > LeftHand; Hips > {}HipJoint > LeftUpLeg > LeftLeg > LeftFoot"
)
CMU_ASF = (
    "root > lowerback > thorax > lowerneck > head;"
    "thorax > lclavicle > lhumerus > lradius > lwrist; thorax > rclavicle > rhumerus > rradius > rwrist;"
    "root > lhipjoint > lfemur > ltibia > lfoot > ltoes; root > rhipjoint > rfemur > rtibia > rfoot > rtoes"
)
VICON = (
    "pelvis > thorax > neck > head; thorax > LHUMERUS > LRADIUS > LHAND; thorax > RHUMERUS > RRADIUS > RHAND;"
    "pelvis > LFEMUR > LTIBIA > LFOOT > LTOES; pelvis > RFEMUR > RTIBIA > RFOOT > RTOES"
)
ROKOKO = "Hips > Spine1 > Neck > Head;" + both(
    "Spine1 > LeftShoulder > LeftArm > LeftForeArm > LeftHand; Hips > LeftThigh > LeftShin > LeftFoot > LeftToe"
)
XSENS_BVH = "Hips > Chest > Chest2 > Neck > Head;" + both(
    "Chest2 > LeftCollar > LeftShoulder > LeftElbow > LeftWrist; Hips > LeftHip > LeftKnee > LeftAnkle > LeftToe"
)
XSENS_MVN = "Pelvis > L5 > L3 > T8 > Neck > Head;" + both(
    "T8 > LeftShoulder > LeftUpperArm > LeftForeArm > LeftHand;"
    "Pelvis > LeftUpperLeg > LeftLowerLeg > LeftFoot > LeftToe"
)
BANDAI = "joint_Root > Hips > Spine > Neck > Head;" + both(
    "Spine > Shoulder_L > UpperArm_L > LowerArm_L > Hand_L; Hips > UpperLeg_L > LowerLeg_L > Foot_L > Toes_L"
)
UNREAL = "root > pelvis > spine_01 > neck_01 > head;" + both(
    "spine_01 > clavicle_L > upperarm_L > lowerarm_L > hand_L; pelvis > thigh_L > calf_L > foot_L > ball_L"
)
BIPED = "Bip01 > Bip01 Pelvis > Bip01 Spine > Bip01 Neck > Bip01 Head;" + ";".join(
    f"Bip01 Spine > Bip01 {s} Clavicle > Bip01 {s} UpperArm > Bip01 {s} Forearm > Bip01 {s} Hand;"
    f"Bip01 Pelvis > Bip01 {s} Thigh > Bip01 {s} Calf > Bip01 {s} Foot > Bip01 {s} Toe0"
    for s in "LR"
)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        (MIXAMO, "m:Hips m:Neck m:Head m:LeftArm m:LeftForeArm m:LeftHand m:LeftUpLeg m:LeftLeg m:LeftFoot"),
        (CMU_ASF, "root lowerneck head lhumerus lradius lwrist lfemur ltibia lfoot"),
        (VICON, "pelvis neck head LHUMERUS LRADIUS LHAND LFEMUR LTIBIA LFOOT"),
        (ROKOKO, "Hips Neck Head LeftArm LeftForeArm LeftHand LeftThigh LeftShin LeftFoot"),
        (XSENS_BVH, "Hips Neck Head LeftShoulder LeftElbow LeftWrist LeftHip LeftKnee LeftAnkle"),
        (XSENS_MVN, "Pelvis Neck Head LeftUpperArm LeftForeArm LeftHand LeftUpperLeg LeftLowerLeg LeftFoot"),
        (BANDAI, "Hips Neck Head UpperArm_L LowerArm_L Hand_L UpperLeg_L LowerLeg_L Foot_L"),
        (UNREAL, "pelvis neck_01 head upperarm_L lowerarm_L hand_L thigh_L calf_L foot_L"),
        (
            BIPED,
            "Bip01_Pelvis Bip01_Neck Bip01_Head Bip01_L_UpperArm Bip01_L_Forearm Bip01_L_Hand Bip01_L_Thigh"
            " Bip01_L_Calf Bip01_L_Foot",
        ),
        (
            CMU_BVH.replace("{}", "L", 1).replace("{}", "R", 1),
            "Hips Neck Head LeftArm LeftForeArm LeftHand LeftUpLeg LeftLeg LeftFoot",
        ),
    ],
)
def test_conventions(text, roles):
    joints, parents = tree(text)
    layout = guess_layout(joints, parents, name="guessed")
    wanted = ("pelvis", "neck", "head", *(f"l_{p}" for p in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")))
    assert [layout.roles[role][0].replace(" ", "_") for role in wanted] == roles.split()
    pairs = dict(layout.mirror)
    for role in wanted[3:]:
        assert layout.roles[f"r_{role[2:]}"][0] == pairs[layout.roles[role][0]]


def test_sides_need_a_partner():
    assert split_sides(["L5", "lleg", "rleg", "LeftArm", "RightArm", "Left"]) == [
        ("", "l5"),
        ("l", "leg"),
        ("r", "leg"),
        ("l", "arm"),
        ("r", "arm"),
        ("", "left"),
    ]


def test_a_missing_role_is_named_with_the_joints_there_are():
    joints, parents = tree(MIXAMO.replace("LeftLeg", "LeftMid"))
    with pytest.raises(InputError, match=r"walk\.bvh: expected a joint for the role 'l_knee'.*\(got m:Hips, m:Spine"):
        guess_layout(joints, parents, name="guessed", source="walk.bvh")


def test_a_knee_that_hangs_elsewhere():
    joints, parents = tree(ROKOKO)
    parents[joints.index("LeftShin")] = joints.index("Head")
    with pytest.raises(InputError, match=r"expected 'LeftShin', by its name the l_knee, to hang below 'LeftThigh'"):
        guess_layout(joints, parents, name="guessed")


NO_NECK = "Hips > Spine > Head;" + both(
    "Spine > LeftArm > LeftForeArm > LeftHand; Hips > LeftUpLeg > LeftLeg > LeftFoot > LeftToeBase"
)


def test_without_a_neck_the_shoulders_play_it_and_it_is_said():
    layout = guess_layout(*tree(NO_NECK), name="guessed")
    assert layout.roles["neck"] == ("LeftArm", "RightArm")
    assert estimated(layout) == ["no joint is named like a neck: the middle of LeftArm and RightArm stands for it"]
    assert without(layout) == []


def test_legs_are_enough():
    layout = guess_layout(*tree("Hips > Spine;" + both("Hips > LeftUpLeg > LeftLeg > LeftFoot")), name="legs")
    assert set(layout.roles) == {"pelvis", "spine", *(f"{s}_{part}" for s in "lr" for part in ("hip", "knee", "ankle"))}
    assert without(layout) == ["the skeleton has no head, neck, arms: features and maps do without"]


def test_a_tree_from_names_with_heels_and_ears():
    sides = [f"{s}{part}" for part in ("Hip", "Knee", "Ankle", "BigToe", "Heel", "Shoulder", "Ear") for s in "LR"]
    layout = guess_tree(["Nose", *sides, "hat"])
    parent = {
        joint: layout.joints[p] if p >= 0 else None for joint, p in zip(layout.joints, layout.parents, strict=True)
    }
    assert parent == {
        "pelvis": None, "neck": "pelvis", "head": "neck", "Nose": "head",
        **{f"{s}{part}": above.format(s) for s in "LR" for part, above in {
            "Hip": "pelvis", "Knee": "{}Hip", "Ankle": "{}Knee", "BigToe": "{}Ankle", "Heel": "{}Ankle",
            "Shoulder": "neck", "Ear": "head",
        }.items()},
    }  # fmt: skip
    assert layout.markers["pelvis"] == ("LHip", "RHip")
    assert layout.markers["LKnee"] == ("LKnee",)


def test_a_wrist_without_an_elbow_is_left_out():
    sides = [f"{s}{part}" for part in ("Hip", "Knee", "Ankle", "Shoulder", "Wrist") for s in "LR"]
    assert set(guess_tree(sides).joints) == {"pelvis", "neck", *sides} - {"LWrist", "RWrist"}


def test_a_tree_needs_knees():
    with pytest.raises(InputError, match=r"role 'l_knee', named like knee.*\(got LHip, RHip, LAnkle, RAnkle\)"):
        guess_tree(["LHip", "RHip", "LAnkle", "RAnkle"])


def test_keep_joints_hangs_them_below_the_nearest():
    whole = load_layout("kinect25")
    legs = [joint for joint in whole.joints if joint.startswith(("Hip", "Knee", "Ankle"))]
    layout = keep_joints(whole, {"SpineBase", "Neck", *legs})
    assert layout.name == "kinect8"
    assert layout.joints[layout.parents[layout.index("Neck")]] == "SpineBase"
    assert layout.lacking == "head, arms"
    assert layout.rest is not None
    assert layout.rest.shape == (8, 3)
