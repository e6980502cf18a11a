"""Check the quality of a clip: fill short gaps, set faulty stretches of joints aside, and say what was done."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from stgcn_affect.motion.axes import LARGEST_M, METRES_PER, SMALLEST_M, guess_unit
from stgcn_affect.motion.bones import (
    SHORT_BONE,
    STRETCH_LARGEST,
    TORN,
    Bones,
    beside_parents,
    joints_with_role,
    measure_bones,
    spread_over_time,
    torn,
    unsteady,
)
from stgcn_affect.motion.camera import CAMERA_DRIFT, exchange_back, from_camera, smooth_camera
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.frozen import frozen
from stgcn_affect.motion.gaps import LONGEST_GAP_S, Flags, by_joint, fill_gaps, runs, seen, stretches
from stgcn_affect.motion.leaps import joint_leaps, other_bodies, spikes, whole_body_leaps
from stgcn_affect.motion.normalise import bone_lengths
from stgcn_affect.motion.strides import SHORTEST_S, wrong_rate
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.float32]

FASTEST = 8.0
"""Speed of a joint that no subject reaches, in body heights a second (about 12 m/s)."""

SMALLEST_JUMP = 0.15
"""Movement from one frame to the next that may be noise, in body heights, however short a frame is."""

STRETCH_NOTED = 0.15
"""Spread of a bone's length over time (5 to 95 %) relative to its median from which on it is noted."""


def check_clip(clip: Clip) -> tuple[Clip | None, list[str]]:
    """Check a clip, repair it where that is safe, set aside what is faulty, and list the findings.

    Mended: missing runs up to 0.1 s and spikes of one frame are interpolated, a rest pose in the first frame is
    dropped, a unit other than metres is converted, poses from one camera are smoothed (``smooth_camera``). Set aside as
    missing (NaN), frame by frame and joint by joint: long gaps, leaps, frozen joints, joints that leave their bones,
    frames before a leap of the whole body at the start. ``cut_cycles`` cuts nothing from a frame that is not whole. A
    joint without a role (a thumb, a tip of a hand) costs no frame: where it is faulty it is put beside its parent as it
    mostly stands. Noted: bones whose length varies by more than 15 %, a size that fits no unit, and left joints at the
    subject's right.

    Returns:
        the mended clip, or None where no stretch as long as the shortest stride is whole, and the findings, one
        sentence each.
    """
    findings = list(clip.remarks)
    layout, joints = clip.layout, clip.layout.joints
    role = joints_with_role(layout)
    if np.isinf(clip.positions).any():
        clip = replace(clip, positions=np.where(np.isfinite(clip.positions), clip.positions, np.nan))
    positions = clip.positions
    never = ~seen(positions).any(axis=0)
    if (never & role).any():
        words = [(joints[v], f"missing in all {clip.num_frames} frames") for v in np.flatnonzero(never & role)]
        return None, findings + by_joint(words, joints)
    height = clip.body_height
    if not height > 0:
        size = "all joints are at one spot" if height == 0 else "no frame shows the body from the ankles to the head"
        return None, [*findings, size]
    positions, exchanged = exchange_back(clip, positions)
    positions, dropped = _without_rest_pose(positions, max(FASTEST / clip.fps_hz, SMALLEST_JUMP) * height, clip)
    positions, spiked = _without_spikes(positions, height, clip)
    known = seen(positions)
    positions, filled, gaps = fill_gaps(positions, joints, fps_hz=clip.fps_hz, periodic=clip.periodic)
    positions, smoothed = smooth_camera(clip, positions)
    bones = measure_bones(positions, layout, height, clip.fps_hz)
    aside, faults = _faults(positions, known, height, clip, bones)
    findings += smoothed + exchanged + dropped + spiked + filled + gaps + faults
    positions = _set_aside(positions, aside, clip)
    findings += _stretched(positions, layout, height)
    positions, placed = beside_parents(positions, layout, height)
    findings += placed
    whole = np.asarray(np.isfinite(positions).all(axis=(1, 2)))
    longest = max(map(len, runs(whole)), default=0)
    if not whole.all() and (clip.periodic or longest < SHORTEST_S * clip.fps_hz):
        guess = "" if clip.periodic else wrong_rate(clip.positions, layout, clip.fps_hz)
        nowhere = f"all joints with a role are nowhere there for {SHORTEST_S} s"
        return None, [*findings, nowhere, *filter(None, [guess])]
    if not whole.all():
        findings.append(f"all joints with a role are there for {stretches(runs(whole), clip.fps_hz)}")
    scale, unit = _unit(height, clip)
    findings += unit
    mended = clip if len(findings) == len(clip.remarks) else replace(clip, positions=positions)
    findings += _sides(mended)
    return (mended if scale == 1 else replace(mended, positions=positions * np.float32(scale))), findings


