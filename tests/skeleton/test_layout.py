import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import ROLES, Layout, layout_names, load_layout


@pytest.fixture
def content() -> dict[str, Any]:
    return load_layout("emotion_gait16").to_dict()


def refused(content: Any, *words: str) -> None:
    with pytest.raises(InputError) as caught:
        Layout.from_dict(content, "my.yaml")
    message = str(caught.value)
    assert message.startswith("my.yaml: ")
    assert "\n" not in message
    assert message.endswith(")")
    for word in (*words, "(got "):
        assert word in message


def test_emotion_gait_is_as_published() -> None:
    layout = load_layout("emotion_gait16")
    assert layout.parents == (-1, 0, 1, 2, 2, 4, 5, 2, 7, 8, 0, 10, 11, 0, 13, 14)
    assert layout.joints[5] == "l_elbow"
    assert layout.root == 0
    assert layout.bones[3] == (2, 4)
    np.testing.assert_array_equal(layout.mirror_permutation, [0, 1, 2, 3, 7, 8, 9, 4, 5, 6, 13, 14, 15, 10, 11, 12])


def test_a_role_played_by_several_joints_is_their_mean() -> None:
    coco = load_layout("coco17")
    positions = np.zeros((1, 17, 3))
    positions[0, coco.index("left_hip")] = (1, 2, 3)
    positions[0, coco.index("right_hip")] = (3, 2, 1)
    np.testing.assert_allclose(coco.role_position(positions, "pelvis"), [[2, 2, 2]])


@pytest.mark.parametrize("name", layout_names())
def test_dict_round_trip(name: str) -> None:
    layout = load_layout(name)
    again = Layout.from_dict(layout.to_dict())
    assert (again.joints, again.parents, again.mirror) == (layout.joints, layout.parents, layout.mirror)
    assert again.roles == dict(layout.roles)
    assert again.markers == layout.markers
    np.testing.assert_allclose(again.rest, layout.rest)


def test_markers_are_names_or_lists_of_names_for_every_joint(content: dict[str, Any]) -> None:
    content["markers"] = dict.fromkeys(content["joints"], "M") | {"root": ["A", "B"]}
    layout = Layout.from_dict(content)
    assert (layout.markers["root"], layout.markers["neck"]) == (("A", "B"), ("M",))
    refused(content | {"markers": ["A"]}, "markers must map each joint to a marker or to a list of markers")
    refused(content | {"markers": {"root": "A"}}, "joint 'spine' needs a marker")
    refused(content | {"markers": {"tail": "A"}}, "markers must stand for joints (got 'tail'")


def test_a_layout_without_rest_pose_or_mirror_is_fine(content: dict[str, Any]) -> None:
    del content["mirror"], content["rest"]
    layout = Layout.from_dict(content)
    assert layout.rest is None
    assert Layout.from_dict(layout.to_dict()).mirror == ()


GAIT = load_layout("emotion_gait16")


@given(st.permutations(range(16)))
def test_topological_order_puts_parents_first_whatever_the_file_order(order: list[int]) -> None:
    plain = GAIT.to_dict()
    names = list(plain["joints"])
    plain["joints"] = {names[i]: plain["joints"][names[i]] for i in order}
    plain["rest"] = None
    layout = Layout.from_dict(plain)
    seen: set[int] = {-1}
    for v in layout.topological:
        assert layout.parents[v] in seen
        seen.add(v)
    assert len(seen) == 17


def test_a_users_own_file_is_read(tmp_path: Path, content: dict[str, Any]) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(content | {"name": "mine"}, sort_keys=False))
    assert load_layout(path).name == load_layout(str(path)).name == "mine"


