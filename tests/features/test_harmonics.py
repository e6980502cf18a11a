import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.features.harmonics import fourier_harmonics

PHASE = 2 * np.pi * np.arange(16) / 16


def test_amplitudes_of_a_known_series(toy_layout):
    cycles = np.zeros((2, 16, 3, 3))
    cycles[1, :, 1, 2] = 0.5 + 0.2 * np.cos(PHASE) - 0.3 * np.sin(2 * PHASE) + 0.7 * np.cos(5 * PHASE)
    table = fourier_harmonics(cycles, toy_layout)
    assert table.values.shape == (2, 7 * 3 * 3)
    assert table.column("left.z.mean").tolist() == pytest.approx([0, 0.5])
    assert table.column("left.z.cos1").tolist() == pytest.approx([0, 0.2])
    assert table.column("left.z.sin2").tolist() == pytest.approx([0, -0.3])
    expected = {"left.z.mean", "left.z.cos1", "left.z.sin2"}
    others = [name for name in table.names if name not in expected]
    assert max(np.abs(table.column(name)).max() for name in others) < 1e-6


def test_names_follow_the_layout(toy_layout):
    names = fourier_harmonics(np.zeros((1, 4, 3, 3)), toy_layout, harmonics=1).names
    assert names[:4] == ("hip.x.mean", "hip.y.mean", "hip.z.mean", "left.x.mean")
    assert names[9:10] + names[18:19] == ("hip.x.cos1", "hip.x.sin1")


def test_no_harmonics_leave_the_mean_pose(toy_layout):
    cycles = np.random.default_rng(0).normal(size=(2, 8, 3, 3))
    table = fourier_harmonics(cycles, toy_layout, harmonics=0)
    np.testing.assert_allclose(table.values, cycles.mean(axis=1).reshape(2, 9), rtol=1e-5)


@pytest.mark.parametrize("harmonics", [-1, 4])
def test_more_harmonics_than_the_samples_determine(toy_layout, harmonics):
    with pytest.raises(InputError, match=rf"8 samples determine 0 to 3 of them \(got {harmonics}\)"):
        fourier_harmonics(np.zeros((1, 8, 3, 3)), toy_layout, harmonics=harmonics)
