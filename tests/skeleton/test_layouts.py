import os
import re
from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.skeleton.layout import layout_names, load_layout

SIZES = {
    "bandai21": 21,
    "body25": 25,
    "cmu31": 31,
    "coco17": 17,
    "emotion_gait16": 16,
    "h36m17": 17,
    "halpe26": 26,
    "kinect20": 20,
    "kinect25": 25,
    "mediapipe33": 33,
    "plug_in_gait18": 18,
}

LENGTHS_M = {
    ("shoulder", "elbow"): (0.24, 0.32),
    ("elbow", "wrist"): (0.2, 0.28),
    ("hip", "knee"): (0.36, 0.46),
    ("knee", "ankle"): (0.36, 0.46),
}


def test_every_layout_is_there() -> None:
    assert {name: load_layout(name).num_joints for name in layout_names()} == SIZES
    assert all(load_layout(name).name == name for name in SIZES)


@pytest.mark.parametrize("name", SIZES)
def test_rest_pose_is_mirror_symmetric_and_left_is_left(name: str) -> None:
    layout = load_layout(name)
    rest = np.asarray(layout.rest)
    np.testing.assert_array_equal(rest[layout.mirror_permutation] * [-1, 1, 1], rest)
    assert all(rest[layout.index(left), 0] > 0 for left, _ in layout.mirror)


@pytest.mark.parametrize("name", SIZES)
def test_limbs_have_human_lengths(name: str) -> None:
    layout = load_layout(name)
    rest = np.asarray(layout.rest)
    for side in "lr":
        for (upper, lower), (shortest, longest) in LENGTHS_M.items():
            ends = [layout.role_position(rest, f"{side}_{part}") for part in (upper, lower)]
            assert shortest <= np.linalg.norm(ends[0] - ends[1]) <= longest, (side, upper)
    bones = [np.linalg.norm(rest[child] - rest[parent]) for parent, child in layout.bones]
    assert min(bones) > 0.01
    assert max(bones) < 0.55


@pytest.mark.parametrize("name", SIZES)
def test_rest_pose_stands_upright_on_the_ground_and_looks_forward(name: str) -> None:
    layout = load_layout(name)
    rest = np.asarray(layout.rest)
    parts = ("l_ankle", "l_knee", "pelvis", "neck", "head")
    ankle, knee, pelvis, neck, head = (float(layout.role_position(rest, part)[1]) for part in parts)
    assert 0.0 < ankle < knee < pelvis < neck < head < 1.75
    assert 0.0 <= rest[:, 1].min() < 0.1
    if "l_toe" in layout.roles:
        toe, heel = (layout.role_position(rest, f"l_{part}") for part in ("toe", "ankle"))
        assert toe[2] > heel[2]


def test_bandai_names_are_those_of_its_files() -> None:
    root = os.environ.get("STGCN_AFFECT_DATA")
    if root is None:
        pytest.skip("STGCN_AFFECT_DATA is not set")
    text = sorted(Path(root, "bandai-namco").glob("*.bvh"))[0].read_text()
    names = re.findall(r"(?:ROOT|JOINT)\s+(\S+)", text)
    assert names == ["joint_Root", *load_layout("bandai21").joints]
