"""Draw stick figures of poses, and place the joints of a skeleton as seen from the front."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.style import DASHES, INK, PAPER, lighter

View = Literal["sagittal", "frontal", "three_quarter"]

_AZIMUTH_DEG: dict[View, float] = {"frontal": 0.0, "three_quarter": 55.0, "sagittal": 90.0}
_HEAD = 0.085
"""Radius of the head's circle in leg lengths: layouts put neck and head too differently to measure it there."""


_MIDDLE = {"pelvis": (0.0, 0.93), "spine": (0.0, 1.18), "neck": (0.0, 1.44), "head": (0.0, 1.62)}

_LEFT = {
    "shoulder": (0.18, 1.40),
    "elbow": (0.22, 1.12),
    "wrist": (0.23, 0.88),
    "hip": (0.09, 0.90),
    "knee": (0.10, 0.50),
    "ankle": (0.10, 0.08),
    "toe": (0.12, 0.02),
}

_FIGURE = _MIDDLE | {
    f"{side}_{part}": ((x if side == "l" else -x), y) for part, (x, y) in _LEFT.items() for side in "lr"
}

_STEP, _FAN = 0.07, 0.5


def project(positions: npt.ArrayLike, *, view: View) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """``[..., 3]`` to the picture's plane ``[..., 2]`` (right, up), and how near each point is to the eye, ``[...]``.

    Sagittal: the subject walks to the right and shows its right side; frontal: it walks towards the eye.
    """
    x, y, z = np.moveaxis(np.asarray(positions, dtype=float), -1, 0)
    angle = np.radians(_AZIMUTH_DEG[view])
    flat = np.stack([np.cos(angle) * x + np.sin(angle) * z, y], axis=-1)
    return flat, np.cos(angle) * z - np.sin(angle) * x


def joint_sides(layout: Layout) -> tuple[str, ...]:
    """V times "left", "middle" or "right"."""
    side = dict.fromkeys(layout.joints, "middle")
    for left, right in layout.mirror:
        side[left], side[right] = "left", "right"
    return tuple(side[joint] for joint in layout.joints)


def limbs(layout: Layout) -> list[tuple[str, list[int]]]:
    """The bones as few long lines (side, joint indices), each on one side of the body, so that dashes run on."""
    sides, parents = joint_sides(layout), layout.parents
    drawn: set[int] = set()
    lines: list[tuple[str, list[int]]] = []
    for v in reversed(layout.topological):
        if v in drawn or parents[v] < 0:
            continue
        line = [v]
        while (joint := line[-1]) not in drawn and parents[joint] >= 0 and sides[joint] == sides[v]:
            drawn.add(joint)
            line.append(parents[joint])
        lines.append((sides[v], line[::-1]))
    return lines


def draw_body(
    axes: Axes,
    *,
    positions: npt.ArrayLike,
    layout: Layout,
    view: View = "sagittal",
    colour: str = INK,
    width_pt: float = 2.0,
    offset: tuple[float, float] = (0.0, 0.0),
    joint_colours: Sequence[str] | npt.NDArray[np.float64] | None = None,
    joint_sizes_pt: npt.ArrayLike | None = None,
) -> None:
    """Draw one pose: left limbs solid, right limbs dashed and lighter, nearer limbs over farther ones.

    Args:
        axes: where to draw; its limits are left alone.
        positions: ``[V, 3]``, x left, y up, z forward.
        layout: which joints they are.
        view: "sagittal", "frontal" or "three_quarter".
        colour: the colour of the limbs.
        width_pt: the line width of the limbs.
        offset: where the origin comes to stand on the axes.
        joint_colours: V colours; a joint gets a dot of its colour. None: no dots.
        joint_sizes_pt: V diameters of the dots; None: all alike, in proportion to the limbs' width.
    """
    pose = np.asarray(positions, dtype=float)
    flat, near = project(pose, view=view)
    flat = flat + np.asarray(offset)
    shades = {"left": colour, "middle": colour, "right": lighter(colour)}
    lines = limbs(layout)
    for order, index in enumerate(np.argsort([near[line].mean() for _, line in lines])):
        side, line = lines[index]
        limb = Line2D(
            *flat[line].T,
            color=shades[side],
            linestyle=DASHES[side],
            linewidth=width_pt,
            dash_capstyle="butt",
            solid_capstyle="round",
            solid_joinstyle="round",
            zorder=3 + 0.01 * order,
        )
        axes.add_artist(limb)  # not plot, which would look at the limits
    if layout.has("head"):
        x, y = layout.role_position(flat, "head")
        radius = _HEAD * _leg_length(pose, layout)
        axes.add_artist(Circle((x, y), radius, facecolor=PAPER, edgecolor=colour, linewidth=width_pt, zorder=4))
    if joint_colours is not None:
        wide = np.broadcast_to(3.2 * width_pt if joint_sizes_pt is None else np.asarray(joint_sizes_pt), len(flat))
        rim = 0.3 * width_pt
        axes.scatter(flat[:, 0], flat[:, 1], c=joint_colours, s=wide**2, edgecolors=INK, linewidths=rim, zorder=5)


