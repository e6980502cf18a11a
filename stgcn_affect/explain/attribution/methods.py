"""The maps by name: which is trusted is scored, not assumed."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from torch import Tensor

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import Decision, Relevance, apart
from stgcn_affect.explain.attribution.grad_cam import GradCam
from stgcn_affect.explain.attribution.gradients import gradient, gradient_x_input, integrated_gradients
from stgcn_affect.explain.attribution.guided import GuidedGradCam
from stgcn_affect.explain.attribution.lrp import lrp
from stgcn_affect.explain.attribution.target import AnyTarget


class AttributionInput(NamedTuple):
    """What a method is asked.

    Shapes: x ``[B, C, T', V]``; extra ``[B, E]`` or None; reference ``[C', T', V]`` or None
    """

    decision: Decision
    x: Tensor
    target: AnyTarget
    block: int
    extra: Tensor | None = None
    reference: Tensor | None = None


class Method(NamedTuple):
    """A way to a map.

    Args:
        relevance: answers a question.
        takes_block: the block matters.
        takes_reference: it needs the mean activation of training cycles at the block.
    """

    relevance: Callable[[AttributionInput], Relevance]
    takes_block: bool = False
    takes_reference: bool = False


class MethodChoice(NamedTuple):
    """A method of ``METHODS`` and, for those that take one, the block of the encoder, 0 the first."""

    method: str
    block: int = 0

    @property
    def used_block(self) -> int | None:
        """The block, or None for a method that takes none."""
        return self.block if METHODS[self.method].takes_block else None


def method_named(name: str) -> Method:
    """A method of ``METHODS``. Raises InputError that names those there are."""
    if name not in METHODS:
        raise InputError(f"method: expected one of {', '.join(METHODS)} (got {name!r})")
    return METHODS[name]


def _grad_cam(asked: AttributionInput) -> Relevance:
    return _without_stride_time(GradCam(asked.decision, asked.block).attribute(asked.x, asked.target, asked.extra))


def _element_by_element(asked: AttributionInput) -> Relevance:
    cam = GradCam(asked.decision, asked.block, pooling="none")
    return _without_stride_time(cam.attribute(asked.x, asked.target, asked.extra))


def _as_captum(asked: AttributionInput) -> Relevance:
    cam = GradCam(asked.decision, asked.block, pooling="all")
    return _without_stride_time(cam.attribute(asked.x, asked.target, asked.extra))


def _from_reference(asked: AttributionInput) -> Relevance:
    cam = GradCam(asked.decision, asked.block, reference=asked.reference)
    return _without_stride_time(cam.attribute(asked.x, asked.target, asked.extra))


def _guided(asked: AttributionInput) -> Relevance:
    return GuidedGradCam(asked.decision, asked.block).relevance(asked.x, asked.target, asked.extra)


def _lrp(asked: AttributionInput) -> Relevance:
    evidence = GradCam(asked.decision, asked.block).channels(asked.x, asked.target, asked.extra)
    return apart(lrp(asked.decision, asked.block, asked.x, evidence), asked.decision.stride_time)


def _without_stride_time(joints: Tensor) -> Relevance:
    return Relevance(joints=joints, stride_time=joints.new_zeros(len(joints)))


DEFAULT_METHOD, DEFAULT_BLOCK = "gradcam_reference", 1
"""What the table of methods chose on the default synthetic walkers: what a model without a table of its own uses."""

METHODS: Mapping[str, Method] = {
    "gradcam": Method(_grad_cam, takes_block=True),
    "gradcam_elementwise": Method(_element_by_element, takes_block=True),
    "gradcam_captum": Method(_as_captum, takes_block=True),
    "gradcam_reference": Method(_from_reference, takes_block=True, takes_reference=True),
    "guided_gradcam": Method(_guided, takes_block=True),
    "lrp": Method(_lrp, takes_block=True),
    "gradient": Method(lambda q: gradient(q.decision, q.x, q.target, q.extra)),
    "gradient_x_input": Method(lambda q: gradient_x_input(q.decision, q.x, q.target, q.extra)),
    "integrated_gradients": Method(lambda q: integrated_gradients(q.decision, q.x, q.target, q.extra)),
}
"""Every method by its name; above a block joints and stride time are one, so that Grad-CAM gives the tempo nothing."""