def test_a_users_file_that_is_missing_or_unreadable(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.yaml: expected a layout file"):
        load_layout(tmp_path / "none.yaml")
    path = tmp_path / "bad.yaml"
    path.write_text("joints: [a, b")
    with pytest.raises(InputError, match=r"bad\.yaml: expected valid YAML"):
        load_layout(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"bad\.yaml"):
        load_layout(path)


def test_a_joint_given_twice_in_a_file_is_not_dropped_in_silence(tmp_path: Path, content: dict[str, Any]) -> None:
    path = tmp_path / "twice.yaml"
    text = yaml.safe_dump(content, sort_keys=False)
    path.write_text(text.replace("  l_elbow: l_shoulder\n", "  l_elbow: l_shoulder\n  l_elbow: neck\n"))
    with pytest.raises(InputError, match=r"twice\.yaml.*'l_elbow' 2 times"):
        load_layout(path)


def test_an_unknown_name_lists_the_embedded_ones() -> None:
    with pytest.raises(InputError, match=r"one of bandai21, .*plug_in_gait18 \(got 'kinect99'\)"):
        load_layout("kinect99")


def test_unknown_joint_and_role_are_named() -> None:
    layout = load_layout("emotion_gait16")
    with pytest.raises(InputError, match=r"got 'tail'"):
        layout.index("tail")
    with pytest.raises(InputError, match=r"got 'l_toe'"):
        layout.role_indices("l_toe")


def test_cycle(content: dict[str, Any]) -> None:
    content["joints"]["l_shoulder"] = "l_hand"
    refused(content, "'l_shoulder' is its own ancestor", "l_shoulder < l_hand < l_elbow < l_shoulder")


def test_no_root_is_a_cycle(content: dict[str, Any]) -> None:
    content["joints"]["root"] = "head"
    refused(content, "'root' is its own ancestor")


def test_unknown_parent(content: dict[str, Any]) -> None:
    content["joints"]["l_knee"] = "thigh"
    refused(content, "parent of joint 'l_knee'", "'thigh'")


def test_two_roots(content: dict[str, Any]) -> None:
    content["joints"]["spine"] = None
    refused(content, "one root", "'root', 'spine'")


SHOULDERS = ["l_shoulder", "r_shoulder"]


@pytest.mark.parametrize(
    ("mirror", "words"),
    [
        ([SHOULDERS, ["l_elbow", "r_hand"]], ("('l_elbow', 'r_hand') is not symmetric", "'l_shoulder' and 'r_elbow'")),
        ([["l_elbow", "r_elbow"]], ("('l_elbow', 'r_elbow') is not symmetric",)),
        ([["root", "spine"]], ("('root', 'spine') is not symmetric", "None and 'root'")),
        ([SHOULDERS, ["l_shoulder", "head"]], ("'l_shoulder' stands in more than one mirror pair",)),
        ([["head", "head"]], ("'head' stands in more than one mirror pair",)),
        ([["l_elbow", "wing"]], ("'wing'",)),
        ([["l_elbow"]], ("mirror entry must be a pair",)),
    ],
)
def test_wrong_mirror_pairs(content: dict[str, Any], mirror: list[list[str]], words: tuple[str, ...]) -> None:
    refused(content | {"mirror": mirror}, *words)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("empty", [True, False])
def test_missing_role(content: dict[str, Any], role: str, empty: bool) -> None:
    if empty:
        content["roles"][role] = []
    else:
        del content["roles"][role]
    refused(content, f"no joint plays the role {role!r}")


def test_role_of_an_unknown_joint_or_unknown_role(content: dict[str, Any]) -> None:
    wrong = copy.deepcopy(content)
    wrong["roles"]["l_knee"] = "patella"
    refused(wrong, "'l_knee'", "'patella'")
    content["roles"]["tail"] = "root"
    refused(content, "unknown role", "'tail'")


def test_left_role_on_the_wrong_joint(content: dict[str, Any]) -> None:
    content["roles"]["l_ankle"] = "l_knee"
    refused(content, "'l_ankle' and 'r_ankle'", "'l_knee'", "'r_foot'")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("joints", ["a", "b"], ("joints must map",)),
        ("joints", {}, ("joints must map",)),
        ("roles", "pelvis", ("roles must map",)),
        ("mirror", 3, ("mirror must be a list",)),
        ("rest", [[0, 0, 0]], ("shape [16, 3]", "[1, 3]")),
        ("rest", [[0, 0], [0]], ("rest must be",)),
        ("rest", [[0, 0, 0]] * 2 + [[0, float("nan"), 0]] + [[0, 0, 0]] * 13, ("'neck' must be finite",)),
        ("colour", "red", ("unknown: ['colour']",)),
    ],
)
def test_wrong_fields(content: dict[str, Any], key: str, value: Any, words: tuple[str, ...]) -> None:
    refused(content | {key: value}, *words)


def test_what_is_no_mapping_at_all() -> None:
    refused(["root"], "expected a mapping")


def test_the_constructor_checks_too(content: dict[str, Any]) -> None:
    good = Layout.from_dict(content)
    with pytest.raises(InputError, match="must be named once"):
        Layout("x", (*good.joints[:-1], "root"), good.parents, (), good.roles)
    with pytest.raises(InputError, match=r"one parent for each of 16 joints \(got 2\)"):
        Layout("x", good.joints, (-1, 0), (), good.roles)
    with pytest.raises(InputError, match=r"joint 'spine' has an unknown parent \(got 16\)"):
        Layout("x", good.joints, (-1, 16, *good.parents[2:]), (), good.roles)
