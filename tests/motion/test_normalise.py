import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.motion.guess_layout import keep_joints
from stgcn_affect.motion.normalise import (
    body_height,
    bone_lengths,
    centre,
    face_forward,
    heading,
    mean_pose,
    normalise,
    over_what_is_there,
    sides_swapped,
    turn_to_front,
)
from stgcn_affect.skeleton.layout import load_layout


def test_body_height_adds_up_bones(layout):
    rest = np.asarray(layout.rest)[None]
    # head 0.1811 + neck 0.26 + spine 0.25 + pelvis to hips 0.03 + thigh 0.4002 + shank 0.4211
    assert body_height(rest, layout) == pytest.approx(1.5424, abs=1e-4)
    assert body_height(rest * 100, layout) == pytest.approx(154.24, abs=1e-2)


def without(layout, *parts):
    """The rest pose and the layout without the joints whose names have one of these parts."""
    own = keep_joints(layout, [joint for joint in layout.joints if not any(part in joint for part in parts)])
    return np.asarray(layout.rest, float)[None, [layout.index(joint) for joint in own.joints]], own


ARMS = ("shoulder", "elbow", "hand")


def test_body_height_without_a_head_is_worked_out_from_neck_or_legs(layout):
    # neck 0.26 + spine 0.25 + pelvis to hips 0.03 + legs 0.8213 make 0.868; legs alone make 0.547
    rest, headless = without(layout, "head")
    assert body_height(rest, headless) == pytest.approx(1.3613 / 0.868, abs=1e-3)
    rest, legs = without(layout, "head", "neck", "spine", *ARMS)
    assert body_height(rest, legs) == pytest.approx(0.8213 / 0.547, abs=1e-3)


@pytest.mark.parametrize("name", ["kinect25", "bandai21", "h36m17", "cmu31"])
def test_body_height_from_legs_alone_is_near_the_bodys(name):
    whole = load_layout(name)
    legs = {joint for role, joints in whole.roles.items() if role[2:] in ("hip", "knee", "ankle") for joint in joints}
    own = keep_joints(whole, legs | set(whole.roles["pelvis"]))
    rest = np.asarray(whole.rest, float)[None]
    part = rest[:, [whole.index(joint) for joint in own.joints]]
    assert body_height(part, own) == pytest.approx(body_height(rest, whole), rel=0.08)


def test_hips_alone_tell_the_heading(layout):
    rest, legs = without(layout, "head", "neck", "spine", *ARMS)
    assert heading(rest, legs)[0] == pytest.approx([0, 0, 1], abs=1e-6)
    assert heading(rest[..., [2, 1, 0]] * [1, 1, -1], legs)[0] == pytest.approx([1, 0, 0], abs=1e-6)


def test_body_height_does_not_depend_on_posture(layout, walk_clip):
    standing = body_height(np.asarray(layout.rest)[None], layout)
    assert body_height(walk_clip().positions, layout) == pytest.approx(standing, abs=2e-3)


def test_body_height_without_a_chain_from_head_to_pelvis():
    coco = load_layout("coco17")
    positions = np.zeros((1, 17, 3))
    for role, y in {"head": 1.6, "l_shoulder": 1.4, "l_hip": 0.9, "l_knee": 0.5, "l_ankle": 0.1}.items():
        for name in (role, role.replace("l_", "r_")):
            positions[0, list(coco.role_indices(name)), 1] = y
    assert body_height(positions, coco) == pytest.approx(1.5, abs=0.01)


def test_bone_lengths_are_medians_in_the_order_of_bones(layout):
    positions = np.tile(np.asarray(layout.rest, float), (3, 1, 1))
    knee, shank = layout.index("l_knee"), layout.bones.index((layout.index("l_knee"), layout.index("l_foot")))
    positions[1, knee:, :] = np.nan
    lengths = bone_lengths(positions, layout)
    assert lengths.shape == (15,)
    assert lengths[shank] == pytest.approx(np.hypot(0.42, 0.03), abs=1e-6)
    assert bone_lengths(np.stack([positions, 2 * positions]), layout)[1] == pytest.approx(2 * lengths)


LAYOUT = load_layout("emotion_gait16")


def test_the_rest_pose_faces_forward(layout):
    assert heading(np.asarray(layout.rest)[None], layout) == pytest.approx(np.array([[0, 0, 1]]))


