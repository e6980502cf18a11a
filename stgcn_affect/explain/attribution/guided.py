"""Guided Grad-CAM: Grad-CAM's evidence, sharpened by how strongly guided backpropagation reaches the input."""

import warnings
from typing import cast

from captum.attr import GuidedBackprop
from torch import Tensor, nn

from stgcn_affect.explain.attribution.decision import Decision, Relevance, apart, score
from stgcn_affect.explain.attribution.grad_cam import GradCam, Pooling
from stgcn_affect.explain.attribution.target import AnyTarget


class GuidedGradCam:
    """Grad-CAM times guided backpropagation (Selvaraju et al. 2017, section 3.2; Springenberg et al. 2015).

    The sizes of the guided gradients are summed over a joint's channels, so that the sign is Grad-CAM's: a gradient's
    own sign says where to move a joint, and over three axes it would cancel. The encoder's blocks keep time and
    joints, so that nothing is resized.

    Args:
        model: the decision, in evaluation mode.
        block: of Grad-CAM.
        pooling: of Grad-CAM.
    """

    def __init__(self, model: Decision, block: int, *, pooling: Pooling = "time") -> None:
        self.model = model
        self.grad_cam = GradCam(model, block, pooling=pooling)

    def attribute(self, x: Tensor, target: AnyTarget, extra: Tensor | None = None) -> Tensor:
        """Signed relevance ``[B, T', V]`` of an input ``[B, C, T', V]``; the tempo's channel is left out.

        Raises:
            InputError: no such block or target.
        """
        return self.relevance(x, target, extra).joints

    def relevance(self, x: Tensor, target: AnyTarget, extra: Tensor | None = None) -> Relevance:
        """The same beside the tempo's."""
        cam = self.grad_cam.attribute(x, target, extra)
        slope = guided_gradient(self.model, x, target, extra)
        return apart(slope.abs() * cam[:, None], self.model.stride_time)


def guided_gradient(model: Decision, x: Tensor, target: AnyTarget, extra: Tensor | None = None) -> Tensor:
    """Guided backpropagation of a target to the input, ``[B, C, T', V]``: no ReLU hands a negative gradient down."""
    weights = model.contrast(target, x)
    with warnings.catch_warnings():
        # captum announces at every call that it hooks the ReLUs; it takes the hooks off itself, after errors too.
        warnings.filterwarnings("ignore", message="Setting backward hooks on ReLU")
        guided = GuidedBackprop(_Score(model)).attribute(
            x.detach().clone().requires_grad_(),
            additional_forward_args=(weights,) if extra is None else (weights, extra),
        )
    return cast(Tensor, guided.detach())


class _Score(nn.Module):
    """A module, for captum looks for ReLUs inside."""

    def __init__(self, model: Decision) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: Tensor, weights: Tensor, extra: Tensor | None = None) -> Tensor:
        return score(self.model(x, extra), weights)
