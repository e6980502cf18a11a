"""Does a map name a few joints, or all of them?"""

import numpy as np
import numpy.typing as npt

from stgcn_affect.explain.callables import Maps
from stgcn_affect.explain.ranking import joint_scores


def gini(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Gini's index of magnitudes along the last axis, ``[..., V]`` to ``[...]``.

    0 where all are equal (or all 0), 1 - 1/V where one has everything (Hurley & Rickard, "Comparing measures of
    sparsity", IEEE Trans. Information Theory 55, 2009, equation for sorted magnitudes).
    """
    sizes = np.sort(np.abs(np.asarray(values, np.float64)), axis=-1)
    count = sizes.shape[-1]
    total = sizes.sum(axis=-1)
    weighted = (sizes * (2 * np.arange(1, count + 1) - count - 1)).sum(axis=-1)
    return np.asarray(np.divide(weighted, count * total, out=np.zeros_like(total), where=total > 0))


def sparsity(maps: Maps) -> npt.NDArray[np.float64]:
    """Gini's index of each cycle's joint scores (mean magnitude over the cycle): ``[N, T, V]`` to ``[N]``."""
    return gini(joint_scores(maps, part="magnitude"))
