"""The skeleton graph on its rest pose, with joint names and ST-GCN's partitions."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stgcn_affect.skeleton.graph import PARTITIONS, SkeletonGraph
from stgcn_affect.visual.body import joint_sides
from stgcn_affect.visual.labels import draw_column
from stgcn_affect.visual.standing import front_view
from stgcn_affect.visual.style import DASHES, INK, OKABE_ITO, PAPER, SMALL_PT, TEXT_PT, bare, new_figure

PARTITION_COLOURS: dict[str, str] = dict(zip(PARTITIONS, (INK, OKABE_ITO[0], OKABE_ITO[3]), strict=True))

_LEGEND = {
    "root": "root: the joint itself",
    "centripetal": "centripetal: towards the pelvis",
    "centrifugal": "centrifugal: away from it",
}


def skeleton_graph_figure(
    graph: SkeletonGraph, *, partitions: bool = False, names: bool = True, title: str | None = None
) -> Figure:
    """The graph seen from the front, the walker's left at the picture's right.

    Args:
        graph: the skeleton graph.
        partitions: colour what each joint sees: a bone's half beside a joint has the colour of the partition in which
            the bone's other end stands for that joint.
        names: write the joints' names.
        title: None for the layout's name and size.
    """
    figure = new_figure(width_in=5.6 if names else 3.2, height_in=6.4)
    axes = figure.add_subplot()
    draw_skeleton_graph(axes, graph=graph, partitions=partitions, names=names)
    if title is None:
        title = f"{graph.layout.name}: {graph.num_joints} joints, {len(graph.bones)} bones"
    axes.set_title(title, fontsize=TEXT_PT, color=INK)
    if partitions:
        handles = [Line2D([], [], color=PARTITION_COLOURS[p], linewidth=3, label=_LEGEND[p]) for p in PARTITIONS]
        figure.legend(handles=handles, loc="outside lower center", fontsize=SMALL_PT, frameon=False, ncols=1)
    return figure


def draw_skeleton_graph(
    axes: Axes,
    *,
    graph: SkeletonGraph,
    partitions: bool = False,
    names: bool = True,
    name_pt: float = SMALL_PT,
    name_gap: float = 0.05,
) -> None:
    """Draw the graph on an axes; see ``skeleton_graph_figure``. ``name_gap``: in parts of the body's height."""
    layout = graph.layout
    flat = front_view(graph)
    height = float(np.ptp(flat[:, 1])) or 1.0
    sides = joint_sides(layout)
    for parent, child in layout.bones:
        middle = (flat[parent] + flat[child]) / 2
        for joint, other in ((parent, child), (child, parent)):
            group = PARTITIONS[graph.partition[joint, other]]
            axes.plot(
                *np.stack([flat[joint], middle]).T,
                color=PARTITION_COLOURS[group] if partitions else OKABE_ITO[0],
                linestyle=DASHES[sides[child]],
                linewidth=2.4,
                zorder=2,
            )
    pelvis = list(layout.role_indices("pelvis"))
    axes.scatter(flat[:, 0], flat[:, 1], s=26, color=PARTITION_COLOURS["root"], zorder=3)
    axes.scatter(flat[pelvis, 0], flat[pelvis, 1], s=60, facecolors=PAPER, edgecolors=INK, linewidths=2, zorder=4)
    if names:
        _write_names(axes, graph=graph, flat=flat, size_pt=name_pt, gap=name_gap * height)
    bare(axes)
    axes.margins(0.08)


def _write_names(
    axes: Axes, *, graph: SkeletonGraph, flat: npt.NDArray[np.float64], size_pt: float, gap: float
) -> None:
    sides = joint_sides(graph.layout)
    columns: dict[bool, dict[str, tuple[float, float]]] = {True: {}, False: {}}
    for v, joint in enumerate(graph.layout.joints):
        columns[sides[v] != "right"][joint] = (float(flat[v, 0]), float(flat[v, 1]))
    space = 2.2 * gap
    draw_column(axes, points=columns[True], at=float(flat[:, 0].max()) + space, gap=gap, size_pt=size_pt)
    draw_column(axes, points=columns[False], at=float(flat[:, 0].min()) - space, gap=gap, size_pt=size_pt)
