import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stgcn_affect.errors import InputError
from stgcn_affect.features.hand_made import hand_made_features
from stgcn_affect.features.posture import (
    ANGLES,
    AREAS,
    DISTANCES,
    angle_at,
    distance,
    posture_signals,
    role_points,
    triangle_area,
)
from stgcn_affect.motion.guess_layout import keep_joints
from stgcn_affect.skeleton.layout import BODY_ROLES, layout_names, load_layout

LEG = re.compile("hip|knee|ankle|foot|toe|^pelvis")
ORIGIN, X, Y = np.zeros(3), np.array([1.0, 0, 0]), np.array([0, 1.0, 0])


@pytest.mark.parametrize(
    ("first", "second", "angle"),
    [(X, 5 * Y, np.pi / 2), (X, X + Y, np.pi / 4), (X, -2 * X, np.pi), (X, 3 * X, 0)],
)
def test_angles_by_hand(first, second, angle):
    assert angle_at(first, ORIGIN, second) == pytest.approx(angle)
    assert angle_at(first + 7, ORIGIN + 7, second + 7) == pytest.approx(angle)


def test_a_small_angle_keeps_its_digits():
    assert angle_at(X, ORIGIN, X + 1e-9 * Y) == pytest.approx(1e-9, rel=1e-6)


def test_a_triangle_of_3_4_5():
    corners = [3 * X, ORIGIN, 4 * Y]
    assert distance(corners[0], corners[2]) == 5
    assert triangle_area(*corners) == 6
    assert triangle_area(*corners[::-1]) == 6


def test_coincident_points_give_zero():
    assert angle_at(ORIGIN, ORIGIN, X) == angle_at(X, X, X) == 0
    assert triangle_area(X, X, Y) == triangle_area(X, 2 * X, 3 * X) == 0


def test_leading_axes_are_kept():
    points = np.zeros((2, 3, 3)) + X
    assert angle_at(points, np.zeros((2, 3, 3)), points).shape == (2, 3)


@given(st.integers(0, 2**32 - 1))
def test_the_angles_of_a_triangle_make_pi(seed):
    a, b, c = np.random.default_rng(seed).normal(size=(3, 3))
    assert angle_at(a, b, c) + angle_at(b, c, a) + angle_at(c, a, b) == pytest.approx(np.pi)


def test_every_required_role_and_the_spine():
    layout = load_layout("emotion_gait16")
    rest = np.asarray(layout.rest, float)
    points = role_points(rest, layout)
    assert set(points) == {*BODY_ROLES, "spine"}
    assert points["spine"].tolist() == rest[layout.index("spine")].tolist()
    assert points["l_wrist"].tolist() == rest[layout.index("l_hand")].tolist()


def test_the_middle_stands_in_for_a_spine_that_is_not_there():
    coco = load_layout("coco17")
    rest = np.asarray(coco.rest, float)
    points = role_points(rest, coco)
    assert "spine" not in coco.roles
    # hips at a height of 0.91 and shoulders at 1.38
    np.testing.assert_allclose(points["spine"], [0, 1.145, 0], atol=1e-6)


LAYOUT = load_layout("emotion_gait16")


def pose(**places):
    """Cycles of one pose in which only the roles named are away from the origin."""
    positions = np.zeros((1, 4, 16, 3))
    for role, place in places.items():
        positions[:, :, LAYOUT.role_indices(role)] = place
    return positions


def first(positions, name):
    return posture_signals(positions, LAYOUT).signal(name)[0, 0]


def test_there_are_14_angles_9_distances_and_8_areas():
    assert (len(ANGLES), len(DISTANCES), len(AREAS)) == (14, 9, 8)
    signals = posture_signals(pose(), LAYOUT)
    kinds = [name.split(".")[0] for name in signals.names]
    assert kinds == ["angle"] * 14 + ["distance"] * 9 + ["area"] * 8
    assert signals.units == ("rad",) * 14 + ("body heights",) * 9 + ("body heights^2",) * 8
    assert signals.values.shape == (1, 4, 31)
    assert len(set(signals.names)) == 31
    assert all("20" in source for source in signals.sources)


def test_no_feature_stands_twice_from_either_end():
    for kind in (ANGLES, DISTANCES, AREAS):
        assert len({min(roles, roles[::-1]) for roles in kind}) == len(kind)
        assert all(set(roles) <= {*BODY_ROLES, "spine", "up"} for roles in kind)


def test_angles_by_hand_posture():
    bent = pose(l_hip=[0.1, 0, 0], l_knee=[0.1, -0.5, 0], l_ankle=[0.1, -0.5, -0.4])
    assert first(bent, "angle.l_hip-l_knee-l_ankle") == pytest.approx(np.pi / 2)
    assert first(bent, "angle.pelvis-l_hip-l_knee") == pytest.approx(np.pi / 2)
    assert first(pose(head=[0, 1, 1]), "angle.head-pelvis-up") == pytest.approx(np.pi / 4)
    assert first(pose(head=[0, 1, 0]), "angle.head-pelvis-up") == 0
    shoulders = pose(neck=[0, 1, 0], l_shoulder=[1, 1, 0], r_shoulder=[0, 1, 1])
    assert first(shoulders, "angle.l_shoulder-neck-r_shoulder") == pytest.approx(np.pi / 2)
    assert first(shoulders, "angle.neck-l_shoulder-r_shoulder") == pytest.approx(np.pi / 4)
    stoop = pose(spine=[0, 0.2, 0], neck=[0, 0.4, 0], head=[0, 0.4, 0.3])
    assert first(stoop, "angle.neck-spine-pelvis") == pytest.approx(np.pi)
    assert first(stoop, "angle.head-neck-spine") == pytest.approx(np.pi / 2)


