"""Missing values: find them, fill short runs of them, and tell in words which are left."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import listed

Floats = npt.NDArray[np.floating]
Flags = npt.NDArray[np.bool_]

LONGEST_GAP_S = 0.1
"""The longest run of missing values that is interpolated."""

MOST_SENTENCES = 3
"""Sentences about joints of which not the same is said; the others are summed up."""

AT_ORIGIN = 0.1
"""How far a joint must be from 0, 0, 0 just before or after, in sizes of the body, for 0, 0, 0 to mean "missing"."""


def fill_gaps(
    positions: npt.NDArray[np.float32], joints: Sequence[str], *, fps_hz: float, periodic: bool = False
) -> tuple[npt.NDArray[np.float32], list[str], list[str]]:
    """Interpolate runs of missing or infinite values up to 0.1 s, joint by joint; longer ones stay missing.

    Args:
        positions: ``[T, V, 3]``.
        joints: V names.
        fps_hz: frames a second.
        periodic: time is circular. Otherwise a run at an end takes the nearest value.

    Returns:
        ``[T, V, 3]`` filled, what was filled, and which runs are too long, in words; these stay in the positions.
    """
    missing = ~seen(positions)
    if not missing.any():
        return positions, [], []
    filled = positions.copy()
    mended: list[tuple[str, str]] = []
    too_long: list[tuple[str, str]] = []
    time, longest = np.arange(len(positions)), LONGEST_GAP_S * fps_hz + 1e-9
    for v in map(int, np.flatnonzero(missing.any(axis=0))):
        if missing[:, v].all():
            too_long.append((joints[v], f"missing in all {len(time)} frames"))
            continue
        found = runs(missing[:, v], periodic)
        long = [run for run in found if len(run) > longest]
        short = [run for run in found if len(run) <= longest]
        if long:
            too_long.append(
                (joints[v], f"missing for {stretches(long, fps_hz)} (at most {LONGEST_GAP_S} s can be filled)")
            )
        if short:
            frames, there = np.concatenate(short), ~missing[:, v]
            for axis in range(3):
                known = positions[there, v, axis]
                filled[frames, v, axis] = np.interp(frames, time[there], known, period=len(time) if periodic else None)
            mended.append((joints[v], f"{counted_frames(len(frames))} missing, filled by interpolation"))
    return filled, by_joint(mended, joints), by_joint(too_long, joints)


def runs(flags: Flags, periodic: bool = False) -> list[npt.NDArray[np.intp]]:
    """The runs of true values in ``[T]``, each as the indices of its frames; a period has its ends side by side."""
    if not flags.any():
        return []
    edges = np.diff(np.concatenate([[0], flags, [0]]).astype(int))
    found = [np.arange(a, b) for a, b in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True)]
    if periodic and len(found) > 1 and flags[0] and flags[-1]:
        return [*found[1:-1], np.concatenate([found[-1], found[0]])]
    return found


def stretches(found: Sequence[npt.NDArray[np.intp]], fps_hz: float) -> str:
    """Runs of frames in words: "0.13 s at 0.20 s", or their sum, their number and the longest."""
    longest = max(found, key=len)
    one = f"{len(longest) / fps_hz:.2f} s at {longest[0] / fps_hz:.2f} s"
    if len(found) == 1:
        return one
    return f"{sum(map(len, found)) / fps_hz:.2f} s in {len(found)} stretches, the longest {one}"


def by_joint(words: Sequence[tuple[str, str]], joints: Sequence[str]) -> list[str]:
    """Sentences about joints, one for all joints of which the same is said."""
    groups: dict[str, list[str]] = {}
    for joint, sentence in words:
        groups.setdefault(sentence, []).append(joint)
    lines = []
    if len(groups) > MOST_SENTENCES:
        rest = list(groups)[MOST_SENTENCES - 1 :]
        names = [joint for sentence in rest for joint in groups.pop(sentence)]
        groups[f"the same at other times, the first {rest[0]}"] = names
    for sentence, names in groups.items():
        if len(names) == 1:
            lines.append(f"joint {names[0]!r}: {sentence}")
        elif len(names) == len(joints) > 2:
            lines.append(f"all joints: {sentence}")
        else:
            lines.append(f"joints {listed(names)}: {sentence}")
    return lines


def counted_frames(count: int) -> str:
    """The number of frames in words."""
    return "1 frame" if count == 1 else f"{count} frames"


def without_origin(positions: Floats) -> Floats:
    """Take joints that stand at exactly 0, 0, 0 for a while, far from where they are before and after, as missing.

    Many recorders write zeros for what they did not see. A joint that is always there is the origin of its recording;
    where several are, none of them was ever seen.
    """
    at = np.asarray((positions == 0).all(axis=-1))
    if not at.any():
        return positions
    mended = np.array(positions, float)
    mended[at.all(axis=1)] = np.nan
    always = at.all(axis=0)
    if always.sum() > 1:
        mended[:, always] = np.nan
    sizes = [
        np.linalg.norm(np.ptp(frame[~out], axis=0)) if (~out).sum() > 1 else 0.0
        for frame, out in zip(mended, ~seen(mended) | at, strict=True)
    ]
    known = np.array([size for size in sizes if size > 0])
    far = AT_ORIGIN * float(np.median(known)) if len(known) else 0.0
    for v in np.flatnonzero(at.any(axis=0) & ~at.all(axis=0)):
        for run in runs(at[:, v]):
            beside = [mended[t, v] for t in (run[0] - 1, run[-1] + 1) if 0 <= t < len(mended)]
            away = [float(np.linalg.norm(place)) for place in beside if np.isfinite(place).all()]
            if not away or min(away) > far:
                mended[run, v] = np.nan
    return mended


def seen(positions: Floats) -> Flags:
    """``[T, V]``: whether a joint is there in a frame."""
    return np.asarray(np.isfinite(positions).all(axis=-1))
