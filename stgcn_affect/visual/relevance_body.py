"""Draw relevance on a walking body, and walking poses side by side."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.body import View, draw_body, frame_bodies, project
from stgcn_affect.visual.labels import spread
from stgcn_affect.visual.relevance_scale import RelevanceScale, draw_scale, relevance_scale
from stgcn_affect.visual.style import GREY, INK, PALE, SMALL_PT, TEXT_PT, bare, name_colours, new_figure

POSE_PHASE_PCT = 22.0
"""Phase at which all limbs are seen apart: left stance, right swing."""

VIEWS: tuple[View, View] = ("sagittal", "three_quarter")
_MARGIN, _LEADER_IN = 0.08, 0.3
_VIEW_NAMES: dict[View, str] = {
    "sagittal": "from the right",
    "three_quarter": "from the front right",
    "frontal": "from the front",
}


_BODY_IN, _BODIES_MARGIN = 3.0, 0.1

_NOTE = "above from the right, below from the front right; right limbs dashed"


def walking_pose(cycle: npt.NDArray[np.floating], *, phase_pct: float = POSE_PHASE_PCT) -> npt.NDArray[np.floating]:
    """The pose at a phase of a cycle, ``[T, V, 3]`` to ``[V, 3]``: the nearest sample, time being circular.

    A mean over the cycle is no pose: it folds the limbs onto each other.
    """
    pose: npt.NDArray[np.floating] = cycle[round(phase_pct * len(cycle) / 100) % len(cycle)]
    return pose


def relevance_body_figure(
    pose: npt.NDArray[np.floating],
    relevance: npt.ArrayLike,
    *,
    layout: Layout,
    scale: RelevanceScale | None = None,
    top: int = 5,
    meaning: str = "",
    title: str = "",
) -> Figure:
    """Draw relevance on a body in two views, with a colour bar below.

    Args:
        pose: ``[V, 3]``, pelvis at the origin, facing +z (see ``walking_pose``).
        relevance: ``[V]``.
        layout: which joints they are.
        scale: the scale of colours and sizes; None: the largest joint's.
        top: how many joints are named, the strongest first.
        meaning: what the colour bar says.
        title: above the views.

    Raises:
        InputError: not one number for each joint.
    """
    scale = scale or relevance_scale([relevance])
    figure = new_figure(width_in=6.4, height_in=5.0)
    axes = figure.add_subplot()
    draw_relevance_bodies(
        axes, pose=pose, relevance=relevance, layout=layout, scale=scale, top=top, room_in=(6.2, 3.9 if title else 4.2)
    )
    draw_scale(figure, axes=axes, scale=scale, meaning=meaning, below=True)
    if title:
        figure.suptitle(title, fontsize=TEXT_PT + 1, color=INK)
    return figure


def draw_relevance_bodies(
    axes: Axes,
    *,
    pose: npt.NDArray[np.floating],
    relevance: npt.ArrayLike,
    layout: Layout,
    scale: RelevanceScale,
    room_in: tuple[float, float],
    top: int = 5,
    text_pt: float = SMALL_PT,
) -> None:
    """Draw the two views on one axes and the names between them; see ``relevance_body_figure``.

    A joint is equally high in all views, so one name in the middle serves both. ``room_in`` is the width and height in
    inches that the axes will have: it tells how much of it the names need.
    """
    values = np.asarray(relevance, dtype=float)
    if values.shape != (layout.num_joints,):
        raise InputError(
            f"relevance on a body: expected one number for each of {layout.num_joints} joints"
            f" (got an array {list(values.shape)})"
        )
    strongest = np.argsort(-np.abs(np.nan_to_num(values)), kind="stable")[:top]
    names = {f"{rank}. {layout.joints[v]}": int(v) for rank, v in enumerate(strongest, start=1)}
    flats = [project(pose, view=view)[0] for view in VIEWS]
    inch, middle = _measures(flats, names_in=max(map(len, names), default=0) * 0.6 * text_pt / 72, room_in=room_in)
    ground, height = float(flats[0][:, 1].min()), float(np.ptp(flats[0][:, 1]))
    note = ground - 0.05 * height
    shifts = (-middle / 2 - float(flats[0][:, 0].max()), middle / 2 - float(flats[1][:, 0].min()))
    for view, flat, shift in zip(VIEWS, flats, shifts, strict=True):
        draw_body(
            axes,
            positions=pose,
            layout=layout,
            view=view,
            colour=GREY,
            width_pt=2.2,
            offset=(shift, 0.0),
            joint_colours=scale.colours(values),
            joint_sizes_pt=scale.dots_pt(values),
        )
        ends = (float(flat[:, 0].min()) + shift, float(flat[:, 0].max()) + shift)
        axes.plot([ends[0] - 0.05 * height, ends[1] + 0.05 * height], [ground] * 2, color=PALE, linewidth=1.2, zorder=1)
        axes.text(sum(ends) / 2, note, _VIEW_NAMES[view], ha="center", va="top", fontsize=text_pt, color=GREY)
        flat += (shift, 0.0)
    axes.text(0, note, "right limbs dashed", ha="center", va="top", fontsize=text_pt, color=GREY)
    _write_names(axes, names=names, flats=flats, gap=1.45 * text_pt / 72 * inch, text_pt=text_pt)
    bare(axes)
    axes.set_xlim(float(flats[0][:, 0].min()) - _MARGIN * height, float(flats[1][:, 0].max()) + _MARGIN * height)
    axes.set_ylim(ground - 0.13 * height, ground + (1 + _MARGIN) * height)


def _measures(
    flats: Sequence[npt.NDArray[np.float64]], *, names_in: float, room_in: tuple[float, float]
) -> tuple[float, float]:
    """How long an inch of paper is in the body's unit, and how wide the space between the bodies is in it."""
    height = float(np.ptp(flats[0][:, 1]))
    bodies = sum(float(np.ptp(flat[:, 0])) for flat in flats) + 2 * _MARGIN * height
    between_in = names_in + 2 * _LEADER_IN
    inch = max((1.13 + _MARGIN) * height / room_in[1], bodies / max(room_in[0] - between_in, 0.3 * room_in[0]))
    return inch, between_in * inch


