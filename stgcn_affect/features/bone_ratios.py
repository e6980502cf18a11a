"""Bone lengths as features: the proportions of a body, which do not depend on its movement."""

import numpy as np

from stgcn_affect.features.posture import distance
from stgcn_affect.features.table import OURS, FeatureTable, Floats, checked_cycles
from stgcn_affect.skeleton.layout import Layout


def bone_ratios(positions: Floats, layout: Layout) -> FeatureTable:
    """Mean length of each bone over the cycle, in body heights: ``[N, T, V, 3]`` to ``[N, V-1]``.

    Positions must be in body heights, as those of cycles are: then the lengths are ratios, and say nothing of stature.
    Feature ``bone.<parent>-<child>``, in the order of ``layout.bones``.

    Raises:
        InputError: positions of another shape, or not finite.
    """
    cycles = checked_cycles(positions, layout)
    parent, child = np.array(layout.bones).T
    lengths = distance(cycles[..., child, :], cycles[..., parent, :]).mean(axis=1)
    return FeatureTable(
        names=tuple(f"bone.{layout.joints[p]}-{layout.joints[c]}" for p, c in layout.bones),
        units=("body heights",) * len(layout.bones),
        sources=(OURS,) * len(layout.bones),
        values=np.asarray(lengths, np.float32),
    )
