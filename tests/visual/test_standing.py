from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout, load_layout
from stgcn_affect.visual.standing import front_view


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
