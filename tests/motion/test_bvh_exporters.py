"""The same walk as six programs would export it: their names, rotation orders, axes, units and position channels."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from stgcn_affect.errors import InputError
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.normalise import centre, face_forward
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.readers.bvh import bvh_positions, parse_bvh, read_bvh

LIMBS = {
    "collar": ("chest", (0.03, 0.2, 0)),
    "shoulder": ("collar", (0.15, -0.03, 0)),
    "elbow": ("shoulder", (0, -0.28, 0)),
    "wrist": ("elbow", (0, -0.25, 0)),
    "hip": ("pelvis", (0.09, -0.04, 0)),
    "knee": ("hip", (0, -0.42, 0)),
    "ankle": ("knee", (0, -0.41, 0)),
    "toe": ("ankle", (0, -0.05, 0.13)),
}
BODY = {
    "pelvis": ("", (0, 0.95, 0)),
    "spine": ("pelvis", (0, 0.12, 0)),
    "chest": ("spine", (0, 0.15, 0)),
    "neck": ("chest", (0, 0.25, 0)),
    "head": ("neck", (0, 0.12, 0.02)),
}
for _side, _sign in (("l", 1), ("r", -1)):
    for _part, (_parent, (_x, _y, _z)) in LIMBS.items():
        BODY[f"{_side}_{_part}"] = (f"{_side}_{_parent}" if _parent in LIMBS else _parent, (_sign * _x, _y, _z))

FAMILIES = {
    "mixamo": (
        "Hips Spine Spine1 Neck Head",
        "Shoulder Arm ForeArm Hand UpLeg Leg Foot ToeBase",
        lambda side, name: f"mixamorig:{side}{name}",
    ),
    "cmu": (
        "Hips LowerBack Spine Neck Head",
        "Shoulder Arm ForeArm Hand UpLeg Leg Foot ToeBase",
        lambda side, name: f"{side}{name}",
    ),
    "cmu-asf": (
        "root lowerback thorax lowerneck head",
        "clavicle humerus radius wrist femur tibia foot toes",
        lambda side, name: f"{side[:1].lower()}{name}",
    ),
    "vicon": (
        "pelvis thorax thorax1 neck head",
        "CLAVICLE HUMERUS RADIUS HAND FEMUR TIBIA FOOT TOES",
        lambda side, name: f"Ana:{side[:1]}{name}",
    ),
    "rokoko": (
        "Hips Spine1 Spine2 Neck Head",
        "Shoulder Arm ForeArm Hand Thigh Shin Foot Toe",
        lambda side, name: f"{side}{name}",
    ),
    "xsens": (
        "Hips Chest Chest2 Neck Head",
        "Collar Shoulder Elbow Wrist Hip Knee Ankle Toe",
        lambda side, name: f"{side}{name}",
    ),
    "motive": (
        "Hip Ab Chest Neck Head",
        "Shoulder UArm FArm Hand Thigh Shin Foot Toe",
        lambda side, name: f"{side[:1]}{name}",
    ),
    "blender": (
        "hips spine chest neck head",
        "shoulder upper_arm forearm hand thigh shin foot toe",
        lambda side, name: f"{name}.{side[:1]}" if side else name,
    ),
}


def names(family):
    middle, limbs, write = FAMILIES[family]
    trunk = dict(zip(("pelvis", "spine", "chest", "neck", "head"), middle.split(), strict=True))
    return {joint: write("", name) for joint, name in trunk.items()} | {
        f"{side[0].lower()}_{part}": write(side, name)
        for side in ("Left", "Right")
        for part, name in zip(LIMBS, limbs.split(), strict=True)
    }


def angles(frames=150, fps=50.0, stride_s=1.0):
    """Degrees about the axis to the left: legs and arms swing, knees bend while the foot comes forward."""
    found = {}
    for side, shift in (("l", np.pi), ("r", 0.0)):
        phase = 2 * np.pi * np.arange(frames) / fps / stride_s + shift
        found |= {
            f"{side}_hip": -25 * np.cos(phase),
            f"{side}_knee": 5 + 45 * np.maximum(0, -np.sin(phase)),
            f"{side}_shoulder": 15 * np.cos(phase),
            f"{side}_elbow": -15 + 0 * phase,
        }
    return found


def write_bvh(path, *, family="mixamo", order="ZXY", up="y", scale=100.0, channels="root", mirrored=False):
    """``channels``: which joints have position channels: "root", "none" or "all"."""
    name, bend, time = names(family), angles(), np.arange(150) / 50
    turn = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]) if up == "z" else np.eye(3)
    columns = []

    def block(joint):
        parent, offset = BODY[joint]
        offset = turn @ (np.array(offset) * scale * ([-1, 1, 1] if mirrored else [1, 1, 1]))
        place = np.tile(offset, (150, 1))
        if not parent:
            place = place + 1.2 * time[:, None] * turn[:, 2] * scale
        titles = []
        if channels == "all" or (channels == "root" and not parent):
            titles += ["Xposition", "Yposition", "Zposition"]
            columns.extend(place.T)
        titles += [f"{axis}rotation" for axis in order]
        columns.extend(bend.get(joint, np.zeros(150)) if axis == "X" else np.zeros(150) for axis in order)
        children = [child for child, (above, _) in BODY.items() if above == joint]
        inner = "".join(map(block, children)) or "End Site\n{\nOFFSET 0 1 0\n}\n"
        return (
            f"{'JOINT' if parent else 'ROOT'} {name[joint]}\n{{\nOFFSET {' '.join(map(str, offset))}\n"
            f"CHANNELS {len(titles)} {' '.join(titles)}\n{inner}}}\n"
        )

    text = block("pelvis")
    rows = "\n".join(" ".join(f"{value:.4f}" for value in row) for row in np.transpose(columns))
    path.write_text(f"HIERARCHY\n{text}MOTION\nFrames: 150\nFrame Time: 0.02\n{rows}\n")
    return path


def expected():
    """``{joint: [T, 3]}``, the pelvis at the origin, facing +z."""
    bend, turned, place = angles(), {}, {}
    for joint, (parent, offset) in BODY.items():
        own = Rotation.from_rotvec(np.outer(np.radians(bend.get(joint, np.zeros(150))), (1, 0, 0)))
        turned[joint] = turned[parent] * own if parent else own
        place[joint] = place[parent] + turned[parent].apply(offset) if parent else np.zeros((150, 3))
    return place


def judge(read, family):
    wanted, name = expected(), names(family)
    assert set(read.layout.joints) == set(name.values())
    roles = {role: joint for role, (joint,) in read.layout.roles.items()}
    parts = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "toe")
    assert {role: roles[role] for role in ("pelvis", "neck", "head")} == {
        r: name[r] for r in ("pelvis", "neck", "head")
    }
    assert {f"{s}_{p}": roles[f"{s}_{p}"] for p in parts for s in "lr"} == {
        f"{s}_{p}": name[f"{s}_{p}"] for p in parts for s in "lr"
    }
    assert "spine" in roles
    found = face_forward(centre(read.positions, read.layout), read.layout)
    for joint, place in wanted.items():
        assert found[:, read.layout.index(name[joint])] == pytest.approx(place, abs=1e-4), joint
    cycles, refused = cut_cycles(read)
    assert (len(cycles), refused) == (2, [])
    assert cycles[0].stride_time_s == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("family", FAMILIES)
def test_names(tmp_path, family):
    judge(read_bvh(write_bvh(tmp_path / "w.bvh", family=family)), family)


@pytest.mark.parametrize("order", ["ZXY", "XYZ", "YXZ", "ZYX"])
@pytest.mark.parametrize("up", ["y", "z"])
def test_rotation_orders_and_axes(tmp_path, order, up):
    judge(read_bvh(write_bvh(tmp_path / "w.bvh", order=order, up=up)), "mixamo")


@pytest.mark.parametrize(
    ("scale", "unit"), [(100, "centimetres"), (1 / 0.0254, "inches"), (1, "metres"), (1000, "millimetres")]
)
@pytest.mark.parametrize("channels", ["root", "none", "all"])
def test_units_and_position_channels(tmp_path, scale, unit, channels):
    read = read_bvh(write_bvh(tmp_path / "w.bvh", scale=scale, channels=channels))
    assert read.attributes["unit"] == unit
    judge(read, "mixamo")


@pytest.mark.parametrize("up", ["y", "z"])
def test_a_left_handed_export_is_told(tmp_path, up):
    read = read_bvh(write_bvh(tmp_path / "w.bvh", up=up, mirrored=True))
    _, findings = check_clip(read)
    assert [finding for finding in findings if "left-handed" in finding]
    cycles, _ = cut_cycles(read)
    toe, ankle = (read.layout.role_position(cycles[0].positions, f"l_{part}") for part in ("toe", "ankle"))
    assert (toe - ankle)[..., 2].min() > 0  # it faces the front
    assert ankle[..., 0].min() > 0  # and left is left
    assert not check_clip(read_bvh(write_bvh(tmp_path / "w.bvh", up=up)))[1]


ELBOW = """HIERARCHY
ROOT a
{
  OFFSET 0 0 0
  CHANNELS 3 {0}rotation {1}rotation {2}rotation
  JOINT b
  {
    OFFSET 1 2 3
    End Site
    {
      OFFSET 0 0 1
    }
  }
}
MOTION
Frames: 1
Frame Time: 0.04
90 90 90
"""


@pytest.mark.parametrize(
    ("order", "place"), [("ZXY", (-1, 3, 2)), ("XYZ", (3, -2, 1)), ("YXZ", (1, -3, 2)), ("ZYX", (3, 2, -1))]
)
def test_three_quarter_turns_by_hand(tmp_path, order, place):
    text = ELBOW
    for number, axis in enumerate(order):
        text = text.replace(f"{{{number}}}", axis)
    (tmp_path / "a.bvh").write_text(text)
    assert bvh_positions(parse_bvh(tmp_path / "a.bvh"))[0, 1] == pytest.approx(place, abs=1e-12)


def test_names_of_no_family_ask_for_a_layout(tmp_path):
    path = write_bvh(tmp_path / "w.bvh")
    path.write_text(path.read_text().replace("UpLeg", "Bone7"))
    with pytest.raises(InputError, match=r"w\.bvh: expected a joint for the role 'l_hip'.*a layout of your own"):
        read_bvh(path)
