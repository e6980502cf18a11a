"""Figures inside an HTML page: inline SVG, narrow enough for a column."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.figure import Figure

from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.explanation import Rows, draw_ranking, side_handles
from stgcn_affect.visual.joint_phase import draw_joint_phase
from stgcn_affect.visual.relevance_scale import RelevanceScale, draw_scale
from stgcn_affect.visual.style import INK, SMALL_PT, new_figure

_HEAD = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
_SIZE = re.compile(r'<svg\b[^>]*?viewBox="([^"]+)"[^>]*>', re.DOTALL)
_EXTRA = re.compile(r"<metadata>.*?</metadata>|<style\b.*?</style>|<!--.*?-->", re.DOTALL)


def inline_svg(figure: Figure, *, prefix: str, label: str) -> Markup:
    """A figure as an ``<svg>`` element that scales to its column and is one image to a screen reader.

    Args:
        figure: drawn with ``new_figure``.
        prefix: the prefix of all its ids; no other figure of the page may have it.
        label: what there is to see, for those who cannot.
    """
    content = BytesIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "stgcn_affect"}):
        figure.savefig(content, format="svg", dpi=150, metadata={"Date": None, "Creator": None})
    text = _EXTRA.sub("", _HEAD.sub("", content.getvalue().decode("utf-8"), count=1))
    start = _SIZE.match(text)
    box = start[1] if start else "0 0 1 1"
    inside = text[start.end() if start else 0 :].strip()
    inside = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', inside)
    inside = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", inside)
    inside = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', inside)
    return Markup(
        '<svg role="img" aria-label="{}" viewBox="{}" xmlns="http://www.w3.org/2000/svg"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink">{}'
    ).format(label, box, Markup(inside))


def drawn(figure: Figure, *, prefix: str, caption: str, label: str, wide: bool = False) -> Markup:
    """A figure in the page with a caption above it and a description for those who cannot see it; a wide one scrolls in
    a box of its own on a phone.
    """
    svg = inline_svg(figure, prefix=prefix, label=label)
    if wide:
        box = Markup('<div class="box wide" role="region" tabindex="0" aria-label="{}">\n{}\n</div>')
        svg = box.format(caption, svg)
    return Markup('<figure class="drawn">\n<figcaption>{}</figcaption>\n{}\n</figure>').format(caption, svg)


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
    rows: Rows, *, layout: Layout, stride_time: Mapping[str, Any] | None, colour: str, meaning: str, limit: float
) -> Figure:
    """Joints with limits, the stride time as one more row; see ``draw_ranking``. Axes that go with each other share
    ``limit``, the largest number that they show.
    """
    figure = new_figure(width_in=WIDTH_IN, height_in=1.0 + _ROW_IN * (len(rows) + 2))
    axes = figure.add_subplot()
    draw_ranking(axes, rows=rows, layout=layout, stride_time=stride_time, colour=colour)
    axes.set_xlim(min(0.0, axes.get_xlim()[0]), 1.04 * limit)
    axes.set_xlabel(meaning, fontsize=SMALL_PT, color=INK, labelpad=2)
    figure.legend(handles=side_handles(), loc="outside lower center", ncols=3, fontsize=SMALL_PT, frameon=False)
    return figure


def map_words(relevance: npt.ArrayLike, *, layout: Layout, name: str) -> str:
    """What a map shows, in a sentence: where it speaks most for the emotion, and where most against it."""
    values = np.asarray(relevance, dtype=float)
    parts = []
    for sign, words in ((1.0, "for"), (-1.0, "against")):
        signed = sign * np.nan_to_num(values)
        sample, joint = np.unravel_index(int(signed.argmax()), signed.shape)
        if signed[sample, joint] > 0:
            parts.append(f"most {words} it at {layout.joints[joint]}, {100 * sample / len(values):.0f} % of the cycle")
    return f"Relevance for {name} by joint and phase of the gait cycle: {'; '.join(parts) or 'none'}."
