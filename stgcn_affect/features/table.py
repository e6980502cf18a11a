"""Named features of a set of gait cycles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError


@dataclass(frozen=True, eq=False)
class FeatureTable:
    """F features of N cycles.

    Args:
        names: F names, each once.
        units: F units; "1" for a pure number.
        sources: who describes each feature: the paper, or "our choice".
        values: ``[N, F]``, kept as float32.

    Raises:
        InputError: names, units, sources and columns of different number, or a name given twice.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    sources: tuple[str, ...]
    values: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", np.asarray(self.values, np.float32))
        if self.values.ndim != 2:
            raise InputError(f"features: values must have shape [N, F] (got {list(self.values.shape)})")
        check_columns(self.names, self.units, self.sources, self.values.shape[1])

    def __len__(self) -> int:
        return len(self.values)

    def column(self, name: str) -> npt.NDArray[np.float32]:
        """``[N]``: one feature. Raises InputError for a name that is not in the table."""
        column: npt.NDArray[np.float32] = self.values[:, find_column(self.names, name)]
        return column


def concatenate(tables: Sequence[FeatureTable]) -> FeatureTable:
    """Put the features of the same cycles side by side, in the tables' order.

    Raises:
        InputError: no table, tables of different cycles, or a name in two of them.
    """
    if len({len(table) for table in tables}) != 1:
        found = ", ".join(str(len(table)) for table in tables) or "no table"
        raise InputError(f"features: tables to be joined must have the same number of cycles (got {found})")
    return FeatureTable(
        names=tuple(name for table in tables for name in table.names),
        units=tuple(unit for table in tables for unit in table.units),
        sources=tuple(source for table in tables for source in table.sources),
        values=np.concatenate([table.values for table in tables], axis=1),
    )


def check_columns(names: Sequence[str], units: Sequence[str], sources: Sequence[str], columns: int) -> None:
    """Raise InputError unless every column has one name of its own, one unit and one source."""
    found = (len(names), len(units), len(sources))
    if found != (columns,) * 3:
        raise InputError(
            f"features: expected {columns} names, units and sources (got {found[0]}, {found[1]}, {found[2]})"
        )
    name, count = Counter(names).most_common(1)[0] if names else ("", 1)
    if count > 1:
        raise InputError(f"features: every name must stand once (got {name!r} {count} times)")


def find_column(names: Sequence[str], name: str) -> int:
    """Where a feature stands. Raises InputError for a name that is not there."""
    if name not in names:
        raise InputError(f"features: expected a name such as {', '.join(names[:3])} (got {name!r})")
    return names.index(name)
