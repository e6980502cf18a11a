"""Find leaps: single frames, joints and whole bodies that move as no body does, and recordings in pieces.

A leap is a second difference of positions over 1/30 s that is too large. Limits are in body heights. They were set so
that they touch no walk of the Bandai-Namco set (largest second difference: 0.075), none of Emotion-Gait (0.126) and no
synthetic walker (0.08).
"""

import numpy as np
import numpy.typing as npt

from stgcn_affect.motion.bones import SHORT_BONE, Bones, median_over_time
from stgcn_affect.motion.gaps import Flags, runs, seen
from stgcn_affect.motion.normalise import over_what_is_there

Floats = npt.NDArray[np.floating]

LAG_S = 1 / 30
"""Leaps are looked for over this time, whatever the frame rate is: a body does little in it."""

LEAP, LARGEST_LEAP, USUAL_LEAPS = 0.07, 0.15, 8.0
"""A second difference over ``LAG_S`` is a leap above 8 times the 90 % quantile of the joint's own: never below 0.07,
and always above 0.15."""

QUICK_LEAP, USUAL_QUICK_LEAPS = 0.04, 4.0
"""The same from one frame to the next, where frames are shorter than ``LAG_S``."""

FASTEST_BODY = 4.0
"""Speed of the median joint that no walk reaches, in body heights a second (about 7 m/s)."""

STEP_NOISE, USUAL_STEPS = 0.02, 3.0
"""Movement of the median joint from one frame to the next that may be noise, however short a frame is: at least, and in
medians over the recording."""

CALM_S, CALM = 0.25, 2.0
"""Frames beside a leap of the whole body count to it, up to 0.25 s, while the acceleration is above twice the usual."""

SHORTEST_PIECE_S = 0.6
"""Shorter pieces hold no stride."""

OTHER_BODY = 0.08
"""Median difference of the bones of two pieces from which on they show two people."""

SEVERAL = 4
"""So many joints that leap together change the pose, as at a cut; fewer are a fault of tracking."""

SHORTEST_SIDE_S = 0.2
"""A leap nearer to an end of the recording is not asked which side of it is right: the longer one is."""

SAME_BONE = 0.12
"""How far a bone's length in a piece may be off the usual for the piece to be trusted."""


def leaps(positions: Floats, known: Flags, height: float, fps_hz: float) -> tuple[Flags, Floats]:
    """``[T, V]``: frames in which a joint leaps, and ``[V]``: from which second difference of neighbouring frames on.

    Frames are not looked at beside frames that are not ``known``.
    """
    lag = max(1, round(LAG_S * fps_hz))
    slow = max(1.0, (lag / fps_hz / LAG_S) ** 2)
    sizes, usual = _second_differences(positions, known, height, lag)
    limit = slow * np.clip(USUAL_LEAPS * usual / slow, LEAP, LARGEST_LEAP)
    found = sizes > limit
    if lag > 1:
        sizes, usual = _second_differences(positions, known, height, 1)
        limit = np.clip(USUAL_QUICK_LEAPS * usual, QUICK_LEAP, LARGEST_LEAP)
        found |= sizes > limit
    return found, limit


def _second_differences(positions: Floats, known: Flags, height: float, lag: int) -> tuple[Floats, Floats]:
    """``[T, V]`` in body heights, 0 where one of the three frames is not known, and the 90 % quantile of each joint."""
    sizes = np.zeros(known.shape)
    if len(positions) <= 2 * lag:
        return sizes, np.zeros(known.shape[1])
    second = positions[2 * lag :] - 2 * positions[lag:-lag] + positions[: -2 * lag]
    there = known[2 * lag :] & known[lag:-lag] & known[: -2 * lag]
    sizes[lag:-lag] = np.where(there, np.linalg.norm(second, axis=-1) / height, 0.0)
    if there.all():  # as in most recordings, and several times faster
        return sizes, np.percentile(sizes[lag:-lag], 90, axis=0)
    columns = zip(sizes[lag:-lag].T, there.T, strict=True)
    return sizes, np.array([np.percentile(own[both], 90) if both.any() else 0.0 for own, both in columns])


