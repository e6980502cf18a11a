"""Normalise a walk: remove position, heading and body size; find the heading, and which side is left."""

import warnings
from collections.abc import Callable, Mapping
from itertools import islice, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]


_OVER_ALL: Mapping[Callable[..., Any], Callable[..., Any]] = {np.nanmedian: np.median, np.nanmean: np.mean}


def over_what_is_there(average: Callable[..., Any], values: Floats, **how: Any) -> Any:
    """``np.nanmedian`` or ``np.nanmean`` that gives NaN without a warning where nothing is there."""
    if average in _OVER_ALL and values.size and np.isfinite(values).all():  # the same number, several times faster
        return _OVER_ALL[average](values, **how)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return average(values, **how)


def bone_lengths(positions: Floats, layout: Layout) -> npt.NDArray[np.float32]:
    """The median length of each bone over time: ``[..., T, V, 3]`` to ``[..., V-1]``, in the order of ``layout.bones``.

    Missing frames are skipped.
    """
    parent, child = np.array(layout.bones).T
    lengths = np.linalg.norm(positions[..., child, :] - positions[..., parent, :], axis=-1)
    return np.asarray(over_what_is_there(np.nanmedian, lengths, axis=-2), np.float32)


UP_TO = {"head": 1.0, "neck": 0.868, "pelvis": 0.547}
"""The length from the ankles to a role, as a part of that to the head joint: ankles stand at 0.039, hips at 0.530, the
shoulders at 0.818 and the eyes at 0.936 of the stature (Drillis and Contini 1966; Winter, "Biomechanics and motor
control of human movement", 4th edition, figure 4.1)."""


def highest_role(layout: Layout) -> str:
    """The highest role that a layout has: the head, else the neck, else the pelvis."""
    return next(role for role in UP_TO if layout.has(role))


def body_height(positions: Floats, layout: Layout) -> float:
    """The body's length from the ankles to the head joint, along its bones, for positions ``[T, V, 3]``.

    It does not depend on posture, because bones are added up: head to pelvis, pelvis to the middle of the hips, and hip
    to knee to ankle (the mean of both sides). The ankles stand a little above the floor and the head joint below the
    crown, so this is about nine tenths of a person's stature. Where the layout has no head, it is worked out from the
    length up to the neck, or from that of the legs (``UP_TO``). It has the positions' unit.
    """
    top = highest_role(layout)
    legs = [[layout.role_position(positions, f"{side}_{part}") for part in ("hip", "knee", "ankle")] for side in "lr"]
    hips = (legs[0][0] + legs[1][0]) / 2
    trunk = [_spine_points(positions, layout, top), [layout.role_position(positions, "pelvis"), hips]]
    *above, left, right = _lengths([*(trunk if top != "pelvis" else []), *legs])
    return (sum(above) + (left + right) / 2) / UP_TO[top]


def _spine_points(positions: Floats, layout: Layout, top: str) -> list[Floats]:
    """The chain of joints from head (or neck) to pelvis, or the roles on the way where the tree has no such chain."""
    head, pelvis = layout.role_indices(top), layout.role_indices("pelvis")
    if len(head) == len(pelvis) == 1:
        path = [head[0]]
        while path[-1] != pelvis[0] and layout.parents[path[-1]] >= 0:
            path.append(layout.parents[path[-1]])
        if path[-1] == pelvis[0]:
            return [positions[..., v, :] for v in path]
    middle = [role for role in ("neck", "spine") if role != top and layout.has(role)]
    return [layout.role_position(positions, role) for role in (top, *middle, "pelvis")]


def _lengths(chains: list[list[Floats]]) -> list[float]:
    """The length of each chain of points ``[T, 3]``: the sum of the medians over time of its parts."""
    parts = np.stack([a - b for points in chains for a, b in pairwise(points)])
    medians = iter(over_what_is_there(np.nanmedian, np.linalg.norm(parts, axis=-1), axis=-1))
    return [float(sum(islice(medians, len(points) - 1))) for points in chains]


def heading(positions: Floats, layout: Layout) -> npt.NDArray[np.float64]:
    """The direction that the pelvis and the shoulders face: ``[T, V, 3]`` to ``[T, 3]``, level, unit length.

    It is square to the lines from right to left hip and shoulder, so it trusts the names of the joints; see
    ``sides_swapped``. Without shoulders the hips alone tell.
    """
    parts = ("hip", "shoulder") if layout.has("l_shoulder", "r_shoulder") else ("hip",)
    lines = [layout.role_position(positions, f"l_{p}") - layout.role_position(positions, f"r_{p}") for p in parts]
    across = np.asarray(sum(lines[1:], start=lines[0]), float)
    forward = np.stack([-across[..., 2], np.zeros_like(across[..., 0]), across[..., 0]], axis=-1)
    length = np.linalg.norm(forward, axis=-1, keepdims=True)
    return np.asarray(forward / np.maximum(length, 1e-12))


