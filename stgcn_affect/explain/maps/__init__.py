"""Relevance maps of gait cycles, their averages over cycles, takes and subjects, and rankings of joints."""

from stgcn_affect.explain.maps.average import (
    NormalisedMaps,
    average_map,
    average_maps,
    contrast_map,
    emotion_maps,
    model_constant,
    normalise_together,
)
from stgcn_affect.explain.maps.cycle_maps import CycleRelevance, explain_cycles, explain_with_stride_time
from stgcn_affect.explain.maps.dataset_maps import UnseenMaps, identity_maps, unseen_maps
from stgcn_affect.explain.maps.explained_model import ExplainedModel, JudgedModel, judged, with_cycles
from stgcn_affect.explain.maps.ranking import (
    RankedJoint,
    emotion_ranking,
    identity_ranking,
    joint_scores,
    limb_phase_shares,
    rank_joints,
)
from stgcn_affect.explain.maps.released_maps import (
    MECHANISMS,
    RELEASED,
    TrainingMaps,
    shown_maps,
)
from stgcn_affect.explain.maps.skeleton_grad_cam import RelevanceMaps, SkeletonGradCam
from stgcn_affect.explain.maps.stride_time import stride_time_by_emotion, stride_time_relevance, stride_time_share

__all__ = [
    "MECHANISMS",
    "RELEASED",
    "CycleRelevance",
    "ExplainedModel",
    "JudgedModel",
    "NormalisedMaps",
    "RankedJoint",
    "RelevanceMaps",
    "SkeletonGradCam",
    "TrainingMaps",
    "UnseenMaps",
    "average_map",
    "average_maps",
    "contrast_map",
    "emotion_maps",
    "emotion_ranking",
    "explain_cycles",
    "explain_with_stride_time",
    "identity_maps",
    "identity_ranking",
    "joint_scores",
    "judged",
    "limb_phase_shares",
    "model_constant",
    "normalise_together",
    "rank_joints",
    "shown_maps",
    "stride_time_by_emotion",
    "stride_time_relevance",
    "stride_time_share",
    "unseen_maps",
    "with_cycles",
]
