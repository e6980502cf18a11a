import time

import numpy as np
import pybvh
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.normalise import body_height, centre, face_forward
from stgcn_affect.motion.readers.bvh import Bvh, bvh_positions, parse_bvh, read_bvh
from stgcn_affect.skeleton.layout import load_layout

ARM = """HIERARCHY
ROOT Upper arm
{
  OFFSET 0 1 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Hand
  {
    OFFSET 2 0 0
    CHANNELS 1 yrotation
    End Site
    {
      OFFSET 3 0 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.0333333
1 2 3 4 5 6 7
8 9 10 11 12 13 14
"""


def write(tmp_path, text):
    path = tmp_path / "walk.bvh"
    path.write_text(text)
    return path


def test_tree_channels_and_motion(tmp_path):
    bvh = parse_bvh(write(tmp_path, ARM))
    assert bvh.joints == ("Upper arm", "Hand")
    assert bvh.parents == (-1, 0)
    assert bvh.offsets.tolist() == [[0, 1, 0], [2, 0, 0]]
    assert bvh.channels == (
        ("Xposition", "Yposition", "Zposition", "Zrotation", "Xrotation", "Yrotation"),
        ("Yrotation",),
    )
    assert bvh.motion == pytest.approx(np.arange(1.0, 15).reshape(2, 7))
    assert bvh.fps_hz == 30.0


@pytest.mark.parametrize(
    "changed",
    [
        "\ufeff" + ARM,
        ARM.replace("\n{", " {").replace("}\n", "} "),
        ARM.replace("\n", "\r\n").replace("  ", "\t"),
        ARM.replace("End Site", "End site").replace("MOTION", "MOTION  "),
    ],
)
def test_ways_of_writing(tmp_path, changed):
    bvh = parse_bvh(write(tmp_path, changed))
    assert (bvh.joints, bvh.parents, bvh.offsets.tolist()) == (("Upper arm", "Hand"), (-1, 0), [[0, 1, 0], [2, 0, 0]])
    assert bvh.motion[1].tolist() == [8, 9, 10, 11, 12, 13, 14]


def test_a_joint_may_be_named_like_the_motion_part(tmp_path):
    assert parse_bvh(write(tmp_path, ARM.replace("Hand", "LOCOMOTION"))).joints == ("Upper arm", "LOCOMOTION")


@pytest.mark.parametrize(("frame_time", "fps"), [(".0083333", 120.0), ("0.04", 25.0), ("0.0417083", 23.976)])
def test_frame_rates(tmp_path, frame_time, fps):
    text = ARM.replace("0.0333333", frame_time).replace("\n", "\r\n")
    assert parse_bvh(write(tmp_path, text)).fps_hz == pytest.approx(fps, rel=1e-4)


@pytest.mark.parametrize(
    ("frames", "more", "remark"),
    [
        (3, "", "the file says 3 frames and holds 2 whole ones: the whole ones are read"),
        (1, "", "the file says 1 frames and holds 2 whole ones: the whole ones are read"),
        (
            2,
            "15 16",
            "the file says 2 frames and holds 2 whole ones and a line that was cut off: the whole ones are read",
        ),
    ],
)
def test_whole_frames_are_read_whatever_their_number_is_said_to_be(tmp_path, frames, more, remark):
    read = parse_bvh(write(tmp_path, ARM.replace("Frames: 2", f"Frames: {frames}") + more))
    assert read.motion.tolist() == [[1, 2, 3, 4, 5, 6, 7], [8, 9, 10, 11, 12, 13, 14]]
    assert read.remarks == (remark,)
    assert parse_bvh(write(tmp_path, ARM)).remarks == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("HIERARCHY", "HIER", "has the parts HIERARCHY and MOTION"),
        ("MOTION", "", "has the parts HIERARCHY and MOTION"),
        ("OFFSET 2 0 0", "OFFSET 2 0", r"line 8 .*\(got 'OFFSET 2 0'\)"),
        ("OFFSET 2 0 0", "", r"joint 'Hand' needs an OFFSET"),
        ("CHANNELS 1 yrotation", "CHANNELS 2 yrotation", "line 9"),
        ("CHANNELS 1 yrotation", "CHANNELS 1 wrotation", "line 9"),
        ("CHANNELS 1 yrotation", "CHANNELS 2 yrotation Yrotation", "line 9"),
        ("  }\n}\nMOTION", "  }\nMOTION", r"\(got 1 left open\)"),
        ("8 9 10 11 12 13 14", "8 9 10\n11 12 13", r"expected 2 frames of 7 channels, 14 numbers \(got 13\)"),
        ("8 9 10", "7 8 9 10", r"expected 2 frames of 7 channels, 14 numbers \(got 15\)"),
        ("Frames: 2", "Fr: 2", "expected 'Frames: N' and 'Frame Time: S'"),
        ("Time: 0.0333333", "Time: -1", r"positive number of seconds \(got -1.0\)"),
        ("14", "x", "numbers only"),
    ],
)
def test_a_broken_file_is_explained(tmp_path, old, new, words):
    assert old in ARM
    with pytest.raises(InputError, match=words) as caught:
        parse_bvh(write(tmp_path, ARM.replace(old, new)))
    assert "walk.bvh" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match=r"none\.bvh: expected a BVH file that can be read"):
        parse_bvh(tmp_path / "none.bvh")