def spikes(positions: Floats, height: float, fps_hz: float) -> Flags:
    """``[T, V]``: single frames in which a joint is far from its place before and after."""
    known = seen(positions)
    _, limit = leaps(positions, known, height, fps_hz)
    found = np.zeros(known.shape, bool)
    if len(positions) < 4:
        return found
    padded = np.pad(positions, ((2, 2), (0, 0), (0, 0)), constant_values=np.nan)
    two_back, back, ahead, two_ahead = (padded[i : i + len(positions)] for i in (0, 1, 3, 4))
    middle = (back + ahead) / 2
    off = 2 * np.linalg.norm(positions - middle, axis=-1) / height
    # Without a spike the path is smooth; without one of the two frames around a step it is not.
    rough = [
        np.nan_to_num(np.linalg.norm(far - 2 * near + middle, axis=-1) / height)
        for far, near in ((two_back, back), (two_ahead, ahead))
    ]
    found[:] = (off > limit) & (np.maximum(*rough) < np.minimum(limit, off / 3))
    second = np.linalg.norm(np.diff(positions, n=2, axis=0), axis=-1) / height > limit
    found[0], found[-1] = second[0] & ~second[1], second[-1] & ~second[-2]
    found[1] &= ~found[0]
    found[-2] &= ~found[-1]
    return found


def whole_body_leaps(positions: Floats, known: Flags, height: float, fps_hz: float) -> tuple[Flags, list[str]]:
    """``[T]``: frames in which most joints leap or are faster than a body, with what is cut off by them at the ends."""
    leaping = leaps(positions, known, height, fps_hz)[0].sum(axis=1) > known.shape[1] // 2
    steps = np.linalg.norm(np.diff(positions, axis=0), axis=-1) / height
    enough = (known[1:] & known[:-1]).sum(axis=1) > known.shape[1] // 2
    middle = np.where(enough, median_over_time(steps.T), 0.0)
    fast = middle > max(FASTEST_BODY / fps_hz, STEP_NOISE, USUAL_STEPS * float(np.median(middle)))
    leaping[1:] |= fast
    leaping[:-1] |= fast
    if not leaping.any():
        return leaping, []
    leaping = _until_calm(leaping, positions, known, fps_hz)
    words, shortest = [], SHORTEST_PIECE_S * fps_hz
    for run in runs(leaping):
        if run[0] < shortest:
            leaping[: run[0]] = True
            words.append(f"the first {run[-1] + 1} frames stand apart from the walk and were left out")
        elif run[-1] > len(leaping) - shortest:
            leaping[run[-1] :] = True
            words.append(f"the last {len(leaping) - run[0]} frames stand apart from the walk and were left out")
        else:
            words.append(
                f"most joints jump at {run[len(run) // 2] / fps_hz:.2f} s: the clip is in pieces or the subject changes"
            )
    return leaping, words


def _until_calm(leaping: Flags, positions: Floats, known: Flags, fps_hz: float) -> Flags:
    """Add the frames beside a leap of the whole body whose acceleration is above the usual, as a filter leaves them."""
    second = np.linalg.norm(np.diff(positions, n=2, axis=0), axis=-1)
    second[~(known[2:] & known[1:-1] & known[:-2])] = 0.0
    most = np.pad(second.max(axis=1), 1)
    restless = most > CALM * np.percentile(most[~leaping] if not leaping.all() else most, 99)
    wider = leaping.copy()
    reach = round(CALM_S * fps_hz)
    for run in runs(leaping):
        after, before = run[-1] + 1, run[0] - 1
        while after < min(len(leaping), run[-1] + 1 + reach) and restless[after]:
            wider[after] = True
            after += 1
        while before >= max(0, run[0] - reach) and restless[before]:
            wider[before] = True
            before -= 1
    return wider


def other_bodies(bones: Bones, leaping: Flags, fps_hz: float) -> tuple[Flags, list[str]]:
    """``[T]``: pieces between leaps of the whole body whose bones are not those of the longest piece."""
    pieces = [run for run in runs(~leaping) if len(run) >= SHORTEST_PIECE_S * fps_hz]
    other, words = np.zeros(len(leaping), bool), []
    if len(pieces) < 2:
        return other, []
    lengths = [median_over_time(bones.lengths[piece]) for piece in pieces]
    main = lengths[int(np.argmax([len(piece) for piece in pieces]))]
    for piece, own in zip(pieces, lengths, strict=True):
        off = np.abs(own - main) / np.maximum(main, 1e-9)
        off = off[np.isfinite(off)]
        if len(off) and np.median(off) > OTHER_BODY:
            other[piece] = True
            words.append(
                f"another body from {piece[0] / fps_hz:.2f} to {piece[-1] / fps_hz:.2f} s: its bones differ by"
                f" {np.median(off):.0%}; left out"
            )
    return other, words


