"""The average gait cycle as a film strip whose joints have colour and size of their relevance at that moment."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.body import View
from stgcn_affect.visual.film_strip import draw_film_strips
from stgcn_affect.visual.relevance_scale import RelevanceScale, draw_scale, relevance_scale
from stgcn_affect.visual.style import GREY, INK, SMALL_PT, TEXT_PT, new_figure

_WIDTH_IN = 9.0


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
    """A strip for each emotion, one above the other, all of one scale; readable from 900 pixels of width up.

    Args:
        cycles: emotion to its average cycle ``[T, V, 3]``, pelvis at the origin, facing +z.
        maps: the same emotions to relevance ``[T, V]``.
        layout: which joints they are.
        poses: how many poses each strip has.
        view: "sagittal", "frontal" or "three_quarter".
        scale: of the colours; None: up to the largest number of all maps.
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
