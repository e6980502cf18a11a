"""Emotion factors: what studies of emotional gait report, as changes to the parameters of the gait model.

The direction of a change is what the named studies report; its size is always our choice, and so are the directions
that a source does not cover (in anger the lean, the raised shoulders and the smaller sway). The sizes are no
measurements: they are set so that the task is neither easy nor impossible for shallow classifiers.
"""

from collections.abc import Mapping
from typing import NamedTuple

EMOTIONS: tuple[str, ...] = ("angry", "happy", "neutral", "sad")
"""The emotions that can be generated; neutral is the walk without any change."""


class EmotionFactor(NamedTuple):
    """A parameter of ``GaitStyle``, its change in each emotion (ratio or sum, by its unit), and the source."""

    changes: Mapping[str, float]
    source: str


EMOTION_FACTORS: Mapping[str, EmotionFactor] = {
    "cadence_ratio": EmotionFactor(
        {"angry": 1.17, "happy": 1.1, "sad": 0.852},
        "Montepare et al. 1987; Gross et al. 2012: fastest in anger and joy, slowest in sadness; Halovic & Kroos 2018",
    ),
    "stride_amplitude_ratio": EmotionFactor(
        {"angry": 1.12, "happy": 1.09, "sad": 0.83},
        "Montepare et al. 1987; Halovic & Kroos 2018: long strides in anger and happiness, short ones in sadness",
    ),
    "arm_swing_ratio": EmotionFactor(
        {"angry": 1.41, "happy": 1.72, "sad": 0.451},
        "Montepare et al. 1987; Michalak et al. 2009: reduced in sadness; Halovic & Kroos 2018: increased otherwise",
    ),
    "elbow_flexion_deg": EmotionFactor(
        {"angry": 11.5, "happy": 5.75, "sad": -3.45},
        "Roether et al. 2009: flexed limbs in anger; Gross et al. 2012: elbow motion larger in anger and joy",
    ),
    "head_flexion_deg": EmotionFactor(
        {"happy": -4.6, "sad": 11.5},
        "Roether et al. 2009: head inclination marks sadness; Gross et al. 2012: neck flexion with sadness",
    ),
    "trunk_lean_deg": EmotionFactor(
        {"angry": 4.6, "happy": -3.45, "sad": 3.45},
        "Gross et al. 2012: thoracic flexion with sadness, trunk extension with joy; Michalak et al. 2009: slumped",
    ),
    "shoulder_raise_deg": EmotionFactor(
        {"angry": 4.6, "happy": -3.45},
        "Gross et al. 2012: shoulder depression with joy",
    ),
    "knee_yield_deg": EmotionFactor(
        {"happy": 5.17},
        "Halovic & Kroos 2018: a bouncing gait in happiness; Michalak et al. 2009: less vertical movement in sadness",
    ),
    "knee_lift_deg": EmotionFactor(
        {"angry": 3.45, "happy": 3.45, "sad": -4.6},
        "Barliya et al. 2013: amplitudes of the legs' elevation angles differ between emotions; directions are ours",
    ),
    "trunk_sway_deg": EmotionFactor(
        {"angry": -0.92, "sad": 4.02},
        "Michalak et al. 2009: larger lateral sway of the upper body in sad and depressed walkers",
    ),
    "trunk_rotation_deg": EmotionFactor(
        {"angry": 4.6, "happy": 5.75, "sad": -4.6},
        "Gross et al. 2012: pelvis and trunk motion larger in anger and joy than in sadness",
    ),
    "head_nod_deg": EmotionFactor(
        {"angry": 1.72, "happy": 5.75, "sad": -1.61},
        "Halovic & Kroos 2018: a bouncing gait in happiness; Michalak et al. 2009: little vertical movement in sadness",
    ),
    "shoulder_bounce_deg": EmotionFactor(
        {"angry": 2.3, "happy": 5.75, "sad": -1.61},
        "Michalak et al. 2009: less vertical movement of the upper body in sadness; Halovic & Kroos 2018: more in joy",
    ),
    "elbow_swing_ratio": EmotionFactor(
        {"angry": 2.61, "happy": 1.72, "sad": 0.451},
        "Gross et al. 2012: range of elbow motion larger in anger and joy than in sadness",
    ),
    "stamp_deg": EmotionFactor(
        {"angry": 3.45},
        "Montepare et al. 1987: heavy-footed gait in anger",
    ),
}
"""How each emotion changes the gait model: the factor's name to its changes and their source."""
