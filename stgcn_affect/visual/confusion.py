"""A confusion matrix that can be read without its colours."""

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.visual.style import INK, PAPER, SMALL_PT, TEXT_PT, new_figure


def confusion_figure(counts: npt.ArrayLike, *, names: list[str] | tuple[str, ...], title: str = "") -> Figure:
    """Rows are the truth, columns what was said; each cell has its share of the row and its count.

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
    axes.set_xlabel("said", fontsize=TEXT_PT)
    axes.set_ylabel("true (cycles)", fontsize=TEXT_PT)
    axes.spines[:].set_visible(False)
    axes.set_xticks(np.arange(size - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(size - 1) + 0.5, minor=True)
    axes.grid(which="minor", color=PAPER, linewidth=2)
    axes.tick_params(which="minor", length=0)
    if title:
        axes.set_title(title, fontsize=TEXT_PT, color=INK)
    return figure
