import numpy as np
import pytest

from stgcn_affect.explain.summary import limb_phase_shares
from stgcn_affect.skeleton.layout import load_layout

LAYOUT = load_layout("emotion_gait16")
PHASES = {"early": np.array([True, False]), "all": np.array([True, True])}


def test_shares_of_the_total_magnitude():
    values = np.zeros((2, 16))
    values[0, LAYOUT.index("l_hand")] = -3.0
    values[1, LAYOUT.index("l_elbow")] = 1.0
    values[1, LAYOUT.index("head")] = 4.0
    found = limb_phase_shares(values, LAYOUT, PHASES)
    assert found["left_arm"] == {"cycle": 0.5, "early": 0.375, "all": 0.5}
    assert found["head"] == {"cycle": 0.5, "early": 0.0, "all": 0.5}
    assert found["right_leg"] == {"cycle": 0.0, "early": 0.0, "all": 0.0}


def test_shares_sum_to_one_and_those_of_nothing_to_nothing():
    values = np.random.default_rng(0).normal(size=(2, 16))
    assert sum(row["cycle"] for row in limb_phase_shares(values, LAYOUT, PHASES).values()) == pytest.approx(1)
    assert all(share == 0 for row in limb_phase_shares(0 * values, LAYOUT, PHASES).values() for share in row.values())
