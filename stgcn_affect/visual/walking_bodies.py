"""Walking poses side by side, each seen from the right and from the front right."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.body import draw_body, frame_bodies, project
from stgcn_affect.visual.relevance_body import VIEWS
from stgcn_affect.visual.style import GREY, INK, PALE, SMALL_PT, TEXT_PT, bare, name_colours, new_figure

_BODY_IN, _MARGIN = 3.0, 0.1
_NOTE = "above from the right, below from the front right; right limbs dashed"


def walking_bodies_figure(poses: Mapping[str, npt.NDArray[np.floating]], *, layout: Layout, title: str = "") -> Figure:
    """A column for each pose, a row for each view, all of one scale.

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
            frame_bodies(axes, flat=everything, margin=_MARGIN)
    for axes, name in zip(grid[0], poses, strict=True):
        axes.set_title(name, fontsize=TEXT_PT, color=INK)
    figure.supxlabel(_NOTE, fontsize=SMALL_PT, color=GREY)
    if title:
        figure.suptitle(title, fontsize=TEXT_PT + 1, color=INK)
    return figure
