from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.graph import PARTITIONS, SkeletonGraph
from stgcn_affect.skeleton.layout import Layout, layout_names, load_layout
from stgcn_affect.visual.skeleton_graph import (
    PARTITION_COLOURS,
    draw_skeleton_graph,
    edge_importance_figure,
    layout_figure,
    skeleton_graph_figure,
    with_roles,
)
from stgcn_affect.visual.style import new_figure, save_figure


@pytest.mark.parametrize("name", layout_names())
def test_every_layout_is_drawn_with_all_names(name: str, tmp_path: Path) -> None:
    layout = load_layout(name)
    path = save_figure(skeleton_graph_figure(SkeletonGraph(layout), partitions=True), path=tmp_path / "graph.svg")
    text = path.read_text()
    assert all(f">{joint}</text>" in text for joint in layout.joints)
    assert f"{layout.num_joints} joints" in text


def test_half_bones_have_the_colour_of_what_their_joint_sees(layout: Layout) -> None:
    axes = new_figure(width_in=1, height_in=1).add_subplot()
    draw_skeleton_graph(axes, graph=SkeletonGraph(layout), partitions=True, names=False)
    at_parent, at_child = axes.lines[:2]  # root and spine: the root looks away from the pelvis, the spine towards it
    assert to_hex(at_parent.get_color()) == PARTITION_COLOURS["centrifugal"].lower()
    assert to_hex(at_child.get_color()) == PARTITION_COLOURS["centripetal"].lower()
    assert len(axes.lines) == 2 * 15


def test_names_and_title_are_optional(layout: Layout) -> None:
    figure = skeleton_graph_figure(SkeletonGraph(layout), names=False, title="mine")
    assert not figure.axes[0].texts
    assert figure.axes[0].get_title() == "mine"
    assert not figure.legends


def test_panels_by_partition_name_the_edges_farthest_from_one(toy_layout: Layout) -> None:
    # Edges of the toy, neighbours first: 0>1, 0>2 (centripetal), 1>0, 2>0 (centrifugal), then loops of 0, 1 and 2.
    values = np.array([1.0, 0.7, 1.1, 1.0, 1.0, 1.0, 1.2])
    figure = edge_importance_figure(SkeletonGraph(toy_layout), importance={"first": values, "second": np.ones(7)})
    panels = figure.axes[:6]
    assert [axes.get_title().split(":")[0] for axes in panels] == [*PARTITIONS] * 2
    said = [axes.texts[0].get_text().splitlines()[0] for axes in panels[:3]]
    assert said == ["right  1.20", "hip to right  0.70", "left to hip  1.10"]


def test_wider_where_more_was_learned(toy_layout: Layout) -> None:
    values = np.array([1.0, 0.7, 1.1, 1.0, 1.0, 1.0, 1.2])
    figure = edge_importance_figure(SkeletonGraph(toy_layout), importance={"": values})
    centripetal = [line.get_linewidth() for line in figure.axes[1].lines if line.get_zorder() >= 2]
    assert len(centripetal) == 2
    assert centripetal[0] > centripetal[1]


def test_importances_must_fit(toy_layout: Layout) -> None:
    with pytest.raises(InputError, match=r"first: expected one importance for each of 7 edges \(got \(2,\)\)"):
        edge_importance_figure(SkeletonGraph(toy_layout), importance={"first": np.ones(2)})
    with pytest.raises(InputError, match="got none"):
        edge_importance_figure(SkeletonGraph(toy_layout), importance={})


def words(figure):
    return {text.get_text() for axes in figure.axes for text in axes.texts}


def test_joints_have_their_roles_behind_their_names():
    figure = layout_figure(load_layout("kinect20"))
    assert {"HipCenter (pelvis)", "KneeLeft (l_knee)", "HandLeft"} <= words(figure)
    assert len(figure.axes) == 2
    assert "root (pelvis)" in with_roles(load_layout("emotion_gait16")).joints
    assert "l_knee" in with_roles(load_layout("emotion_gait16")).joints


def test_a_pose_moves_the_joints_in_both_views():
    layout = load_layout("emotion_gait16")
    pose = np.asarray(layout.rest) + np.array([0, 10, 0])
    for axes in layout_figure(layout, pose=pose, title="moved").axes:
        assert min(float(np.asarray(line.get_ydata()).min()) for line in axes.lines) > 9
    with pytest.raises(InputError, match=r"a pose must have shape \[16, 3\] \(got \[2, 3\]\)"):
        layout_figure(layout, pose=np.zeros((2, 3)))


def test_all_embedded_layouts_can_be_drawn():
    assert "pelvis" in words(layout_figure(load_layout("plug_in_gait18")))