def _leg_length(pose: npt.NDArray[np.float64], layout: Layout) -> float:
    """Mean of both legs, hip to ankle by way of the knee: a measure of the body that no posture changes."""
    hip, knee, ankle = (
        np.stack([layout.role_position(pose, f"{side}_{part}") for side in "lr"]) for part in ("hip", "knee", "ankle")
    )
    return float((np.linalg.norm(hip - knee, axis=-1) + np.linalg.norm(knee - ankle, axis=-1)).mean())


def frame_bodies(axes: Axes, *, flat: npt.ArrayLike, margin: float = 0.12) -> None:
    """Set the limits so that all points ``[..., 2]`` fit, with a margin in parts of their height."""
    points = np.asarray(flat, dtype=float).reshape(-1, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    space = margin * float(high[1] - low[1])
    axes.set_xlim(low[0] - space, high[0] + space)
    axes.set_ylim(low[1] - space, high[1] + space)


def front_view(graph: SkeletonGraph) -> npt.NDArray[np.float64]:
    """``[V, 2]`` (right, up) in metres: the rest pose from the front, or a standing figure where there is none."""
    rest = graph.layout.rest
    return _standing(graph) if rest is None else np.asarray(rest[:, :2], dtype=float)


def _standing(graph: SkeletonGraph) -> npt.NDArray[np.float64]:
    """Joints with a role stand where it stands in a human; those between two of them, between; the rest go on."""
    layout = graph.layout
    known = {layout.index(joints[0]): _FIGURE[role] for role, joints in layout.roles.items() if len(joints) == 1}
    flat = np.zeros((layout.num_joints, 2))
    fixed = sorted(known)
    flat[fixed] = [known[v] for v in fixed]
    free = [v for v in range(layout.num_joints) if v not in known]
    if free:
        bones = (graph.hops == 1).astype(float)
        laplacian = np.diag(bones.sum(axis=1)) - bones
        flat[free] = np.linalg.solve(laplacian[np.ix_(free, free)], -laplacian[np.ix_(free, fixed)] @ flat[fixed])
    for v in layout.topological:
        if v in free and not _leads_to(layout, v, fixed):
            flat[v] = _next_place(layout, flat, v)
    return flat


def _leads_to(layout: Layout, joint: int, fixed: list[int]) -> bool:
    """Whether a fixed joint hangs below a joint, or none stands above it (a root outside the body)."""
    above, below = joint, [joint]
    while above >= 0 and above not in fixed:
        above = layout.parents[above]
    for v in below:
        below.extend(c for p, c in layout.bones if p == v)
    return above < 0 or any(v in fixed for v in below)


def _next_place(layout: Layout, flat: npt.NDArray[np.float64], joint: int) -> npt.NDArray[np.float64]:
    """One step beyond the parent, in the direction of the limb, siblings fanned out."""
    parent = layout.parents[joint]
    grandparent = layout.parents[parent]
    along = flat[parent] - flat[grandparent] if grandparent >= 0 else np.array([0.0, -1.0])
    length = float(np.linalg.norm(along))
    along = along / length if length > 0 else np.array([0.0, -1.0])
    siblings = [c for p, c in layout.bones if p == parent]
    turn = _FAN * (siblings.index(joint) - (len(siblings) - 1) / 2)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ along
    place: npt.NDArray[np.float64] = flat[parent] + _STEP * turned
    return place
