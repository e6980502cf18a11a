"""Draw film strips: poses over the average gait cycle, alone, in sheets, or coloured by relevance."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.body import View, draw_body, project
from stgcn_affect.visual.relevance_scale import RelevanceScale, draw_scale, relevance_scale
from stgcn_affect.visual.style import GREY, INK, PALE, SMALL_PT, TEXT_PT, bare, name_colours, new_figure

Panel = tuple[str, Mapping[str, npt.NDArray[np.floating]]]
"""A title, and name to cycle ``[T, V, 3]``."""

_WIDTH_IN = 9.0


def film_strip_figure(
    cycles: Mapping[str, npt.NDArray[np.floating]],
    *,
    layout: Layout,
    poses: int = 8,
    view: View = "sagittal",
    colours: Mapping[str, str] | None = None,
    joint_colours: Mapping[str, npt.NDArray[np.float64]] | None = None,
    title: str = "",
) -> Figure:
    """Draw a film strip for each named cycle, one above the other; see ``draw_film_strips``."""
    figure = new_figure(width_in=max(4.0, 0.85 * poses), height_in=0.5 + 1.5 * len(cycles))
    axes = figure.add_subplot()
    draw_film_strips(
        axes, cycles=cycles, layout=layout, poses=poses, view=view, colours=colours, joint_colours=joint_colours
    )
    if title:
        axes.set_title(title, fontsize=TEXT_PT, color=INK)
    return figure


def draw_film_strips(
    axes: Axes,
    *,
    cycles: Mapping[str, npt.NDArray[np.floating]],
    layout: Layout,
    poses: int = 8,
    view: View = "sagittal",
    colours: Mapping[str, str] | None = None,
    joint_colours: Mapping[str, npt.NDArray[np.float64]] | None = None,
    joint_sizes_pt: Mapping[str, npt.NDArray[np.float64]] | None = None,
    room: float = 0.08,
    width_pt: float = 1.6,
    text_pt: float = SMALL_PT,
) -> None:
    """Draw cycles on one axes, all at one scale, with their names and the per cent of the cycle.

    Args:
        axes: where to draw.
        cycles: name to positions ``[T, V, 3]``, pelvis at the origin, facing +z.
        layout: which joints they are.
        poses: how many poses of each cycle are drawn, evenly spread from its start.
        view: "sagittal", "frontal" or "three_quarter".
        colours: name to colour; angry, happy, neutral and sad have theirs already.
        joint_colours: name to colours ``[T, V, 4]`` of the joints (see ``RelevanceScale.colours``); None: no dots.
        joint_sizes_pt: name to diameters ``[T, V]`` of the dots; None: all alike.
        room: least space between two poses' places, in parts of the body's height.
        width_pt: the line width of the limbs.
        text_pt: the size of the letters.

    Raises:
        InputError: no cycle, or fewer than one pose.
    """
    if not cycles or poses < 1:
        raise InputError(f"film strip: expected a cycle and a pose at least (got {len(cycles)} and {poses})")
    colours = name_colours(list(cycles)) | dict(colours or {})
    flats = {name: project(cycle, view=view)[0] for name, cycle in cycles.items()}
    height = max(float(np.ptp(flat[..., 1])) for flat in flats.values())
    step = max(float(np.ptp(flat[..., 0], axis=1).max()) for flat in flats.values()) + room * height
    for row, (name, cycle) in enumerate(cycles.items()):
        floor = -1.2 * height * row
        lift = floor - float(flats[name][..., 1].min())
        for place in range(poses):
            frame = round(place * len(cycle) / poses)
            draw_body(
                axes,
                positions=cycle[frame],
                layout=layout,
                view=view,
                colour=colours[name],
                width_pt=width_pt,
                offset=(place * step, lift),
                joint_colours=None if joint_colours is None else joint_colours[name][frame],
                joint_sizes_pt=None if joint_sizes_pt is None else joint_sizes_pt[name][frame],
            )
        axes.plot([-0.5 * step, (poses - 0.5) * step], [floor, floor], color=PALE, linewidth=1, zorder=1)
        middle = floor + height / 2
        axes.text(-0.62 * step, middle, name, ha="right", va="center", rotation=90, fontsize=text_pt + 1, color=INK)
    bottom = -1.2 * height * (len(cycles) - 1)
    for place in range(poses):
        text = f"{100 * place / poses:.0f} %"
        axes.text(place * step, bottom - 0.06 * height, text, ha="center", va="top", fontsize=text_pt, color=INK)
    bare(axes)
    axes.set_xlim(-0.9 * step, (poses - 0.5) * step)
    axes.set_ylim(bottom - 0.22 * height, 1.08 * height)


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
    """Draw panels of film strips in rows of ``columns``; all rows of a sheet are equally high.

    Args:
        panels: titles and cycles, pelvis at the origin, facing +z.
        layout: which joints they are.
        columns: panels side by side.
        poses: the poses of each strip.
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


