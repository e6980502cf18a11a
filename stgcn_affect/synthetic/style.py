"""The parameters of the gait model: one walker's body and style of walking as named numbers with units."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class GaitStyle:
    """Body and style of one walk; the defaults are an average adult's.

    A name ends in its unit. ``_ratio`` parameters multiply the average, so changes to them multiply; all others add.
    Amplitudes are half the range. Offsets in per cent are of the gait cycle. Signs: flexion, forward lean, raised and
    left are positive.
    """

    height_m: float = 1.72
    trunk_length_ratio: float = 1.0
    neck_length_ratio: float = 1.0
    thigh_length_ratio: float = 1.0
    shank_length_ratio: float = 1.0
    upper_arm_length_ratio: float = 1.0
    forearm_length_ratio: float = 1.0
    shoulder_width_ratio: float = 1.0
    hip_width_ratio: float = 1.0

    cadence_ratio: float = 1.0
    stride_amplitude_ratio: float = 1.0
    knee_lift_deg: float = 0.0
    knee_yield_deg: float = 0.0
    stamp_deg: float = 0.0
    leg_asymmetry_ratio: float = 1.0
    step_timing_pct: float = 0.0
    stance_width_deg: float = 3.0
    pelvis_sway_deg: float = 2.5
    hip_drop_deg: float = 4.0
    pelvis_rotation_deg: float = 5.0
    pelvis_lag_pct: float = 0.0

    trunk_lean_deg: float = 3.0
    trunk_bend_deg: float = 0.0
    trunk_sway_deg: float = 2.0
    trunk_sway_lag_pct: float = 0.0
    trunk_rotation_deg: float = 6.0
    trunk_rotation_lag_pct: float = 0.0
    head_flexion_deg: float = 6.0
    head_tilt_deg: float = 0.0
    head_nod_deg: float = 2.0
    head_nod_lag_pct: float = 0.0
    shoulder_raise_deg: float = -10.0
    shoulder_protraction_deg: float = 4.0
    shoulder_tilt_deg: float = 0.0
    shoulder_bounce_deg: float = 2.0
    shoulder_bounce_lag_pct: float = 0.0

    arm_swing_ratio: float = 1.0
    arm_swing_asymmetry_ratio: float = 1.0
    arm_lag_pct: float = 0.0
    arm_offset_deg: float = -5.0
    arm_abduction_deg: float = 9.0
    elbow_flexion_deg: float = 26.0
    elbow_swing_ratio: float = 1.0
    elbow_lag_pct: float = 0.0
    elbow_asymmetry_deg: float = 0.0

    def changed(self, changes: Mapping[str, float]) -> "GaitStyle":
        """The style with changes applied on top: ``_ratio`` parameters multiply, the others add."""
        return replace(self, **{knob: combine(knob, getattr(self, knob), x) for knob, x in changes.items()})


KNOBS: tuple[str, ...] = tuple(field.name for field in fields(GaitStyle))
"""Names of all parameters."""


def combine(knob: str, value: float, change: float) -> float:
    """A parameter's value after a change: a ratio is multiplied by it, to any other it is added."""
    return value * change if knob.endswith("_ratio") else value + change


def scaled(knob: str, change: float, strength: float) -> float:
    """A change ``strength`` times as strong: a power of a ratio, a multiple of any other; 0 is no change."""
    return float(change**strength) if knob.endswith("_ratio") else change * strength
