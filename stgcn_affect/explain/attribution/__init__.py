"""Attribution methods: from an encoder's input to the relevance of joints and samples for a target."""

from stgcn_affect.explain.attribution.decision import (
    Decision,
    Relevance,
    emotion_decision,
    hops_seen,
    identity_decision,
    share_seen,
    split_relevance,
)
from stgcn_affect.explain.attribution.grad_cam import GradCam, captum_grad_cam
from stgcn_affect.explain.attribution.gradients import gradient, gradient_x_input, integrated_gradients
from stgcn_affect.explain.attribution.guided import GuidedGradCam, guided_gradient
from stgcn_affect.explain.attribution.lrp import lrp
from stgcn_affect.explain.attribution.methods import (
    DEFAULT_BLOCK,
    DEFAULT_METHOD,
    METHODS,
    AttributionInput,
    Method,
    MethodChoice,
)
from stgcn_affect.explain.attribution.pyg_explainer import GradientMasks, GraphDecision, by_bone, node_features
from stgcn_affect.explain.attribution.target import Target, lead, target_weights

__all__ = [
    "DEFAULT_BLOCK",
    "DEFAULT_METHOD",
    "METHODS",
    "AttributionInput",
    "Decision",
    "GradCam",
    "GradientMasks",
    "GraphDecision",
    "GuidedGradCam",
    "Method",
    "MethodChoice",
    "Relevance",
    "Target",
    "by_bone",
    "captum_grad_cam",
    "emotion_decision",
    "gradient",
    "gradient_x_input",
    "guided_gradient",
    "hops_seen",
    "identity_decision",
    "integrated_gradients",
    "lead",
    "lrp",
    "node_features",
    "share_seen",
    "split_relevance",
    "target_weights",
]