def relevance_strip_figure(
    cycles: Mapping[str, npt.NDArray[np.floating]],
    maps: Mapping[str, npt.ArrayLike],
    *,
    layout: Layout,
    poses: int = 10,
    view: View = "sagittal",
    scale: RelevanceScale | None = None,
    meaning: str = "",
    title: str = "",
) -> Figure:
    """Draw film strips coloured by relevance, one for each emotion; readable from 900 pixels of width up.

    Args:
        cycles: emotion to its average cycle ``[T, V, 3]``, pelvis at the origin, facing +z.
        maps: the same emotions to relevance ``[T, V]``.
        layout: which joints they are.
        poses: how many poses each strip has.
        view: "sagittal", "frontal" or "three_quarter".
        scale: the scale of the colours; None: up to the largest number of all maps.
        meaning: what the colour bar says.
        title: above the strips.

    Raises:
        InputError: no cycle, or a map that does not fit its cycle.
    """
    scale = scale or relevance_scale(maps.values())
    figure = new_figure(width_in=_WIDTH_IN, height_in=_WIDTH_IN)
    axes = figure.add_subplot()
    draw_relevance_strips(axes, cycles=cycles, maps=maps, layout=layout, scale=scale, poses=poses, view=view)
    wide, high = (float(np.ptp(limits)) for limits in (axes.get_xlim(), axes.get_ylim()))
    figure.set_size_inches(_WIDTH_IN, _WIDTH_IN * high / wide + (1.0 if title else 0.75))
    draw_scale(figure, axes=axes, scale=scale, meaning=meaning, below=True)
    if title:
        figure.suptitle(title, fontsize=TEXT_PT + 1, color=INK)
    return figure


def draw_relevance_strips(
    axes: Axes,
    *,
    cycles: Mapping[str, npt.NDArray[np.floating]],
    maps: Mapping[str, npt.ArrayLike],
    layout: Layout,
    scale: RelevanceScale,
    poses: int = 10,
    view: View = "sagittal",
    text_pt: float = SMALL_PT,
) -> None:
    """Draw the strips on one axes; see ``relevance_strip_figure``."""
    shades, sizes = {}, {}
    for name, cycle in cycles.items():
        values = np.asarray(maps.get(name, ()))
        if values.shape != cycle.shape[:2]:
            raise InputError(
                f"relevance strip: {name!r} needs a map of its cycle's shape {list(cycle.shape[:2])}"
                f" (got {list(values.shape)})"
            )
        shades[name], sizes[name] = scale.colours(values), scale.dots_pt(values, largest_pt=10.0)
    draw_film_strips(
        axes,
        cycles=cycles,
        layout=layout,
        poses=poses,
        view=view,
        colours=dict.fromkeys(cycles, GREY),
        joint_colours=shades,
        joint_sizes_pt=sizes,
        room=0.16,
        width_pt=1.8,
        text_pt=text_pt,
    )
