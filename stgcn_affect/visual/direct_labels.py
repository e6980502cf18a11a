"""Names written on the lines that they name, where there is room for them."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from stgcn_affect.visual.style import PAPER, SMALL_PT

Box = tuple[float, float, float, float]

_POINTS, _PLACES, _ENDS, _OFF_PX, _ON = 300, 60, 0.08, 3.0, 25.0


def label_lines(
    axes: Axes,
    lines: Mapping[str, tuple[npt.ArrayLike, npt.ArrayLike]],
    *,
    colours: Mapping[str, str],
    avoid: Sequence[tuple[npt.ArrayLike, npt.ArrayLike]] = (),
    size_pt: float = SMALL_PT,
) -> None:
    """Write each name just above, below or on its line, where it covers no other and is clear of the other lines.

    Call it last: the layout of the figure is settled here, and the limits of the axes must not move afterwards.

    Args:
        axes: where the lines are already drawn.
        lines: name to (x, y), x rising.
        colours: name to colour.
        avoid: lines without a name that are not to be covered either.
        size_pt: of the letters.
    """
    if (figure := axes.get_figure(root=True)) is not None:
        figure.draw_without_rendering()
    frame = np.asarray(axes.get_window_extent().extents, dtype=float)
    paths = {name: _pixels(axes, *line) for name, line in lines.items()}
    extra = [_pixels(axes, *line) for line in avoid]
    taken: list[Box] = []
    for name in lines:
        text = axes.text(0, 0, name, fontsize=size_pt, color=colours[name], ha="center", va="center", zorder=6)
        text.set_bbox({"facecolor": PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 0.5})
        extent = text.get_window_extent()
        half = (extent.width / 2 + 2, extent.height / 2)
        others = [path for other, path in paths.items() if other != name] + extra
        box = _best_box(paths[name], others=others, half=half, frame=frame, taken=taken)
        taken.append(box)
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        text.set_position(tuple(axes.transData.inverted().transform(middle)))


def _pixels(axes: Axes, x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[np.float64]:
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    fine = np.linspace(x[0], x[-1], _POINTS)
    pixels: npt.NDArray[np.float64] = axes.transData.transform(np.column_stack([fine, np.interp(fine, x, y)]))
    return pixels


def _best_box(
    own: npt.NDArray[np.float64],
    *,
    others: Sequence[npt.NDArray[np.float64]],
    half: tuple[float, float],
    frame: npt.NDArray[np.float64],
    taken: Sequence[Box],
) -> Box:
    """The box with the least cost of those above, below and on the line at many places away from its ends."""
    around = np.concatenate([np.zeros((0, 2)), *others])
    inset = _ENDS * (frame[2] - frame[0]) + half[0]
    best, least = (0.0, 0.0, 0.0, 0.0), np.inf
    for x in np.linspace(frame[0] + inset, frame[2] - inset, _PLACES):
        under = own[np.abs(own[:, 0] - x) <= half[0]][:, 1]
        if not len(under):
            continue
        on_line = float(np.interp(x, *own.T))
        for y in (under.max() + _OFF_PX + half[1], under.min() - _OFF_PX - half[1], on_line):
            box = (x - half[0], y - half[1], x + half[0], y + half[1])
            cost = (
                _cost(box, others=around, frame=frame, taken=taken)
                + 3 * abs(y - on_line)
                + (_ON if y == on_line else 0)
            )
            if cost < least:
                best, least = box, cost
    return best


def _cost(box: Box, *, others: npt.NDArray[np.float64], frame: npt.NDArray[np.float64], taken: Sequence[Box]) -> float:
    """In pixels, about: what is covered, what sticks out, and how near the next line is."""
    outside = max(0.0, frame[1] - box[1]) + max(0.0, box[3] - frame[3])
    clash = sum(_overlap(box, other) for other in taken)
    level = others[(others[:, 0] > box[0]) & (others[:, 0] < box[2])][:, 1]
    gaps = np.maximum(np.maximum(box[1] - level, level - box[3]), 0.0)
    covered = float((gaps == 0).sum())
    cost: float = 3 * covered + 20 * outside + clash - 2 * min(float(gaps.min(initial=np.inf)), 40.0)
    return cost


def _overlap(a: Box, b: Box) -> float:
    """Shared area in square pixels."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
