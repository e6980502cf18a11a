"""A stick subject whose heel strikes, size and heading are known exactly."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.motion.clip import Clip
from stgcn_affect.skeleton.layout import Layout, load_layout


@pytest.fixture(scope="session")
def layout() -> Layout:
    return load_layout("emotion_gait16")


@pytest.fixture(scope="session")
def real_data() -> Path:
    if "STGCN_AFFECT_DATA" not in os.environ:
        pytest.skip("STGCN_AFFECT_DATA is not set")
    return Path(os.environ["STGCN_AFFECT_DATA"])


def walk(
    layout: Layout,
    *,
    seconds: float = 4.0,
    fps_hz: float = 60.0,
    stride_s: float = 1.2,
    swing_rad: float = 0.4,
    speed: float = 1.2,
    yaw: float = 0.0,
    turn: float = 0.0,
) -> np.ndarray:
    """``[T, 16, 3]``: legs swing as cosines, so the left heel strikes at 0, 1, 2 ... strides, the right between.

    The subject starts at the origin, heads towards ``yaw`` (from +z towards +x) and turns by ``turn`` radians a second.
    """
    time = np.arange(round(seconds * fps_hz)) / fps_hz
    body = np.tile(np.asarray(layout.rest, float), (len(time), 1, 1))
    for side, shift in (("l", 0.0), ("r", np.pi)):
        phase = 2 * np.pi * time / stride_s + shift
        thigh = swing_rad * np.cos(phase)
        shank = thigh - swing_rad * (0.2 + 1.5 * np.maximum(0, -np.sin(phase)))
        for upper, middle, end, lengths, angles in (
            ("hip", "knee", "foot", (0.40, 0.42), (thigh, shank)),
            ("shoulder", "elbow", "hand", (0.28, 0.25), (-thigh / 2, 0.2 - thigh / 2)),
        ):
            joints = [layout.index(f"{side}_{part}") for part in (upper, middle, end)]
            for above, below, length, swing in zip(joints, joints[1:], lengths, angles, strict=False):
                bone = np.stack([np.zeros_like(swing), -np.cos(swing), np.sin(swing)], axis=-1)
                body[:, below] = body[:, above] + length * bone
    angle = yaw + turn * time
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    x, y, z = (body[..., axis] for axis in range(3))
    turned = np.stack([cos * x + sin * z, y, cos * z - sin * x], axis=-1)
    path = np.cumsum(np.stack([np.sin(angle), np.zeros_like(angle), np.cos(angle)], axis=-1), axis=0) * speed / fps_hz
    return turned + path[:, None]


@pytest.fixture
def walk_clip(layout: Layout) -> Callable[..., Clip]:
    """Make a clip of the stick subject; ``periodic=True`` gives exactly one stride."""

    def make(*, fps_hz: float = 60.0, periodic: bool = False, stride_s: float = 1.2, **how: float) -> Clip:
        if periodic:
            how |= {"seconds": stride_s, "speed": 0.0}
        positions = walk(layout, fps_hz=fps_hz, stride_s=stride_s, **how)
        return Clip(positions=positions, fps_hz=fps_hz, layout=layout, source="walk", periodic=periodic)

    return make
