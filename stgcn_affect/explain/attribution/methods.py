"""The attribution methods by name, and the default one, which the method table chose."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from torch import Tensor

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import Decision, Relevance, split_relevance
from stgcn_affect.explain.attribution.grad_cam import GradCam, captum_grad_cam
from stgcn_affect.explain.attribution.gradients import gradient, gradient_x_input, integrated_gradients
from stgcn_affect.explain.attribution.guided import GuidedGradCam
from stgcn_affect.explain.attribution.lrp import lrp
from stgcn_affect.explain.attribution.target import AnyTarget


class AttributionInput(NamedTuple):
    """The arguments of an attribution method.

    Args:
        decision: an encoder with its head, in evaluation mode.
        x: ``[B, C, T', V]``, the encoder's input.
        target: what is explained.
        block: the block of the encoder, for methods that take one.
        extra: ``[B, E]``, what joins the read-out, or None.
        reference: ``[C', T', V]``, the mean activation of training cycles at the block, for methods that take it.
    """

    decision: Decision
    x: Tensor
    target: AnyTarget
    block: int
    extra: Tensor | None = None
    reference: Tensor | None = None


class Method(NamedTuple):
    """An attribution method with what it needs: a block or a reference.

    Args:
        relevance: from the arguments to the relevance of joints and stride time.
        takes_block: the result depends on the block.
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
    """Look up a method of ``METHODS``. Raises InputError that names them for an unknown one."""
    if name not in METHODS:
        raise InputError(f"method: expected one of {', '.join(METHODS)} (got {name!r})")
    return METHODS[name]


def _grad_cam(given: AttributionInput) -> Relevance:
    return _of_joints(GradCam(given.decision, given.block).attribute(given.x, given.target, given.extra))


def _elementwise(given: AttributionInput) -> Relevance:
    cam = GradCam(given.decision, given.block, pooling="none")
    return _of_joints(cam.attribute(given.x, given.target, given.extra))


def _captum(given: AttributionInput) -> Relevance:
    return _of_joints(captum_grad_cam(given.decision, given.block, given.x, given.target, given.extra))


def _from_reference(given: AttributionInput) -> Relevance:
    cam = GradCam(given.decision, given.block, reference=given.reference)
    return _of_joints(cam.attribute(given.x, given.target, given.extra))


def _guided(given: AttributionInput) -> Relevance:
    return GuidedGradCam(given.decision, given.block).relevance(given.x, given.target, given.extra)


def _lrp(given: AttributionInput) -> Relevance:
    relevance = GradCam(given.decision, given.block).channels(given.x, given.target, given.extra)
    return split_relevance(lrp(given.decision, given.block, given.x, relevance), given.decision.stride_time)


def _of_joints(joints: Tensor) -> Relevance:
    """Of a block's output, which mixes joints and stride time: the stride time gets none of its own."""
    return Relevance(joints=joints, stride_time=joints.new_zeros(len(joints)))


DEFAULT_METHOD, DEFAULT_BLOCK = "gradcam_reference", 1
"""The choice of the table of methods on the default synthetic walkers, for a run without a table of its own."""

METHODS: Mapping[str, Method] = {
    "gradcam": Method(_grad_cam, takes_block=True),
    "gradcam_elementwise": Method(_elementwise, takes_block=True),
    "gradcam_captum": Method(_captum, takes_block=True),
    "gradcam_reference": Method(_from_reference, takes_block=True, takes_reference=True),
    "guided_gradcam": Method(_guided, takes_block=True),
    "lrp": Method(_lrp, takes_block=True),
    "gradient": Method(lambda q: gradient(q.decision, q.x, q.target, q.extra)),
    "gradient_x_input": Method(lambda q: gradient_x_input(q.decision, q.x, q.target, q.extra)),
    "integrated_gradients": Method(lambda q: integrated_gradients(q.decision, q.x, q.target, q.extra)),
}
"""Every method by its name. Grad-CAM of a block gives the stride time no relevance of its own."""
