"""Latents as points, once coloured by emotion and once by walker: which of the two do they sort by?"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.visual.style import GREY, INK, OKABE_ITO, PALE, PAPER, SMALL_PT, TEXT_PT, name_colours, new_figure

_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "h", "*")
_LARGEST_LEGEND = 36


def embedding_figure(
    latents: npt.ArrayLike, *, emotions: Sequence[str], walkers: Sequence[str], title: str = ""
) -> Figure:
    """Two pictures of the same points, side by side.

    Args:
        latents: ``[N, D]``; more than two dimensions are seen in the plane of their largest variance.
        emotions: N names.
        walkers: N names.
        title: above both.

    Raises:
        InputError: not as many names as latents.
    """
    points, shares = principal_plane(latents)
    for name, given in (("emotions", emotions), ("walkers", walkers)):
        if len(given) != len(points):
            raise InputError(f"embedding_figure: expected {len(points)} {name}, one per latent (got {len(given)})")
    figure = new_figure(width_in=9.0, height_in=4.6)
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    names = sorted(set(emotions))
    _scatter(left, points, emotions, {n: (c, _MARKERS[i % 12]) for i, (n, c) in enumerate(name_colours(names).items())})
    _scatter(right, points, walkers, _walker_looks(sorted(set(walkers))))
    left.set_title(f"by emotion ({len(names)})", fontsize=TEXT_PT, color=INK)
    right.set_title(f"by walker ({len(set(walkers))})", fontsize=TEXT_PT, color=INK)
    for axes in (left, right):
        axes.set_xlabel(f"first axis ({100 * shares[0]:.0f} % of the variance)", fontsize=SMALL_PT, color=GREY)
    left.set_ylabel(f"second axis ({100 * shares[1]:.0f} %)", fontsize=SMALL_PT, color=GREY)
    if title:
        figure.suptitle(title, fontsize=TEXT_PT + 1, color=INK)
    return figure


def principal_plane(latents: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """``[N, D]`` to ``[N, 2]``, the two directions of the largest variance, and the share of it ``[2]`` on each."""
    values = np.asarray(latents, dtype=float)
    centred = values - values.mean(axis=0)
    directions, strengths, axes = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    points, shares = np.zeros((len(values), 2)), np.zeros(2)
    kept = min(2, len(strengths))
    points[:, :kept] = (directions * strengths * signs)[:, :kept]
    shares[:kept] = (strengths**2 / max(float((strengths**2).sum()), 1e-12))[:kept]
    return points, shares


def _walker_looks(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """A colour and a marker for each walker; together they tell 84 apart. Yellow is too pale for small points."""
    colours = [colour for colour in OKABE_ITO if colour != "#F0E442"]
    count = len(colours)
    return {name: (colours[i % count], _MARKERS[i // count % len(_MARKERS)]) for i, name in enumerate(names)}


def _scatter(
    axes: Axes, points: npt.NDArray[np.float64], names: Sequence[str], looks: Mapping[str, tuple[str, str]]
) -> None:
    of_point = np.asarray(names)
    for name, (colour, marker) in looks.items():
        mine = points[of_point == name]
        axes.scatter(
            mine[:, 0],
            mine[:, 1],
            s=26,
            color=colour,
            marker=marker,
            label=name,
            edgecolors=PAPER,
            linewidths=0.4,
            alpha=0.9,
        )
    axes.axhline(0, color=PALE, linewidth=0.8, zorder=0)
    axes.axvline(0, color=PALE, linewidth=0.8, zorder=0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[["top", "right"]].set_visible(False)
    if len(looks) <= _LARGEST_LEGEND:
        axes.legend(
            fontsize=SMALL_PT - 1,
            frameon=False,
            ncols=-(-len(looks) // 12),
            loc="center left",
            bbox_to_anchor=(1.0, 0.5),
            handletextpad=0.1,
            columnspacing=0.6,
        )
