"""What the scores of maps take from those who make maps: plain functions of a batch of cycles."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.batch import CycleBatch

Maps = npt.NDArray[np.floating]
"""Maps ``[N, T, V]``, signed and raw: never normalised per cycle."""

MapMaker = Callable[[CycleBatch], npt.NDArray[np.float32]]
"""N cycles to their maps ``[N, T, V]``, for a method and a target that are fixed."""

Predict = Callable[[CycleBatch], npt.NDArray[np.floating]]
"""N cycles to the probabilities ``[N, Q]`` of the released decision."""
