"""The reversal attacker: learns from other people's pairs of released and raw cycles to rebuild the raw one.

Source: the reversal in Todt, Hanisch and Strufe, "SEBA: Strong Evaluation of Biometric Anonymizations" (2024): a
release is not safe while what it changed can be undone, so attackers are also tried on what was rebuilt.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA
from sklearn.kernel_ridge import KernelRidge
from sklearn.model_selection import GridSearchCV, GroupShuffleSplit
from sklearn.preprocessing import StandardScaler

Features = npt.NDArray[np.floating]
Rebuild = Callable[[Features], npt.NDArray[np.float64]]

COMPONENTS = 48
"""Principal components of the raw cycles that are rebuilt; those beyond hold sensor noise."""

JUDGES = 0.25
"""Share of the other people who choose kernel and penalty."""

FEW, TIMES = 200, 4
"""Of up to so many cycles kernel and penalty are chosen on so many draws of judges, of more cycles on one."""


def fit_reversal(
    released: Features, raw: Features, subjects: npt.NDArray[np.str_]
) -> tuple[Rebuild, npt.NDArray[np.float64]]:
    """Learn released rows to raw rows by kernel ridge regression: linear, quadratic or Gaussian.

    The kernel, its width and the penalty are those that rebuild subjects best who were left out of the fit.

    Args:
        released: ``[n, F]``.
        raw: ``[n, R]`` of the same cycles.
        subjects: ``[n]`` names.

    Returns:
        the function from released rows ``[m, F]`` to the principal components ``[m, K]`` of the raw cycles that it
        rebuilds from them; and the true components ``[n, K]`` of the cycles that it learnt from.
    """
    scaler = StandardScaler().fit(released)
    size = max(float(np.sqrt(scaler.transform(released).var(axis=0).sum())), 1e-6)

    def scaled(features: Features) -> npt.NDArray[np.float64]:
        """Rows at a squared distance of 1 from the mean, on average: penalties and widths then fit any release."""
        return np.asarray(scaler.transform(features) / size, np.float64)

    parts = PCA(min(COMPONENTS, len(raw), raw.shape[1]), svd_solver="full").fit(raw)
    target = np.asarray(parts.transform(raw), np.float64)
    penalties = {"alpha": [1e-4, 1e-2, 1.0]}
    grid = [
        {"kernel": ["linear"], **penalties},
        {"kernel": ["poly"], "degree": [2], "coef0": [1.0], "gamma": [1.0], **penalties},
        {"kernel": ["rbf"], "gamma": [0.1, 1.0], **penalties},
    ]
    judges = GroupShuffleSplit(TIMES if len(raw) <= FEW else 1, test_size=JUDGES, random_state=0)
    search = GridSearchCV(KernelRidge(), grid, cv=judges, scoring="neg_mean_squared_error", error_score="raise")
    search.fit(scaled(released), target, groups=subjects)

    def rebuild(features: Features) -> npt.NDArray[np.float64]:
        return np.asarray(search.predict(scaled(features)), np.float64)

    return rebuild, target
