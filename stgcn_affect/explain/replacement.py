"""What is put in the place of a deleted joint: the usual path of training walkers, or the walker's own mean pose."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.explain.hierarchy import Names
from stgcn_affect.motion.average import average_cycle

Floats = npt.NDArray[np.floating]
KINDS = ("mean_path", "own_mean_pose")


class Replacement(NamedTuple):
    """What deleted parts of N cycles become.

    Shapes: positions ``[N, T, V, 3]`` body heights, perhaps a view that repeats one cycle; stride_time_s ``[N]``.
    """

    positions: npt.NDArray[np.float32]
    stride_time_s: npt.NDArray[np.float32]


def replacement(
    kind: str,
    positions: Floats,
    *,
    walkers: Names,
    training_positions: Floats,
    training_stride_time_s: Floats,
) -> Replacement:
    """Prepare what replaces the joints of N cycles; a deleted stride time always becomes the training mean.

    - ``mean_path``: the mean over training cycles of that joint at that phase. The joint then walks like everybody,
      which tells no emotion, and stays a joint that walks (zeros would be a body that the network never saw).
    - ``own_mean_pose``: where that joint is on average over all given cycles of this walker. It takes the movement, and
      of the posture what the walker's emotions differ in; the body stays. A check on the choice of the first.

    A joint is replaced in the positions that the network is given, so the directions of all bones that meet there
    change: where the network retargets, by bone directions from the root outwards, joints below follow it.

    Args:
        kind: of ``KINDS``.
        positions: ``[N, T, V, 3]`` the explained cycles, pelvis-centred body heights.
        walkers: ``[N]`` their walkers.
        training_positions: ``[M, T, V, 3]`` of training walkers.
        training_stride_time_s: ``[M]``.

    Raises:
        InputError: an unknown kind, or no training cycle.
    """
    mean_path = average_cycle(training_positions)
    if kind == "mean_path":
        paths = np.broadcast_to(mean_path, np.shape(positions))
    elif kind == "own_mean_pose":
        names, walker = np.unique(walkers, return_inverse=True)
        poses = np.stack([np.mean(positions[walker == i], axis=(0, 1), dtype=float) for i in range(len(names))])
        paths = np.broadcast_to(poses.astype(np.float32)[walker][:, None], np.shape(positions))
    else:
        raise InputError(f"replacement: expected one of {', '.join(KINDS)} (got {kind!r})")
    tempo = np.float32(np.mean(training_stride_time_s, dtype=float))
    return Replacement(paths, np.full(len(positions), tempo, np.float32))
