import numpy as np
import pytest

from stgcn_affect.features.bone_ratios import bone_ratios
from stgcn_affect.motion.normalise import body_height, bone_lengths
from stgcn_affect.skeleton.layout import load_layout


def test_mean_lengths_by_hand(toy_layout):
    cycles = np.zeros((1, 4, 3, 3))
    cycles[0, :, 1] = [[3, 4, 0], [0, 5, 0], [0, 0, 7], [7, 0, 0]]
    table = bone_ratios(cycles, toy_layout)
    assert table.names == ("bone.hip-left", "bone.hip-right")
    assert table.values.tolist() == [[6, 0]]


def test_the_lengths_of_a_rigid_body_over_its_height(walking):
    layout = load_layout("emotion_gait16")
    table = bone_ratios(walking, layout)
    assert table.values.shape == (2, 15)
    np.testing.assert_allclose(table.values, bone_lengths(walking, layout), rtol=1e-3)
    assert body_height(walking[0], layout) == pytest.approx(1, abs=2e-3)
    assert set(table.units) == {"body heights"}