ROTATIONS = ("Zrotation", "Xrotation", "Yrotation")
POSITIONS = ("Xposition", "Yposition", "Zposition")


def bvh(channels, motion, offsets=((0, 0, 0), (1, 0, 0), (2, 0, 0))):
    joints = ("a", "b", "c")
    return Bvh(joints, (-1, 0, 1), np.array(offsets, float), channels, np.array(motion, float), 30.0)


def test_quarter_turns_by_hand():
    # a stands at (10, 0, 0) and turns +x to +y; b turns +x to -z within that.
    positions = bvh_positions(bvh((POSITIONS + ROTATIONS, ROTATIONS, ()), [[10, 0, 0, 90, 0, 0, 0, 0, 90]]))
    assert positions[0] == pytest.approx(np.array([[10, 0, 0], [10, 1, 0], [10, 1, -2]]), abs=1e-12)


def test_rotations_apply_in_the_order_of_the_channels():
    # Intrinsic Z then X: c's offset (0, 1, 0) goes by X to +z, which Z leaves alone.
    offsets = ((0, 0, 0), (0, 1, 0), (0, 1, 0))
    zx = bvh_positions(bvh((("Zrotation", "Xrotation"), (), ()), [[90, 90]], offsets))
    xz = bvh_positions(bvh((("Xrotation", "Zrotation"), (), ()), [[90, 90]], offsets))
    assert zx[0, 2] == pytest.approx([0, 0, 2], abs=1e-12)
    assert xz[0, 2] == pytest.approx([-2, 0, 0], abs=1e-12)


def test_position_channels_of_inner_joints_replace_the_offset():
    channels = (ROTATIONS, POSITIONS + ROTATIONS, ("Yposition",))
    motion = [[90, 0, 0, 0, 5, 0, 0, 0, 0, 7]]
    # b at (0, 5, 0) turned by a quarter about z; c keeps its x of 2 and takes y = 7.
    assert bvh_positions(bvh(channels, motion))[0] == pytest.approx(
        np.array([[0, 0, 0], [-5, 0, 0], [-12, 2, 0]]), abs=1e-12
    )


def test_a_standard_file_gives_what_pybvh_gives(tmp_path):
    rng = np.random.default_rng(0)
    lines = [" ".join(map(str, row)) for row in rng.uniform(-90, 90, (4, 12)).round(3)]
    path = tmp_path / "arm.bvh"
    path.write_text(
        "HIERARCHY\nROOT hip\n{\nOFFSET 0 0 0\nCHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation\n"
        "JOINT knee\n{\nOFFSET 1 -4 0.5\nCHANNELS 3 Xrotation Yrotation Zrotation\n"
        "JOINT foot\n{\nOFFSET 0 -4 1\nCHANNELS 3 Yrotation Xrotation Zrotation\n"
        "End Site\n{\nOFFSET 0 0 1\n}\n}\n}\n}\nMOTION\nFrames: 4\nFrame Time: 0.04\n" + "\n".join(lines) + "\n"
    )
    expected = pybvh.read_bvh_file(path, world_up="+y").joint_positions()
    assert bvh_positions(parse_bvh(path)) == pytest.approx(np.asarray(expected), abs=1e-9)


NAMES = {
    "root": "Hips",
    "spine": "Spine",
    "neck": "Neck",
    "head": "Head",
    **{
        f"{side}_{part}": name + word
        for side, name in (("l", "Left"), ("r", "Right"))
        for part, word in {
            "shoulder": "Arm",
            "elbow": "ForeArm",
            "hand": "Hand",
            "hip": "UpLeg",
            "knee": "Leg",
            "foot": "Foot",
        }.items()
    },
}


