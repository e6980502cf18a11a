"""Draw relevance as a map of joints by phases of the gait cycle."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.skeleton.limbs import limb_groups
from stgcn_affect.visual.labels import spread
from stgcn_affect.visual.relevance_scale import RelevanceScale, draw_scale, relevance_scale
from stgcn_affect.visual.style import DASHES, GREY, INK, PALE, SMALL_PT, TEXT_PT, new_figure

_ROW_IN, _HEAD_IN = 0.165, 0.62
_DOWNWARDS = ("head", "trunk")
"""Limbs whose joints are listed from the top of the body, as they stand on it; the others go out from the trunk."""


def joint_phase_figure(
    maps: Mapping[str, npt.ArrayLike],
    *,
    layout: Layout,
    events: Mapping[str, Mapping[str, float]] | None = None,
    scale: RelevanceScale | None = None,
    meaning: str = "",
    title: str = "",
) -> Figure:
    """Draw joint-phase maps of relevance, a panel for each on one scale; readable from 900 pixels of width up.

    Args:
        maps: name, such as an emotion, to relevance ``[T, V]`` over the average gait cycle.
        layout: which joints they are.
        events: name to the events of its cycle, see ``draw_joint_phase``.
        scale: the scale of the colours; None: symmetric about 0 and up to the largest number of all maps.
        meaning: what the colour bar says.
        title: above the panels.

    Raises:
        InputError: no map, or one that does not fit the layout.
    """
    if not maps:
        raise InputError("joint_phase_figure: expected at least one map (got none)")
    scale = scale or relevance_scale(maps.values())
    columns = min(2, len(maps))
    rows = -(-len(maps) // columns)
    height = _HEAD_IN + _ROW_IN * layout.num_joints
    figure = new_figure(width_in=6.0 if columns == 1 else 9.0, height_in=rows * height + 0.3 + (0.3 if title else 0.0))
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for place, (name, values) in enumerate(maps.items()):
        draw_joint_phase(
            panels[place],
            relevance=values,
            layout=layout,
            scale=scale,
            events=(events or {}).get(name, {}),
            names=place % columns == 0,
            title=name,
        )
    for spare in panels[len(maps) :]:
        spare.set_axis_off()
    draw_scale(figure, axes=list(panels), scale=scale, meaning=meaning)
    if title:
        figure.suptitle(title, fontsize=TEXT_PT + 1, color=INK)
    return figure


def update_joint_phase(figure: Figure, maps: Mapping[str, npt.ArrayLike], *, layout: Layout, title: str = "") -> None:
    """Put other maps of the same names into a figure of ``joint_phase_figure`` that was drawn once.

    Nothing is laid out again, which takes most of the time, and the scale of the colours stays as it is.
    """
    figure.set_layout_engine("none")
    panels = {axes.get_title(): axes for axes in figure.axes}
    for name, values in maps.items():
        panels[name].images[0].set_data(_sorted_rows(np.asarray(values, dtype=float), layout))
    if title:
        (above,) = (text for text in figure.texts if text.get_text() == figure.get_suptitle())
        above.set_text(title)


def _sorted_rows(values: npt.NDArray[np.float64], layout: Layout) -> npt.NDArray[np.float64]:
    """A map ``[T, V]`` as rows of joints from top to bottom, its first sample again at the end: ``[V, T + 1]``."""
    order = [layout.index(joint) for joints in limb_rows(layout).values() for joint in joints]
    return np.concatenate([values, values[:1]])[:, order].T


def draw_joint_phase(
    axes: Axes,
    *,
    relevance: npt.ArrayLike,
    layout: Layout,
    scale: RelevanceScale,
    events: Mapping[str, float] | None = None,
    names: bool = True,
    title: str = "",
    text_pt: float = SMALL_PT,
) -> None:
    """Draw one map: joints sorted by limb from top to bottom, the cycle from left to right.

    Args:
        axes: where to draw.
        relevance: ``[T, V]``; sample i stands at 100 i / T per cent of the cycle.
        layout: which joints they are.
        scale: the scale of the colours.
        events: short name (LHS, RTO, RHS, LTO: heel strikes and toe-offs) to per cent of the cycle; a line for each,
            dashed where the name begins with R.
        names: write joints and limbs at the left.
        title: above the map.
        text_pt: the size of the letters.

    Raises:
        InputError: the map is not ``[T, V]`` for the layout.
    """
    values = np.asarray(relevance, dtype=float)
    if values.ndim != 2 or values.shape[1] != layout.num_joints or not len(values):
        raise InputError(f"joint-phase map: expected an array [T, {layout.num_joints}] (got {list(values.shape)})")
    limbs = limb_rows(layout)
    order = [layout.index(joint) for joints in limbs.values() for joint in joints]
    half = 50 / len(values)
    edges = (-half, 100 + half, len(order) - 0.5, -0.5)
    around = _sorted_rows(values, layout)
    axes.imshow(
        around, cmap=scale.colour_map, norm=scale.norm, extent=edges, aspect="auto", interpolation="nearest", zorder=0
    )
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 20))
    axes.set_xlabel("per cent of the gait cycle", fontsize=text_pt, color=INK, labelpad=2)
    axes.tick_params(labelsize=text_pt, colors=INK, length=2, pad=2)
    axes.set_yticks(range(len(order)), [layout.joints[v] for v in order] if names else [])
    axes.tick_params(axis="y", length=0)
    axes.spines[:].set_linewidth(0.5)
    axes.hlines(np.arange(1, len(order)) - 0.5, 0, 100, color=PALE, linewidth=0.4, zorder=1).set_in_layout(False)
    _draw_limbs(axes, limbs, names=names, text_pt=text_pt)
    _draw_events(axes, events or {}, text_pt=text_pt)
    if title:
        axes.set_title(title, fontsize=text_pt + 1.5, color=INK, pad=2.2 * text_pt if events else 4)


def limb_rows(layout: Layout) -> dict[str, tuple[str, ...]]:
    """``limb_groups`` in the order of the rows: head and trunk from the top of the body downwards."""
    return {limb: joints[::-1] if limb in _DOWNWARDS else joints for limb, joints in limb_groups(layout).items()}


def _draw_limbs(axes: Axes, limbs: Mapping[str, tuple[str, ...]], *, names: bool, text_pt: float) -> None:
    """Lines between the limbs, and at the far left a bar and a name for each."""
    longest = max(len(joint) for joints in limbs.values() for joint in joints)
    bar_pt = -(0.58 * longest * text_pt + 8)
    across = axes.get_yaxis_transform()
    at_bar = across + ScaledTranslation(bar_pt / 72, 0, axes.figure.dpi_scale_trans)
    end = 0
    for limb, joints in limbs.items():
        start, end = end, end + len(joints)
        if start:
            axes.axhline(start - 0.5, color=INK, linewidth=0.9, zorder=2).set_in_layout(False)
        if names:
            axes.plot([0, 0], [start - 0.3, end - 0.7], transform=at_bar, color=GREY, linewidth=1.4, clip_on=False)
            axes.annotate(
                limb.replace("_", " "),
                (0, (start + end - 1) / 2),
                xycoords=across,
                xytext=(bar_pt - 4, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                fontsize=text_pt,
                fontweight="bold",
                color=INK,
            )


def _draw_events(axes: Axes, events: Mapping[str, float], *, text_pt: float) -> None:
    """Lines through the map and their names above it, moved apart where they would meet."""
    above = axes.get_xaxis_transform() + ScaledTranslation(0, 2 / 72, axes.figure.dpi_scale_trans)
    for label, at, place in zip(events, events.values(), spread(list(events.values()), gap=8.0), strict=True):
        side = "right" if label.startswith("R") else "left"
        axes.axvline(at, color=INK, linewidth=1.0, linestyle=DASHES[side], zorder=3, clip_on=False)
        axes.text(place, 1, label, transform=above, ha="center", va="bottom", fontsize=text_pt - 0.5, color=INK)
