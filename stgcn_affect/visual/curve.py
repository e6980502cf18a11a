"""Privacy against utility: how much of the emotion is left for how much of the walker."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from stgcn_affect.visual.style import INK, OKABE_ITO, TEXT_PT, new_figure

MARKERS = {"reversal": "o", "plain": "s", "leace": "^", "noise": "D", "decoded": "P", "retargeted": "X"}


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
    for number, kind in enumerate(kinds):
        mine = [point for point in points if str(point["name"]).split("-")[0] == kind]
        x, y = [point["identity"] for point in mine], [point["emotion"] for point in mine]
        colour = OKABE_ITO[number % len(OKABE_ITO)]
        low = [max(0.0, point["identity"] - point["identity_ci95"][0]) for point in mine]
        high = [max(0.0, point["identity_ci95"][1] - point["identity"]) for point in mine]
        axes.errorbar(x, y, xerr=[low, high], color=colour, marker=MARKERS.get(kind, "v"), linewidth=1.2, label=kind)
        for point in mine:
            strength = str(point["name"]).partition("-")[2]
            if strength:
                axes.annotate(
                    strength,
                    (point["identity"], point["emotion"]),
                    textcoords="offset points",
                    xytext=(5, 5),
                    fontsize=TEXT_PT,
                    color=colour,
                )
    axes.axhline(chance, color=INK, linewidth=0.8, linestyle=":")
    if points:
        axes.axvline(points[0]["identity_chance"], color=INK, linewidth=0.8, linestyle=":")
        figure.legend(loc="outside right center", fontsize=TEXT_PT, frameon=False)
    axes.set_xlabel("known walkers re-identified (dotted: chance)", fontsize=TEXT_PT)
    axes.set_ylabel("emotion of unseen walkers", fontsize=TEXT_PT)
    axes.set_title(title, fontsize=TEXT_PT)
    return figure