def test_distances_and_areas_by_hand():
    hands = pose(l_wrist=[3, 0, 0], r_wrist=[0, 4, 0], neck=[0, 0, 0])
    assert first(hands, "distance.l_wrist-pelvis") == 3
    assert first(hands, "distance.r_wrist-r_shoulder") == 4
    assert first(hands, "area.l_wrist-neck-r_wrist") == 6
    assert first(hands, "area.l_wrist-pelvis-r_wrist") == 6
    feet = pose(l_ankle=[0, 0, 5], r_ankle=[0, 12, 0])
    assert first(feet, "distance.l_ankle-r_ankle") == 13
    assert first(feet, "area.l_ankle-pelvis-r_ankle") == 30


def test_a_body_that_is_one_point_has_no_angle_and_no_size():
    assert not posture_signals(pose(), LAYOUT).values.any()


@pytest.mark.parametrize("name", layout_names())
def test_every_layout_at_rest(name, standing):
    layout = load_layout(name)
    signals = posture_signals(standing(layout), layout)
    assert np.isfinite(signals.values).all()
    assert signals.signal("angle.l_hip-l_knee-l_ankle").min() > 2.8
    assert signals.signal("angle.head-pelvis-up").max() < 0.2
    assert 0.6 < signals.signal("distance.l_ankle-pelvis")[0, 0] < 1.0


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 10), st.floats(-np.pi, np.pi))
def test_size_heading_and_place(seed, size, yaw):
    rng = np.random.default_rng(seed)
    positions = rng.normal(size=(2, 4, 16, 3))
    turn = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    before = posture_signals(positions, LAYOUT).values
    after = posture_signals(size * (positions @ turn.T) + rng.normal(size=3), LAYOUT).values
    power = np.array([0] * 14 + [1] * 9 + [2] * 8)
    np.testing.assert_allclose(after, before * size**power, rtol=1e-6, atol=1e-7)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_the_mirror_image_swaps_left_and_right(seed):
    positions = np.random.default_rng(seed).normal(size=(1, 4, 16, 3))
    image = positions[..., LAYOUT.mirror_permutation, :] * [-1, 1, 1]
    before, after = posture_signals(positions, LAYOUT), posture_signals(image, LAYOUT)
    for name in before.names:
        np.testing.assert_allclose(before.signal(name), after.signal(other_side(name, before.names)), atol=1e-9)


def other_side(name, names):
    """The same angle, distance or area on the other side; one across the body is its own, read backwards."""
    kind, roles = name.split(".")
    swapped = [{"l_": "r_", "r_": "l_"}.get(role[:2], role[:2]) + role[2:] for role in roles.split("-")]
    return next(n for n in (f"{kind}.{'-'.join(way)}" for way in (swapped, swapped[::-1])) if n in names)


def test_positions_of_another_layout_are_refused():
    with pytest.raises(InputError, match=r"\(got \[1, 4, 17, 3\]\)"):
        posture_signals(np.zeros((1, 4, 17, 3)), LAYOUT)


def test_without_head_and_arms_the_features_that_need_them_are_left_out():
    legs = keep_joints(LAYOUT, [joint for joint in LAYOUT.joints if LEG.search(joint) or joint == "root"])
    positions = pose()[:, :, [LAYOUT.index(joint) for joint in legs.joints]]
    signals = posture_signals(positions, legs)
    assert signals.names == (
        "angle.pelvis-l_hip-l_knee",
        "angle.pelvis-r_hip-r_knee",
        "angle.l_hip-l_knee-l_ankle",
        "angle.r_hip-r_knee-r_ankle",
        "distance.l_ankle-pelvis",
        "distance.r_ankle-pelvis",
        "distance.l_ankle-r_ankle",
        "area.l_ankle-pelvis-r_ankle",
    )
    whole = posture_signals(pose(), LAYOUT)
    assert all(np.array_equal(signals.signal(name), whole.signal(name)) for name in signals.names)


def test_all_features_of_legs_are_features_of_the_body():
    legs = keep_joints(LAYOUT, [joint for joint in LAYOUT.joints if LEG.search(joint) or joint == "root"])
    rng = np.random.default_rng(0)
    positions = rng.normal(size=(2, 8, LAYOUT.num_joints, 3))
    own = hand_made_features(positions[:, :, [LAYOUT.index(joint) for joint in legs.joints]], np.ones(2), legs)
    whole = hand_made_features(positions, np.ones(2), LAYOUT)
    assert own.values.shape == (2, 116)
    assert set(own.names) < set(whole.names)
    assert not any("wrist" in name or "head" in name or "arm_swing" in name for name in own.names)
