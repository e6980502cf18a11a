"""Lengths of bones over time, and joints that leave their bones: too noisy, torn or drifting away."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_closing, binary_dilation, uniform_filter1d

from stgcn_affect.errors import listed
from stgcn_affect.motion.gaps import LONGEST_GAP_S, Flags, counted_frames, seen
from stgcn_affect.motion.normalise import body_height, heading
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]

TORN, LARGEST_TORN, NOISES = 0.2, 0.5, 6.0
"""A bone is torn where its length is off by 6 standard deviations of its noise: never below 0.2 of its length,
and always above 0.5."""

LEAVING, LEAVING_S = 0.35, 0.4
"""Frames beside those in which a bone is torn count to them, up to 0.4 s, while its length is off by three standard
deviations of its noise, and by 0.35 of what a torn one is off by at least: a slow fault begins before it tells."""

DRIFT_S = 1.0
"""A bone's length, averaged over this time, about a stride, may be off by ``TORN`` at most."""

SHORTEST_KEPT_S = 0.2
"""How long a bone must keep a length, in all, for it to be taken for the true one."""

STRETCH_LARGEST = 0.5
"""Spread of a bone's length over time (5 to 95 %) that no body has."""

SHORT_BONE = 0.15
"""Body heights; the length of a shorter bone is judged as if the bone were this long."""


class Bones(NamedTuple):
    """Distances between joints that do not change while the body moves.

    A joint with a role is tied to the nearest joint above it that has one, any other joint to its parent.

    Args:
        pairs: ``[B, 2]`` indices of joints.
        trusted: ``[B]``: whether both ends play a role.
        lengths: ``[T, B]``.
        off: ``[T, B]``: how far a length is from the usual one, as a share of it, or of ``SHORT_BONE`` if that is more.
        mirror: ``[B]``: the same bone of the other side; the bone itself where there is none.
    """

    pairs: npt.NDArray[np.intp]
    trusted: Flags
    lengths: Floats
    off: Floats
    mirror: npt.NDArray[np.intp]

    def of(self, joint: int) -> npt.NDArray[np.intp]:
        """The bones that tell whether a joint is in its place; those to joints without a role do not."""
        ends = (self.pairs == joint).any(axis=1)
        return np.flatnonzero(ends & (self.trusted | (self.pairs[:, 1] == joint)))


def joints_with_role(layout: Layout) -> Flags:
    """``[V]``: which joints play a role; others never cost a walk."""
    playing = {joint for joints in layout.roles.values() for joint in joints}
    return np.array([joint in playing for joint in layout.joints])


def measure_bones(positions: Floats, layout: Layout, height: float, fps_hz: float) -> Bones:
    """The bones of ``[T, V, 3]``, which may hold missing values.

    The usual length is the median. Where a bone drifts it is that of the same bone of the other side, and where that
    drifts too, the one that the bone keeps most, unless another one fits the layout's rest pose clearly better.
    """
    role = joints_with_role(layout)
    pairs = np.array([(above, v) for v in range(layout.num_joints) if (above := _above(layout, role, v)) >= 0])
    lengths = np.linalg.norm(positions[:, pairs[:, 1]] - positions[:, pairs[:, 0]], axis=-1)
    usual = median_over_time(lengths)
    scale = np.maximum(usual, SHORT_BONE * height)
    drifting = np.nan_to_num(np.abs(_smooth((lengths - usual) / scale, fps_hz))).max(axis=0, initial=0) > TORN
    place = {(int(a), int(b)): i for i, (a, b) in enumerate(pairs)}
    mirrored = layout.mirror_permutation[pairs]
    mirror = np.array([place.get((int(a), int(b)), i) for i, (a, b) in enumerate(mirrored)])
    expected = _in_rest(layout, pairs, np.where(drifting, np.nan, usual))
    shortest = round(SHORTEST_KEPT_S * fps_hz)
    kept = np.full(len(pairs), np.nan)
    for i in np.flatnonzero(drifting):
        kept[i] = _kept(lengths[:, i], expected[i], scale[i], shortest)
    kept = np.where(~drifting[mirror] & np.isfinite(usual[mirror]), usual[mirror], kept)
    usual = np.where(drifting, kept, usual)
    scale = np.maximum(usual, SHORT_BONE * height)
    return Bones(pairs, role[pairs].all(axis=1), lengths, (lengths - usual) / scale, mirror)


