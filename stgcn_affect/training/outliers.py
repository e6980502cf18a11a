"""Does a walk look like those that a model was trained on?"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.nn.network import DisentangledSTGCN

OUTLIER_QUANTILE = 0.99
"""Training cycles that count as usual: their 99th percentile is the border."""


class OutlierScore(NamedTuple):
    """How far cycles lie from what a model knows.

    Args:
        distance: ``[N]``, the root mean square of the standardised input channels over joints and samples.
        border: what 99 % of the training cycles, and all of the other seen subjects', stay within.
    """

    distance: npt.NDArray[np.float32]
    border: float

    @property
    def is_outlier(self) -> npt.NDArray[np.bool_]:
        """``[N]``: which cycles lie beyond the border."""
        return np.asarray(self.distance > self.border)


def outlier_score(
    network: DisentangledSTGCN, cycles: CycleBatch, training: CycleBatch, others: CycleBatch | None = None
) -> OutlierScore:
    """Compare N cycles with the training cycles in the emotion encoder's own, standardised input.

    A cycle like the training cycles has a distance of about 1: they were standardised to it. Anybody new lies a little
    farther out than those, so subjects who fitted nothing widen the border to the farthest of their cycles.

    Args:
        network: trained.
        cycles: N cycles.
        training: that fitted the network.
        others: of subjects who fitted nothing, such as the validation subjects, or None.
    """
    border = float(np.quantile(_distance(network, training), OUTLIER_QUANTILE))
    if others is not None and len(others.emotion):
        border = max(border, float(_distance(network, others).max()))
    return OutlierScore(_distance(network, cycles), border)


@torch.no_grad()
def _distance(network: DisentangledSTGCN, cycles: CycleBatch) -> npt.NDArray[np.float32]:
    x = network.emotion_channels(cycles.positions, cycles.stride_time_s)
    return np.asarray(x.square().mean(dim=(1, 2, 3)).sqrt().cpu().numpy(), np.float32)
