"""Privacy against utility: how much of the emotion is left for how much of the walker."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stgcn_affect.visual.point_labels import label_points
from stgcn_affect.visual.style import INK, OKABE_ITO, TEXT_PT, new_figure

MARKERS = {"reversal": "o", "plain": "s", "leace": "^", "noise": "D", "decoded": "P", "retargeted": "X"}

_SAMPLES = 150


def privacy_utility_figure(points: Sequence[Mapping[str, Any]], *, chance: float, title: str = "") -> Figure:
    """Points of ways to hide: re-identification to the right, emotion upwards; the corner at the top left is wanted.

    Args:
        points: each with name, emotion, identity, identity_ci95 and identity_chance; a name's part before "-" is its
            kind, and points of one kind are joined.
        chance: of the emotion.
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
    axes.set_xlabel("known walkers re-identified (dotted: chance)", fontsize=TEXT_PT)
    axes.set_ylabel("emotion of unseen walkers", fontsize=TEXT_PT)
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