def joint_leaps(
    positions: Floats, known: Flags, height: float, fps_hz: float, bones: Bones
) -> tuple[Flags, list[tuple[int, str]]]:
    """``[T, V]``: where a joint leaps and, where that can be told, while it is elsewhere; and (joint, words).

    Between two leaps the joint is elsewhere if the second undoes the first, or if its bones are not as long as usual.
    After a leap that is not undone the bones of the other side tell which part is right; where they do not, both are
    set aside. Where nothing stays changed, the leap alone is set aside.

    Args:
        positions: ``[T, V, 3]`` with short gaps filled.
        known: ``[T, V]``: what was not filled.
        height: of the body.
        fps_hz: frames a second.
        bones: its bones.
    """
    leaping, _ = leaps(positions, known, height, fps_hz)
    found = leaping.copy()
    words: list[tuple[int, str]] = []
    for v in map(int, np.flatnonzero(leaping.any(axis=0))):
        events = runs(leaping[:, v])
        moves = [_move(positions[:, v], run) for run in events]
        lengths = [float(np.nan_to_num(np.linalg.norm(move))) for move in moves]
        undone = np.zeros(len(events), bool)
        for k in range(len(events) - 1):
            back = np.linalg.norm(moves[k] + moves[k + 1]) < 0.6 * min(lengths[k], lengths[k + 1])
            start, end = int(events[k][-1]), int(events[k + 1][0])
            if back and end - start < len(positions) / 2:
                found[start:end, v] = undone[k] = undone[k + 1] = True
        own = bones.of(v)
        for piece in runs(~found[:, v]):
            if (np.abs(median_over_time(bones.off[piece][:, own])) > SAME_BONE).any():
                found[piece, v] = True
        for run, move, made_good in zip(events, moves, undone, strict=True):
            alone = leaping[run].any(axis=0).sum() < SEVERAL
            elsewhere = np.linalg.norm(move) > QUICK_LEAP * height and _stays(positions, v, run, move, fps_hz)
            if alone and not made_good and elsewhere:
                found[:, v] |= _wrong_side(bones, v, run, height, fps_hz)
        worst = int(np.argmax(lengths))
        at = f"{events[worst][0] / fps_hz:.2f} s{_more(len(events) - 1)}"
        words.append((v, f"jumps by {lengths[worst] / height:.2f} body heights at {at}"))
    return found, words


def _stays(positions: Floats, joint: int, run: npt.NDArray[np.intp], move: Floats, fps_hz: float) -> bool:
    """Whether a joint, seen from the others, is on the average elsewhere after a leap than before, as the leap says;
    over a second and over three: a joint that froze for a while leaps back to where it was.
    """
    others = np.delete(positions, joint, axis=1)
    path = positions[:, joint] - over_what_is_there(np.nanmedian, others, axis=1)
    for reach in (round(fps_hz), round(3 * fps_hz)):
        sides = path[max(0, run[0] - reach) : run[0]], path[run[-1] + 1 : run[-1] + 1 + reach]
        before, after = (side[np.isfinite(side).all(axis=1)] for side in sides)
        if min(len(before), len(after)) < SHORTEST_SIDE_S * fps_hz:
            return False
        if not (after.mean(axis=0) - before.mean(axis=0)) @ move > 0.5 * (move @ move):
            return False
    return True


def _wrong_side(bones: Bones, joint: int, run: npt.NDArray[np.intp], height: float, fps_hz: float) -> Flags:
    """``[T]``: the side of a leap whose bones differ from those of the other side of the body; both where none fits.

    Where both fit, as beside another pose, it is the one that is too short for a stride; both where neither is.
    """
    frames = np.arange(len(bones.off))
    own = bones.of(joint)
    paired = own[bones.mirror[own] != own]
    usual = median_over_time(bones.lengths[:, bones.mirror[paired]])
    fits = []
    for side in (frames < run[0], frames > run[-1]):
        off = np.abs(median_over_time(bones.lengths[side][:, paired]) - usual)
        fits.append(bool(len(off)) and bool((off < SAME_BONE * np.maximum(usual, SHORT_BONE * height)).all()))
    if fits[0] and fits[1]:
        short = [count < SHORTEST_PIECE_S * fps_hz for count in (run[0], len(frames) - 1 - run[-1])]
        fits = [not own and other for own, other in zip(short, short[::-1], strict=True)]
    if fits[0] == fits[1]:
        return np.ones(len(frames), bool)
    return np.asarray(frames > run[-1] if fits[0] else frames < run[0])


def _more(count: int) -> str:
    return f" and {count} times more" if count > 1 else " and once more" if count else ""


def _move(path: Floats, run: npt.NDArray[np.intp]) -> Floats:
    """How far a joint's path ``[T, 3]`` goes over a run of frames, beyond what its speed before and after explains."""
    start, end = max(int(run[0]) - 1, 0), min(int(run[-1]) + 1, len(path) - 1)
    speeds = [path[start] - path[start - 1]] if start else []
    speeds += [path[end + 1] - path[end]] if end + 1 < len(path) else []
    usual = np.mean(speeds, axis=0) if speeds else np.zeros(3)
    return np.asarray(path[end] - path[start] - usual * (end - start))
