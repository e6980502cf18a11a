"""All hand-made features of a set of gait cycles."""

from stgcn_affect.features.movement import movement_features, movement_signals
from stgcn_affect.features.posture import posture_signals
from stgcn_affect.features.signals import cycle_statistics, join_signals
from stgcn_affect.features.table import FeatureTable, Floats, checked_cycles, concatenate
from stgcn_affect.skeleton.layout import Layout


def hand_made_features(positions: Floats, stride_time_s: Floats, layout: Layout) -> FeatureTable:
    """All 311 hand-made features of posture and movement for N cycles, the same for every layout of a whole body.

    Those that need a head, a neck or arms are left out where the layout has none of them.

    Four statistics over the cycle (``cycle_statistics``) of 31 posture signals (``posture_signals``) and 43 movement
    signals (``movement_signals``), then those with one value a stride (``movement_features``).

    Args:
        positions: ``[N, T, V, 3]``, circular, pelvis-centred, facing +z, in body heights.
        stride_time_s: ``[N]`` seconds a cycle.
        layout: the joints; it has the required roles, as every layout does.

    Returns:
        ``[N, 311]``, or fewer, finite also where joints coincide: angles, areas and distances between them are 0.

    Raises:
        InputError: positions or stride times of another shape, not finite, or not positive.
    """
    cycles = checked_cycles(positions, layout)
    signals = join_signals([posture_signals(cycles, layout), movement_signals(cycles, stride_time_s, layout)])
    return concatenate([cycle_statistics(signals), movement_features(cycles, stride_time_s, layout)])
