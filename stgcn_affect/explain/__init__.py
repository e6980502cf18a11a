"""Why a cycle is classified as an emotion: maps over joints and gait phase, and tests of whether they are true.

``attribution`` holds the methods, ``maps`` their maps of gait cycles, ``quality`` the tests of the maps.
"""

from stgcn_affect.explain.attribution.grad_cam import GradCam
from stgcn_affect.explain.attribution.target import Target
from stgcn_affect.explain.explained_model import ExplainedModel, JudgedModel, judged, with_cycles
from stgcn_affect.explain.maps.cycle_maps import explain_cycles
from stgcn_affect.explain.maps.ranking import rank_joints

__all__ = [
    "ExplainedModel",
    "GradCam",
    "JudgedModel",
    "Target",
    "explain_cycles",
    "judged",
    "rank_joints",
    "with_cycles",
]
