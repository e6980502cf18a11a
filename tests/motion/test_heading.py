import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.motion.heading import face_forward, heading, sides_swapped, turn_to_front
from stgcn_affect.skeleton.layout import load_layout

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
