"""Gradient reversal, and the classifiers on latents: heads, and adversaries behind the reversal."""

import math
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor, nn


class _Reversal(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, strength: float) -> Tensor:
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        return -ctx.strength * grads[0], None


def reverse_gradient(x: Tensor, strength: float) -> Tensor:
    """The identity function with its gradient times ``-strength`` (Ganin & Lempitsky 2015, equations 8 and 9)."""
    return cast(Tensor, _Reversal.apply(x, strength))  # type: ignore[no-untyped-call]


def reversal_strength(progress: float, *, weight: float, schedule: str) -> float:
    """Strength of the gradient reversal when a share ``progress`` in 0..1 of the training is done.

    ``"constant"`` is ``weight`` throughout; ``"ganin"`` rises from 0 as ``weight * (2 / (1 + exp(-10 p)) - 1)``
    (Ganin et al. 2016, section 5.2.2).

    Raises:
        ValueError: an unknown schedule.
    """
    if schedule == "constant":
        return weight
    if schedule == "ganin":
        return weight * (2.0 / (1.0 + math.exp(-10.0 * progress)) - 1.0)
    raise ValueError(f"schedule must be 'constant' or 'ganin' (got {schedule!r})")


def head(in_features: int, classes: int) -> nn.Module:
    """A linear classifier of latents, ``[B, D]`` to ``[B, classes]``, so that classes must be linearly separable."""
    return nn.Linear(in_features, classes)


def adversary(in_features: int, classes: int, *, hidden: int = 64) -> nn.Module:
    """A classifier of latents with one hidden layer, stronger than the head: ``[B, D]`` to ``[B, classes]``."""
    return nn.Sequential(nn.Linear(in_features, hidden), nn.ReLU(), nn.Linear(hidden, classes))


class Classifiers(NamedTuple):
    """The classifiers on both latents: a head for the label that a latent encodes, an adversary for the one it hides.

    Shapes:
        - emotion_head: ``[B, De]`` to ``[B, Q]``; identity_head: ``[B, Di]`` to ``[B, S]``
        - identity_adversary: ``[B, De]`` to ``[B, S]``; emotion_adversary: ``[B, Di]`` to ``[B, Q]``
    """

    emotion_head: nn.Module
    identity_head: nn.Module
    identity_adversary: nn.Module
    emotion_adversary: nn.Module


def classifiers(emotion_dim: int, identity_dim: int, *, emotions: int, subjects: int) -> Classifiers:
    """Heads and adversaries for latents of De and Di numbers, Q emotions and S subjects."""
    return Classifiers(
        emotion_head=head(emotion_dim, emotions),
        identity_head=head(identity_dim, subjects),
        identity_adversary=adversary(emotion_dim, subjects),
        emotion_adversary=adversary(identity_dim, emotions),
    )
