"""Stride features: length, speed, cadence and step width of a gait cycle."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.features.signals import circular_derivative
from stgcn_affect.features.table import KARG, OURS, FeatureTable, Floats, checked_cycles, checked_times
from stgcn_affect.skeleton.layout import Layout


def stride_length(positions: Floats, layout: Layout) -> npt.NDArray[np.float64]:
    """The way that the pelvis goes in one stride: pelvis-centred cycles ``[N, T, V, 3]`` facing +z to ``[N]``.

    What stands on the ground goes backwards, seen from the pelvis, as fast as the pelvis goes forwards; what is in the
    air goes forwards, or backwards less fast. So at each phase the part of the feet that goes backwards fastest tells
    how fast the pelvis goes, and the sum over the cycle is the stride; no heel strike has to be found. It has the unit
    of the positions, which cycles give in body heights. It is 0 for a subject who stands.

    The parts are the ankles, and the toes where the layout has them: then it comes to within a few per cent of the way
    of the pelvis in most captured walks. With ankles alone it is about a tenth too short, because an ankle moves
    forwards over the standing foot as the heel lifts.

    Our choice: the papers measure between foot strikes on the ground, of which a pelvis-centred cycle knows nothing.

    Raises:
        InputError: positions of another shape, or not finite.
    """
    cycles = checked_cycles(positions, layout)
    pelvis = layout.role_position(cycles, "pelvis")[..., 2]
    roles = [f"{side}_{part}" for side in "lr" for part in ("ankle", "toe")]
    feet = np.stack(
        [layout.role_position(cycles, role)[..., 2] - pelvis for role in roles if layout.roles.get(role)], axis=-1
    )
    per_cycle = circular_derivative(feet, np.ones(len(cycles)))
    return np.asarray((-per_cycle).max(axis=-1).mean(axis=-1))


def stride_time(
    stride_time_s: Floats, *, positions: Floats | None = None, layout: Layout | None = None
) -> FeatureTable:
    """Log stride time and cadence, ``[N]`` seconds to ``[N, 2]``; with positions also walking speed, ``[N, 3]``.

    Cadence is two steps a stride. Speed is stride length (``stride_length``) by stride time, in body heights a second.

    Args:
        stride_time_s: ``[N]``.
        positions: ``[N, T, V, 3]``, pelvis-centred, facing +z, in body heights.
        layout: their joints.

    Raises:
        InputError: stride times that are not positive, positions that do not fit them or the layout, or one of
            ``positions`` and ``layout`` without the other.
    """
    if (positions is None) != (layout is None):
        raise InputError(f"tempo: positions need their layout (got {'layout' if layout else 'positions'} alone)")
    times = checked_times(stride_time_s, None if positions is None else len(positions))
    rows = [("log_stride_time", "log s", OURS, np.log(times)), ("cadence", "steps/min", KARG, 120 / times)]
    if positions is not None and layout is not None:
        rows.append(("walking_speed", "body heights/s", KARG, stride_length(positions, layout) / times))
    names, units, sources, columns = zip(*rows, strict=True)
    return FeatureTable(names, units, sources, np.stack(columns, axis=-1))
