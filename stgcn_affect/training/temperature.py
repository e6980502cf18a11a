"""Probabilities that mean what they say: one temperature, fitted on validation subjects."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from stgcn_affect.errors import InputError

Floats = npt.NDArray[np.floating]

COLDEST, HOTTEST = 0.05, 20.0


def temperature(logits: Floats, codes: npt.NDArray[np.int64]) -> float:
    """The number that logits are divided by so that their probabilities fit the outcomes best.

    It minimises the mean negative log-likelihood (temperature scaling: Guo et al., "On calibration of modern neural
    networks", ICML 2017), between 0.05 and 20; which class is the likeliest stays as it was.

    Args:
        logits: ``[N, Q]`` of cycles that fitted no weights.
        codes: ``[N]`` their true classes.

    Raises:
        InputError: no cycle, or not one class for each.
    """
    if not len(logits) or np.shape(codes) != (len(logits),):
        raise InputError(
            f"calibration: expected logits of one cycle or more and a class for each"
            f" (got {len(logits)} and {np.shape(codes)})"
        )
    rows = np.arange(len(codes))

    def misfit(log_temperature: float) -> float:
        return -float(log_softmax(logits / np.exp(log_temperature), axis=1)[rows, codes].mean())

    found = minimize_scalar(misfit, bounds=(np.log(COLDEST), np.log(HOTTEST)), method="bounded")
    return float(np.exp(found.x))


def probabilities(logits: Floats, *, temperature: float) -> npt.NDArray[np.float64]:
    """Calibrated probabilities ``[N, Q]``."""
    return np.asarray(softmax(np.asarray(logits, np.float64) / temperature, axis=1))
