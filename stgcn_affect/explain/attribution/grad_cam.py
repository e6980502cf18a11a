"""Grad-CAM of a block, per joint and sample, with gradients averaged where their signs do not cancel."""

from typing import Literal

import torch
from captum.attr import Saliency
from torch import Tensor

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import Decision, score
from stgcn_affect.explain.attribution.target import AnyTarget

Pooling = Literal["time", "none", "all"]
POOLED: dict[str, tuple[int, ...]] = {"time": (2,), "none": (), "all": (2, 3)}


class GradCam:
    """Grad-CAM (Selvaraju et al. 2017, equations 1 and 2, without the last ReLU) on a block of an encoder.

    A read-out that keeps the joints may count a channel for one joint and against another. The usual average of the
    gradients over time and joints cancels such weights, so here they are averaged over time alone.

    Args:
        model: the decision, in evaluation mode.
        block: whose output is weighed, 0 the first.
        pooling: ``"time"``: gradients averaged over time for each joint; ``"none"``: taken element by element
            (HiResCAM, Draelos & Carin 2020); ``"all"``: averaged over time and joints, as ``captum.attr.LayerGradCam``.
        reference: an activation that says nothing, ``[C', T', V]``, such as the mean over training cycles; what a cycle
            has in common with it (a bias, say) is no evidence then. None: zero.

    Raises:
        InputError: an unknown pooling.
    """

    def __init__(
        self, model: Decision, block: int, *, pooling: Pooling = "time", reference: Tensor | None = None
    ) -> None:
        if pooling not in POOLED:
            raise InputError(f"pooling: expected one of {', '.join(POOLED)} (got {pooling!r})")
        self.model = model
        self.block = block
        self.pooling = pooling
        self.reference = reference

    def attribute(self, x: Tensor, target: AnyTarget, extra: Tensor | None = None) -> Tensor:
        """Signed relevance ``[B, T', V]`` of an input ``[B, C, T', V]``.

        Raises:
            InputError: no such block or target.
        """
        return self.channels(x, target, extra).sum(dim=1)

    def channels(self, x: Tensor, target: AnyTarget, extra: Tensor | None = None) -> Tensor:
        """The same before the channels are summed, ``[B, C', T', V]``."""
        weights = self.model.contrast(target, x)
        # Nothing below the block is differentiated: its output is the leaf.
        with torch.no_grad():
            activation = self.model.up_to(self.block, x)

        def decide(features: Tensor) -> Tensor:
            return score(self.model.beyond(self.block, features, extra), weights)

        gradient = Saliency(decide).attribute(activation.detach().requires_grad_(), abs=False).detach()
        pooled = POOLED[self.pooling]
        slope = gradient.mean(dim=pooled, keepdim=True) if pooled else gradient
        told: Tensor = slope * (activation if self.reference is None else activation - self.reference)
        return told
