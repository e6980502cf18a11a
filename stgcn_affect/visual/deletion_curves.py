"""Does the map mean it? The class's probability while joints are taken away, and while they are put back."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.visual.direct_labels import label_lines
from stgcn_affect.visual.style import GREY, INK, OKABE_ITO, SMALL_PT, TEXT_PT, new_figure

Dashes = str | tuple[float, tuple[float, ...]]
Looks = dict[str, tuple[str, Dashes, float]]

_LOOKS: Looks = {
    "map": (OKABE_ITO[0], "-", 2.2),
    "reversed": (OKABE_ITO[1], (0, (5, 1.5)), 1.6),
    "motion energy": (OKABE_ITO[2], (0, (4, 1.2, 1, 1.2)), 1.6),
    "random": (GREY, (0, (1.2, 1)), 1.6),
}
"""Colour, dashes and width in points of the usual orders."""


def deletion_figure(
    shares: npt.ArrayLike,
    *,
    deletion: Mapping[str, npt.ArrayLike],
    insertion: Mapping[str, npt.ArrayLike] | None = None,
    chance: float,
    unit: str = "joints",
    title: str = "",
) -> Figure:
    """Deletion at the left (a true map falls fast), insertion at the right (a true map rises fast), one y axis.

    Args:
        shares: ``[K]`` rising, 0 to 1: which share of the input was removed, or put back.
        deletion: name of an order to ``[3, K]``: the mean probability of the class and its lower and upper 95 %
            limits; "map", "random", "reversed" and "motion energy" have looks of their own.
        insertion: likewise.
        chance: probability of the class by guessing.
        unit: what was removed.
        title: above both.

    Raises:
        InputError: a curve is not ``[3, K]``.
    """
    panels = {"removed": deletion} | ({} if insertion is None else {"put back": insertion})
    x = 100 * np.asarray(shares, dtype=float)
    for kind, curves in panels.items():
        for name, curve in curves.items():
            if np.shape(curve) != (3, len(x)):
                raise InputError(
                    f"deletion_figure: {name!r} ({kind}) needs mean, lower and upper limit at {len(x)} shares,"
                    f" [3, {len(x)}] (got {list(np.shape(curve))})"
                )
    figure = new_figure(width_in=9.0 if len(panels) > 1 else 5.2, height_in=3.9)
    row = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    names = list(dict.fromkeys(name for curves in panels.values() for name in curves))
    for axes, (kind, curves) in zip(row, panels.items(), strict=True):
        _draw_curves(axes, x=x, curves=curves, chance=chance, looks=_looks(names))
        axes.set_xlabel(f"{unit} {kind} (%)", fontsize=TEXT_PT, color=INK)
    row[0].set_ylabel("probability of the class", fontsize=TEXT_PT, color=INK)
    if title:
        figure.suptitle(title, fontsize=TEXT_PT + 1, color=INK)
    for axes, curves in zip(row, panels.values(), strict=True):
        means = {name: (x, np.asarray(curve, dtype=float)[0]) for name, curve in curves.items()}
        label_lines(
            axes,
            means,
            colours={name: _looks(names)[name][0] for name in means},
            avoid=[(x, 0 * x + chance)],
            size_pt=TEXT_PT,
        )
    return figure


def _looks(names: list[str]) -> Looks:
    free = [colour for colour in OKABE_ITO[3:] if colour != "#F0E442"]
    others = [name for name in names if name not in _LOOKS]
    return _LOOKS | {name: (free[i % len(free)], "-", 1.6) for i, name in enumerate(others)}


def _draw_curves(
    axes: Axes,
    *,
    x: npt.NDArray[np.float64],
    curves: Mapping[str, npt.ArrayLike],
    chance: float,
    looks: Looks,
) -> None:
    axes.axhline(chance, color=INK, linewidth=0.8, linestyle=":", zorder=1)
    ends = np.abs(np.mean([np.asarray(curve, dtype=float)[0, [0, -1]] for curve in curves.values()], axis=0) - chance)
    at_left = bool(ends[0] >= ends[1])
    axes.text(
        x[0 if at_left else -1],
        chance - 0.015,
        " chance ",
        ha="left" if at_left else "right",
        va="top",
        fontsize=SMALL_PT,
        color=INK,
    )
    for order, (name, curve) in enumerate(reversed(list(curves.items()))):
        mean, low, high = np.asarray(curve, dtype=float)
        colour, dashes, width = looks[name]
        axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0, zorder=2)
        axes.plot(x, mean, color=colour, linestyle=dashes, linewidth=width, zorder=3 + 0.1 * order)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 1)
    axes.tick_params(labelsize=SMALL_PT, colors=INK)
    axes.spines[["top", "right"]].set_visible(False)
