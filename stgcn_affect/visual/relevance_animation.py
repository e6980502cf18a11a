"""A walk whose joints light up when they count, as an animated GIF."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.animation import FOOTER_IN, walk_gif
from stgcn_affect.visual.body import View
from stgcn_affect.visual.relevance_scale import RelevanceScale, relevance_scale
from stgcn_affect.visual.style import GREY, INK, SMALL_PT


def relevance_gif(
    cycles: Mapping[str, npt.NDArray[np.floating]],
    maps: Mapping[str, npt.ArrayLike],
    *,
    layout: Layout,
    scale: RelevanceScale | None = None,
    view: View = "three_quarter",
    cycle_s: float = 2.2,
    frames: int = 32,
    height_px: int = 360,
) -> bytes:
    """The bytes of a GIF: one body for each emotion, colour bar and phase below; slower than life by default.

    Args:
        cycles: emotion, or another caption, to its average cycle ``[T, V, 3]``, pelvis at the origin, facing +z.
        maps: the same names to relevance ``[T, V]``.
        layout: which joints they are.
        scale: of colours and sizes; None: up to the largest number of all maps.
        view: "sagittal", "frontal" or "three_quarter".
        cycle_s: seconds that a cycle takes.
        frames: pictures per cycle.
        height_px: of the GIF.

    Raises:
        InputError: no cycle, or a map that does not fit its cycle.
    """
    scale = scale or relevance_scale(maps.values())
    values = {name: np.asarray(maps.get(name, ()), dtype=float) for name in cycles}
    for name, cycle in cycles.items():
        if values[name].shape != cycle.shape[:2]:
            raise InputError(
                f"relevance animation: {name!r} needs a map of its cycle's shape {list(cycle.shape[:2])}"
                f" (got {list(values[name].shape)})"
            )

    def footer(figure: Figure, phase_pct: float) -> None:
        _draw_footer(figure, phase_pct=phase_pct, scale=scale)

    return walk_gif(
        list(cycles.values()),
        layout=layout,
        captions=list(cycles),
        colours=[GREY] * len(cycles),
        view=view,
        cycle_s=cycle_s,
        frames=frames,
        height_px=height_px,
        joint_colours=[scale.colours(array) for array in values.values()],
        joint_sizes_pt=[scale.dots_pt(array, largest_pt=13.0) for array in values.values()],
        tints=scale.colours(np.linspace(-scale.limit, scale.limit, 121)),
        footer=footer,
    )


def _draw_footer(figure: Figure, *, phase_pct: float, scale: RelevanceScale) -> None:
    """At the left the phase, beside it the colour bar with its ends in words."""
    width, height = figure.get_size_inches()
    middle = 0.4 * FOOTER_IN / height
    figure.text(
        0.1 / width, middle, f"{phase_pct:.0f} % of the cycle", ha="left", va="center", fontsize=SMALL_PT + 1, color=INK
    )
    bar = figure.add_axes((1.85 / width, middle - 0.06 / height, 1 - 2.3 / width, 0.12 / height))
    figure.colorbar(ScalarMappable(norm=scale.norm, cmap=scale.colour_map), cax=bar, orientation="horizontal")
    bar.set_xticks([])
    ends = ("against", "for") if scale.signed else ("0", f"{scale.limit:.2g}")
    for at, side, text in ((-0.03, "right", ends[0]), (1.03, "left", ends[1])):
        bar.text(at, 0.5, text, transform=bar.transAxes, ha=side, va="center", fontsize=SMALL_PT, color=INK)
