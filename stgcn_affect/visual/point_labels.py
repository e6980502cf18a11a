"""Names beside points in a plane, where they cover neither points nor each other."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.text import Text

from stgcn_affect.visual.style import SMALL_PT

Pixels = npt.NDArray[np.float64]

_RADII_PX, _ANGLES, _ROUNDS = (12.0, 18.0, 26.0, 36.0, 48.0, 62.0, 78.0), 24, 3
_LEADER_PX = 20.0
"""A name further from its point than this is joined to it by a thin line."""

_GAP_PX, _MARKER_PX = 2.0, 4.0
_EDGES = np.array([(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1)], dtype=float)


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
        size_pt: of the letters.

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
            costs = [_cost(at, half, spots[i], marks, obstacles, others, frame) for at in places]
            middles[i] = places[int(np.argmin(costs))]
    for i, text in enumerate(texts):
        _put(axes, text, spots[i], middles[i])
    return texts


def _around(spot: Pixels) -> list[Pixels]:
    turns = 2 * np.pi * (np.arange(_ANGLES) + 1) / _ANGLES
    return [spot + radius * np.array([np.cos(turn), np.sin(turn)]) for radius in _RADII_PX for turn in turns]


def _cost(
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
    strange = np.hypot(*(marks - at).T).min() < away - 1
    passed = 0
    if away > _LEADER_PX:
        way = spot + np.linspace(0.3, 1.0, 12)[:, None] * (at - spot)
        near = np.hypot(*(marks[:, None] - way[None]).transpose(2, 0, 1)).min(axis=1)
        passed = int(((near < 2 * _MARKER_PX) & (marks != spot).any(axis=1)).sum())
        passed += sum(bool((np.abs(way - middle) < other).all(axis=1).any()) for middle, other in others) * 5
    return float(away + 50 * (covered > 0) + 20 * covered + 300 * clash + 50 * outside + 20 * passed + 40 * strange)


def _put(axes: Axes, text: Text, spot: Pixels, at: Pixels) -> None:
    to_data = axes.transData.inverted().transform
    (x, y), (spot_x, spot_y) = to_data(at), to_data(spot)
    text.set_position((x, y))
    if np.hypot(*(at - spot)) > _LEADER_PX:
        axes.plot([spot_x, x], [spot_y, y], color=text.get_color(), linewidth=0.5, zorder=1)
        text.set_bbox({"facecolor": axes.get_facecolor(), "edgecolor": "none", "pad": 0.3})
