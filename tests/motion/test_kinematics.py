import numpy as np
import pybvh
import pytest

from stgcn_affect.motion.bvh import Bvh, parse_bvh
from stgcn_affect.motion.kinematics import bvh_positions

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