@pytest.mark.parametrize("yaw", [0.0, 1.0, 3.0, -2.0])
def test_swapped_names_are_found_in_all_directions(layout, walk_clip, yaw):
    positions = walk_clip(yaw=yaw).positions
    assert not sides_swapped(positions, layout)
    assert sides_swapped(positions[:, layout.mirror_permutation], layout)


def test_swapped_names_are_found_on_a_turning_walk(layout, walk_clip):
    positions = walk_clip(turn=1.6).positions
    assert not sides_swapped(positions, layout)
    assert sides_swapped(positions[:, layout.mirror_permutation], layout)


@given(st.floats(-3.1, 3.1))
def test_turn_to_front_keeps_shape_and_handedness(yaw):
    rest = np.asarray(LAYOUT.rest, float)
    turned = turn_to_front(rest, np.array([np.sin(yaw), 0, np.cos(yaw)]))
    assert turn_to_front(np.array([np.sin(yaw), 0.5, np.cos(yaw)]), np.array([np.sin(yaw), 0, np.cos(yaw)])) == (
        pytest.approx(np.array([0, 0.5, 1]))
    )
    triple = [np.linalg.det(p[[LAYOUT.index(j) for j in ("head", "l_hip", "l_foot")]]) for p in (rest, turned)]
    assert triple[0] == pytest.approx(triple[1])


@pytest.mark.parametrize("yaw", [0.5, 3.14, -1.7])
def test_face_forward_gives_one_answer_for_all_directions_and_namings(layout, walk_clip, yaw):
    straight, turned = (face_forward(walk_clip(speed=0, yaw=a).positions, layout) for a in (0, yaw))
    assert turned == pytest.approx(straight, abs=1e-5)
    swapped = walk_clip(speed=0, yaw=yaw).positions[:, layout.mirror_permutation]
    assert face_forward(swapped, layout) == pytest.approx(straight, abs=1e-5)
    assert straight[:, layout.index("l_hip"), 0].min() > 0


def test_centre_puts_the_pelvis_at_the_origin(layout):
    positions = np.arange(2 * 16 * 3, dtype=float).reshape(2, 16, 3)
    centred = centre(positions, layout)
    assert not centred[:, 0].any()
    assert centred[1, 3] == pytest.approx([9, 9, 9])


def test_normalise_takes_out_place_direction_and_size(layout, walk_clip):
    one, other = walk_clip(), walk_clip(yaw=2.0)
    assert normalise(one.positions, layout) == pytest.approx(normalise(other.positions * 30 + 5, layout), abs=1e-4)
    assert body_height(normalise(one.positions, layout), layout) == pytest.approx(1.0, abs=1e-5)


def test_it_stands_upright_faces_forward_and_is_one_high(layout, walk_clip):
    pose = mean_pose(walk_clip(yaw=2.0).positions * 100, layout)
    assert pose[layout.root] == pytest.approx(np.zeros(3), abs=1e-6)
    head, left, right = (layout.role_position(pose, role) for role in ("head", "l_hip", "r_hip"))
    ankles = (layout.role_position(pose, "l_ankle") + layout.role_position(pose, "r_ankle")) / 2
    assert head[1] - ankles[1] == pytest.approx(1.0, abs=0.05)
    assert left[0] == pytest.approx(-right[0], abs=1e-4)
    assert left[0] > 0


def test_frames_with_gaps_do_not_count_and_without_whole_ones_there_is_none(layout, walk_clip):
    positions = walk_clip().positions.copy()
    positions[3, 5] = np.nan
    assert mean_pose(positions, layout) == pytest.approx(mean_pose(np.delete(positions, 3, axis=0), layout))
    positions[:, 5] = np.nan
    assert mean_pose(positions, layout) is None
    assert mean_pose(np.zeros((9, 16, 3)), layout) is None


@pytest.mark.parametrize("average", [np.nanmedian, np.nanmean])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("samples", [1, 2, 7, 150, 601])
def test_an_average_over_what_is_there_has_the_same_bits_where_all_is_there(average, kind, samples):
    values = np.random.default_rng(samples).normal(size=(3, samples)).astype(kind)
    for axis in (0, 1):
        found, expected = over_what_is_there(average, values, axis=axis), average(values, axis=axis)
        assert found.dtype == expected.dtype
        assert found.tolist() == expected.tolist()


def test_an_average_over_what_is_there_skips_what_is_missing():
    values = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])
    for average in (np.nanmedian, np.nanmean):
        assert over_what_is_there(average, values, axis=1) == pytest.approx([2.0, np.nan], nan_ok=True)
        assert np.isnan(over_what_is_there(average, np.zeros(0)))
