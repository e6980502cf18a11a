"""Names beside a picture that do not run into each other."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from stgcn_affect.visual.style import GREY, INK, SMALL_PT


def spread(wanted: npt.ArrayLike, *, gap: float) -> npt.NDArray[np.float64]:
    """Move numbers apart, as little as possible (least squares), until each two differ by ``gap`` at least.

    Numbers that would meet are joined into a block about their mean (pool adjacent violators).
    """
    wanted = np.asarray(wanted, dtype=float)
    order = np.argsort(wanted, kind="stable")
    blocks: list[list[float]] = []
    for rank, value in enumerate(wanted[order]):
        blocks.append([value - rank * gap])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    free = np.concatenate([np.full(len(block), np.mean(block)) for block in blocks]) if blocks else np.zeros(0)
    placed = np.empty_like(wanted)
    placed[order] = free + np.arange(len(wanted)) * gap
    return placed


def draw_column(
    axes: Axes,
    *,
    points: Mapping[str, tuple[float, float]],
    at: float,
    gap: float,
    size_pt: float = SMALL_PT,
) -> None:
    """Write names in a column at ``at``, each on a thin line from its point; the text runs away from the points.

    Args:
        axes: where to draw.
        points: name to (right, up).
        at: where the column stands, right of all points or left of them.
        gap: least distance between two lines of text, in the axes' units.
        size_pt: of the letters.
    """
    names = list(points)
    heights = spread([points[name][1] for name in names], gap=gap)
    for name, height in zip(names, heights, strict=True):
        x, y = points[name]
        right = at > x
        elbow = at - 0.35 * gap if right else at + 0.35 * gap
        axes.plot([x, elbow, at], [y, height, height], color=GREY, linewidth=0.5, zorder=1)
        anchor = at + 0.15 * gap if right else at - 0.15 * gap
        side = "left" if right else "right"
        axes.text(anchor, height, name, ha=side, va="center", fontsize=size_pt, color=INK)
