"""What the network learned to weigh more, and what less, on the skeleton graph: a panel for each partition."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.graph import PARTITIONS, PartitionEdges, SkeletonGraph
from stgcn_affect.visual.standing import front_view
from stgcn_affect.visual.style import GREY, INK, OKABE_ITO, PALE, SMALL_PT, TEXT_PT, bare, new_figure

_MEANS = {
    "root": "of the joint itself",
    "centripetal": "of its neighbour nearer to the pelvis",
    "centrifugal": "of its neighbours farther away",
}
_COLOURS = LinearSegmentedColormap.from_list("importance", [OKABE_ITO[0], "#C4C4C4", OKABE_ITO[1]])
_THIN_PT, _THICK_PT, _NAMED = 0.8, 6.0, 3


def edge_importance_figure(graph: SkeletonGraph, *, importance: Mapping[str, npt.ArrayLike], title: str = "") -> Figure:
    """A row for each network, a panel for each partition; width and colour by importance, all panels of one scale.

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
