import itertools
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.colors import to_hex

from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout, layout_names, load_layout
from stgcn_affect.visual.body import draw_body, frame_bodies, front_view, joint_sides, limbs, project
from stgcn_affect.visual.style import lighter, new_figure

LEFT, UP, FORWARD = np.eye(3)


def test_sagittal_view_walks_to_the_right_and_shows_the_right_side() -> None:
    flat, near = project([LEFT, UP, FORWARD], view="sagittal")
    np.testing.assert_allclose(flat, [[0, 0], [0, 1], [1, 0]], atol=1e-12)
    np.testing.assert_allclose(near, [-1, 0, 0], atol=1e-12)


def test_frontal_view_has_the_subjects_left_at_the_right() -> None:
    flat, near = project([LEFT, UP, FORWARD], view="frontal")
    np.testing.assert_allclose(flat, [[1, 0], [0, 1], [0, 0]], atol=1e-12)
    np.testing.assert_allclose(near, [0, 0, 1], atol=1e-12)


def test_three_quarter_view_keeps_distances() -> None:
    flat, near = project(np.eye(3), view="three_quarter")
    np.testing.assert_allclose((flat**2).sum(axis=-1) + near**2, 1)
    assert (flat[[0, 2], 0] > 0).all()


def test_sides(layout: Layout) -> None:
    sides = dict(zip(layout.joints, joint_sides(layout), strict=True))
    assert (sides["l_knee"], sides["r_hand"], sides["spine"]) == ("left", "right", "middle")


@pytest.mark.parametrize("name", layout_names())
def test_limbs_draw_every_bone_once(name: str) -> None:
    layout = load_layout(name)
    lines = limbs(layout)
    drawn = [pair for _, line in lines for pair in itertools.pairwise(line)]
    assert sorted(drawn) == sorted(layout.bones)
    for side, line in lines:
        assert {joint_sides(layout)[v] for v in line[1:]} == {side}


def test_limbs_are_long_lines(layout: Layout) -> None:
    assert sorted(len(line) for _, line in limbs(layout)) == [4, 4, 4, 4, 4]


def test_left_is_solid_and_right_is_dashed_and_lighter(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    axes = new_figure(width_in=1, height_in=1).add_subplot()
    draw_body(axes, positions=cycle[0], layout=layout, view="frontal", colour="#0072B2", offset=(10.0, 0.0))
    for line in axes.lines:
        is_right = float(line.get_xdata()[-1]) < 10.0 - 1e-6
        assert line.is_dashed() == is_right
        assert to_hex(line.get_color()) == (lighter("#0072B2") if is_right else "#0072b2")
    assert sum(line.is_dashed() for line in axes.lines) == 2


def test_joints_take_their_colours(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    axes = new_figure(width_in=1, height_in=1).add_subplot()
    draw_body(axes, positions=cycle[0], layout=layout, joint_colours=["red"] * 16)
    assert len(axes.collections[0].get_offsets()) == 16


def test_joints_take_their_sizes(layout: Layout, cycle: npt.NDArray[np.float64]) -> None:
    axes = new_figure(width_in=1, height_in=1).add_subplot()
    draw_body(axes, positions=cycle[0], layout=layout, joint_colours=["red"] * 16, joint_sizes_pt=np.arange(16.0))
    np.testing.assert_allclose(axes.collections[0].get_sizes(), np.arange(16.0) ** 2)


@pytest.mark.parametrize("name", layout_names())
def test_head_is_of_human_size_in_every_layout(name: str) -> None:
    layout = load_layout(name)
    axes = new_figure(width_in=1, height_in=1).add_subplot()
    draw_body(axes, positions=layout.rest, layout=layout)
    assert 0.05 < axes.patches[0].radius < 0.1


def test_frame_leaves_a_margin() -> None:
    axes = new_figure(width_in=1, height_in=1).add_subplot()
    frame_bodies(axes, flat=[[0, 0], [1, 2]], margin=0.5)
    assert (axes.get_xlim(), axes.get_ylim()) == ((-1, 2), (-1, 3))


def test_rest_pose_is_used_where_there_is_one(layout: Layout) -> None:
    assert layout.rest is not None
    np.testing.assert_allclose(front_view(SkeletonGraph(layout)), layout.rest[:, :2])


@pytest.mark.parametrize("name", ["bandai21", "cmu31", "kinect25", "h36m17", "kinect20"])
def test_a_layout_without_rest_pose_stands_upright_with_all_joints_apart(name: str) -> None:
    layout = replace(load_layout(name), rest=None)
    flat = front_view(SkeletonGraph(layout))
    apart = np.linalg.norm(flat[:, None] - flat[None], axis=-1) + np.eye(len(flat))
    assert apart.min() > 0.01
    mirrored = flat[layout.mirror_permutation] * [-1, 1]
    np.testing.assert_allclose(mirrored, flat, atol=0.12)
    assert all(flat[layout.index(left), 0] > 0 for left, _ in layout.mirror)


def test_a_joint_between_two_roles_stands_between_them() -> None:
    layout = replace(load_layout("bandai21"), rest=None)
    flat = front_view(SkeletonGraph(layout))
    chest, spine, neck = (flat[layout.index(j)] for j in ("Chest", "Spine", "Neck"))
    assert spine[1] < chest[1] < neck[1]


def test_roles_played_by_several_joints_are_no_obstacle() -> None:
    flat = front_view(SkeletonGraph(replace(load_layout("coco17"), rest=None)))
    assert np.isfinite(flat).all()
