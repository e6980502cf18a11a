"""Confidence of predictions: temperature-scaled probabilities, and an outlier score of the input."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from scipy.special import log_softmax

from stgcn_affect.data.batch import Cycles
from stgcn_affect.errors import InputError
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.training.predict import emotion_logits

Floats = npt.NDArray[np.floating]

TEMPERATURES = (0.05, 20.0)
"""The lowest and the highest temperature that is fitted."""

OUTLIER_QUANTILE = 0.99
"""Share of the training cycles that lie within the outlier threshold."""


class Confidence(NamedTuple):
    """What a trained model keeps beside its weights, so that it needs no training data to predict.

    Args:
        temperature: that the logits are divided by; None where no validation subject was there to fit it.
        outlier_threshold: outlier scores above it are those of outliers.
    """

    temperature: float | None
    outlier_threshold: float


def fit_confidence(network: DisentangledSTGCN, layout: Layout, *, train: Cycles, validation: Cycles) -> Confidence:
    """Fit the temperature on the validation subjects and the outlier threshold on these and the training subjects.

    A few validation subjects whose emotions are all predicted rightly would ask for full certainty; so the temperature
    is 1 at least and only ever makes a model less certain.

    Args:
        network: trained.
        layout: the layout of the cycles.
        train: all cycles of the training subjects.
        validation: those of the validation subjects, or none.
    """
    temperature = None
    if validation.size:
        codes = validation.emotion.cpu().numpy()
        temperature = max(1.0, fit_temperature(emotion_logits(network, validation, layout), codes))
    return Confidence(temperature, outlier_threshold(network, train, validation))


def fit_temperature(logits: Floats, codes: npt.NDArray[np.int64]) -> float:
    """The temperature with the smallest mean negative log-likelihood, between 0.05 and 20.

    Temperature scaling (Guo et al., "On calibration of modern neural networks", ICML 2017) divides the logits by it;
    the likeliest class stays the same.

    Args:
        logits: ``[N, Q]`` of cycles that fitted no weights.
        codes: ``[N]`` their true classes.

    Raises:
        InputError: no cycle, or not one class for each.
    """
    from scipy.optimize import minimize_scalar

    if not len(logits) or np.shape(codes) != (len(logits),):
        raise InputError(
            f"temperature: expected logits of one cycle or more and a class for each"
            f" (got {len(logits)} and {np.shape(codes)})"
        )
    rows = np.arange(len(codes))

    def negative_log_likelihood(log_temperature: float) -> float:
        return -float(log_softmax(logits / np.exp(log_temperature), axis=1)[rows, codes].mean())

    lowest, highest = np.log(TEMPERATURES)
    found = minimize_scalar(negative_log_likelihood, bounds=(lowest, highest), method="bounded")
    return float(np.exp(found.x))


@torch.no_grad()
def outlier_score(network: DisentangledSTGCN, cycles: Cycles, *, batch: int = 1024) -> npt.NDArray[np.float32]:
    """Outlier score ``[N]``: distance of cycles from the training cycles, about 1 for cycles like them.

    It is the root mean square of the emotion encoder's input over channels, joints and samples, in which the training
    cycles have mean 0 and spread 1.

    Args:
        network: trained.
        cycles: N cycles.
        batch: cycles at a time.
    """
    scores = [np.zeros(0, np.float32)]
    for part in cycles.to(next(network.parameters()).device).split(batch):
        x = network.emotion_input(part.positions, part.stride_time_s)
        scores.append(x.square().mean(dim=(1, 2, 3)).sqrt().cpu().numpy())
    return np.concatenate(scores)


def outlier_threshold(network: DisentangledSTGCN, train: Cycles, validation: Cycles | None = None) -> float:
    """The outlier score that 99 % of the training cycles, and all cycles of the validation subjects, stay within.

    New subjects lie a little farther out than those who fitted the network, so the validation subjects widen it.
    """
    threshold = float(np.quantile(outlier_score(network, train), OUTLIER_QUANTILE))
    if validation is not None and validation.size:
        threshold = max(threshold, float(outlier_score(network, validation).max()))
    return threshold