def _faults(positions: Floats, known: Flags, height: float, clip: Clip, bones: Bones) -> tuple[Flags, list[str]]:
    """``[T, V]``: what is set aside, and why, in words."""
    joints, fps_hz = clip.layout.joints, clip.fps_hz
    body, lines = whole_body_leaps(positions, known, height, fps_hz)
    others, more = other_bodies(bones, body, fps_hz)
    lines += more
    body |= others
    still, held, more = frozen(positions, height, clip.layout, fps_hz)
    lines += more
    leaping, leaps = joint_leaps(positions, known & ~body[:, None] & ~still, height, fps_hz, bones)
    drift = CAMERA_DRIFT if from_camera(clip) else TORN
    off = torn(bones, still | leaping | body[:, None], fps_hz, least=drift)
    words = {v: [sentence] for v, sentence in leaps}
    for v, sentence in held:
        words.setdefault(v, []).append(sentence)
    for v in map(int, np.flatnonzero((off & ~leaping & ~still).any(axis=0))):
        where = stretches(runs(off[:, v]), fps_hz)
        words.setdefault(v, []).append(f"away from where its bones can reach for {where}")
    aside = still | leaping | off | body[:, None]
    wild, spreads = unsteady(bones, aside)
    for v, (above, spread) in spreads.items():
        words[v] = [f"its distance from {joints[above]!r} varies by {spread:.0%}"]
    sentences = [(joints[v], "; ".join(words[v]) + ": set aside") for v in sorted(words)]
    return aside | wild, lines + by_joint(sentences, joints)


def _set_aside(positions: Floats, aside: Flags, clip: Clip) -> Floats:
    """Take what is set aside as missing; a single frame of a joint is interpolated, as a spike is."""
    if not aside.any():
        return positions
    positions = positions.copy()
    positions[aside] = np.nan
    one_frame_hz = min(1.0 / LONGEST_GAP_S, clip.fps_hz)
    filled, _, _ = fill_gaps(positions, clip.layout.joints, fps_hz=one_frame_hz, periodic=clip.periodic)
    filled[aside.all(axis=1)] = np.nan
    return filled


def _without_rest_pose(positions: Floats, limit: float, clip: Clip) -> tuple[Floats, list[str]]:
    """Many BVH files open with a T-pose that the walk does not start from."""
    if clip.periodic or len(positions) < 4:
        return positions, []
    step = np.nan_to_num(np.linalg.norm(np.diff(positions[:3], axis=0), axis=-1)).max(axis=1)
    if step[0] > limit >= step[1]:
        return positions[1:], ["the first frame stands apart from the walk and was dropped"]
    return positions, []


def _without_spikes(positions: Floats, height: float, clip: Clip) -> tuple[Floats, list[str]]:
    """Single frames in which a joint is far from its place before and after: they become missing."""
    spike = spikes(positions, height, clip.fps_hz)
    if not spike.any():
        return positions, []
    mended = positions.copy()
    mended[spike] = np.nan
    counts = spike.sum(axis=0)
    words = [
        (clip.layout.joints[v], f"{counts[v]} spike{'s' if counts[v] > 1 else ''} of one frame taken as missing")
        for v in np.flatnonzero(counts)
    ]
    return mended, by_joint(words, clip.layout.joints)


def _stretched(positions: Floats, layout: Layout, height: float) -> list[str]:
    """Bones whose length varies a little."""
    parent, child = np.array(layout.bones).T
    lengths = np.linalg.norm(positions[:, child] - positions[:, parent], axis=-1)
    # Noise of a centimetre or two is much of a short bone; so short ones are measured against an upper arm or so.
    spread = spread_over_time(lengths) / np.maximum(bone_lengths(positions, layout), SHORT_BONE * height)
    noted = [
        f"{layout.joints[p]!r} to {layout.joints[c]!r} by {s:.0%}"
        for p, c, s in zip(parent, child, spread, strict=True)
        if STRETCH_NOTED < s <= STRETCH_LARGEST
    ]
    return [f"bones whose length varies: {', '.join(noted)}"] if noted else []


def _unit(height: float, clip: Clip) -> tuple[float, list[str]]:
    """The factor that turns positions into metres, and why."""
    if clip.attributes.get("unit") == "relative" or SMALLEST_M <= height <= LARGEST_M:
        return 1.0, []
    unit = guess_unit(height)
    found = f"body height from ankles to head is {height:.4g}, which is not in metres"
    if unit:
        return METRES_PER[unit], [f"{found}: taken as {unit} and converted"]
    return 1.0, [f"{found} nor in any unit we know: kept as a relative size"]


def _sides(clip: Clip) -> list[str]:
    """Note swapped sides, as knees, feet and toes show them.

    Swapped names and a left-handed source look the same in every frame, and differ in which leg is which alone. So
    nothing is reflected here; ``cut_cycles`` exchanges the names.
    """
    if not clip.sides_swapped:
        return []
    return [
        "left joints stand at the subject's right, going by knees and feet: left and right are swapped in the names, or"
        " the file's axes are left-handed; the names are exchanged, and in the second case the walk is mirrored"
    ]
