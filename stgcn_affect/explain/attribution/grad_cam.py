"""Grad-CAM of a layer, per joint and sample: graph-aware, and captum's as a reference."""

import math
from typing import Any, Literal, cast

import torch
from torch import Tensor, nn

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import Decision, score
from stgcn_affect.explain.attribution.target import AnyTarget, contrast

Pooling = Literal["time", "none"]
_POOLED: dict[str, tuple[int, ...]] = {"time": (2,), "none": ()}

Inputs = Tensor | tuple[Tensor, ...]


class GradCam:
    """Graph-aware Grad-CAM: the output of a layer times the gradient of the target, summed over channels.

    The gradient is averaged over time for each joint. It departs from Grad-CAM (Selvaraju et al., "Grad-CAM: Visual
    explanations from deep networks via gradient-based localization", ICCV 2017, equations 1 and 2) in three ways:

    - the average of the gradient is over time alone, not over time and joints: a read-out that keeps the joints may
      count a channel for one joint and against another, which an average over joints would cancel;
    - the last ReLU is left out, so that relevance against the target (below 0) is shown too, as captum does;
    - a reference activation can be subtracted from the output of the layer.

    The map has the samples of the layer, ``T'``; ``explain_cycles`` brings it to those of the cycle.

    Args:
        model: gives logits ``[B, Q]``; in evaluation mode. A ``Decision``, or any other module.
        layer: a module inside of it whose output is ``[B, C', T', V]`` (channels, samples, joints), used once in a
            forward pass; or the number of a ``Decision``'s block, 0 the first.
        pooling: ``"time"``: average the gradient over time for each joint; ``"none"``: use it element by element
            (HiResCAM, Draelos & Carin 2020). Default: ``"time"``.
        reference: an activation of the layer without evidence, ``[C', T', V]``, such as the mean over training cycles:
            what a cycle has in common with it, say a bias, has no relevance then. Default: None, which is zero.

    Raises:
        InputError: an unknown pooling, or no such block.

    Example::

        >>> cam = GradCam(emotion_decision(network), 1)
        >>> inputs = network.emotion_input(cycles.positions, cycles.stride_time_s)  # [B, C, T', V]
        >>> maps = cam.attribute(inputs, target=0)  # [B, T', V]
    """

    def __init__(
        self, model: nn.Module, layer: nn.Module | int, *, pooling: Pooling = "time", reference: Tensor | None = None
    ) -> None:
        if pooling not in _POOLED:
            raise InputError(f"pooling: expected one of {', '.join(_POOLED)} (got {pooling!r})")
        self.model = model
        self.layer = cast(Decision, model).blocks_up_to(layer)[-1] if isinstance(layer, int) else layer
        self.pooling = pooling
        self.reference = reference

    def attribute(self, inputs: Inputs, target: AnyTarget, extra: Tensor | None = None) -> Tensor:
        """Signed relevance of each joint and sample.

        Args:
            inputs: what the model is called with: a tensor, or a tuple of several; of a ``Decision`` the encoder's
                input ``[B, C, T', V]``.
            target: a class, a difference of two classes, or weights of the logits; one for all or one for each cycle.
            extra: ``[B, E]``, what joins the read-out, for the identity. Default: None.

        Returns:
            ``[B, T', V]``: above 0 for the target, below 0 against it.

        Raises:
            InputError: no such target, or a layer whose output is not used once as ``[B, C', T', V]``.
        """
        return self.channels(inputs, target, extra).sum(dim=1)

    def channels(self, inputs: Inputs, target: AnyTarget, extra: Tensor | None = None) -> Tensor:
        """``attribute`` before the channels of the layer are summed: ``[B, C', T', V]``."""
        given = inputs if isinstance(inputs, tuple) else (inputs,)
        outputs: list[Any] = []

        def cut(_module: nn.Module, _inputs: Any, output: Any) -> Any:
            # Nothing below the layer is differentiated: its output is the leaf, and what follows may change the copy.
            outputs.append(output.detach().clone().requires_grad_() if isinstance(output, Tensor) else output)
            return outputs[-1].clone() if isinstance(output, Tensor) else output

        handle = self.layer.register_forward_hook(cut)
        try:
            with torch.enable_grad():
                logits = self.model(*given) if extra is None else self.model(*given, extra)
        finally:
            handle.remove()
        activation = self._checked(outputs, logits)
        weights = contrast(target, batch=len(logits), classes=logits.shape[1]).to(logits)
        (gradient,) = torch.autograd.grad(score(logits, weights).sum(), activation, materialize_grads=True)
        pooled, activation = _POOLED[self.pooling], activation.detach()
        averaged = gradient.mean(dim=pooled, keepdim=True) if pooled else gradient
        relevance: Tensor = averaged * (activation if self.reference is None else activation - self.reference)
        return relevance

    def _checked(self, outputs: list[Any], logits: Any) -> Tensor:
        """The layer's output. Raises InputError where layer or model are not what is asked for."""
        shapes = [tuple(one.shape) if isinstance(one, Tensor) else type(one).__name__ for one in outputs]
        if len(outputs) != 1 or not isinstance(outputs[0], Tensor) or outputs[0].dim() != 4:
            raise InputError(
                f"layer {type(self.layer).__name__}: expected one output [B, C, T, V] in a forward pass"
                f" (got {', '.join(map(str, shapes)) or 'none: the model does not use the layer'})"
            )
        if not isinstance(logits, Tensor) or logits.dim() != 2:
            found = tuple(logits.shape) if isinstance(logits, Tensor) else type(logits).__name__
            raise InputError(f"model {type(self.model).__name__}: expected logits [B, Q] as its output (got {found})")
        return outputs[0]


def upsampling_matrix(few: int, many: int) -> Tensor:
    """``[T, T']`` float32: circular linear interpolation of T' samples to T, both starting at phase 0.

    Not a Fourier series, although the motion is one: relevance is not band-limited (because of the ReLUs), and a series
    swings below zero beside every peak, which looks like relevance against. Linear weights are not negative, so no new
    sign appears, and each sample keeps its weight: the mean over the cycle stays. Where T' does not divide T
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


def captum_grad_cam(
    model: Decision, block: int, inputs: Tensor, target: AnyTarget, extra: Tensor | None = None
) -> Tensor:
    """Captum's ``LayerGradCam`` of a block, ``[B, T', V]``, whose gradient is averaged over time and joints.

    Args:
        model: an encoder with its head, in evaluation mode.
        block: the block of the encoder, 0 the first.
        inputs: ``[B, C, T', V]``, the encoder's input.
        target: as in ``GradCam.attribute``.
        extra: as there.

    Raises:
        InputError: no such block or target.
    """
    from captum.attr import LayerGradCam

    weights, layer = model.contrast(target, inputs), model.blocks_up_to(block)[-1]

    def explained(x: Tensor) -> Tensor:
        return score(model(x, extra), weights)

    relevance = LayerGradCam(explained, layer).attribute(inputs.detach().clone().requires_grad_())
    return cast(Tensor, relevance[:, 0].detach())
