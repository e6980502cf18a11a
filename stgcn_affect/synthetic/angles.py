"""Joint angles over the gait cycle: Fourier series of normal gait, changed by a walker's style."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.synthetic.style import GaitStyle

Angles = npt.NDArray[np.float64]

# Degrees every 5 % of the cycle from heel strike; flexion is positive. The events are those of normal gait (Winter
# 2009, ch. 3; Perry & Burnfield 2010): the thigh swings from 25 degrees before the vertical at heel strike to 15 behind
# it just after mid-cycle; the knee yields to 18 degrees at 15 %, is nearly straight at 40 %, bends to 62 at 72 % and
# straightens again. Single values are moved by up to 5 degrees so that a body rolling over a point foot travels evenly.
_THIGH = (24.5, 23, 21.5, 18.5, 13, 7, 2, -3, -8, -12.5, -15, -14.5, -12, -5.5, 3.5, 15, 25, 30, 30, 27)
_KNEE = (5.5, 11, 16.5, 18.5, 16.5, 13.5, 11.5, 9.5, 9, 9.5, 13.5, 24, 40.5, 55.5, 61.5, 58.5, 49, 32, 14.5, 5)


class LegAngles(NamedTuple):
    """Angles of a leg in degrees, ``[T]`` each; thigh and abduction are measured from the vertical."""

    thigh: Angles
    knee: Angles
    abduction: Angles


class ArmAngles(NamedTuple):
    """Angles of an arm in degrees, ``[T]`` each; the upper arm is measured from the vertical."""

    shoulder: Angles
    elbow: Angles
    abduction: float


class TrunkAngles(NamedTuple):
    """Angles of the trunk in degrees, ``[T]``; bends to the left and turns of the left side forward are positive."""

    pelvis_list: Angles
    pelvis_turn: Angles
    lean: Angles
    bend: Angles
    turn: Angles
    head: Angles
    girdle: Angles


def leg_angles(cycle: Angles, style: GaitStyle, side: int) -> LegAngles:
    """Angles of one leg at cycle counts ``[T]`` of the left leg (whole at left heel strikes); side is 1 left, -1 right.

    The stance width and its swing make the pelvis travel over the standing foot.
    """
    phase = cycle if side > 0 else cycle + 0.5 + style.step_timing_pct / 100
    amplitude = style.stride_amplitude_ratio * style.leg_asymmetry_ratio ** (side / 2)
    mean_thigh = float(np.mean(_THIGH))
    yielding = style.knee_yield_deg * _bump(phase - 0.16, 0.10)
    lifting = style.knee_lift_deg * _bump(phase - 0.72, 0.10) + style.stamp_deg * _bump(phase - 0.88, 0.05)
    return LegAngles(
        thigh=mean_thigh + amplitude * (_series(_THIGH, phase, 4) - mean_thigh) + 0.5 * yielding,
        knee=_series(_KNEE, phase, 6) + yielding + lifting,
        abduction=style.stance_width_deg - style.pelvis_sway_deg * _cosine(phase - 0.27),
    )


def trunk_angles(cycle: Angles, style: GaitStyle) -> TrunkAngles:
    """Angles of pelvis and trunk at cycle counts ``[T]``.

    The pelvis drops on the side of the swinging leg and turns with the leading leg; the trunk turns against it, leans
    over the standing leg and nods twice a stride.
    """
    pelvis = cycle - style.pelvis_lag_pct / 100
    sway = cycle - style.trunk_sway_lag_pct / 100
    turn = cycle - style.trunk_rotation_lag_pct / 100
    return TrunkAngles(
        pelvis_list=style.hip_drop_deg * _cosine(cycle - 0.17),
        pelvis_turn=style.pelvis_rotation_deg * _cosine(pelvis + 0.02),
        lean=style.trunk_lean_deg + 1.2 * _cosine(2 * (cycle - 0.05)),
        bend=style.trunk_bend_deg + style.trunk_sway_deg * _cosine(sway - 0.22),
        turn=-style.trunk_rotation_deg * _cosine(turn - 0.03),
        head=style.head_flexion_deg + style.head_nod_deg * _cosine(2 * (cycle - 0.10) - style.head_nod_lag_pct / 100),
        girdle=style.shoulder_raise_deg
        + style.shoulder_bounce_deg * _cosine(2 * (cycle - 0.15) - style.shoulder_bounce_lag_pct / 100),
    )


def arm_angles(cycle: Angles, style: GaitStyle, side: int) -> ArmAngles:
    """Angles of one arm at cycle counts ``[T]`` of the left leg; the arm swings against the leg of its side.

    Range 32 degrees at the shoulder, 20 to 45 at the elbow over a stride (Perry & Burnfield 2010).
    """
    phase = (cycle if side > 0 else cycle + 0.5) - style.arm_lag_pct / 100
    amplitude = style.arm_swing_ratio * style.arm_swing_asymmetry_ratio ** (side / 2)
    swing = amplitude * (16 * _cosine(phase - 0.52) + 1.5 * _cosine(2 * phase - 0.10))
    elbow = style.elbow_flexion_deg + side * style.elbow_asymmetry_deg
    elbow_swing = 9 * style.elbow_swing_ratio * _cosine(phase - 0.55 - style.elbow_lag_pct / 100)
    return ArmAngles(
        shoulder=style.arm_offset_deg + swing,
        elbow=_bent(elbow + elbow_swing),
        abduction=style.arm_abduction_deg,
    )


def _series(samples: tuple[float, ...], phase: Angles, harmonics: int) -> Angles:
    spectrum = np.fft.rfft(samples)[: harmonics + 1] / len(samples)
    turns = np.exp(2j * np.pi * np.multiply.outer(phase, np.arange(1, harmonics + 1)))
    series: Angles = spectrum[0].real + 2 * (turns @ spectrum[1:]).real
    return series


def _bent(degrees: Angles) -> Angles:
    """Flexion held smoothly above 4 degrees: an elbow does not bend backwards."""
    bent: Angles = 4 + 4 * np.logaddexp(0, (degrees - 4) / 4)
    return bent


def _cosine(turns: Angles) -> Angles:
    return np.cos(2 * np.pi * turns)


def _bump(turns: Angles, width: float) -> Angles:
    """A smooth periodic bump of height one about whole turns; width is its standard deviation in turns."""
    bump: Angles = np.exp((_cosine(turns) - 1) / (2 * np.pi * width) ** 2)
    return bump
