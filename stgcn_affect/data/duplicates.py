"""Find takes that hold the same cycle, so that copies and overlaps cannot end up in two parts of a split."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

SAME = 2e-3
"""Two cycles are one if their joints lie this near, root mean square, in body heights: under 4 mm of a grown-up.

The nearest two takes of one actor among Emotion-Gait's lie five times as far apart."""


def copied_takes(
    positions: npt.NDArray[np.float32], take: npt.NDArray[np.int64], *, tolerance: float = SAME
) -> list[tuple[int, ...]]:
    """Groups of takes that share a cycle, directly or through others.

    Args:
        positions: ``[N, T, V, 3]`` cycles in body heights.
        take: ``[N]`` a number per take.
        tolerance: root mean square distance over phases and joints up to which two cycles are the same.

    Returns:
        sorted groups of two or more take numbers; empty where all takes differ.
    """
    flat = positions.reshape(len(positions), -1).astype(np.float32)
    if len(flat) < 2:
        return []
    radius = tolerance * np.sqrt(positions.shape[1] * positions.shape[2])
    pairs = _near_pairs(flat, radius)
    first, second = take[pairs[:, 0]], take[pairs[:, 1]]
    numbers, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    edges = codes.reshape(2, -1)
    links = coo_array((np.ones(edges.shape[1]), (edges[0], edges[1])), shape=(len(numbers),) * 2)
    count, group = connected_components(links, directed=False)
    groups = [tuple(int(n) for n in numbers[group == g]) for g in range(count)]
    return sorted(g for g in groups if len(g) > 1)


def _near_pairs(flat: npt.NDArray[np.float32], radius: float) -> npt.NDArray[np.int64]:
    """``[P, 2]`` pairs of rows at most ``radius`` apart.

    Projecting on orthonormal axes never lengthens a distance, so a search along a few axes misses no pair; the pairs
    that it finds are then measured in full.
    """
    centred = flat - flat.mean(0)
    sample = centred[:: max(1, len(flat) // 256)]
    axes = np.linalg.svd(sample, full_matrices=False)[2][:8]
    pairs = cKDTree(centred @ axes.T).query_pairs(radius * 1.001 + 1e-6, output_type="ndarray")
    distance = np.array([np.linalg.norm(flat[i] - flat[j]) for i, j in pairs])
    near: npt.NDArray[np.int64] = pairs[distance <= radius] if len(pairs) else pairs.reshape(0, 2)
    return near.astype(np.int64)
