"""Missing values in a clip: short runs are filled, long ones are not invented."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

LONGEST_GAP_S = 0.1


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
        ``[T, V, 3]`` filled, what was filled, and which runs are too long, in words. With a run too long the positions
        still hold it.
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


def _frames(count: int) -> str:
    return "1 frame" if count == 1 else f"{count} frames"
