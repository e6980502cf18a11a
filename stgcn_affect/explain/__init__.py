"""Why a cycle is classified as an emotion: maps over joints and gait phase, and tests of whether they are true.

``attribution`` holds the methods, ``maps`` their maps of gait cycles, ``quality`` the tests of the maps.
"""

from stgcn_affect.explain.attribution.grad_cam import GradCam
from stgcn_affect.explain.attribution.target import Target
from stgcn_affect.explain.maps.cycle_maps import explain_cycles
from stgcn_affect.explain.maps.ranking import rank_joints

__all__ = ["GradCam", "Target", "explain_cycles", "rank_joints"]
