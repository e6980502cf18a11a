"""Inputs of traditional classifiers and attackers: one matrix ``[N, F]`` per kind."""

from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.store import CycleStore
from stgcn_affect.features.bone_ratios import bone_ratios
from stgcn_affect.features.hand_made import hand_made_features
from stgcn_affect.features.harmonics import fourier_harmonics
from stgcn_affect.features.stride import stride_time
from stgcn_affect.motion.normalise import bone_lengths
from stgcn_affect.motion.retarget import retarget

Features = npt.NDArray[np.float64]

POSES = 16
"""Poses of a cycle in ``raw_features``: more than twice what the fastest harmonic of walking needs."""

INPUTS: tuple[str, ...] = (
    "raw",
    "bone_normalised",
    "harmonics",
    "hand_made",
    "bone_ratios",
    "stride_time",
    "mean_pose_and_stride_time",
)
"""Names of all inputs of traditional classifiers."""


def baseline_input(name: str, cycles: CycleStore, train: npt.NDArray[Any]) -> Features:
    """Compute one input of all cycles, ``[N, F]``; whatever is fitted (the mean skeleton) is fitted on ``train`` alone.

    Raises:
        KeyError: an unknown name.
    """
    positions = np.asarray(cycles.positions, dtype=np.float64)
    stride_time_s = np.asarray(cycles.stride_time_s, dtype=np.float64)
    log_time = np.log(stride_time_s)[:, None]
    if name == "hand_made":
        return hand_made_features(positions, cycles.stride_time_s, cycles.layout).values.astype(np.float64)
    if name == "bone_ratios":
        return bone_ratios(positions, cycles.layout).values.astype(np.float64)
    if name == "stride_time":
        made = stride_time(cycles.stride_time_s, positions=positions, layout=cycles.layout)
        return made.values.astype(np.float64)
    if name == "raw":
        return np.asarray(raw_features(positions, stride_time_s), np.float64)
    normalised = retargeted(positions, cycles, train)
    if name == "bone_normalised":
        return np.asarray(raw_features(normalised, stride_time_s), np.float64)
    if name == "harmonics":
        made = fourier_harmonics(normalised, cycles.layout, harmonics=3)
        return np.concatenate([made.values.astype(np.float64), log_time], axis=1)
    if name == "mean_pose_and_stride_time":
        return np.concatenate([normalised.mean(axis=1).reshape(len(normalised), -1), log_time], axis=1)
    raise KeyError(name)


def retargeted(positions: Features, cycles: CycleStore, train: npt.NDArray[Any]) -> Features:
    """All cycles ``[N, T, V, 3]`` on the mean skeleton of the training cycles."""
    lengths = bone_lengths(positions[train], cycles.layout)
    mean = lengths.reshape(-1, lengths.shape[-1]).mean(axis=0)
    return np.asarray(retarget(positions, cycles.layout, mean), dtype=np.float64)


def raw_features(
    positions: npt.NDArray[np.floating], stride_time_s: npt.NDArray[np.floating]
) -> npt.NDArray[np.floating]:
    """Flatten whole cycles to rows: ``POSES`` poses of each and its log stride time, ``[N, POSES*V*3 + 1]``.

    Args:
        positions: ``[N, T, V, 3]``.
        stride_time_s: ``[N]``; the result has the precision of both.
    """
    every = max(1, positions.shape[1] // POSES)
    poses = positions[:, ::every].reshape(len(positions), -1)
    return np.concatenate([poses, np.log(stride_time_s)[:, None]], axis=1)
