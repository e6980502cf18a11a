"""Draw a roofline: how much of the machine computations use, by FLOP for each byte that they move."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FormatStrFormatter, LogLocator, NullLocator

from stgcn_affect.errors import InputError
from stgcn_affect.visual.style import GREY, INK, OKABE_ITO, SMALL_PT, TEXT_PT, new_figure

_MARKERS = "osD^vPX"


def roofline_figure(
    panels: Mapping[str, Mapping[str, npt.ArrayLike]], *, peak_gflop_per_s: float, gb_per_s: Mapping[str, float]
) -> Figure:
    """Draw rates against arithmetic intensity, under the machine's roofs (Williams et al., Comm. of the ACM 2009).

    Args:
        panels: title of a panel to name of a group to its points ``[N, 2]``: FLOP a byte, and GFLOP a second; points
            that have no FLOP are left out.
        peak_gflop_per_s: the flat part of every roof.
        gb_per_s: name of a memory to its bandwidth; each gives a roof.

    Raises:
        InputError: points are not ``[N, 2]``.
    """
    names = list(dict.fromkeys(name for groups in panels.values() for name in groups))
    looks = {name: (OKABE_ITO[i % len(OKABE_ITO)], _MARKERS[i % len(_MARKERS)]) for i, name in enumerate(names)}
    figure = new_figure(width_in=1.0 + 4.2 * len(panels), height_in=4.6)
    row = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for axes, (title, groups) in zip(row, panels.items(), strict=True):
        for name, values in groups.items():
            points = np.asarray(values, dtype=float)
            if points.ndim != 2 or points.shape[1] != 2:
                raise InputError(f"roofline_figure: {name!r} ({title}) needs points [N, 2] (got {list(points.shape)})")
            shown, (colour, marker) = points[(points > 0).all(axis=1)], looks[name]
            axes.scatter(*shown.T, s=22, color=colour, marker=marker, alpha=0.8, linewidth=0, label=name, zorder=3)
        axes.set_title(title, fontsize=TEXT_PT, color=INK)
        axes.set_xlabel("arithmetic intensity (FLOP a byte)", fontsize=TEXT_PT)
    row[0].set_xscale("log")
    row[0].set_yscale("log")
    for axes in row:
        _draw_roofs(axes, peak=peak_gflop_per_s, bandwidths=gb_per_s)
        axes.tick_params(labelsize=SMALL_PT)
        axes.spines[["top", "right"]].set_visible(False)
    row[0].set_ylabel("GFLOP a second of CPU time", fontsize=TEXT_PT)
    handles, labels = row[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=SMALL_PT, frameon=False)
    return figure


def _draw_roofs(axes: Axes, *, peak: float, bandwidths: Mapping[str, float]) -> None:
    """Draw each roof over the whole width, named along the part that rises."""
    left, right = axes.get_xlim()
    x = np.geomspace(left, right, 200)
    dashes = ("-", (0, (4, 2)), (0, (1, 1)))
    for i, (name, bandwidth) in enumerate(bandwidths.items()):
        axes.plot(x, np.minimum(peak, bandwidth * x), color=GREY, linewidth=1.2, linestyle=dashes[i % 3], zorder=1)
        at = (left * peak / bandwidth) ** 0.5 if bandwidth * left < peak else left
        axes.text(
            at,
            1.05 * bandwidth * at,
            f"{name} {bandwidth:.0f} GB/s",
            fontsize=SMALL_PT,
            color=INK,
            ha="center",
            va="bottom",
            rotation=np.degrees(np.arctan(bandwidth)),
            rotation_mode="anchor",
            transform_rotates_text=True,
        )
    axes.text(
        right, peak * 1.05, f"matrix product {peak:.0f} GFLOP/s", fontsize=SMALL_PT, color=INK, ha="right", va="bottom"
    )
    axes.set_xlim(left, right)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FormatStrFormatter("%g"))
        axis.set_minor_locator(NullLocator())
