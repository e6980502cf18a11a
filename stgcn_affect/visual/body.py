"""One pose of a body on an axes, seen from the side, from the front or in between."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.style import DASHES, INK, PAPER, lighter

View = Literal["sagittal", "frontal", "three_quarter"]

_AZIMUTH_DEG: dict[View, float] = {"frontal": 0.0, "three_quarter": 55.0, "sagittal": 90.0}
_HEAD = 0.085
"""Radius of the head's circle in leg lengths: layouts put neck and head too differently to measure it there."""


def project(positions: npt.ArrayLike, *, view: View) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """``[..., 3]`` to the picture's plane ``[..., 2]`` (right, up), and how near each point is to the eye, ``[...]``.

    Sagittal: the walker walks to the right and shows its right side; frontal: it walks towards the eye.
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
        colour: of the limbs.
        width_pt: of the limbs.
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
        axes.plot(
            *flat[line].T,
            color=shades[side],
            linestyle=DASHES[side],
            linewidth=width_pt,
            dash_capstyle="butt",
            solid_capstyle="round",
            solid_joinstyle="round",
            zorder=3 + 0.01 * order,
        )
    head = layout.role_position(flat, "head")
    radius = _HEAD * _leg_length(pose, layout)
    axes.add_patch(Circle((head[0], head[1]), radius, facecolor=PAPER, edgecolor=colour, linewidth=width_pt, zorder=4))
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
