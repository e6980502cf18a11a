"""Check the quality of a clip: fill short gaps, refuse long ones, find jumps, frozen joints and varying bones."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from stgcn_affect.motion.axes import LARGEST_M, METRES_PER, SMALLEST_M, guess_unit
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.normalise import body_height, bone_lengths, sides_swapped
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.float32]

LONGEST_GAP_S = 0.1
"""The longest run of missing values that is interpolated."""

FASTEST = 8.0
"""Speed of a joint that no subject reaches, in body heights a second (about 12 m/s)."""

SMALLEST_JUMP = 0.15
"""Movement from one frame to the next that may be noise, in body heights, however short a frame is."""

LONGEST_REST_S = 1.5
"""How long a joint may stay at one spot while the body moves: longer than the foot of a slow subject stands."""

STRETCH_NOTED, STRETCH_REFUSED = 0.15, 0.5
"""Spread of a bone's length over time (5 to 95 %) relative to its median: above these it is noted, or refused."""

SHORT_BONE = 0.15
"""Body heights; the spread of a shorter bone is judged as if the bone were this long."""


def check_clip(clip: Clip) -> tuple[Clip | None, list[str]]:
    """Check a clip, repair it where that is safe, and list the findings.

    Mended: missing runs up to 0.1 s and spikes of one frame are interpolated, a rest pose in the first frame is
    dropped, a unit other than metres is converted. Refused: longer gaps, jumping joints, frozen joints, bones whose
    length varies by half. Noted: bones whose length varies by more than 15 %, a size that fits no unit, and
    left joints at the subject's right.

    Returns:
        the mended clip, or None where it is refused, and the findings, one sentence each.
    """
    findings: list[str] = []
    positions = np.where(np.isfinite(clip.positions), clip.positions, np.nan).astype(np.float32)
    if np.isnan(positions).all(axis=(0, 2)).any():
        _, _, refused = fill_gaps(positions, clip.layout.joints, fps_hz=clip.fps_hz, periodic=clip.periodic)
        return None, refused
    height = body_height(positions, clip.layout)
    if not height > 0:
        return None, ["all joints are at one spot"]
    limit = max(FASTEST / clip.fps_hz, SMALLEST_JUMP) * height
    positions, dropped = _without_rest_pose(positions, limit, clip)
    positions, spikes = _without_spikes(positions, limit, clip.layout)
    positions, filled, gaps = fill_gaps(positions, clip.layout.joints, fps_hz=clip.fps_hz, periodic=clip.periodic)
    findings += dropped + spikes + filled + gaps
    if gaps:
        return None, findings
    stretched, torn = _bones(positions, clip.layout, height)
    refused = _jumps(positions, limit, height, clip) + _frozen(positions, height, clip) + torn
    findings += stretched + refused
    if refused:
        return None, findings
    scale, unit = _unit(height, clip)
    findings += unit + _sides(positions, clip.layout)
    if not findings:
        return clip, []
    return replace(clip, positions=positions * np.float32(scale)), findings


def fill_gaps(
    positions: npt.NDArray[np.float32], joints: Sequence[str], *, fps_hz: float, periodic: bool = False
) -> tuple[npt.NDArray[np.float32], list[str], list[str]]:
    """Interpolate runs of missing or infinite values up to 0.1 s, joint by joint.

    Args:
        positions: ``[T, V, 3]``.
        joints: V names.
        fps_hz: frames a second.
        periodic: time is circular. Otherwise a run at an end takes the nearest value.

    Returns:
        ``[T, V, 3]`` filled, what was filled, and which runs are too long, in words; these stay in the positions.
    """
    missing = np.asarray(~np.isfinite(positions).all(axis=-1))
    if not missing.any():
        return positions, [], []
    filled, mended, too_long = positions.copy(), [], []
    time = np.arange(len(positions))
    for v in map(int, np.flatnonzero(missing.any(axis=0))):
        start, frames = longest_run(missing[:, v], periodic)
        count = int(missing[:, v].sum())
        if count == len(time):
            too_long.append(f"joint {joints[v]!r}: missing in all {count} frames")
        elif frames > LONGEST_GAP_S * fps_hz + 1e-9:
            too_long.append(
                f"joint {joints[v]!r}: missing for {frames / fps_hz:.2f} s at {start / fps_hz:.2f} s"
                f" (at most {LONGEST_GAP_S} s can be filled)"
            )
        else:
            there = ~missing[:, v]
            for axis in range(3):
                known = positions[there, v, axis]
                filled[:, v, axis] = np.interp(time, time[there], known, period=len(time) if periodic else None)
            mended.append(f"joint {joints[v]!r}: {_frames(count)} missing, filled by interpolation")
    return filled, mended, too_long


def longest_run(flags: npt.NDArray[np.bool_], periodic: bool = False) -> tuple[int, int]:
    """Where the longest run of true values in ``[T]`` starts, and its length; 0, 0 where there is none."""
    frames = len(flags)
    edges = np.diff(np.concatenate([[0], np.tile(flags, 2 if periodic else 1), [0]]).astype(int))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    if not len(starts):
        return 0, 0
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]) % frames, min(int(ends[longest] - starts[longest]), frames)


def _without_rest_pose(positions: Floats, limit: float, clip: Clip) -> tuple[Floats, list[str]]:
    """Many BVH files open with a T-pose that the walk does not start from."""
    if clip.periodic or len(positions) < 4:
        return positions, []
    step = np.nanmax(_steps(positions[:3]), axis=1, initial=0)
    if step[0] > limit >= step[1]:
        return positions[1:], ["the first frame stands apart from the walk and was dropped"]
    return positions, []


