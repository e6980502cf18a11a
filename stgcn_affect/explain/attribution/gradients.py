"""References for Grad-CAM at the input itself: the plain gradient, gradient x input and integrated gradients."""

from torch import Tensor

from stgcn_affect.explain.attribution.decision import Decision, Relevance, score, split_relevance
from stgcn_affect.explain.attribution.target import AnyTarget

_MOST_AT_ONCE = 256


def gradient(model: Decision, x: Tensor, target: AnyTarget, extra: Tensor | None = None) -> Relevance:
    """Length of the gradient over a joint's channels (Simonyan et al. 2014): never negative.

    The only map without a sign: a gradient's own sign says where to move a joint, not whether it is for the target.
    """
    slope, stride_time = _gradient(model, x, target, extra), model.stride_time
    relevance = split_relevance(slope.square(), stride_time)
    return Relevance(
        joints=relevance.joints.sqrt(),
        stride_time=relevance.stride_time if stride_time is None else slope[:, stride_time].abs().sum(dim=(1, 2)),
    )


def gradient_x_input(model: Decision, x: Tensor, target: AnyTarget, extra: Tensor | None = None) -> Relevance:
    """Gradient times the standardised input, whose zero is the training mean (Shrikumar et al. 2017, section 2.2)."""
    from captum.attr import InputXGradient

    product = InputXGradient(_explained(model, x, target, extra)).attribute(x.detach().clone().requires_grad_())
    return split_relevance(product.detach(), model.stride_time)


def integrated_gradients(
    model: Decision, x: Tensor, target: AnyTarget, extra: Tensor | None = None, *, steps: int = 32
) -> Relevance:
    """Gradients on the straight line from the training mean to the input (Sundararajan et al. 2017, equation 1).

    Relevance of joints and stride time sums to the gain of the decision on that line, up to the error of the
    quadrature with ``steps`` Gauss-Legendre nodes.

    Args:
        model: the decision, in evaluation mode.
        x: ``[B, C, T', V]``, standardised, so that zero is the training mean.
        target: what is explained.
        extra: fixed body measures ``[B, E]``, for the identity; they stay fixed on the line.
        steps: nodes of the integral.
    """
    from captum.attr import IntegratedGradients

    given = (model.contrast(target, x),) if extra is None else (model.contrast(target, x), extra)

    def decide(along: Tensor, weights: Tensor, fixed: Tensor | None = None) -> Tensor:
        return score(model(along, fixed), weights)

    summed = IntegratedGradients(decide).attribute(
        x.detach().clone().requires_grad_(),
        additional_forward_args=given,
        n_steps=steps,
        method="gausslegendre",
        internal_batch_size=max(_MOST_AT_ONCE, len(x)),
    )
    return split_relevance(summed.detach().to(x.dtype), model.stride_time)


def _gradient(model: Decision, x: Tensor, target: AnyTarget, extra: Tensor | None) -> Tensor:
    from captum.attr import Saliency

    slope = Saliency(_explained(model, x, target, extra)).attribute(x.detach().clone().requires_grad_(), abs=False)
    return slope.detach()  # type: ignore[no-any-return]  # captum is untyped


def _explained(model: Decision, x: Tensor, target: AnyTarget, extra: Tensor | None):  # type: ignore[no-untyped-def]
    weights = model.contrast(target, x)
    return lambda inputs: score(model(inputs, extra), weights)
