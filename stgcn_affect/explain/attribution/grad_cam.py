"""Grad-CAM of a block of the encoder, per joint and sample: graph-aware, and captum's as a reference."""

from typing import Literal, cast

import torch
from captum.attr import LayerGradCam, Saliency
from torch import Tensor

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import Decision, score
from stgcn_affect.explain.attribution.target import AnyTarget

Pooling = Literal["time", "none"]
_POOLED: dict[str, tuple[int, ...]] = {"time": (2,), "none": ()}


class GradCam:
    """Graph-aware Grad-CAM: the output of a block times the gradient of the target, summed over channels.

    The gradient is averaged over time for each joint. It departs from Grad-CAM (Selvaraju et al., "Grad-CAM: Visual
    explanations from deep networks via gradient-based localization", ICCV 2017, equations 1 and 2) in three ways:

    - the average of the gradient is over time alone, not over time and joints: the read-out keeps the joints and may
      count a channel for one joint and against another, which an average over joints would cancel;
    - the last ReLU is left out, so that relevance against the target (below 0) is shown too, as captum does;
    - a reference activation can be subtracted from the output of the block.

    The map has the samples that the encoder saw, ``T'``; ``explain_cycles`` brings it to those of the cycle.

    Args:
        model: an encoder with its head, in evaluation mode.
        block: of the encoder, whose output is used, 0 the first.
        pooling: ``"time"``: average the gradient over time for each joint; ``"none"``: use it element by element
            (HiResCAM, Draelos & Carin 2020). Default: ``"time"``.
        reference: an activation of the block without evidence, ``[C', T', V]``, such as the mean over training cycles:
            what a cycle has in common with it, say a bias, has no relevance then. Default: None, which is zero.

    Raises:
        InputError: an unknown pooling.

    Example::

        >>> cam = GradCam(emotion_decision(network), block=1)
        >>> inputs = network.emotion_input(cycles.positions, cycles.stride_time_s)  # [B, C, T', V]
        >>> maps = cam.attribute(inputs, target=0)  # [B, T', V]
    """

    def __init__(
        self, model: Decision, block: int, *, pooling: Pooling = "time", reference: Tensor | None = None
    ) -> None:
        if pooling not in _POOLED:
            raise InputError(f"pooling: expected one of {', '.join(_POOLED)} (got {pooling!r})")
        self.model = model
        self.block = block
        self.pooling = pooling
        self.reference = reference

    def attribute(self, inputs: Tensor, target: AnyTarget, extra: Tensor | None = None) -> Tensor:
        """Signed relevance of each joint and sample.

        Args:
            inputs: ``[B, C, T', V]``, the encoder's input.
            target: a class, a difference of two classes, or weights of the logits; one for all or one for each cycle.
            extra: ``[B, E]``, what joins the read-out, for the identity. Default: None.

        Returns:
            ``[B, T', V]``: above 0 for the target, below 0 against it.

        Raises:
            InputError: no such block or target.
        """
        return self.channels(inputs, target, extra).sum(dim=1)

    def channels(self, inputs: Tensor, target: AnyTarget, extra: Tensor | None = None) -> Tensor:
        """``attribute`` before the channels of the block are summed: ``[B, C', T', V]``."""
        weights = self.model.contrast(target, inputs)
        # Nothing below the block is differentiated: its output is the leaf.
        with torch.no_grad():
            activation = self.model.up_to(self.block, inputs)

        def explained(features: Tensor) -> Tensor:
            return score(self.model.beyond(self.block, features, extra), weights)

        gradient = Saliency(explained).attribute(activation.detach().requires_grad_(), abs=False).detach()
        pooled = _POOLED[self.pooling]
        averaged = gradient.mean(dim=pooled, keepdim=True) if pooled else gradient
        relevance: Tensor = averaged * (activation if self.reference is None else activation - self.reference)
        return relevance


def captum_grad_cam(
    model: Decision, block: int, inputs: Tensor, target: AnyTarget, extra: Tensor | None = None
) -> Tensor:
    """Captum's ``LayerGradCam`` of a block, ``[B, T', V]``, whose gradient is averaged over time and joints.

    Args:
        model: an encoder with its head, in evaluation mode.
        block: of the encoder, 0 the first.
        inputs: ``[B, C, T', V]``, the encoder's input.
        target: as in ``GradCam.attribute``.
        extra: as there.

    Raises:
        InputError: no such block or target.
    """
    weights, layer = model.contrast(target, inputs), model.blocks_up_to(block)[-1]

    def explained(x: Tensor) -> Tensor:
        return score(model(x, extra), weights)

    relevance = LayerGradCam(explained, layer).attribute(inputs.detach().clone().requires_grad_())
    return cast(Tensor, relevance[:, 0].detach())