def _without_spikes(positions: Floats, limit: float, layout: Layout) -> tuple[Floats, list[str]]:
    """Single frames in which a joint is far from its place before and after: they become missing."""
    steps = _steps(positions)
    back = np.linalg.norm(positions[2:] - positions[:-2], axis=-1)
    spike = (steps[:-1] > limit) & (steps[1:] > limit) & (back <= limit)
    if not spike.any():
        return positions, []
    mended = positions.copy()
    mended[1:-1][spike] = np.nan
    counts = spike.sum(axis=0)
    return mended, [
        f"joint {layout.joints[v]!r}: {counts[v]} spike{'s' if counts[v] > 1 else ''} of one frame taken as missing"
        for v in np.flatnonzero(counts)
    ]


def _jumps(positions: Floats, limit: float, height: float, clip: Clip) -> list[str]:
    steps = _steps(positions)
    jumping = np.flatnonzero((steps > limit).any(axis=0))
    if len(jumping) > len(clip.layout.joints) // 2:
        t = int(np.argmax(np.median(steps, axis=1)))
        return [
            f"most joints jump, the farthest at {t / clip.fps_hz:.2f} s: the clip is in pieces or the subject changes"
        ]
    words = []
    for v in jumping:
        t = int(np.argmax(steps[:, v]))
        words.append(
            f"joint {clip.layout.joints[v]!r}: jumps by {steps[t, v] / height:.2f} body heights"
            f" from one frame to the next at {t / clip.fps_hz:.2f} s"
        )
    return words


def _frozen(positions: Floats, height: float, clip: Clip) -> list[str]:
    """Joints that stay at one spot while the body moves.

    Where the pelvis is held still (as in centred files), trunk joints may rest with it, so only limbs are looked at.
    """
    steps = _steps(positions) / height
    still = steps < 1e-6
    moving = steps.mean(axis=1) > 1e-4
    pelvis = list(clip.layout.role_indices("pelvis"))
    suspects = set(range(clip.layout.num_joints)) - set(pelvis)
    if (still[:, pelvis].all(axis=1) & moving).any():
        limbs = ("elbow", "wrist", "knee", "ankle")
        suspects = {v for part in limbs for side in "lr" for v in clip.layout.role_indices(f"{side}_{part}")}
    words = []
    for v in sorted(suspects):
        start, frames = longest_run(still[:, v] & moving)
        if frames / clip.fps_hz > LONGEST_REST_S or frames == len(steps):
            words.append(
                f"joint {clip.layout.joints[v]!r}: frozen for {frames / clip.fps_hz:.2f} s from"
                f" {start / clip.fps_hz:.2f} s on, while the body moves"
            )
    return words


def _bones(positions: Floats, layout: Layout, height: float) -> tuple[list[str], list[str]]:
    """Bones whose length varies a little, and bones whose length varies too much for a body."""
    parent, child = np.array(layout.bones).T
    lengths = np.linalg.norm(positions[:, child] - positions[:, parent], axis=-1)
    low, high = np.percentile(lengths, [5, 95], axis=0)
    median = bone_lengths(positions, layout)
    # Noise of a centimetre or two is much of a short bone; so short ones are measured against an upper arm or so.
    spread = (high - low) / np.maximum(median, SHORT_BONE * height)
    words = [
        f"{layout.joints[p]!r} to {layout.joints[c]!r} by {s:.0%}"
        for p, c, s in zip(parent, child, spread, strict=True)
    ]
    noted = [words[b] for b in np.flatnonzero((spread > STRETCH_NOTED) & (spread <= STRETCH_REFUSED))]
    torn = [words[b] for b in np.flatnonzero(spread > STRETCH_REFUSED)]
    return (
        [f"bones whose length varies: {', '.join(noted)}"] if noted else [],
        [f"bones whose length varies too much for a body: {', '.join(torn)}"] if torn else [],
    )


def _unit(height: float, clip: Clip) -> tuple[float, list[str]]:
    """The factor that turns positions into metres, and why."""
    if clip.attributes.get("unit") == "relative" or SMALLEST_M <= height <= LARGEST_M:
        return 1.0, []
    unit = guess_unit(height)
    found = f"body height from ankles to head is {height:.4g}, which is not in metres"
    if unit:
        return METRES_PER[unit], [f"{found}: taken as {unit} and converted"]
    return 1.0, [f"{found} nor in any unit we know: kept as a relative size"]


def _sides(positions: Floats, layout: Layout) -> list[str]:
    """Note swapped sides, as knees, feet and toes show them.

    Swapped names and a left-handed source look the same in every frame, and differ in which leg is which alone. So
    nothing is reflected here; ``cut_cycles`` exchanges the names.
    """
    if not sides_swapped(positions, layout):
        return []
    return [
        "left joints stand at the subject's right, going by knees and feet: left and right are swapped in the names, or"
        " the file's axes are left-handed; the names are exchanged, and in the second case the walk is mirrored"
    ]


def _steps(positions: Floats) -> Floats:
    """How far each joint moves from frame to frame: ``[T-1, V]``."""
    return np.asarray(np.linalg.norm(np.diff(positions, axis=0), axis=-1), np.float32)


def _frames(count: int) -> str:
    return "1 frame" if count == 1 else f"{count} frames"
