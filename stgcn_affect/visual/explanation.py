"""Draw an explanation: its map, body, film strip and joint ranking in one figure, or the ranking alone."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.body import joint_sides
from stgcn_affect.visual.film_strip import draw_relevance_strips
from stgcn_affect.visual.joint_phase import draw_joint_phase
from stgcn_affect.visual.relevance_body import draw_relevance_bodies, walking_pose
from stgcn_affect.visual.relevance_scale import RelevanceScale, draw_scale, relevance_scale
from stgcn_affect.visual.style import INK, OKABE_ITO, PALE, PAPER, SMALL_PT, TEXT_PT, name_colours, new_figure

_ROW_IN, _APART = 0.165, 1.6
_MARKERS = {"left": "o", "middle": "D", "right": "o"}
_SIZES = {"left": 5.0, "middle": 4.2, "right": 5.0}

Rows = Sequence[Mapping[str, Any]]


_TEXT_PT, _BODIES_IN = 7.2, 3.9


def ranking_figure(
    rankings: Mapping[str, Rows],
    *,
    layout: Layout,
    stride_time: Mapping[str, Mapping[str, Any]] | None = None,
    top: int | None = None,
    meaning: str = "mean relevance, for or against; 95 % limits",
    title: str = "",
) -> Figure:
    """Draw joint rankings, a panel for each emotion on one x axis; readable from 900 pixels of width up.

    Args:
        rankings: emotion to rows with joint, mean and ci95 (low, high), in any order; ci95 may be None.
        layout: tells left (filled), right (open) and middle joints (diamonds).
        stride_time: emotion to mean and ci95 of the stride time.
        top: how many joints each panel shows; None: all.
        meaning: the meaning of the x axis.
        title: above the panels.

    Raises:
        InputError: no ranking, one without rows, or a joint that the layout does not have.
    """
    if not rankings:
        raise InputError("ranking_figure: expected at least one ranking (got none)")
    columns = min(2, len(rankings))
    lines = -(-len(rankings) // columns)
    most = max(min(len(rows), top or len(rows)) for rows in rankings.values()) + (_APART if stride_time else 0)
    figure = new_figure(
        width_in=5.0 if columns == 1 else 9.0, height_in=lines * (0.65 + _ROW_IN * most) + 0.35 + (0.3 if title else 0)
    )
    panels = figure.subplots(lines, columns, sharex=True, squeeze=False).ravel()
    colours = name_colours(list(rankings))
    for axes, (name, rows) in zip(panels, rankings.items(), strict=False):
        draw_ranking(
            axes, rows=rows, layout=layout, stride_time=(stride_time or {}).get(name), top=top, colour=colours[name]
        )
        axes.set_title(name, fontsize=TEXT_PT, color=INK)
        axes.tick_params(labelbottom=True)
        axes.set_xlabel(meaning, fontsize=SMALL_PT, color=INK, labelpad=2)
    for spare in panels[len(rankings) :]:
        spare.set_axis_off()
    figure.legend(handles=side_handles(), loc="outside lower center", ncols=3, fontsize=SMALL_PT, frameon=False)
    if title:
        figure.suptitle(title, fontsize=TEXT_PT + 1, color=INK)
    return figure


def draw_ranking(
    axes: Axes,
    *,
    rows: Rows,
    layout: Layout,
    stride_time: Mapping[str, Any] | None = None,
    top: int | None = None,
    colour: str = OKABE_ITO[0],
    text_pt: float = SMALL_PT,
) -> None:
    """Draw one ranking, the largest mean on top; see ``ranking_figure``."""
    if not rows:
        raise InputError("ranking: expected one joint at least (got none)")
    sides = joint_sides(layout)
    ranked = sorted(rows, key=lambda row: -float(row["mean"]))[:top]
    names = [str(row["joint"]) for row in ranked]
    looks = [sides[layout.index(name)] for name in names]
    heights = [float(place) for place in range(len(ranked))]
    if stride_time is not None:
        ranked, names, looks = [*ranked, stride_time], [*names, "stride time"], [*looks, "stride time"]
        heights.append(heights[-1] + _APART)
        axes.axhline(heights[-2] + _APART / 2, color=INK, linewidth=0.9, zorder=1)
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    for row, look, y in zip(ranked, looks, heights, strict=True):
        _draw_row(axes, row=row, look=look, y=y, colour=INK if look == "stride time" else colour)
    axes.set_yticks(heights, names)
    axes.set_ylim(heights[-1] + 0.6, -0.6)
    axes.tick_params(labelsize=text_pt, colors=INK, length=2, pad=2)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)


def side_handles() -> list[Line2D]:
    """Legend entries for the markers of left, middle and right joints."""
    names = {"left": "left", "middle": "midline", "right": "right"}
    return [_marker(side, INK, label=f"{name} joints") for side, name in names.items()]


def _marker(look: str, colour: str, **more: Any) -> Line2D:
    return Line2D(
        more.pop("x", []),
        more.pop("y", []),
        linestyle="none",
        marker=_MARKERS.get(look, "s"),
        markersize=_SIZES.get(look, 4.6),
        markerfacecolor=PAPER if look == "right" else colour,
        markeredgecolor=colour,
        markeredgewidth=1.3,
        zorder=4,
        **more,
    )


def _draw_row(axes: Axes, *, row: Mapping[str, Any], look: str, y: float, colour: str) -> None:
    mean, limits = float(row["mean"]), row.get("ci95")
    axes.axhline(y, color=PALE, linewidth=0.5, zorder=0)
    if limits is not None and np.isfinite(limits).all():
        axes.plot(list(limits), [y, y], color=colour, linewidth=1.4, solid_capstyle="butt", zorder=3)
    axes.add_line(_marker(look, colour, x=[mean], y=[y]))
    axes.update_datalim([(mean, y)])
    axes.autoscale_view(scaley=False)


def explanation_figure(
    cycle: npt.NDArray[np.floating],
    relevance: npt.ArrayLike,
    *,
    layout: Layout,
    name: str,
    ranking: Rows,
    stride_time: Mapping[str, Any] | None = None,
    events: Mapping[str, float] | None = None,
    scale: RelevanceScale | None = None,
    top: int = 10,
    meaning: str = "",
    ranking_meaning: str = "mean relevance, for or against; 95 % limits",
    title: str = "",
) -> Figure:
    """Joint-phase map and body above, the film strip in a row of its own, the ranking below; for 900 pixels of width.

    Args:
        cycle: average cycle ``[T, V, 3]``, pelvis at the origin, facing +z.
        relevance: ``[T, V]`` over that cycle.
        layout: which joints they are.
        name: the name of the emotion; it chooses the ranking's colour.
        ranking: rows with joint, mean and ci95.
        stride_time: mean and ci95 of the stride time.
        events: short name to per cent of the cycle, see ``draw_joint_phase``.
        scale: the scale of map and strip; None: the map's own. The body, a mean over the cycle, has a scale of its own.
        top: how many joints the ranking shows.
        meaning: what the colour bars say.
        ranking_meaning: what the ranking's x axis says.
        title: above all; else the name.

    Raises:
        InputError: map, cycle, ranking and layout do not fit together.
    """
    values = np.asarray(relevance, dtype=float)
    scale = scale or relevance_scale([values])
    heights = [1.15 + 0.165 * max(layout.num_joints, 18), 1.95, 0.85 + 0.165 * (min(top, len(ranking)) + 2)]
    figure = new_figure(width_in=9.0, height_in=sum(heights) + 0.3)
    above, strip, below = figure.subfigures(3, 1, height_ratios=heights, squeeze=False)[:, 0]
    left, right = above.subfigures(1, 2, width_ratios=(9.0 - _BODIES_IN, _BODIES_IN), squeeze=False)[0]
    axes = left.add_subplot()
    draw_joint_phase(axes, relevance=values, layout=layout, scale=scale, events=events, text_pt=_TEXT_PT)
    draw_scale(left, axes=axes, scale=scale, meaning=meaning, below=True, size_pt=_TEXT_PT)
    axes = right.add_subplot()
    mean = values.mean(axis=0)
    own = RelevanceScale(limit=relevance_scale([mean]).limit, signed=scale.signed)
    draw_relevance_bodies(
        axes,
        pose=walking_pose(cycle),
        relevance=mean,
        layout=layout,
        scale=own,
        room_in=(_BODIES_IN - 0.1, min(heights[0] - 0.9, 3.4)),
        text_pt=_TEXT_PT,
    )
    draw_scale(right, axes=axes, scale=own, meaning="the same, mean over the cycle", below=True, size_pt=_TEXT_PT)
    draw_relevance_strips(
        strip.add_subplot(), cycles={name: cycle}, maps={name: values}, layout=layout, scale=scale, text_pt=_TEXT_PT
    )
    axes = below.add_subplot()
    colour = name_colours([name])[name]
    draw_ranking(axes, rows=ranking, layout=layout, stride_time=stride_time, top=top, colour=colour, text_pt=_TEXT_PT)
    axes.set_xlabel(ranking_meaning, fontsize=_TEXT_PT, color=INK, labelpad=2)
    below.legend(handles=side_handles(), loc="outside right center", fontsize=SMALL_PT - 0.5, frameon=False)
    figure.suptitle(title or name, fontsize=TEXT_PT + 1.5, color=INK)
    return figure
