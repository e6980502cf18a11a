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
    """P value of the best attacker's hits, against the walkers of each stratum trading names.

    All attackers see the same trade and the best one of each draw counts, so that having tried several is paid for
    (maximum statistic; Westfall & Young 1993). A walker's cycles keep one name: they are alike, so an attacker names
    them alike by chance, too, and cycles that traded names one by one would call that significant.

    Args:
        said: attacker to ``[M]`` walkers that it named.
        walkers: ``[M]`` the true ones.
        strata: ``[M]``, names are traded within equal values only (model and emotion).
        draws: permutations.
        seed: of the permutations.
    """
    rng = np.random.default_rng(seed)
    groups = [np.flatnonzero(strata == value) for value in np.unique(strata)]
    members = [np.unique(walkers[group], return_inverse=True) for group in groups]
    named = np.stack(list(said.values()))
    found = (named == walkers).mean(axis=1).max()
    beaten = 0
    traded = walkers.copy()
    for _ in range(draws):
        for group, (names, code) in zip(groups, members, strict=True):
            traded[group] = rng.permutation(names)[code]
        beaten += (named == traded).mean(axis=1).max() >= found
    return float((1 + beaten) / (1 + draws))


def paired_sign_flip_p(differences: npt.NDArray[np.floating], *, draws: int = 10000, seed: int = 0) -> float:
    """Two-sided p value that paired differences, one a walker, have mean 0: their signs are flipped at random."""
    rng = np.random.default_rng(seed)
    signs = rng.integers(0, 2, size=(draws, len(differences))) * 2 - 1
    flipped = np.abs((signs * differences).mean(axis=1))
    return float((1 + (flipped >= abs(differences.mean()) - 1e-12).sum()) / (1 + draws))
