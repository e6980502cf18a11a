import time

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.heading import face_forward
from stgcn_affect.motion.normalise import centre
from stgcn_affect.motion.read_bvh import read_bvh
from stgcn_affect.motion.scale import body_height
from stgcn_affect.skeleton.layout import load_layout

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
    start = time.perf_counter()
    cycles, _ = cut_cycles(read_bvh(path))
    assert len(cycles) == 15
    assert time.perf_counter() - start < 1.0


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