def sides_swapped(positions: Floats, layout: Layout) -> bool:
    """Whether the joints named left are the subject's right ones.

    With swapped names ``heading`` points backwards. Knees bend forwards, feet move forwards while they are in the air,
    and toes point forwards; where these on the whole disagree with ``heading``, the names are swapped. (Seen in
    published clips: the CMU walks in Emotion-Gait carry the lengths of the right limbs under the names of the left.)
    """
    forward = heading(positions, layout)
    evidence = sum(
        _knee_bend(positions, layout, side, forward) + _swing(positions, layout, side, forward) for side in "lr"
    )
    if layout.has("l_toe", "r_toe"):
        evidence += sum(_toe_direction(positions, layout, side, forward) for side in "lr")
    return bool(evidence < 0)


def name_sides(positions: Floats, layout: Layout) -> Floats:
    """Exchange left and right joints of ``[T, V, 3]`` where their names are swapped; no joint moves in space."""
    return positions[:, layout.mirror_permutation] if sides_swapped(positions, layout) else positions


def turn_to_front(positions: Floats, forward: Floats) -> Floats:
    """Turn ``[..., 3]`` about the vertical so that the level direction ``forward`` ``[3]`` becomes +z."""
    x, z = forward[0], forward[2]
    turn = np.array([[z, 0, -x], [0, 1, 0], [x, 0, z]]) / max(float(np.hypot(x, z)), 1e-12)
    return np.asarray(positions @ turn.T, positions.dtype)


def face_forward(positions: Floats, layout: Layout) -> Floats:
    """Exchange swapped sides and turn ``[T, V, 3]`` as one piece so that the subject faces +z on average."""
    named = name_sides(positions, layout)
    return turn_to_front(named, _mean_direction(heading(named, layout)))


def centre(positions: Floats, layout: Layout) -> Floats:
    """Put the pelvis of ``[..., V, 3]`` at the origin in every frame."""
    return np.asarray(positions - layout.role_position(positions, "pelvis")[..., None, :], positions.dtype)


def normalise(positions: Floats, layout: Layout) -> npt.NDArray[np.float32]:
    """Put the pelvis at the origin, turn to +z and scale to body height 1: ``[T, V, 3]`` to ``[T, V, 3]``."""
    centred = face_forward(centre(np.asarray(positions, np.float32), layout), layout)
    return np.asarray(centred / body_height(positions, layout), np.float32)


def mean_pose(positions: npt.NDArray[np.floating], layout: Layout) -> npt.NDArray[np.float32] | None:
    """The mean over the frames in which all joints are there: ``[T, V, 3]`` to ``[V, 3]``.

    Pelvis at the origin, facing +z, in body heights. None where no frame is whole or the body has no height.
    """
    whole = positions[np.isfinite(positions).all(axis=(1, 2))]
    if len(whole) < 2:
        return None
    height = body_height(whole, layout)
    if not height > 0:
        return None
    return np.asarray(face_forward(centre(whole, layout), layout).mean(axis=0) / height, np.float32)


def _mean_direction(directions: Floats) -> npt.NDArray[np.float64]:
    mean = over_what_is_there(np.nanmean, directions, axis=0, dtype=float)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12))


def _knee_bend(positions: Floats, layout: Layout, side: str, forward: Floats) -> float:
    """How far the knee stands before the line from hip to ankle, in lengths of that line, averaged over time."""
    hip, knee, ankle = (layout.role_position(positions, f"{side}_{part}") for part in ("hip", "knee", "ankle"))
    leg = ankle - hip
    square = np.maximum((leg * leg).sum(axis=-1), 1e-12)
    along = ((knee - hip) * leg).sum(axis=-1) / square
    offset = ((knee - hip - along[:, None] * leg) * forward).sum(axis=-1)
    return float(over_what_is_there(np.nanmean, offset / np.sqrt(square)))


def _swing(positions: Floats, layout: Layout, side: str, forward: Floats) -> float:
    """Correlation of the ankle's height with its speed along ``forward``, both seen from the pelvis: -1 to 1."""
    ankle = layout.role_position(positions, f"{side}_ankle") - layout.role_position(positions, "pelvis")
    speed = (np.diff(ankle, axis=0) * forward[1:]).sum(axis=-1)
    height = (ankle[1:, 1] + ankle[:-1, 1]) / 2
    speed, height = (values - over_what_is_there(np.nanmean, values) for values in (speed, height))
    spread = np.sqrt(over_what_is_there(np.nanmean, speed**2) * over_what_is_there(np.nanmean, height**2))
    return float(over_what_is_there(np.nanmean, speed * height) / spread) if spread > 1e-12 else 0.0


def _toe_direction(positions: Floats, layout: Layout, side: str, forward: Floats) -> float:
    """Cosine between the foot and ``forward``, averaged over time."""
    foot = layout.role_position(positions, f"{side}_toe") - layout.role_position(positions, f"{side}_ankle")
    length = np.maximum(np.linalg.norm(foot, axis=-1), 1e-12)
    return float(over_what_is_there(np.nanmean, (foot * forward).sum(axis=-1) / length))
