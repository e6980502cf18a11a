import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.joint_names import need_layout, pick_joints, plain_name


def test_joints_are_picked_by_name_whatever_the_spelling(layout):
    names = ["extra", *(f"ns:{joint.upper().replace('_', '-')}" for joint in reversed(layout.joints))]
    assert pick_joints(names, layout, "f").tolist() == list(range(16, 0, -1))


def test_a_name_that_is_spelled_alike_wins(layout):
    assert pick_joints([*layout.joints, "ROOT"], layout, "f")[0] == 0


def test_a_missing_or_doubled_joint(layout):
    with pytest.raises(InputError, match=r"f\.csv: expected one joint 'r_foot'.*\(got 0 of that name among root, "):
        pick_joints(layout.joints[:-1], layout, "f.csv")
    with pytest.raises(InputError, match=r"'r_foot'.*\(got 2"):
        pick_joints([*layout.joints[:-1], "rfoot", "R Foot"], layout, "f.csv")


def test_plain_name():
    assert plain_name("mixamorig:Left_UpLeg") == "leftupleg"


def test_layout_is_found_by_its_joints_or_asked_for(layout):
    assert need_layout(layout, None, "f") is layout
    assert need_layout(None, layout.joints[::-1], "f").name == "emotion_gait16"
    with pytest.raises(InputError, match=r"f: expected a layout.*emotion_gait16"):
        need_layout(None, ["a", "b"], "f")
    with pytest.raises(InputError, match="expected a layout"):
        need_layout(None, None, "f")
