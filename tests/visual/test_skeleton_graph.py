from pathlib import Path

import pytest
from matplotlib.colors import to_hex

from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout, layout_names, load_layout
from stgcn_affect.visual.save import save_figure
from stgcn_affect.visual.skeleton_graph import PARTITION_COLOURS, draw_skeleton_graph, skeleton_graph_figure
from stgcn_affect.visual.style import new_figure


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
