import numpy as np
import pytest

from stgcn_affect.motion.bones import beside_parents, joints_with_role, measure_bones, torn, unsteady
from walking_figure import missing, walking_figure, wavering

CLIP = walking_figure("kinect25", noise_m=0.002)
NAMES = CLIP.layout.joints
HEIGHT_M = 1.7


def bones_of(clip):
    return measure_bones(clip.positions, clip.layout, HEIGHT_M, clip.fps_hz)


def test_joints_with_a_role_are_tied_to_joints_with_a_role():
    bones = bones_of(CLIP)
    pairs = {(NAMES[a], NAMES[b]): own for (a, b), own in zip(bones.pairs, bones.trusted, strict=True)}
    assert pairs["SpineMid", "Neck"]  # the joint between them, SpineShoulder, plays no role
    assert not pairs["WristLeft", "ThumbLeft"]
    assert len(pairs) == 24
    left, right = (list(pairs).index((f"Knee{side}", f"Ankle{side}")) for side in ("Left", "Right"))
    assert bones.mirror[left] == right
    assert np.abs(bones.off).max() < 0.05


@pytest.mark.parametrize("joint", ["AnkleRight", "ElbowLeft", "Head"])
def test_a_joint_that_leaves_its_bones_is_named(joint):
    found = torn(bones_of(wavering(CLIP, [joint], 1.5, 2.5, 0.6)), np.zeros((CLIP.num_frames, 25), bool), 30)
    frames = np.flatnonzero(found[:, NAMES.index(joint)])
    assert len(frames) > 5
    assert frames.min() >= 44
    assert frames.max() <= 75


def test_a_joint_without_a_role_is_blamed_alone():
    found = torn(bones_of(wavering(CLIP, ["HandLeft"], 1.5, 2.5, 0.6)), np.zeros((CLIP.num_frames, 25), bool), 30)
    roles = joints_with_role(CLIP.layout)
    assert not found[:, roles].any()
    assert found[:, NAMES.index("HandLeft")].any()


def test_a_bone_that_is_never_steady_is_told():
    aside, spreads = unsteady(bones_of(wavering(CLIP, ["ThumbLeft"], 0, 9, 0.3)), np.zeros((CLIP.num_frames, 25), bool))
    thumb, wrist = NAMES.index("ThumbLeft"), NAMES.index("WristLeft")
    assert list(spreads) == [thumb]
    assert spreads[thumb][0] == wrist
    assert spreads[thumb][1] > 0.5
    assert aside[:, thumb].all()


def test_a_missing_joint_without_a_role_stands_beside_its_parent():
    placed, words = beside_parents(missing(CLIP, ["ThumbLeft"], 1.0, 2.0).positions, CLIP.layout, HEIGHT_M)
    assert np.abs(placed - CLIP.positions).max() < 0.08
    assert words == ["joints without a role, put beside the joint above as they mostly stand: ThumbLeft (30 frames)"]
    never, _ = beside_parents(missing(CLIP, ["ThumbLeft"], 0, 9).positions, CLIP.layout, HEIGHT_M)
    assert np.isfinite(never).all()
    assert np.linalg.norm(never[:, 22] - never[:, 6], axis=-1) == pytest.approx(0.1, abs=0.1)
    wrist = missing(CLIP, ["WristLeft", "ThumbLeft"], 1.0, 2.0)
    assert beside_parents(wrist.positions, CLIP.layout, HEIGHT_M)[1] == []
