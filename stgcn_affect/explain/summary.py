"""A map in a few numbers: how much of it lies on each limb in each phase of the gait."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.skeleton.limbs import limb_groups


def limb_phase_shares(
    values: npt.NDArray[np.floating], layout: Layout, phases: Mapping[str, npt.NDArray[np.bool_]]
) -> dict[str, dict[str, float]]:
    """Shares of a map's total magnitude: limb to {"cycle": over all phases, phase: in that phase}.

    The limbs' "cycle" shares sum to 1 (to 0 for a map of zeros). Phases may overlap, as double support does with both
    stances, so theirs need not. A long phase or a limb of many joints has a larger share for that alone.

    Args:
        values: ``[T, V]``, an average map.
        layout: the joints of the map.
        phases: name to ``[T]``, see ``phase_bins``.
    """
    total = float(np.abs(values).sum())
    size = np.abs(values) / (total if total > 0 else 1.0)
    return {
        limb: {
            "cycle": float(size[:, joints].sum()),
            **{name: float(size[inside][:, joints].sum()) for name, inside in phases.items()},
        }
        for limb, names in limb_groups(layout).items()
        for joints in [[layout.index(name) for name in names]]
    }
