"""The average gait cycle of a set."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError


def average_cycle(cycles: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """The mean over a set of cycles, phase by phase: ``[N, T, V, 3]`` to ``[T, V, 3]``.

    Raises:
        InputError: the set is empty or has another shape.
    """
    if np.ndim(cycles) != 4 or len(cycles) == 0:
        raise InputError(f"average_cycle needs at least one cycle in an array [N, T, V, 3] (got {np.shape(cycles)})")
    return np.asarray(np.mean(cycles, axis=0, dtype=float), np.float32)


def average_cycles(cycles: npt.NDArray[np.floating], groups: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
    """The average cycle of each group, by sorted name: ``[N, T, V, 3]`` and N names to ``{name: [T, V, 3]}``.

    Raises:
        InputError: there is not one name for each cycle.
    """
    names = np.asarray(groups)
    if names.shape != (len(cycles),):
        raise InputError(f"average_cycles needs one group name for each of {len(cycles)} cycles (got {names.shape})")
    return {str(name): average_cycle(cycles[names == name]) for name in np.unique(names)}
