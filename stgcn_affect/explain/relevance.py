"""Relevance of an encoder's input: the joints' on one hand, the stride time's on the other."""

from typing import NamedTuple

import torch
from torch import Tensor


class Relevance(NamedTuple):
    """Signed evidence for a target.

    Shapes: joints ``[B, T', V]``; tempo ``[B]``, nought where the method or the input knows no stride time.
    """

    joints: Tensor
    tempo: Tensor


def apart(relevance: Tensor, tempo: int | None) -> Relevance:
    """Sum relevance per input channel, ``[B, C, T', V]``, over the channels; channel ``tempo`` goes to the stride time.

    The stride time also divides the velocities; what it does to the decision through them counts as the joints'.
    """
    total = relevance.sum(dim=1)
    if tempo is None:
        return Relevance(joints=total, tempo=total.new_zeros(len(total)))
    of_tempo = relevance[:, tempo]
    # Not total minus tempo: the difference of two large numbers would leave rounding on joints without evidence.
    others = torch.cat([relevance[:, :tempo], relevance[:, tempo + 1 :]], dim=1)
    return Relevance(joints=others.sum(dim=1), tempo=of_tempo.sum(dim=(1, 2)))
