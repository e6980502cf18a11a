"""Draw growth: measures against what is varied, on logarithmic axes, with the exponents of the fitted lines."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from stgcn_affect.errors import InputError
from stgcn_affect.visual.style import GREY, INK, OKABE_ITO, SMALL_PT, TEXT_PT, new_figure


class Curve(NamedTuple):
    """One measure: its values, and the exponent of the line that is drawn through them, or None for no line."""

    values: Sequence[float]
    exponent: float | None = None


def growth_figure(panels: Mapping[str, Mapping[str, Curve]], *, at: Mapping[str, Sequence[float]]) -> Figure:
    """A column of panels for each thing that is varied, a row for each measure.

    Args:
        panels: what is varied to measure to its curve; all have the same measures.
        at: what is varied to its values, one for each of a curve.

    Raises:
        InputError: a curve with another number of values than there are in ``at``, or with values that are not above 0.
    """
    measures = list(dict.fromkeys(name for curves in panels.values() for name in curves))
    figure = new_figure(width_in=2.3 * len(panels) + 0.6, height_in=2.1 * len(measures) + 0.4)
    grid = figure.subplots(len(measures), len(panels), sharex="col", sharey="row", squeeze=False)
    for column, (varied, curves) in zip(grid.T, panels.items(), strict=True):
        x = np.asarray(at[varied], float)
        for axes, measure, colour in zip(column, measures, OKABE_ITO, strict=False):
            y = np.asarray(curves[measure].values, float)
            if x.shape != y.shape or not (y > 0).all():
                raise InputError(
                    f"growth_figure: {measure!r} needs {len(x)} values above 0, as of {varied!r} (got {y.tolist()})"
                )
            _draw(axes, x, y, curves[measure].exponent, colour=colour)
        column[-1].set_xlabel(varied, fontsize=TEXT_PT)
    for row, measure in zip(grid, measures, strict=True):
        row[0].set_ylabel(measure, fontsize=TEXT_PT)
        low, high = row[0].get_ylim()
        row[0].set_ylim(low / 1.5, high * 1.8)
    return figure


def _draw(axes: Axes, x: np.ndarray, y: np.ndarray, exponent: float | None, *, colour: str) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.plot(x, y, "o", color=colour, markersize=4, zorder=3)
    if exponent is not None:
        centre = np.exp(np.log(x).mean()), np.exp(np.log(y).mean())
        axes.plot(x, centre[1] * (x / centre[0]) ** exponent, "-", color=GREY, linewidth=1, zorder=2)
        words = f"exponent {exponent:.2f}"
        axes.text(0.04, 0.96, words, transform=axes.transAxes, va="top", fontsize=SMALL_PT, color=INK)
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0,) if x.max() > 20 * x.min() else (1.0, 2.0, 5.0)))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(labelsize=SMALL_PT)
    axes.spines[["top", "right"]].set_visible(False)
