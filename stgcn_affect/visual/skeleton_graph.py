"""Draw the skeleton: its graph, the learned edge importance, a layout with its roles."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.graph import PARTITIONS, PartitionEdges, SkeletonGraph
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.body import front_view, joint_sides
from stgcn_affect.visual.labels import draw_column
from stgcn_affect.visual.style import DASHES, GREY, INK, OKABE_ITO, PALE, PAPER, SMALL_PT, TEXT_PT, bare, new_figure

PARTITION_COLOURS: dict[str, str] = dict(zip(PARTITIONS, (INK, OKABE_ITO[0], OKABE_ITO[3]), strict=True))

_LEGEND = {
    "root": "root: the joint itself",
    "centripetal": "centripetal: towards the pelvis",
    "centrifugal": "centrifugal: away from it",
}


_MEANS = {
    "root": "of the joint itself",
    "centripetal": "of its neighbour nearer to the pelvis",
    "centrifugal": "of its neighbours farther away",
}

_COLOURS = LinearSegmentedColormap.from_list("importance", [OKABE_ITO[0], "#C4C4C4", OKABE_ITO[1]])

_THIN_PT, _THICK_PT, _NAMED = 0.8, 6.0, 3


def skeleton_graph_figure(
    graph: SkeletonGraph, *, partitions: bool = False, names: bool = True, title: str | None = None
) -> Figure:
    """Draw the skeleton graph seen from the front: the subject's left is at the right.

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


def edge_importance_figure(graph: SkeletonGraph, *, importance: Mapping[str, npt.ArrayLike], title: str = "") -> Figure:
    """Draw learned edge importance as width and colour: a row for each network, a panel for each partition.

    A line is an edge and a disc is a joint's edge to itself; both are widest where the importance is largest. The edges
    farthest from 1, where all of them start, are named below the panel.

    Args:
        graph: the skeleton graph.
        importance: name of a row to ``[E]``, in the order of ``SkeletonGraph.partition_edges``.
        title: above all.

    Raises:
        InputError: nothing to draw, or not one importance for each edge.
    """
    edges = graph.partition_edges()
    rows = {name: np.asarray(values, dtype=float) for name, values in importance.items()}
    for name, values in rows.items():
        if values.shape != edges.partition.shape:
            raise InputError(
                f"{name}: expected one importance for each of {len(edges.partition)} edges (got {values.shape})"
            )
    if not rows:
        raise InputError("edge_importance_figure: expected the importances of one network at least (got none)")
    reach = max(float(np.abs(values - 1).max()) for values in rows.values()) or 1.0
    norm = Normalize(1 - reach, 1 + reach)
    figure = new_figure(width_in=9.0, height_in=0.9 + 4.0 * len(rows))
    grid = figure.subplots(len(rows), len(PARTITIONS), squeeze=False)
    for panels, (name, values) in zip(grid, rows.items(), strict=True):
        for k, axes in enumerate(panels):
            _draw_partition(axes, graph=graph, edges=edges, values=values, partition=k, norm=norm)
            axes.set_title(f"{PARTITIONS[k]}: {_MEANS[PARTITIONS[k]]}", fontsize=SMALL_PT + 0.5, color=INK)
        panels[0].text(
            -0.02, 0.5, name, transform=panels[0].transAxes, ha="right", va="center", rotation=90, fontsize=TEXT_PT
        )
    bar = figure.colorbar(
        ScalarMappable(norm=norm, cmap=_COLOURS), ax=grid, location="bottom", aspect=50, shrink=0.6, pad=0.02
    )
    bar.set_label("learned importance of an edge (1: as before training)", fontsize=SMALL_PT, color=INK)
    bar.ax.tick_params(labelsize=SMALL_PT - 0.5, length=2, colors=INK)
    bar.outline.set_linewidth(0.5)
    if title:
        figure.suptitle(title, fontsize=TEXT_PT + 1, color=INK)
    return figure


