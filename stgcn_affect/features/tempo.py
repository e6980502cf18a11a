"""How quickly someone walks, and nothing else."""

import numpy as np

from stgcn_affect.errors import InputError
from stgcn_affect.features.input_checks import Floats, checked_times
from stgcn_affect.features.sources import KARG, OURS
from stgcn_affect.features.stride import stride_length
from stgcn_affect.features.table import FeatureTable
from stgcn_affect.skeleton.layout import Layout


def tempo(stride_time_s: Floats, *, positions: Floats | None = None, layout: Layout | None = None) -> FeatureTable:
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
