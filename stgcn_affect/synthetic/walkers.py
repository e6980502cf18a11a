"""Synthetic walkers: clips from a kinematic gait model whose identity and emotion factors are known."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from stgcn_affect.errors import InputError, listed
from stgcn_affect.motion.clip import Clip
from stgcn_affect.settings import SyntheticConfig
from stgcn_affect.synthetic.body import walk_positions, walker_layout
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS, EMOTIONS
from stgcn_affect.synthetic.identity_factors import (
    ACTING,
    HABIT_SPREAD,
    IDENTITY_FACTORS,
    bounded_normal,
    draw_identity,
    stream,
)
from stgcn_affect.synthetic.style import GaitStyle, scaled

GENERATOR_VERSION = "1"
"""Version of the generator, raised when the same arguments give other clips, which is a scientific change."""

FPS_HZ = 60.0
NOISE_M = 0.002
"""Standard deviation of the measurement noise of every coordinate."""

STRIDE_TIME_S = 1.07
"""Time of an average stride (cadence 112 steps a minute; Perry & Burnfield 2010)."""

TAKE_SPREADS: Mapping[str, float] = {
    "cadence_ratio": 0.015,
    "stride_amplitude_ratio": 0.02,
    "arm_swing_ratio": 0.06,
    "arm_offset_deg": 1.0,
    "arm_abduction_deg": 0.7,
    "arm_lag_pct": 0.7,
    "elbow_flexion_deg": 1.5,
    "head_flexion_deg": 1.5,
    "head_tilt_deg": 1.0,
    "trunk_lean_deg": 0.8,
    "trunk_bend_deg": 0.5,
    "trunk_sway_deg": 0.2,
    "trunk_rotation_deg": 0.5,
    "shoulder_raise_deg": 0.7,
    "knee_lift_deg": 1.0,
    "knee_yield_deg": 0.7,
    "stance_width_deg": 0.3,
}
"""Standard deviation of parameters of ``GaitStyle`` between takes; of its logarithm where it is a ratio."""


@dataclass(frozen=True, eq=False)
class SyntheticWalkers:
    """Clips and the factors that they were made with.

    Args:
        clips: every walker's takes of every emotion.
        identity: walker to factor to value; the unit is in the factor's name.
        emotion_factors: emotion to factor to change, factors that are switched off left out.
    """

    clips: list[Clip]
    identity: dict[str, dict[str, float]]
    emotion_factors: dict[str, dict[str, float]]


def synthetic_walkers(
    *,
    walkers: int = SyntheticConfig.walkers,
    takes: int = SyntheticConfig.takes,
    seed: int = SyntheticConfig.seed,
    emotions: Iterable[str] = EMOTIONS,
    identity_factors: Collection[str] = IDENTITY_FACTORS,
    emotion_factors: Collection[str] = tuple(EMOTION_FACTORS),
) -> SyntheticWalkers:
    """Generate clips of ``walkers`` x ``emotions`` x ``takes``; the same arguments give the same bits.

    Every random number depends on the seed and on its purpose alone, so that switching a factor off, or asking for more
    walkers, leaves the rest as it was.

    Args:
        walkers: the number of walkers; named walker_01, walker_02 ...
        takes: the number of takes of every walker and emotion.
        seed: the seed of all randomness.
        emotions: some of ``EMOTIONS``.
        identity_factors: those of ``IDENTITY_FACTORS`` in which walkers differ; the others are average.
        emotion_factors: those of ``EMOTION_FACTORS`` in which emotions differ; others stay as in a neutral walk.

    Raises:
        InputError: fewer than one walker or take, an unknown emotion or factor.
    """
    emotions = tuple(emotions)
    _check(walkers, takes, emotions, identity_factors, emotion_factors)
    subjects = [f"walker_{number:02d}" for number in range(1, walkers + 1)]
    identity = {subject: draw_identity(seed, subject, identity_factors) for subject in subjects}
    changes = {
        emotion: {
            factor: about.changes[emotion]
            for factor, about in EMOTION_FACTORS.items()
            if factor in emotion_factors and emotion in about.changes
        }
        for emotion in emotions
    }
    clips = []
    for subject in subjects:
        own = GaitStyle(**{knob: value for knob, value in identity[subject].items() if knob != ACTING})
        for emotion in emotions:
            expressed = {
                factor: scaled(factor, change, identity[subject][ACTING] * habit)
                for factor, change in changes[emotion].items()
                for habit in [_habit(seed, subject, emotion, factor, own=ACTING in identity_factors)]
            }
            style = own.changed(expressed)
            clips += [_clip(style, seed, subject, emotion, str(take)) for take in range(1, takes + 1)]
    return SyntheticWalkers(clips, identity, changes)


def _check(
    walkers: int,
    takes: int,
    emotions: tuple[str, ...],
    identity_factors: Collection[str],
    emotion_factors: Collection[str],
) -> None:
    for name, number in (("walkers", walkers), ("takes", takes)):
        if number < 1:
            raise InputError(f"synthetic walkers, {name}: expected 1 or more (got {number})")
    known = {"emotion": EMOTIONS, "identity factor": IDENTITY_FACTORS, "emotion factor": tuple(EMOTION_FACTORS)}
    for (what, names), given in zip(known.items(), (emotions, identity_factors, emotion_factors), strict=True):
        for name in given:
            if name not in names:
                raise InputError(f"synthetic walkers, {what}: expected one of {listed(names)} (got {name!r})")


def _habit(seed: int, subject: str, emotion: str, factor: str, *, own: bool) -> float:
    """How strongly this walker uses this factor in this emotion, about 1."""
    return float(np.exp(HABIT_SPREAD * bounded_normal(stream(seed, subject, emotion, factor)))) if own else 1.0


def _clip(style: GaitStyle, seed: int, subject: str, emotion: str, take: str) -> Clip:
    random = stream(seed, subject, emotion, take)
    varied = {}
    for knob, spread in TAKE_SPREADS.items():
        change = spread * bounded_normal(random)
        varied[knob] = float(np.exp(change)) if knob.endswith("_ratio") else change
    style = style.changed(varied)
    start, strides = random.uniform(0.55, 0.8), random.uniform(2.55, 2.9)
    stride_time = STRIDE_TIME_S / style.cadence_ratio
    frames = int(np.ceil(strides * stride_time * FPS_HZ))
    cycle = start + np.arange(frames) / (FPS_HZ * stride_time)
    positions = walk_positions(cycle, style)
    yaw = np.radians(random.uniform(-15, 15))
    turn = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    positions = positions @ turn.T + np.array([random.uniform(-0.5, 0.5), 0, random.uniform(-0.5, 0.5)])
    positions += NOISE_M * random.standard_normal(positions.shape)
    return Clip(
        positions.astype(np.float32),
        FPS_HZ,
        walker_layout(),
        subject=subject,
        emotion=emotion,
        take=take,
        source=f"synthetic walkers, seed {seed}: {subject} {emotion} {take}",
    )
