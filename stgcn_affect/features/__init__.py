"""Hand-made features of gait: named, with unit and source, computed by role so that they fit any skeleton."""

from stgcn_affect.features.bone_ratios import bone_ratios
from stgcn_affect.features.hand_made import hand_made_features
from stgcn_affect.features.harmonics import fourier_harmonics
from stgcn_affect.features.movement import movement_features, movement_signals, range_of_motion
from stgcn_affect.features.posture import posture_signals
from stgcn_affect.features.signals import Signals, circular_derivative, cycle_statistics, join_signals
from stgcn_affect.features.stride import stride_length, stride_time
from stgcn_affect.features.table import FeatureTable, concatenate

__all__ = [
    "FeatureTable",
    "Signals",
    "bone_ratios",
    "circular_derivative",
    "concatenate",
    "cycle_statistics",
    "fourier_harmonics",
    "hand_made_features",
    "join_signals",
    "movement_features",
    "movement_signals",
    "posture_signals",
    "range_of_motion",
    "stride_length",
    "stride_time",
]
