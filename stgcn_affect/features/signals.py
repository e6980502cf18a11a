"""Named quantities that change over the gait cycle."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.features.table import check_columns, find_column


@dataclass(frozen=True, eq=False)
class Signals:
    """F quantities of N cycles at each of T phase samples.

    Args:
        names: F names, each once.
        units: F units.
        sources: who describes each: the paper, or "our choice".
        values: ``[N, T, F]``.

    Raises:
        InputError: names, units, sources and columns of different number, or a name given twice.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    sources: tuple[str, ...]
    values: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.values.ndim != 3:
            raise InputError(f"features: signals must have shape [N, T, F] (got {list(self.values.shape)})")
        check_columns(self.names, self.units, self.sources, self.values.shape[2])

    def signal(self, name: str) -> npt.NDArray[np.float64]:
        """``[N, T]``: one quantity. Raises InputError for a name that is not there."""
        return self.values[..., find_column(self.names, name)]


def join_signals(parts: Sequence[Signals]) -> Signals:
    """Put the signals of the same cycles side by side. Raises InputError for a name in two of them."""
    return Signals(
        names=tuple(name for part in parts for name in part.names),
        units=tuple(unit for part in parts for unit in part.units),
        sources=tuple(source for part in parts for source in part.sources),
        values=np.concatenate([part.values for part in parts], axis=-1),
    )
