"""Identity factors: body proportions and style of walking in which synthetic walkers differ."""

from collections.abc import Collection, Mapping
from zlib import crc32

import numpy as np

from stgcn_affect.synthetic.style import GaitStyle, combine

SPREADS: Mapping[str, float] = {
    "height_m": 0.08,
    "trunk_length_ratio": 0.0825,
    "neck_length_ratio": 0.18,
    "thigh_length_ratio": 0.075,
    "shank_length_ratio": 0.075,
    "upper_arm_length_ratio": 0.09,
    "forearm_length_ratio": 0.105,
    "shoulder_width_ratio": 0.15,
    "hip_width_ratio": 0.18,
    "cadence_ratio": 0.05,
    "stride_amplitude_ratio": 0.08,
    "knee_lift_deg": 5.0,
    "knee_yield_deg": 3.0,
    "stamp_deg": 2.0,
    "leg_asymmetry_ratio": 0.06,
    "step_timing_pct": 1.3,
    "stance_width_deg": 1.2,
    "pelvis_sway_deg": 0.6,
    "hip_drop_deg": 1.5,
    "pelvis_rotation_deg": 2.0,
    "pelvis_lag_pct": 6.0,
    "trunk_lean_deg": 4.0,
    "trunk_bend_deg": 2.2,
    "trunk_sway_deg": 0.4,
    "trunk_sway_lag_pct": 20.0,
    "trunk_rotation_deg": 1.0,
    "trunk_rotation_lag_pct": 20.0,
    "head_flexion_deg": 10.0,
    "head_tilt_deg": 5.0,
    "head_nod_deg": 0.3,
    "head_nod_lag_pct": 30.0,
    "shoulder_raise_deg": 3.5,
    "shoulder_protraction_deg": 5.0,
    "shoulder_tilt_deg": 3.0,
    "shoulder_bounce_deg": 0.3,
    "shoulder_bounce_lag_pct": 30.0,
    "arm_swing_ratio": 0.22,
    "arm_swing_asymmetry_ratio": 0.35,
    "arm_lag_pct": 10.0,
    "arm_offset_deg": 6.0,
    "arm_abduction_deg": 3.0,
    "elbow_flexion_deg": 13.0,
    "elbow_swing_ratio": 0.15,
    "elbow_lag_pct": 18.0,
    "elbow_asymmetry_deg": 8.0,
}
"""Standard deviation of each parameter of ``GaitStyle`` between walkers; of its logarithm where it is a ratio."""

ACTING = "expressiveness_ratio"
"""Factor that scales all emotion changes of a walker."""

ACTING_SPREAD, HABIT_SPREAD = 0.10, 0.08
"""Standard deviation of the logarithm of that factor between walkers, and of a walker's own for one emotion factor."""

IDENTITY_FACTORS: tuple[str, ...] = (*SPREADS, ACTING)
"""Names of the factors in which synthetic walkers differ whatever their emotion."""


def stream(seed: int, *names: str) -> np.random.Generator:
    """A random generator that depends on the seed and the names alone, whatever else is drawn."""
    return np.random.default_rng([seed, *(crc32(name.encode()) for name in names)])


def bounded_normal(random: np.random.Generator, limit: float = 1.6) -> float:
    """A standard normal number clipped to plus or minus ``limit``, so that no walker is extreme."""
    return float(np.clip(random.standard_normal(), -limit, limit))


def draw_identity(seed: int, subject: str, switched_on: Collection[str]) -> dict[str, float]:
    """Draw one walker: every factor's value, with its unit in its name; the average for a factor that is switched off.

    Each factor has a random generator of its own, so switching one off leaves the others as they are.
    """
    average = GaitStyle()
    values: dict[str, float] = {}
    for knob, spread in SPREADS.items():
        change = spread * bounded_normal(stream(seed, subject, knob)) if knob in switched_on else 0.0
        values[knob] = combine(knob, getattr(average, knob), np.exp(change) if knob.endswith("_ratio") else change)
    acting = ACTING_SPREAD * bounded_normal(stream(seed, subject, ACTING)) if ACTING in switched_on else 0.0
    values[ACTING] = float(np.exp(acting))
    return values
