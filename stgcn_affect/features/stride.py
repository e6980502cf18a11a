"""Stride features: length, speed, cadence and step width of a gait cycle."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.features.signals import circular_derivative
from stgcn_affect.features.table import KARG, OURS, FeatureTable, Floats, checked_cycles, checked_times
from stgcn_affect.motion.gait_events import foot_travel
from stgcn_affect.skeleton.layout import Layout


def stride_length(positions: Floats, layout: Layout) -> npt.NDArray[np.float64]:
    """The distance that the pelvis covers in one stride: pelvis-centred cycles ``[N, T, V, 3]`` facing +z to ``[N]``.

    Seen from the pelvis, a foot on the ground moves backwards as fast as the pelvis moves forwards; a foot in the air
    moves forwards, or backwards more slowly. So the backward speed of the fastest part of the feet is the walking
    speed at each phase, and its mean over the cycle times the stride time is the stride length; no heel strike has to
    be found. It has the unit of the positions, body heights for cycles, and is 0 for a subject who stands.

    The parts are the ankles, and the toes where the layout has them: then it is within a few per cent of the travel of
    the pelvis in most captured walks. With ankles alone it is about a tenth too short, because an ankle moves forwards
    over the standing foot as the heel lifts.

    Our choice: the papers measure between foot strikes on the ground, which a pelvis-centred cycle does not hold.

    Raises:
        InputError: positions of another shape, or not finite.
    """
    cycles = checked_cycles(positions, layout)
    feet = [
        foot_travel(cycles, layout, side, part=part)
        for side in "lr"
        for part in ("ankle", "toe")
        if layout.roles.get(f"{side}_{part}")
    ]
    per_cycle = circular_derivative(np.stack(feet, axis=-1), np.ones(len(cycles)))
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
        raise InputError(f"stride_time: positions need their layout (got {'layout' if layout else 'positions'} alone)")
    times = checked_times(stride_time_s, None if positions is None else len(positions))
    rows = [("log_stride_time", "log s", OURS, np.log(times)), ("cadence", "steps/min", KARG, 120 / times)]
    if positions is not None and layout is not None:
        rows.append(("walking_speed", "body heights/s", KARG, stride_length(positions, layout) / times))
    names, units, sources, columns = zip(*rows, strict=True)
    return FeatureTable(names, units, sources, np.stack(columns, axis=-1))
