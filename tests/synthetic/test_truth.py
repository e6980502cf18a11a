import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS
from stgcn_affect.synthetic.truth import factor_truth


def positions_alone(positions, stride_time_s):
    """Cycles as they are: the transform of a network that sees no tempo."""
    del stride_time_s
    return positions


@pytest.mark.parametrize(
    ("factor", "joints"),
    [
        ("head_flexion_deg", {"head"}),
        ("elbow_flexion_deg", {"l_hand", "r_hand"}),
        ("knee_lift_deg", {"l_foot", "r_foot"}),
    ],
)
def test_a_local_factor_is_borne_by_its_joints(factor, joints):
    truth = factor_truth(factor, transform=positions_alone, walkers=2)
    assert truth.scored
    assert joints <= set(truth.bearing)
    assert max(truth.change, key=truth.change.get) in joints
    assert len(truth.bearing) <= 6


def test_cadence_touches_no_joint_and_is_not_scored():
    def rounded(positions, stride_time_s):
        del stride_time_s
        return np.round(positions * 20)  # half a per cent of difference in shape is no change

    assert "cadence_ratio" in EMOTION_FACTORS
    assert not factor_truth("cadence_ratio", transform=rounded, walkers=1).scored or (
        max(factor_truth("cadence_ratio", transform=positions_alone, walkers=1).change.values())
        < 0.2 * max(factor_truth("head_flexion_deg", transform=positions_alone, walkers=1).change.values())
    )


def test_the_change_is_the_rms_over_cycles_samples_and_channels():
    calls = []

    def counts(positions, stride_time_s):
        calls.append(len(positions))
        value = np.zeros((len(positions), 2, positions.shape[2], 3))
        value[:, :, 3] = 2.0 * (len(calls) == 1)
        return value

    truth = factor_truth("head_flexion_deg", transform=counts, walkers=2)
    assert calls == [4, 4]  # two walkers in the two emotions that have the factor
    assert truth.change["head"] == 2.0
    assert truth.bearing == ("head",)
    assert sum(truth.change.values()) == 2.0


def test_a_transform_that_sees_nothing_leaves_nothing_to_score():
    truth = factor_truth("head_flexion_deg", transform=lambda positions, _: 0 * positions, walkers=1)
    assert truth.bearing == ()
    assert not truth.scored


def test_an_unknown_factor_is_named():
    with pytest.raises(InputError, match="smile"):
        factor_truth("smile", transform=positions_alone)
