"""More samples of a circular map, without inventing evidence."""

import math

import torch
from torch import Tensor


def upsampling_matrix(few: int, many: int) -> Tensor:
    """``[T, T']`` float32: circular linear interpolation of T' samples to T, both starting at phase 0.

    Not a Fourier series, although the motion is one: relevance is not band-limited (ReLUs stand between), and a series
    swings below nought beside every peak, which reads as evidence against. Linear weights are not negative, so that no
    sign comes into being, and each sample keeps its weight: the mean over the cycle stays. Where T' does not divide T
    the samples are means over the interpolation on a common finer grid, for the same reason.
    """
    fine = math.lcm(few, many)
    at = torch.arange(fine, dtype=torch.float64) * few / fine
    before = at.floor()
    share = at - before
    matrix = torch.zeros(fine, few, dtype=torch.float64)
    rows = torch.arange(fine)
    matrix[rows, before.long()] = 1.0 - share
    matrix[rows, (before.long() + 1) % few] += share
    each = fine // many
    return matrix.roll((each - 1) // 2, dims=0).view(many, each, few).mean(dim=1).float()
