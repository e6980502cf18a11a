import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.features.input_checks import checked_cycles, checked_times


def test_cycles_come_in_double_precision(toy_layout):
    assert checked_cycles(np.zeros((2, 4, 3, 3), np.float32), toy_layout).dtype == np.float64


@pytest.mark.parametrize("shape", [(4, 3, 3), (2, 4, 5, 3), (2, 3, 3, 3), (2, 4, 3, 2)])
def test_shapes_that_do_not_fit_the_layout(toy_layout, shape):
    with pytest.raises(InputError, match=r"layout toy: features need cycles \[N, T, 3, 3\] of at least 4") as error:
        checked_cycles(np.zeros(shape), toy_layout)
    assert str(error.value).endswith(f"(got {list(shape)})")


def test_a_missing_position_is_told_by_joint(toy_layout):
    cycles = np.zeros((2, 4, 3, 3))
    cycles[1, 2, 1, 0] = np.nan
    with pytest.raises(InputError, match=r"joint 'left' in cycle 1, sample 2 must be finite \(got nan\)"):
        checked_cycles(cycles, toy_layout)


@pytest.mark.parametrize(
    ("times", "cycles", "words"),
    [
        ([1.0, 0.0], 2, r"cycle 1 must last a positive number of seconds \(got 0.0\)"),
        ([np.nan], None, r"cycle 0 .* \(got nan\)"),
        ([1.0], 2, r"expected one for each of 2 cycles \(got \[1\]\)"),
        (1.0, None, r"expected a list \[N\] \(got \[\]\)"),
    ],
)
def test_wrong_stride_times(times, cycles, words):
    with pytest.raises(InputError, match=words):
        checked_times(np.array(times), cycles)
