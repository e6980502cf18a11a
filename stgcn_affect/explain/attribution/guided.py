"""Guided Grad-CAM: Grad-CAM times guided backpropagation to the input."""

import warnings
from typing import cast

import torch
from torch import Tensor, nn

from stgcn_affect.explain.attribution.decision import Decision, Relevance, score, split_relevance
from stgcn_affect.explain.attribution.grad_cam import GradCam, upsampling_matrix
from stgcn_affect.explain.attribution.target import AnyTarget


class GuidedGradCam:
    """Guided Grad-CAM (Selvaraju et al. 2017, section 3.2; guided backpropagation: Springenberg et al. 2015).

    It departs from the paper in two ways: the Grad-CAM is the graph-aware one, and the magnitudes of the guided
    gradient are summed over a joint's channels, so that the sign is Grad-CAM's (a gradient's own sign says where to
    move a joint, and would cancel over three axes). The encoder's blocks keep the joints; where their strides leave
    fewer samples, Grad-CAM is interpolated circularly to those of the input, along time only.

    Args:
        model: an encoder with its head, in evaluation mode.
        block: the block of the encoder, whose output Grad-CAM uses, 0 the first.
    """

    def __init__(self, model: Decision, block: int) -> None:
        self.model = model
        self.grad_cam = GradCam(model, block)

    def attribute(self, inputs: Tensor, target: AnyTarget, extra: Tensor | None = None) -> Tensor:
        """Signed relevance ``[B, T', V]`` of an input ``[B, C, T', V]``, without that of the stride time.

        Raises:
            InputError: no such block or target.
        """
        return self.relevance(inputs, target, extra).joints

    def relevance(self, inputs: Tensor, target: AnyTarget, extra: Tensor | None = None) -> Relevance:
        """The same with the relevance of the stride time."""
        cam = self.grad_cam.attribute(inputs, target, extra)
        gradient = guided_gradient(self.model, inputs, target, extra)
        if cam.shape[1] != inputs.shape[2]:
            cam = torch.einsum("ts,bsv->btv", upsampling_matrix(cam.shape[1], inputs.shape[2]).to(cam), cam)
        return split_relevance(gradient.abs() * cam[:, None], self.model.stride_time)


def guided_gradient(model: Decision, x: Tensor, target: AnyTarget, extra: Tensor | None = None) -> Tensor:
    """Guided backpropagation of a target to the input, ``[B, C, T', V]``: a ReLU passes positive gradients only."""
    from captum.attr import GuidedBackprop

    weights = model.contrast(target, x)
    with warnings.catch_warnings():
        # captum warns at every call that it hooks the ReLUs; it removes the hooks itself, after errors too.
        warnings.filterwarnings("ignore", message="Setting backward hooks on ReLU")
        guided = GuidedBackprop(_Score(model)).attribute(
            x.detach().clone().requires_grad_(),
            additional_forward_args=(weights,) if extra is None else (weights, extra),
        )
    return cast(Tensor, guided.detach())


class _Score(nn.Module):
    """A module, since captum looks for the ReLUs inside."""

    def __init__(self, model: Decision) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: Tensor, weights: Tensor, extra: Tensor | None = None) -> Tensor:
        return score(self.model(x, extra), weights)
