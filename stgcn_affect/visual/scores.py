"""Draw scores: confusion matrix, privacy against utility, deletion curves."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.visual.labels import label_lines, label_points
from stgcn_affect.visual.style import GREY, INK, OKABE_ITO, PALE, PAPER, SMALL_PT, TEXT_PT, new_figure

MARKERS = {
    **{"reversal": "o", "plain": "s", "leace": "^", "noise": "D", "adapted": "*"},
    **{"decoded": "P", "anonymised": "p", "retargeted": "X"},
}

_SAMPLES = 150

Dashes = str | tuple[float, tuple[float, ...]]

Looks = dict[str, tuple[str, Dashes, float]]

_LOOKS: Looks = {
    "map": (OKABE_ITO[0], "-", 2.2),
    "reversed": (OKABE_ITO[1], (0, (5, 1.5)), 1.6),
    "motion energy": (OKABE_ITO[2], (0, (4, 1.2, 1, 1.2)), 1.6),
    "random": (GREY, (0, (1.2, 1)), 1.6),
}
"""Colour, dashes and width in points of the orders that are always compared."""


def confusion_figure(counts: npt.ArrayLike, *, names: list[str] | tuple[str, ...], title: str = "") -> Figure:
    """Draw a confusion matrix: rows are the truth; each cell has its share of the row and its count.

    Args:
        counts: ``[Q, Q]`` numbers of cycles, the truth first.
        names: Q names.
        title: above the matrix.

    Raises:
        InputError: counts and names do not fit together.
    """
    table = np.asarray(counts)
    size = len(names)
    if table.shape != (size, size):
        raise InputError(f"confusion_figure: {size} names need counts [{size}, {size}] (got {list(table.shape)})")
    totals = table.sum(axis=1, keepdims=True)
    share = np.divide(table, totals, out=np.zeros(table.shape), where=totals > 0)
    figure = new_figure(width_in=1.7 + 0.85 * size, height_in=1.3 + 0.7 * size)
    axes = figure.add_subplot()
    axes.imshow(share, cmap=colormaps["Blues"], vmin=0, vmax=1, aspect="auto")
    for i, j in np.ndindex(size, size):
        ink = PAPER if share[i, j] > 0.55 else INK
        text = f"{100 * share[i, j]:.0f} %" if totals[i, 0] else "-"
        axes.text(j, i - 0.1, text, ha="center", va="center", fontsize=TEXT_PT, color=ink)
        axes.text(j, i + 0.24, f"{table[i, j]:g}", ha="center", va="center", fontsize=SMALL_PT - 0.5, color=ink)
    slanted = max(map(len, names), default=0) > 10
    axes.set_xticks(
        range(size), names, fontsize=SMALL_PT, rotation=30 if slanted else 0, ha="right" if slanted else "center"
    )
    axes.set_yticks(range(size), [f"{name} ({total:g})" for name, total in zip(names, totals[:, 0], strict=True)])
    axes.tick_params(length=0, labelsize=SMALL_PT)
    axes.set_xlabel("predicted", fontsize=TEXT_PT)
    axes.set_ylabel("true (cycles)", fontsize=TEXT_PT)
    axes.spines[:].set_visible(False)
    axes.set_xticks(np.arange(size - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(size - 1) + 0.5, minor=True)
    axes.grid(which="minor", color=PAPER, linewidth=2)
    axes.tick_params(which="minor", length=0)
    if title:
        axes.set_title(title, fontsize=TEXT_PT, color=INK)
    return figure


def probabilities_figure(
    cycles: npt.ArrayLike, *, names: Sequence[str], outlier: npt.ArrayLike | None = None, title: str = ""
) -> Figure:
    """A bar for the mean probability of each emotion, and a dot for each gait cycle; outliers are open dots.

    Args:
        cycles: ``[N, Q]`` probabilities.
        names: Q names.
        outlier: ``[N]`` whether a cycle is an outlier; None: none is.
        title: above the bars.

    Raises:
        InputError: probabilities and names do not fit together.
    """
    table = np.atleast_2d(np.asarray(cycles, float))
    if table.ndim != 2 or table.shape[1] != len(names):
        raise InputError(f"probabilities_figure: expected [N, {len(names)}] probabilities (got {list(table.shape)})")
    open_dots = np.zeros(len(table), bool) if outlier is None else np.asarray(outlier, bool)
    order = np.argsort(table.mean(axis=0), kind="stable")
    figure = new_figure(width_in=5.0, height_in=1.0 + 0.42 * len(names))
    axes = figure.add_subplot()
    axes.barh(range(len(names)), table.mean(axis=0)[order], height=0.62, color=PALE, edgecolor=OKABE_ITO[0])
    for i, row in enumerate(table):
        face = PAPER if open_dots[i] else OKABE_ITO[0]
        axes.scatter(row[order], range(len(names)), s=16, color=face, edgecolor=OKABE_ITO[0], zorder=3)
    axes.axvline(1 / len(names), color=GREY, linewidth=1, linestyle=(0, (4, 2)), zorder=1)
    axes.text(1 / len(names), len(names) - 0.45, "chance", fontsize=SMALL_PT, color=GREY, ha="center", va="bottom")
    axes.set_yticks(range(len(names)), [names[i] for i in order], fontsize=TEXT_PT)
    axes.set_xlim(0, 1)
    axes.set_xlabel(
        f"probability: mean (bar) and each of {len(table)} cycles"
        + (f"; {int(open_dots.sum())} outliers (open)" if open_dots.any() else ""),
        fontsize=TEXT_PT,
    )
    axes.tick_params(labelsize=SMALL_PT)
    axes.spines[["top", "right"]].set_visible(False)
    if title:
        axes.set_title(title, fontsize=TEXT_PT, color=INK, pad=16)
    return figure


def privacy_utility_figure(points: Sequence[Mapping[str, Any]], *, chance: float, title: str = "") -> Figure:
    """Draw privacy against utility: re-identification to the right, emotion upwards; the top left is best.

    Args:
        points: each with name, emotion, identity, identity_ci95 and identity_chance; a name's part before "-" is its
            kind, and points of one kind are joined.
        chance: the chance level of the emotion.
        title: over the axes.
    """
    figure = new_figure(width_in=6.4, height_in=4.4)
    axes = figure.add_subplot()
    kinds = list(dict.fromkeys(str(point["name"]).split("-")[0] for point in points))
    colours = {kind: OKABE_ITO[number % len(OKABE_ITO)] for number, kind in enumerate(kinds)}
    drawn: list[npt.NDArray[np.float64]] = []
    for kind in kinds:
        mine = [point for point in points if str(point["name"]).split("-")[0] == kind]
        x, y = [point["identity"] for point in mine], [point["emotion"] for point in mine]
        low = [max(0.0, point["identity"] - point["identity_ci95"][0]) for point in mine]
        high = [max(0.0, point["identity_ci95"][1] - point["identity"]) for point in mine]
        marker = MARKERS.get(kind, "v")
        axes.errorbar(x, y, xerr=[low, high], color=colours[kind], marker=marker, linewidth=1.2, label=kind)
        drawn += [_between((a - b, c), (a + d, c)) for a, b, c, d in zip(x, low, y, high, strict=True)]
        drawn += [_between(start, end) for start, end in pairwise(zip(x, y, strict=True))]
    axes.axhline(chance, color=INK, linewidth=0.8, linestyle=":")
    if points:
        by_chance, (bottom, top) = points[0]["identity_chance"], axes.get_ylim()
        drawn.append(_between((by_chance, bottom), (by_chance, top)))
        axes.axvline(by_chance, color=INK, linewidth=0.8, linestyle=":")
        figure.legend(loc="outside right center", fontsize=TEXT_PT, frameon=False)
    axes.set_xlabel("seen subjects re-identified (dotted: chance)", fontsize=TEXT_PT)
    axes.set_ylabel("emotion of unseen subjects", fontsize=TEXT_PT)
    axes.set_title(title, fontsize=TEXT_PT)
    names = [str(point["name"]).partition("-") for point in points]
    label_points(
        axes,
        [strength for _, _, strength in names],
        [(point["identity"], point["emotion"]) for point in points],
        colours=[colours[kind] for kind, _, _ in names],
        avoid=np.concatenate(drawn) if drawn else (),
    )
    return figure


def _between(start: tuple[float, float], end: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Samples of what is drawn from here to there, which no label is to cover."""
    return np.linspace(start, end, _SAMPLES)


def deletion_figure(
    shares: npt.ArrayLike,
    *,
    deletion: Mapping[str, npt.ArrayLike],
    insertion: Mapping[str, npt.ArrayLike] | None = None,
    chance: float,
    unit: str = "joints",
    title: str = "",
) -> Figure:
    """Draw deletion (a faithful map falls fast) and insertion curves (a faithful map rises fast).

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
