"""How large a body is, from the lengths of its bones."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]


def bone_lengths(positions: Floats, layout: Layout) -> npt.NDArray[np.float32]:
    """The median length of each bone over time: ``[..., T, V, 3]`` to ``[..., V-1]``, in the order of ``layout.bones``.

    Missing frames are skipped.
    """
    parent, child = np.array(layout.bones).T
    lengths = np.linalg.norm(positions[..., child, :] - positions[..., parent, :], axis=-1)
    return np.asarray(np.nanmedian(lengths, axis=-2), np.float32)


def body_height(positions: Floats, layout: Layout) -> float:
    """The body's length from the ankles to the head joint, along its bones, for positions ``[T, V, 3]``.

    It does not depend on posture, because bones are added up: head to pelvis, pelvis to the middle of the hips, and hip
    to knee to ankle (the mean of both sides). The ankles stand a little above the floor and the head joint below the
    crown, so this is about nine tenths of a person's stature. It has the positions' unit.
    """
    spine = _length(_spine_points(positions, layout))
    legs = [
        _length([layout.role_position(positions, f"{side}_{part}") for part in ("hip", "knee", "ankle")])
        for side in "lr"
    ]
    hips = (layout.role_position(positions, "l_hip") + layout.role_position(positions, "r_hip")) / 2
    return spine + _length([layout.role_position(positions, "pelvis"), hips]) + sum(legs) / 2


def _spine_points(positions: Floats, layout: Layout) -> list[Floats]:
    """The chain of joints from head to pelvis, or the roles on the way where the tree has no such chain."""
    head, pelvis = layout.role_indices("head"), layout.role_indices("pelvis")
    if len(head) == len(pelvis) == 1:
        path = [head[0]]
        while path[-1] != pelvis[0] and layout.parents[path[-1]] >= 0:
            path.append(layout.parents[path[-1]])
        if path[-1] == pelvis[0]:
            return [positions[..., v, :] for v in path]
    middle = ("neck", "spine") if "spine" in layout.roles else ("neck",)
    return [layout.role_position(positions, role) for role in ("head", *middle, "pelvis")]


def _length(points: list[Floats]) -> float:
    return float(sum(np.nanmedian(np.linalg.norm(a - b, axis=-1)) for a, b in pairwise(points)))