def _write_names(
    axes: Axes,
    *,
    names: Mapping[str, int],
    flats: Sequence[npt.NDArray[np.float64]],
    gap: float,
    text_pt: float,
) -> None:
    """A column of names in the middle, each with a thin line to its joint in both views."""
    heights = spread([float(flats[0][v, 1]) for v in names.values()], gap=gap)
    for (name, v), height in zip(names.items(), heights, strict=True):
        half = (0.3 * len(name) + 0.4) * gap / 1.45
        for flat, side in zip(flats, (-1, 1), strict=True):
            x, y = flat[v]
            elbow = side * (half + 0.4 * gap)
            axes.plot([x, elbow, side * half], [y, height, height], color=GREY, linewidth=0.6, zorder=2)
        axes.text(0, height, name, ha="center", va="center", fontsize=text_pt, color=INK, zorder=7)


def walking_bodies_figure(poses: Mapping[str, npt.NDArray[np.floating]], *, layout: Layout, title: str = "") -> Figure:
    """Draw walking poses: a column for each pose, a row for each view, all of one scale.

    Args:
        poses: name to ``[V, 3]``, pelvis at the origin, facing +z (see ``relevance_body.walking_pose``).
        layout: which joints they are.
        title: above all.

    Raises:
        InputError: no pose.
    """
    if not poses:
        raise InputError("walking bodies: expected a pose at least (got none)")
    flats = {view: np.stack([project(pose, view=view)[0] for pose in poses.values()]) for view in VIEWS}
    everything = np.concatenate([flat.reshape(-1, 2) for flat in flats.values()])
    wide, tall = np.ptp(everything, axis=0)
    column_in = max(1.15 * _BODY_IN * wide / tall, 0.075 * max(map(len, poses)))
    figure = new_figure(
        width_in=max(0.5 + column_in * len(poses), 0.085 * max(len(title), len(_NOTE))),
        height_in=0.7 + len(VIEWS) * _BODY_IN,
    )
    grid = figure.subplots(len(VIEWS), len(poses), squeeze=False)
    colours = name_colours(list(poses))
    for row, view in zip(grid, VIEWS, strict=True):
        for axes, (name, pose) in zip(row, poses.items(), strict=True):
            axes.axhline(float(everything[:, 1].min()), color=PALE, linewidth=1.2, zorder=1)
            draw_body(axes, positions=pose, layout=layout, view=view, colour=colours[name], width_pt=2.4)
            bare(axes)
            frame_bodies(axes, flat=everything, margin=_BODIES_MARGIN)
    for axes, name in zip(grid[0], poses, strict=True):
        axes.set_title(name, fontsize=TEXT_PT, color=INK)
    figure.supxlabel(_NOTE, fontsize=SMALL_PT, color=GREY)
    if title:
        figure.suptitle(title, fontsize=TEXT_PT + 1, color=INK)
    return figure
