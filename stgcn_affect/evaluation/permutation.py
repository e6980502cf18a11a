"""Could this have been chance? Permutation tests that keep walkers and emotions as they are."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt


def permutation_p(
    said: Mapping[str, npt.NDArray[Any]],
    walkers: npt.NDArray[Any],
    strata: npt.NDArray[Any],
    *,
    draws: int = 1000,
    seed: int = 0,
) -> float:
    """P value of the best attacker's hits, against walkers' names permuted among the attacked cycles of a stratum.

    All attackers see the same permutation and the best one of each draw counts, so that having tried several is paid
    for (maximum statistic; Westfall & Young 1993).

    Args:
        said: attacker to ``[M]`` walkers that it named.
        walkers: ``[M]`` the true ones.
        strata: ``[M]``, names are permuted within equal values only (model and emotion).
        draws: permutations.
        seed: of the permutations.
    """
    rng = np.random.default_rng(seed)
    groups = [np.flatnonzero(strata == value) for value in np.unique(strata)]
    named = np.stack(list(said.values()))
    found = (named == walkers).mean(axis=1).max()
    beaten = 0
    for _ in range(draws):
        shuffled = walkers.copy()
        for group in groups:
            shuffled[group] = walkers[rng.permutation(group)]
        beaten += (named == shuffled).mean(axis=1).max() >= found
    return float((1 + beaten) / (1 + draws))


def paired_sign_flip_p(differences: npt.NDArray[np.floating], *, draws: int = 10000, seed: int = 0) -> float:
    """Two-sided p value that paired differences, one a walker, have mean 0: their signs are flipped at random."""
    rng = np.random.default_rng(seed)
    signs = rng.integers(0, 2, size=(draws, len(differences))) * 2 - 1
    flipped = np.abs((signs * differences).mean(axis=1))
    return float((1 + (flipped >= abs(differences.mean()) - 1e-12).sum()) / (1 + draws))
