"""Many film strips on one sheet, in panels side by side."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.body import View
from stgcn_affect.visual.film_strip import draw_film_strips
from stgcn_affect.visual.style import INK, TEXT_PT, new_figure

Panel = tuple[str, Mapping[str, npt.NDArray[np.floating]]]
"""A title, and name to cycle ``[T, V, 3]``."""


def strip_sheet_figure(
    panels: Sequence[Panel],
    *,
    layout: Layout,
    columns: int = 2,
    poses: int = 7,
    view: View = "sagittal",
    colours: Mapping[str, str] | None = None,
    title: str = "",
) -> Figure:
    """Panels in rows of ``columns``, in each one strip above the other; rows of a sheet are equally high.

    Args:
        panels: titles and cycles, pelvis at the origin, facing +z.
        layout: which joints they are.
        columns: panels side by side.
        poses: of each strip.
        view: "sagittal", "frontal" or "three_quarter".
        colours: name of a strip to colour, the same in all panels.
        title: above all.

    Raises:
        InputError: no panel, or one without a cycle.
    """
    if not panels:
        raise InputError("strip sheet: expected a panel at least (got none)")
    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    most = max(len(cycles) for _, cycles in panels)
    figure = new_figure(width_in=1.0, height_in=1.0)
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    limits = []
    for axes, (name, cycles) in zip(grid, panels, strict=False):
        draw_film_strips(axes, cycles=cycles, layout=layout, poses=poses, view=view, colours=colours, width_pt=1.3)
        axes.set_title(name, fontsize=TEXT_PT, color=INK)
        (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
        limits.append((left, right, low - 1.2 * high / 1.08 * (most - len(cycles)), high))
    left, right, low, high = np.array(limits).T
    for axes in grid[: len(panels)]:
        axes.set_xlim(left.min(), right.max())
        axes.set_ylim(low.min(), high.max())
    panel_in = 0.3 + 0.52 * poses
    shape = float((high.max() - low.min()) / (right.max() - left.min()))
    figure.set_size_inches(panel_in * columns, (panel_in * shape + 0.3) * rows + (0.3 if title else 0.0))
    for axes in grid[len(panels) :]:
        axes.set_axis_off()
    if title:
        figure.suptitle(title, fontsize=TEXT_PT + 1, color=INK)
    return figure