def write_bvh(path, clip, *, scale=100.0, above="", z_up=False):
    """A BVH of position channels alone: each joint's translation from its parent in each frame."""
    layout = clip.layout
    positions = clip.positions.astype(float) * scale
    if z_up:
        positions = positions[..., [2, 0, 1]]
    rest = np.asarray(layout.rest, float) * scale
    motion = []

    def block(v):
        parent = layout.parents[v]
        base = positions[:, parent] if parent >= 0 else 0
        motion.append(positions[:, v] - base)
        offset = " ".join(map(str, rest[v] - (rest[parent] if parent >= 0 else 0)))
        children = [c for c, p in enumerate(layout.parents) if p == v]
        inner = "".join(block(c) for c in children) or "End Site\n{\nOFFSET 0 0 0\n}\n"
        word = "JOINT" if parent >= 0 or above else "ROOT"
        return (
            f"{word} {NAMES[layout.joints[v]]}\n{{\nOFFSET {offset}\n"
            f"CHANNELS 3 Xposition Yposition Zposition\n{inner}}}\n"
        )

    text = block(layout.root)
    if above:
        text = f"ROOT {above}\n{{\nOFFSET 0 0 0\nCHANNELS 0\n{text}}}\n"
    lines = "\n".join(" ".join(f"{value:.5f}" for value in row) for row in np.concatenate(motion, axis=1))
    path.write_text(f"HIERARCHY\n{text}MOTION\nFrames: {len(positions)}\nFrame Time: {1 / clip.fps_hz}\n{lines}\n")
    return path


def test_positions_units_axes_and_roles_come_back(tmp_path, layout, walk_clip):
    clip = walk_clip(seconds=2.0)
    read = read_bvh(write_bvh(tmp_path / "walk.bvh", clip))
    assert (read.fps_hz, read.attributes["unit"]) == (60, "centimetres")
    assert read.layout.joints == tuple(NAMES[joint] for joint in layout.joints)
    assert read.layout.roles["l_ankle"] == ("LeftFoot",)
    assert read.positions == pytest.approx(clip.positions, abs=1e-5)
    assert read.layout.rest == pytest.approx(np.asarray(layout.rest) - [0, 0.08, 0], abs=1e-5)


@pytest.mark.parametrize(("scale", "unit"), [(1000, "millimetres"), (1 / 0.0254, "inches"), (1, "metres")])
def test_other_units_and_z_up(tmp_path, walk_clip, scale, unit):
    clip = walk_clip(seconds=2.0)
    read = read_bvh(write_bvh(tmp_path / "walk.bvh", clip, scale=scale, z_up=True))
    assert read.attributes["unit"] == unit
    facing = [face_forward(centre(c.positions, c.layout), c.layout) for c in (read, clip)]
    assert facing[0] == pytest.approx(facing[1], abs=1e-4)


def test_the_origin_of_the_scene_is_no_part_of_the_body(tmp_path, walk_clip):
    read = read_bvh(write_bvh(tmp_path / "walk.bvh", walk_clip(seconds=2.0), above="reference"))
    assert read.layout.joints[read.layout.root] == "Hips"
    assert "reference" not in read.layout.joints


def test_a_given_layout_picks_joints_by_name(tmp_path, walk_clip):
    path = write_bvh(tmp_path / "walk.bvh", walk_clip(seconds=2.0))
    whole = read_bvh(path)
    smaller = whole.layout.to_dict()
    del smaller["joints"]["Spine"], smaller["roles"]["spine"]
    smaller["joints"]["Neck"] = "Hips"
    layout = type(whole.layout).from_dict(smaller | {"rest": None})
    read = read_bvh(path, layout=layout, fps_hz=50)
    assert read.fps_hz == 50
    assert read.positions == pytest.approx(np.delete(whole.positions, whole.layout.index("Spine"), axis=1))
    with pytest.raises(InputError, match=r"walk\.bvh: expected one joint 'root', as the layout cmu31 has it"):
        read_bvh(path, layout=load_layout("cmu31"))


def test_twenty_seconds_at_120_hz_take_well_under_a_second(tmp_path, walk_clip):
    path = write_bvh(tmp_path / "long.bvh", walk_clip(seconds=20.0, fps_hz=120))
    start = time.process_time()
    cycles, _ = cut_cycles(read_bvh(path))
    assert len(cycles) == 15
    assert time.process_time() - start < 1.0


def test_bandai_namco_files(real_data):
    bandai = load_layout("bandai21")
    path = real_data / "bandai-namco" / "dataset-1_walk_normal_001.bvh"
    own, picked = read_bvh(path), read_bvh(path, layout=bandai)
    assert own.layout.joints == bandai.joints
    assert own.layout.parents == bandai.parents
    assert own.layout.roles == bandai.roles
    assert set(own.layout.mirror) == set(bandai.mirror)
    assert own.positions == pytest.approx(picked.positions)
    assert (own.fps_hz, own.attributes["unit"]) == (30, "centimetres")
    assert body_height(own.positions, own.layout) == pytest.approx(1.298, abs=1e-3)
    head, toe = (own.layout.rest[own.layout.index(joint)] for joint in ("Head", "Toes_L"))
    assert head[1] > 1.2
    assert toe[0] > 0
    assert toe[1] == pytest.approx(0, abs=1e-6)
