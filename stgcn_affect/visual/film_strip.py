"""Gait cycles as film strips: the poses of a cycle in a row, from heel strike to heel strike."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.body import View, draw_body, project
from stgcn_affect.visual.style import INK, PALE, SMALL_PT, TEXT_PT, bare, name_colours, new_figure


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
    """One strip for each named cycle, one above the other; see ``draw_film_strips``."""
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
        colours: name to colour; the usual emotions have theirs already.
        joint_colours: name to colours ``[T, V, 4]`` of the joints (see ``value_colours``); None: no dots.
        joint_sizes_pt: name to diameters ``[T, V]`` of the dots; None: all alike.
        room: least space between two poses' places, in parts of the body's height.
        width_pt: of the limbs.
        text_pt: of the letters.

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
