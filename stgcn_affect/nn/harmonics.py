"""Fourier series over one gait cycle: circular low-pass, derivative and evaluation at any phase."""

import math

import torch
from torch import Tensor


def fourier_basis(phase: Tensor, harmonics: int) -> Tensor:
    """The Fourier basis 1, cos(2 pi h p), sin(2 pi h p), h = 1..H, at phases p in cycles: ``[P]`` to ``[P, 2H+1]``."""
    order = torch.arange(1, harmonics + 1, dtype=phase.dtype, device=phase.device)
    angle = 2 * math.pi * phase[..., None] * order
    return torch.cat([torch.ones_like(phase[..., None]), angle.cos(), angle.sin()], dim=-1)


def uniform_phase(samples: int) -> Tensor:
    """The phases i / T of a cycle's samples in cycles, ``[T]`` float64."""
    return torch.arange(samples, dtype=torch.float64) / samples


def analysis_matrix(samples: int, harmonics: int) -> Tensor:
    """Matrix ``[2H+1, T]`` float64 from T uniform samples to their least-squares Fourier coefficients.

    Raises:
        ValueError: more harmonics than T samples determine.
    """
    if harmonics < 0 or 2 * harmonics + 1 > samples:
        raise ValueError(f"{samples} samples determine at most {(samples - 1) // 2} harmonics (got {harmonics})")
    basis = fourier_basis(uniform_phase(samples), harmonics)
    weight = basis.square().sum(dim=0)  # the columns are orthogonal: the pseudo-inverse is a scaled transpose
    return (basis / weight).T


def derivative_matrix(harmonics: int) -> Tensor:
    """Matrix ``[2H+1, 2H+1]`` float64 from the coefficients of a series to those of its derivative by phase."""
    matrix = torch.zeros(2 * harmonics + 1, 2 * harmonics + 1, dtype=torch.float64)
    for h in range(1, harmonics + 1):
        cos, sin = h, harmonics + h
        matrix[sin, cos] = -2 * math.pi * h
        matrix[cos, sin] = 2 * math.pi * h
    return matrix
