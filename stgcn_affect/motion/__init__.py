"""Motion: clips of recorded walks, their quality, heading and size, and the gait cycles cut from them.

``readers`` reads motion files into clips.
"""

from stgcn_affect.motion.axes import to_package_axes
from stgcn_affect.motion.camera import from_camera, with_quality
from stgcn_affect.motion.clip import Clip, Unreadable
from stgcn_affect.motion.cycles import Cycle, average_cycle, average_cycles, cut_cycles
from stgcn_affect.motion.gait_events import GaitEvents, foot_travel, gait_events, heel_strikes, phase_bins
from stgcn_affect.motion.gaps import fill_gaps
from stgcn_affect.motion.guess_layout import guess_layout, guess_tree
from stgcn_affect.motion.joint_names import pick_joints
from stgcn_affect.motion.map_layout import map_layout
from stgcn_affect.motion.normalise import (
    body_height,
    bone_lengths,
    centre,
    face_forward,
    heading,
    mean_pose,
    normalise,
    sides_swapped,
)
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.retarget import retarget
from stgcn_affect.motion.strides import StrideLimits, stride_fault

__all__ = [
    "Clip",
    "Cycle",
    "GaitEvents",
    "StrideLimits",
    "Unreadable",
    "average_cycle",
    "average_cycles",
    "body_height",
    "bone_lengths",
    "centre",
    "check_clip",
    "cut_cycles",
    "face_forward",
    "fill_gaps",
    "foot_travel",
    "from_camera",
    "gait_events",
    "guess_layout",
    "guess_tree",
    "heading",
    "heel_strikes",
    "map_layout",
    "mean_pose",
    "normalise",
    "phase_bins",
    "pick_joints",
    "retarget",
    "sides_swapped",
    "stride_fault",
    "to_package_axes",
    "with_quality",
]
