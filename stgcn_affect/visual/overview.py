"""One wide picture of what the package sees: the skeleton graph, and each emotion's walk as a film strip."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stgcn_affect.skeleton.graph import PARTITIONS, SkeletonGraph
from stgcn_affect.visual.film_strip import draw_film_strips
from stgcn_affect.visual.skeleton_graph import PARTITION_COLOURS, draw_skeleton_graph
from stgcn_affect.visual.style import DASHES, INK, new_figure

_TEXT_PT, _TITLE_PT = 7.0, 8.5


def overview(
    cycles: Mapping[str, npt.NDArray[np.floating]],
    *,
    graph: SkeletonGraph,
    poses: int = 8,
    joint_colours: Mapping[str, npt.NDArray[np.float64]] | None = None,
) -> Figure:
    """The graph at the left, one strip per emotion at the right; readable from 900 pixels of width up.

    Args:
        cycles: emotion to its average cycle ``[T, V, 3]``, pelvis at the origin, facing +z, all in one unit.
        graph: of the skeleton that walks.
        poses: how many poses each strip has.
        joint_colours: emotion to colours ``[T, V, 4]``; None: no dots on the joints.
    """
    figure = new_figure(width_in=9.0, height_in=max(3.9, 1.15 * len(cycles) + 0.45))
    left, right = figure.subfigures(1, 2, width_ratios=(2.8, 6.2), squeeze=False)[0]
    axes = left.add_subplot()
    draw_skeleton_graph(axes, graph=graph, partitions=True, name_pt=_TEXT_PT, name_gap=0.052)
    left.suptitle("the skeleton graph and its partitions", fontsize=_TITLE_PT, color=INK)
    handles = [Line2D([], [], color=PARTITION_COLOURS[p], linewidth=2.5, label=p) for p in PARTITIONS]
    left.legend(handles=handles, loc="outside lower center", **_legend(columns=3))
    axes = right.add_subplot()
    draw_film_strips(
        axes,
        cycles=cycles,
        layout=graph.layout,
        poses=poses,
        joint_colours=joint_colours,
        width_pt=1.5,
        text_pt=_TEXT_PT,
    )
    right.suptitle("the average gait cycle, from left heel strike to left heel strike", fontsize=_TITLE_PT, color=INK)
    sides = [
        Line2D([], [], color=INK, linestyle=DASHES[side], linewidth=1.5, label=f"{side} limbs")
        for side in ("left", "right")
    ]
    right.legend(handles=sides, loc="outside lower center", **_legend(columns=2))
    return figure


def _legend(*, columns: int) -> dict[str, float | bool]:
    return {"fontsize": _TEXT_PT, "frameon": False, "ncols": columns, "handlelength": 1.6, "columnspacing": 1.2}
