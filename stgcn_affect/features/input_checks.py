"""What features accept: whole, finite cycles and their stride times."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]

FEWEST_SAMPLES = 4
"""Samples that a cycle needs for its first harmonic and a derivative."""


def checked_cycles(positions: Floats, layout: Layout) -> npt.NDArray[np.float64]:
    """Cycles ``[N, T, V, 3]`` in double precision.

    Features subtract positions and take derivatives; in double precision what is constant or symmetric in float32
    positions stays so.

    Raises:
        InputError: another shape than the layout asks for, fewer than four samples, or a position that is not finite.
    """
    shape = np.shape(positions)
    if len(shape) != 4 or shape[2:] != (layout.num_joints, 3) or shape[1] < FEWEST_SAMPLES:
        raise InputError(
            f"layout {layout.name}: features need cycles [N, T, {layout.num_joints}, 3] of at least {FEWEST_SAMPLES}"
            f" samples (got {list(shape)})"
        )
    cycles = np.asarray(positions, np.float64)
    finite = np.isfinite(cycles)
    if not finite.all():
        n, t, v, axis = np.argwhere(~finite)[0]
        raise InputError(
            f"layout {layout.name}: the position of joint {layout.joints[v]!r} in cycle {n}, sample {t} must be finite"
            f" (got {cycles[n, t, v, axis]})"
        )
    return cycles


def checked_times(stride_time_s: Floats, cycles: int | None = None) -> npt.NDArray[np.float64]:
    """Stride times ``[N]`` in double precision.

    Raises:
        InputError: not one time for each cycle, or a time that is not a positive number of seconds.
    """
    times = np.asarray(stride_time_s, np.float64)
    if times.ndim != 1 or cycles not in (None, len(times)):
        wanted = "a list [N]" if cycles is None else f"one for each of {cycles} cycles"
        raise InputError(f"stride_time_s: expected {wanted} (got {list(times.shape)})")
    wrong = ~(np.isfinite(times) & (times > 0))
    if wrong.any():
        n = int(np.argmax(wrong))
        raise InputError(f"stride_time_s: cycle {n} must last a positive number of seconds (got {times[n]})")
    return times
