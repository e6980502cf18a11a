"""Named features of gait cycles, the papers that describe them, and the checks of what they are made from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout

CRENN = "Crenn et al. 2016"
"""Crenn, Khan, Meyer and Bouakaz, "Body expression recognition from animated 3D skeleton", IC3D 2016: angles,
distances, triangles and the bounding volume of a pose."""

RANDHAVANE = "Randhavane et al. 2019"
"""Randhavane et al., "Identifying emotions from walking using affective and deep features", arXiv 1906.11884 (2019): 13
posture and 16 movement features of gait, after Crenn et al."""

STEP = "Bhattacharya et al. 2020 (STEP)"
"""Bhattacharya et al., "STEP: spatial temporal graph convolutional networks for emotion perception from gaits", AAAI
2020, and the code that its authors released."""

KARG = "Karg et al. 2010"
"""Karg, Kuehnlenz and Buss, "Recognition of affect based on gait patterns", IEEE Trans. Systems, Man and Cybernetics B
40 (2010): speed, stride length and cadence."""

GROSS = "Gross et al. 2012"
"""Gross, Crane and Fredrickson, "Effort-Shape and kinematic assessment of bodily expression of emotion during gait",
Human Movement Science 31 (2012): ranges of motion of the joints."""

MICHALAK = "Michalak et al. 2009"
"""Michalak et al., "Embodiment of sadness and depression: gait patterns associated with dysphoric mood", Psychosomatic
Medicine 71 (2009): the swing of the arms."""

TROJE = "Troje 2002"
"""Troje, "Decomposing biological motion: a framework for analysis and synthesis of human gait patterns", J. Vision 2
(2002): a walk as the Fourier series of its joints."""

OURS = "our choice"


@dataclass(frozen=True, eq=False)
class FeatureTable:
    """F features of N cycles.

    Args:
        names: F names, each once.
        units: F units; "1" for a pure number.
        sources: the sources of each feature: the paper, or "our choice".
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
    """The index of a feature's column. Raises InputError for a name that is not there."""
    if name not in names:
        raise InputError(f"features: expected a name such as {', '.join(names[:3])} (got {name!r})")
    return names.index(name)


Floats = npt.NDArray[np.floating]

FEWEST_SAMPLES = 4
"""Samples that a cycle needs for its first harmonic and a derivative."""


def checked_cycles(positions: Floats, layout: Layout) -> npt.NDArray[np.float64]:
    """Cycles ``[N, T, V, 3]`` in double precision.

    Features subtract positions and take derivatives; in double precision what is constant or symmetric in float32
    positions stays so.

    Raises:
        InputError: another shape than the layout asks for, fewer than four samples, or a position that is not finite.
    """
    shape = np.shape(positions)
    if len(shape) != 4 or shape[2:] != (layout.num_joints, 3) or shape[1] < FEWEST_SAMPLES:
        raise InputError(
            f"layout {layout.name}: features need cycles [N, T, {layout.num_joints}, 3] of at least {FEWEST_SAMPLES}"
            f" samples (got {list(shape)})"
        )
    cycles = np.asarray(positions, np.float64)
    finite = np.isfinite(cycles)
    if not finite.all():
        n, t, v, axis = np.argwhere(~finite)[0]
        raise InputError(
            f"layout {layout.name}: the position of joint {layout.joints[v]!r} in cycle {n}, sample {t} must be finite"
            f" (got {cycles[n, t, v, axis]})"
        )
    return cycles


def checked_times(stride_time_s: Floats, cycles: int | None = None) -> npt.NDArray[np.float64]:
    """Stride times ``[N]`` in double precision.

    Raises:
        InputError: not one time for each cycle, or a time that is not a positive number of seconds.
    """
    times = np.asarray(stride_time_s, np.float64)
    if times.ndim != 1 or cycles not in (None, len(times)):
        wanted = "a list [N]" if cycles is None else f"one for each of {cycles} cycles"
        raise InputError(f"stride_time_s: expected {wanted} (got {list(times.shape)})")
    wrong = ~(np.isfinite(times) & (times > 0))
    if wrong.any():
        n = int(np.argmax(wrong))
        raise InputError(f"stride_time_s: cycle {n} must last a positive number of seconds (got {times[n]})")
    return times
