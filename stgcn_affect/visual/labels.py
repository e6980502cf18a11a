"""Place names in figures where they cover nothing: in a column, on lines, beside points."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.text import Text

from stgcn_affect.visual.style import GREY, INK, PAPER, SMALL_PT

Box = tuple[float, float, float, float]
Pixels = npt.NDArray[np.float64]

_POINTS, _PLACES, _ENDS, _OFF_PX, _ON = 300, 60, 0.08, 3.0, 25.0
_RADII_PX, _ANGLES, _ROUNDS = (12.0, 18.0, 26.0, 36.0, 48.0, 62.0, 78.0), 24, 3
_GAP_PX, _MARKER_PX = 2.0, 4.0
_EDGES = np.array([(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1)], dtype=float)
_LEADER_PX = 20.0
"""A name further from its point than this is joined to it by a thin line."""


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
        size_pt: the size of the letters.
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
        size_pt: the size of the letters.
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


def label_points(
    axes: Axes,
    names: Sequence[str],
    points: npt.ArrayLike,
    *,
    colours: Sequence[str],
    avoid: npt.ArrayLike = (),
    size_pt: float = SMALL_PT,
) -> list[Text]:
    """Write each name near its point. Call it last: the layout of the figure is settled here.

    Names are placed one after the other where they cover least, then each once more while the others stay.

    Args:
        axes: where the points are already drawn.
        names: N texts; points named "" are kept clear only.
        points: ``[N, 2]`` right and up.
        colours: N colours.
        avoid: ``[M, 2]`` further places that are not to be covered, such as samples of lines.
        size_pt: the size of the letters.

    Returns:
        the texts that were written, in order.
    """
    if not any(names):
        return []
    if (figure := axes.get_figure(root=True)) is not None:
        figure.draw_without_rendering()
    marks: Pixels = axes.transData.transform(np.asarray(points, dtype=float))
    further = np.asarray(avoid, dtype=float).reshape(-1, 2)
    obstacles = np.concatenate([*(marks + edge for edge in _MARKER_PX * _EDGES), axes.transData.transform(further)])
    frame = np.asarray(axes.get_window_extent().extents, dtype=float)
    texts = [
        axes.text(0, 0, name, fontsize=size_pt, color=colour, ha="center", va="center", zorder=6)
        for name, colour in zip(names, colours, strict=True)
        if name
    ]
    spots = marks[[bool(name) for name in names]]
    halves = [np.array([box.width, box.height]) / 2 for box in (text.get_window_extent() for text in texts)]
    middles: dict[int, Pixels] = {}
    for _ in range(_ROUNDS):
        for i, half in enumerate(halves):
            others = [(middle, halves[j]) for j, middle in middles.items() if j != i]
            places = _around(spots[i])
            costs = [_placement_cost(at, half, spots[i], marks, obstacles, others, frame) for at in places]
            middles[i] = places[int(np.argmin(costs))]
    for i, text in enumerate(texts):
        _put(axes, text, spots[i], middles[i])
    return texts


def _around(spot: Pixels) -> list[Pixels]:
    turns = 2 * np.pi * (np.arange(_ANGLES) + 1) / _ANGLES
    return [spot + radius * np.array([np.cos(turn), np.sin(turn)]) for radius in _RADII_PX for turn in turns]


def _placement_cost(
    at: Pixels,
    half: Pixels,
    spot: Pixels,
    marks: Pixels,
    obstacles: Pixels,
    others: Sequence[tuple[Pixels, Pixels]],
    frame: Pixels,
) -> float:
    """In pixels, about: how far away, how much is covered or nearer than the point, what sticks out of the frame, and
    what the thin line passes.
    """
    away = float(np.hypot(*(at - spot)))
    covered = min(int((np.abs(obstacles - at) < half + _GAP_PX).all(axis=1).sum()), 5)
    clash = sum(bool((np.abs(middle - at) < half + other + _GAP_PX).all()) for middle, other in others)
    outside = np.maximum(frame[:2] - (at - half), 0).sum() + np.maximum(at + half - frame[2:], 0).sum()
    is_outlier = np.hypot(*(marks - at).T).min() < away - 1
    passed = 0
    if away > _LEADER_PX:
        way = spot + np.linspace(0.3, 1.0, 12)[:, None] * (at - spot)
        near = np.hypot(*(marks[:, None] - way[None]).transpose(2, 0, 1)).min(axis=1)
        passed = int(((near < 2 * _MARKER_PX) & (marks != spot).any(axis=1)).sum())
        passed += sum(bool((np.abs(way - middle) < other).all(axis=1).any()) for middle, other in others) * 5
    return float(away + 50 * (covered > 0) + 20 * covered + 300 * clash + 50 * outside + 20 * passed + 40 * is_outlier)


def _put(axes: Axes, text: Text, spot: Pixels, at: Pixels) -> None:
    to_data = axes.transData.inverted().transform
    (x, y), (spot_x, spot_y) = to_data(at), to_data(spot)
    text.set_position((x, y))
    if np.hypot(*(at - spot)) > _LEADER_PX:
        axes.plot([spot_x, x], [spot_y, y], color=text.get_color(), linewidth=0.5, zorder=1)
        text.set_bbox({"facecolor": axes.get_facecolor(), "edgecolor": "none", "pad": 0.3})
