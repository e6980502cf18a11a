import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.average import average_cycle, average_cycles


def test_mean_phase_by_phase():
    cycles = np.zeros((2, 4, 1, 3))
    cycles[0, 1], cycles[1, 1] = 1, 3
    assert average_cycle(cycles)[:, 0, 0] == pytest.approx([0, 2, 0, 0])


def test_one_average_for_each_group():
    cycles = np.arange(3.0)[:, None, None, None] * np.ones((3, 4, 2, 3))
    averages = average_cycles(cycles, ["sad", "angry", "sad"])
    assert list(averages) == ["angry", "sad"]
    assert (averages["angry"] == 1).all()
    assert (averages["sad"] == 1).all()


def test_wrong_input():
    with pytest.raises(InputError, match="at least one cycle"):
        average_cycle(np.zeros((0, 4, 1, 3)))
    with pytest.raises(InputError, match="each of 2 cycles"):
        average_cycles(np.zeros((2, 4, 1, 3)), ["sad"])