def torn(bones: Bones, aside: Flags, fps_hz: float, *, least: float = TORN) -> Flags:
    """``[T, V]``: where a joint has left its bones, in a frame or on the average over a stride, beyond what is aside.

    ``least`` is how far a length may be off, as a share of it, however little noise it has, and over a stride.

    A bone to a joint without a role speaks against that joint alone. Of two joints with a role the one with more torn
    bones is named; the frame is lost in either case.
    """
    found = np.zeros_like(aside)
    if not bones.off.size:
        return found
    signed = np.where(aside[:, bones.pairs].any(axis=-1), np.nan, bones.off)
    off = np.abs(signed)
    noise = np.nan_to_num(NOISES * _noise(signed, bones))
    limit = np.clip(noise, least, LARGEST_TORN)
    far = np.nan_to_num(off) > limit
    bad = far | (np.nan_to_num(np.abs(_smooth(np.where(far, np.nan, signed), fps_hz))) > least)
    if not bad.any():
        return found
    leaving = np.nan_to_num(off) > np.clip(noise / 2, LEAVING * least, limit)
    bad |= binary_dilation(bad, np.ones((3, 1), bool), max(1, round(LEAVING_S * fps_hz)), mask=leaving)
    patterns, which = np.unique(bad, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        frames = which.ravel() == number
        for i in np.flatnonzero(pattern & ~bones.trusted):
            found[frames, bones.pairs[i, 1]] = True
        left = set(np.flatnonzero(pattern & bones.trusted).tolist())
        while left:
            ends = np.concatenate([bones.pairs[i][::-1] for i in sorted(left)])
            joint = max(ends.tolist(), key=ends.tolist().count)
            found[frames, joint] = True
            left = {i for i in left if joint not in bones.pairs[i]}
    near = np.ones((max(1, round(LONGEST_GAP_S * fps_hz)) + 1, 1), bool)
    # Between two torn frames there is no whole one.
    return np.asarray(found | binary_closing(found, near))


def _noise(off: Floats, bones: Bones) -> Floats:
    """``[B]``: the standard deviation of each bone's length, as the median deviation shows it.

    A slow fault of one joint is no noise: what a bone shows beyond its noise from frame to frame counts up to one and a
    half times that of the other side, and for bones without another side up to twice that of most bones.
    """
    spread = 1.4826 * median_over_time(np.abs(off))
    quick = 1.4826 / np.sqrt(2) * median_over_time(np.abs(np.diff(off, axis=0)))
    paired = bones.mirror != np.arange(len(bones.mirror))
    usual = np.nanmedian(spread[np.isfinite(spread)]) if np.isfinite(spread).any() else 0.0
    expected = np.where(paired, 1.5 * spread[bones.mirror], 2 * usual)
    return np.asarray(np.fmin(spread, np.fmax(quick, expected)))


def unsteady(bones: Bones, aside: Flags) -> tuple[Flags, dict[int, tuple[int, float]]]:
    """``[T, V]``: joints whose bone varies too much even where nothing is set aside yet; for each, the joint above and
    the spread. One with a role is set aside where its bone is off by more than ``TORN``, any other altogether.
    """
    found = np.zeros_like(aside)
    spreads: dict[int, tuple[int, float]] = {}
    left = np.where(aside[:, bones.pairs].any(axis=-1) & bones.trusted, np.nan, bones.off)
    for i, spread in enumerate(spread_over_time(left)):
        above, joint = map(int, bones.pairs[i])
        if spread > STRETCH_LARGEST:
            spreads[joint] = above, float(spread)
            found[:, joint] |= np.abs(left[:, i]) > TORN if bones.trusted[i] else True
    return found, spreads


def beside_parents(positions: Floats, layout: Layout, height: float) -> tuple[Floats, list[str]]:
    """Put joints without a role, where they are missing, beside their parents as they mostly stand, seen from the body.

    Returns:
        ``[T, V, 3]``, and what was done in words.
    """
    missing, role = ~seen(positions), joints_with_role(layout)
    useful = ~missing[:, role].any(axis=1)
    joints = [v for v in layout.topological if missing[useful, v].any() and not role[v]]
    if not joints:
        return positions, []
    placed = positions.copy()
    front = heading(positions, layout)
    up = np.broadcast_to([0.0, 1.0, 0.0], front.shape)
    axes = np.stack([np.cross(up, front), up, front], axis=1)
    for v in joints:
        above = layout.parents[v]
        beside = above if above >= 0 else next(child for parent, child in layout.bones if parent == v)
        offsets = np.einsum("tij,tj->ti", axes, placed[:, v] - placed[:, beside])
        usual = median_over_time(np.where(missing[:, v, None], np.nan, offsets))
        if not np.isfinite(usual).all():
            rest = layout.rest
            usual = np.zeros(3) if rest is None else (rest[v] - rest[beside]) * height / body_height(rest[None], layout)
        frames = missing[:, v] & useful
        placed[frames, v] = placed[frames, beside] + np.einsum("tij,i->tj", axes[frames], usual)
    words = [f"{layout.joints[v]} ({counted_frames(int(missing[useful, v].sum()))})" for v in joints]
    return placed, [f"joints without a role, put beside the joint above as they mostly stand: {listed(words)}"]


def spread_over_time(values: Floats) -> Floats:
    """The distance from the 5 to the 95 % quantile of each column of ``[T, N]`` over what is there: ``[N]``."""
    known = np.isfinite(values)
    if known.all() and len(values):
        return np.asarray(np.subtract(*np.percentile(values, [95, 5], axis=0)))
    columns = [own[there] for own, there in zip(values.T, known.T, strict=True)]
    return np.array([np.subtract(*np.percentile(own, [95, 5])) if len(own) else 0.0 for own in columns])


def median_over_time(values: Floats) -> Floats:
    """The median of each column of ``[T, N]`` over what is there: ``[N]``, NaN where nothing is."""
    known = np.isfinite(values)
    if known.all() and len(values):
        return np.asarray(np.median(values, axis=0))
    columns = zip(values.T, known.T, strict=True)
    return np.array([np.median(own[there]) if there.any() else np.nan for own, there in columns])


def _in_rest(layout: Layout, pairs: npt.NDArray[np.intp], steady: Floats) -> Floats:
    """``[B]``: the lengths of bones in the layout's rest pose, at the size of the steady ones ``[B]`` (others NaN)."""
    if layout.rest is None:
        return np.full(len(pairs), np.nan)
    rest = np.linalg.norm(layout.rest[pairs[:, 1]] - layout.rest[pairs[:, 0]], axis=-1).astype(float)
    size = steady[rest > 0] / rest[rest > 0]
    return rest * np.median(size[np.isfinite(size)]) if np.isfinite(size).any() else np.full(len(pairs), np.nan)


def _kept(lengths: Floats, expected: float, scale: float, shortest: int) -> float:
    """The length that a bone keeps most, of ``[T]``; NaN where none is known.

    Where it keeps a longer or a shorter one for at least ``shortest`` frames, too, it is that one if the one kept most
    is further from the expected length by more than ``TORN`` of ``scale``.
    """
    known = np.sort(lengths[np.isfinite(lengths)])
    if not len(known):
        return float("nan")
    most, middle = _densest(known), (known[0] + known[-1]) / 2
    halves = [half for half in (known[known < middle], known[known >= middle]) if len(half) >= shortest]
    lengths_kept = [_densest(half) for half in halves]
    other = min(lengths_kept, key=lambda length: abs(length - expected), default=most)
    return other if abs(other - expected) + TORN * scale < abs(most - expected) else most


def _densest(known: Floats) -> float:
    """The middle of the narrowest third of sorted lengths."""
    width = max(1, len(known) // 3)
    start = int(np.argmin(known[width - 1 :] - known[: len(known) - width + 1]))
    return float(np.median(known[start : start + width]))


def _smooth(values: Floats, fps_hz: float) -> Floats:
    """The mean of ``[T, N]`` over ``DRIFT_S``, of what is there; NaN where less than half is."""
    known = np.isfinite(values)
    size = max(1, min(round(DRIFT_S * fps_hz), len(values)))
    total = uniform_filter1d(np.where(known, values, 0.0).astype(float), size, axis=0, mode="nearest")
    share = uniform_filter1d(known.astype(float), size, axis=0, mode="nearest")
    return np.where(share >= 0.5, total / np.maximum(share, 0.5), np.nan)


def _above(layout: Layout, role: Flags, joint: int) -> int:
    above = layout.parents[joint]
    while role[joint] and above >= 0 and not role[above]:
        above = layout.parents[above]
    return above
