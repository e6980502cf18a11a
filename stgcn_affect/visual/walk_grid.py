"""Animate many walks in a grid, and draw the overview of skeleton graph and average walks."""

from collections.abc import Mapping, Sequence
from functools import partial
from io import BytesIO
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.graph import PARTITIONS, SkeletonGraph
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.body import View, draw_body, frame_bodies, project
from stgcn_affect.visual.film_strip import draw_film_strips
from stgcn_affect.visual.frames import Frames
from stgcn_affect.visual.skeleton_graph import PARTITION_COLOURS, draw_skeleton_graph
from stgcn_affect.visual.style import DASHES, INK, PALE, SMALL_PT, bare, new_figure

_DPI, _CAPTION_IN, _NEARLY_WHITE = 100.0, 0.34, 246


_TEXT_PT, _TITLE_PT = 7.0, 8.5


class Walk(NamedTuple):
    """A cell of the grid: a caption of two lines at most, a cycle ``[T, V, 3]`` and the body's colour."""

    caption: str
    cycle: npt.NDArray[np.floating]
    colour: str


def walk_grid_gif(
    rows: Sequence[Sequence[Walk | None]],
    *,
    layout: Layout,
    view: View = "three_quarter",
    cycle_s: float = 1.1,
    frames: int = 20,
    body_px: int = 170,
) -> bytes:
    """Animate walks in a grid: the bytes of a GIF that loops for ever.

    Args:
        rows: cells from left to right; None leaves a place empty.
        layout: which joints they are.
        view: "sagittal", "frontal" or "three_quarter".
        cycle_s: seconds that a cycle takes.
        frames: pictures per cycle.
        body_px: height of a cell without its caption.

    Raises:
        InputError: no walk.
    """
    walks = [walk for row in rows for walk in row if walk is not None]
    if not walks:
        raise InputError("walk grid: expected a walk at least (got none)")
    flat = np.concatenate([project(walk.cycle, view=view)[0].reshape(-1, 2) for walk in walks])
    wide = float(np.abs(flat[:, 0]).max())
    span = np.array([[-wide, flat[:, 1].min()], [wide, flat[:, 1].max()]])
    figure, cells = _grid(rows, span=span, body_in=body_px / _DPI)

    def pose(axes: Axes, walk: Walk, frame: int) -> None:
        moment = walk.cycle[frame * len(walk.cycle) // frames]
        draw_body(axes, positions=moment, layout=layout, view=view, colour=walk.colour, width_pt=1.7)

    moving = Frames(figure, dpi=_DPI)
    pictures = [
        moving.picture([(axes, partial(pose, axes, walk, frame)) for axes, walk in cells]) for frame in range(frames)
    ]
    return _encode(pictures, frame_s=cycle_s / frames)


def _grid(
    rows: Sequence[Sequence[Walk | None]], *, span: npt.NDArray[np.float64], body_in: float
) -> tuple[Figure, list[tuple[Axes, Walk]]]:
    """An empty figure with an axes and a caption for each walk."""
    longest = max(len(line) for row in rows for walk in row if walk for line in walk.caption.split("\n") or [""])
    shape = (span[1] - span[0]) * 1.25
    cell_in = max(body_in * float(shape[0] / shape[1]), 0.075 * longest + 0.1)
    height_in = body_in + _CAPTION_IN
    columns = max(len(row) for row in rows)
    figure = new_figure(width_in=cell_in * columns, height_in=height_in * len(rows))
    figure.set_layout_engine("none")
    cells = []
    for i, row in enumerate(rows):
        for j, walk in enumerate(row):
            if walk is None:
                continue
            bottom = 1 - (i + 1) / len(rows)
            axes = figure.add_axes((j / columns, bottom, 1 / columns, body_in / height_in / len(rows)))
            bare(axes)
            frame_bodies(axes, flat=span)
            axes.axhline(float(span[0, 1]), color=PALE, linewidth=1.0, zorder=1)
            figure.text(
                (j + 0.5) / columns,
                bottom + 0.985 / len(rows),
                walk.caption,
                ha="center",
                va="top",
                fontsize=SMALL_PT,
                color=INK,
            )
            cells.append((axes, walk))
    return figure, cells


def _encode(pictures: Sequence[Image.Image], *, frame_s: float) -> bytes:
    """One palette for all pictures, that of the first, as the same is drawn in all of them; paper stays paper."""
    palette = pictures[0].quantize(colors=255)
    shades = np.array(palette.getpalette()).reshape(-1, 3)
    shades[shades.min(axis=1) > _NEARLY_WHITE] = 255
    palette.putpalette(shades.ravel().tolist())
    reduced = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    content = BytesIO()
    reduced[0].save(
        content,
        format="GIF",
        save_all=True,
        append_images=reduced[1:],
        duration=max(20, round(100 * frame_s) * 10),
        loop=0,
        optimize=True,
    )
    return content.getvalue()


def overview(
    cycles: Mapping[str, npt.NDArray[np.floating]],
    *,
    graph: SkeletonGraph,
    poses: int = 8,
    joint_colours: Mapping[str, npt.NDArray[np.float64]] | None = None,
) -> Figure:
    """Draw the graph beside one film strip per emotion; readable from 900 pixels of width up.

    Args:
        cycles: emotion to its average cycle ``[T, V, 3]``, pelvis at the origin, facing +z, all in one unit.
        graph: the graph of the skeleton that walks.
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
