"""A skeleton with the names and roles of its joints, from the front and from its left."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.skeleton_graph import draw_skeleton_graph
from stgcn_affect.visual.style import INK, SMALL_PT, TEXT_PT, new_figure


def layout_figure(layout: Layout, *, pose: npt.NDArray[np.floating] | None = None, title: str | None = None) -> Figure:
    """Joints, bones and roles, as they stand in ``pose``.

    Args:
        layout: the skeleton.
        pose: ``[V, 3]``, x to the walker's left, y up, z forward; None for the layout's rest pose, without a view from
            the side where there is none.
        title: None for the layout's name and size.

    Raises:
        InputError: a pose of another shape.
    """
    if pose is not None and np.shape(pose) != (layout.num_joints, 3):
        raise InputError(
            f"layout {layout.name}: a pose must have shape [{layout.num_joints}, 3] (got {list(np.shape(pose))})"
        )
    shown = with_roles(layout if pose is None else replace(layout, rest=np.asarray(pose, np.float32)))
    sides = shown.rest is not None
    figure = new_figure(width_in=9.0 if sides else 6.4, height_in=6.4)
    axes = figure.subplots(1, 2 if sides else 1, squeeze=False, width_ratios=(3, 1) if sides else (1,))[0]
    draw_skeleton_graph(axes[0], graph=SkeletonGraph(shown))
    axes[0].set_title("front: the walker's left is at the right", fontsize=SMALL_PT, color=INK)
    if shown.rest is not None:
        from_left = replace(shown, rest=shown.rest[:, [2, 1, 0]])
        draw_skeleton_graph(axes[1], graph=SkeletonGraph(from_left), names=False)
        axes[1].set_title("side: it faces right", fontsize=SMALL_PT, color=INK)
    figure.suptitle(
        f"{layout.name}: {layout.num_joints} joints" if title is None else title, fontsize=TEXT_PT, color=INK
    )
    return figure


def with_roles(layout: Layout) -> Layout:
    """The layout with each joint's role behind its name: "LeftLeg (l_knee)"; no role where the name is the role."""
    role_of = {joint: role for role, joints in layout.roles.items() for joint in joints if len(joints) == 1}
    name = {
        joint: f"{joint} ({role_of[joint]})" if role_of.get(joint, joint) != joint else joint for joint in layout.joints
    }
    return replace(
        layout,
        joints=tuple(name[joint] for joint in layout.joints),
        mirror=tuple((name[a], name[b]) for a, b in layout.mirror),
        roles={role: tuple(name[joint] for joint in joints) for role, joints in layout.roles.items()},
        markers={name[joint]: markers for joint, markers in layout.markers.items()},
    )
