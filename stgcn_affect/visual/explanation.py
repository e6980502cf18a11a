"""One picture that explains one emotion: when, where, in motion, and how sure."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.joint_phase import draw_joint_phase
from stgcn_affect.visual.ranking import Rows, draw_ranking, side_handles
from stgcn_affect.visual.relevance_body import draw_relevance_bodies, walking_pose
from stgcn_affect.visual.relevance_scale import RelevanceScale, draw_scale, relevance_scale
from stgcn_affect.visual.relevance_strip import draw_relevance_strips
from stgcn_affect.visual.style import INK, SMALL_PT, TEXT_PT, name_colours, new_figure

_TEXT_PT, _BODIES_IN = 7.2, 3.9


def explanation_figure(
    cycle: npt.NDArray[np.floating],
    relevance: npt.ArrayLike,
    *,
    layout: Layout,
    name: str,
    ranking: Rows,
    tempo: Mapping[str, Any] | None = None,
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
        name: of the emotion; it chooses the ranking's colour.
        ranking: rows with joint, mean and ci95.
        tempo: mean and ci95 of the stride time.
        events: short name to per cent of the cycle, see ``draw_joint_phase``.
        scale: of map and strip; None: the map's own. The body, a mean over the cycle, has a scale of its own.
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
    draw_ranking(axes, rows=ranking, layout=layout, tempo=tempo, top=top, colour=colour, text_pt=_TEXT_PT)
    axes.set_xlabel(ranking_meaning, fontsize=_TEXT_PT, color=INK, labelpad=2)
    below.legend(handles=side_handles(), loc="outside right center", fontsize=SMALL_PT - 0.5, frameon=False)
    figure.suptitle(title or name, fontsize=TEXT_PT + 1.5, color=INK)
    return figure