def _draw_partition(
    axes: Axes,
    *,
    graph: SkeletonGraph,
    edges: PartitionEdges,
    values: npt.NDArray[np.float64],
    partition: int,
    norm: Normalize,
) -> None:
    flat, joints = front_view(graph), graph.layout.joints
    for parent, child in graph.bones:
        axes.plot(*flat[[parent, child]].T, color=PALE, linewidth=0.6, zorder=1)
    axes.scatter(flat[:, 0], flat[:, 1], s=6, color=GREY, zorder=4)
    mine = np.flatnonzero(edges.partition == partition)
    for e in mine:
        source, target = edges.edge_index[:, e]
        colour, share = _COLOURS(norm(values[e])), float(norm(values[e]))
        width = _THIN_PT + (_THICK_PT - _THIN_PT) * share
        if source == target:
            axes.scatter(
                flat[source, 0],
                flat[source, 1],
                s=(2.2 * width) ** 2,
                color=colour,
                edgecolors=INK,
                linewidths=0.4,
                zorder=3,
                clip_on=False,
            )
        else:
            axes.plot(
                *flat[[source, target]].T, color=colour, linewidth=width, solid_capstyle="round", zorder=2 + 0.1 * share
            )
    bare(axes)
    axes.margins(0.08)
    lines = []
    for e in mine[np.argsort(-np.abs(values[mine] - 1), kind="stable")][:_NAMED]:
        source, target = (joints[v] for v in edges.edge_index[:, e])
        lines.append(f"{source if source == target else f'{source} to {target}'}  {values[e]:.2f}")
    axes.text(
        0.5, -0.01, "\n".join(lines), transform=axes.transAxes, ha="center", va="top", fontsize=SMALL_PT, color=INK
    )


def layout_figure(layout: Layout, *, pose: npt.NDArray[np.floating] | None = None, title: str | None = None) -> Figure:
    """Draw a layout: joints, bones and roles, as they stand in ``pose``.

    Args:
        layout: the skeleton.
        pose: ``[V, 3]``, x to the walker's left, y up, z forward; None for the layout's rest pose, without a view from
            the side where there is none.
        title: None for the layout's name and size.

    Raises:
        InputError: a pose of another shape.
    """
    if pose is not None and np.shape(pose) != (layout.num_joints, 3):
        raise InputError(
            f"layout {layout.name}: a pose must have shape [{layout.num_joints}, 3] (got {list(np.shape(pose))})"
        )
    shown = with_roles(layout if pose is None else replace(layout, rest=np.asarray(pose, np.float32)))
    sides = shown.rest is not None
    figure = new_figure(width_in=9.0 if sides else 6.4, height_in=6.4)
    axes = figure.subplots(1, 2 if sides else 1, squeeze=False, width_ratios=(3, 1) if sides else (1,))[0]
    draw_skeleton_graph(axes[0], graph=SkeletonGraph(shown))
    axes[0].set_title("front: the walker's left is at the right", fontsize=SMALL_PT, color=INK)
    if shown.rest is not None:
        from_left = replace(shown, rest=shown.rest[:, [2, 1, 0]])
        draw_skeleton_graph(axes[1], graph=SkeletonGraph(from_left), names=False)
        axes[1].set_title("side: it faces right", fontsize=SMALL_PT, color=INK)
    figure.suptitle(
        f"{layout.name}: {layout.num_joints} joints" if title is None else title, fontsize=TEXT_PT, color=INK
    )
    return figure


def with_roles(layout: Layout) -> Layout:
    """The layout with each joint's role behind its name: "LeftLeg (l_knee)"; no role where the name is the role."""
    role_of = {joint: role for role, joints in layout.roles.items() for joint in joints if len(joints) == 1}
    name = {
        joint: f"{joint} ({role_of[joint]})" if role_of.get(joint, joint) != joint else joint for joint in layout.joints
    }
    return replace(
        layout,
        joints=tuple(name[joint] for joint in layout.joints),
        mirror=tuple((name[a], name[b]) for a, b in layout.mirror),
        roles={role: tuple(name[joint] for joint in joints) for role, joints in layout.roles.items()},
        markers={name[joint]: markers for joint, markers in layout.markers.items()},
    )
