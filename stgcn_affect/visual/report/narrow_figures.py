"""Figures in the width of a phone, whose letters can be read there; wider screens show several side by side."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.joint_phase import draw_joint_phase
from stgcn_affect.visual.ranking import Rows, draw_ranking, side_handles
from stgcn_affect.visual.relevance_scale import RelevanceScale, draw_scale
from stgcn_affect.visual.style import INK, SMALL_PT, new_figure

WIDTH_IN = 4.3
_ROW_IN = 0.165


def narrow_map(
    relevance: npt.ArrayLike,
    *,
    layout: Layout,
    scale: RelevanceScale,
    events: Mapping[str, float],
    meaning: str,
) -> Figure:
    """Joints by phases ``[T, V]`` with the scale below; see ``draw_joint_phase``."""
    figure = new_figure(width_in=WIDTH_IN, height_in=1.35 + _ROW_IN * layout.num_joints)
    axes = figure.add_subplot()
    draw_joint_phase(axes, relevance=relevance, layout=layout, scale=scale, events=events)
    draw_scale(figure, axes=axes, scale=scale, meaning=meaning, below=True)
    return figure


def narrow_ranking(
    rows: Rows, *, layout: Layout, tempo: Mapping[str, Any] | None, colour: str, meaning: str, limit: float
) -> Figure:
    """Joints with limits, the stride time as one more row; see ``draw_ranking``. Axes that go with each other share
    ``limit``, the largest number that they show.
    """
    figure = new_figure(width_in=WIDTH_IN, height_in=1.0 + _ROW_IN * (len(rows) + 2))
    axes = figure.add_subplot()
    draw_ranking(axes, rows=rows, layout=layout, tempo=tempo, colour=colour)
    axes.set_xlim(min(0.0, axes.get_xlim()[0]), 1.04 * limit)
    axes.set_xlabel(meaning, fontsize=SMALL_PT, color=INK, labelpad=2)
    figure.legend(handles=side_handles(), loc="outside lower center", ncols=3, fontsize=SMALL_PT, frameon=False)
    return figure


def map_words(relevance: npt.ArrayLike, *, layout: Layout, name: str) -> str:
    """What a map shows, in a sentence: where it speaks most for the emotion, and where most against it."""
    values = np.asarray(relevance, dtype=float)
    said = []
    for sign, words in ((1.0, "for"), (-1.0, "against")):
        signed = sign * np.nan_to_num(values)
        sample, joint = np.unravel_index(int(signed.argmax()), signed.shape)
        if signed[sample, joint] > 0:
            said.append(f"most {words} it at {layout.joints[joint]}, {100 * sample / len(values):.0f} % of the cycle")
    return f"Relevance for {name} by joint and phase of the gait cycle: {'; '.join(said) or 'none'}."
