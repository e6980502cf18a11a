import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.features.table import FeatureTable, checked_cycles, checked_times, concatenate


def table(names, values):
    return FeatureTable(tuple(names), ("rad",) * len(names), ("our choice",) * len(names), np.array(values, float))


def test_columns_by_name():
    made = table(["a", "b"], [[1, 2], [3, 4], [5, 6]])
    assert len(made) == 3
    assert made.values.dtype == np.float32
    assert made.column("b").tolist() == [2, 4, 6]


def test_an_unknown_name_is_told_from_some_that_are_there():
    with pytest.raises(InputError, match=r"a name such as a, b \(got 'speed'\)"):
        table(["a", "b"], [[1, 2]]).column("speed")


def test_tables_stand_side_by_side():
    joined = concatenate([table(["a"], [[1], [2]]), table(["b", "c"], [[3, 4], [5, 6]])])
    assert joined.names == ("a", "b", "c")
    assert joined.units == ("rad",) * 3
    assert joined.values.tolist() == [[1, 3, 4], [2, 5, 6]]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: table(["a", "a"], [[1, 2]]), r"every name must stand once \(got 'a' 2 times\)"),
        (lambda: table(["a"], [[1, 2]]), r"expected 2 names, units and sources \(got 1, 1, 1\)"),
        (lambda: table(["a"], [1]), r"shape \[N, F\] \(got \[1\]\)"),
        (lambda: concatenate([table(["a"], [[1]]), table(["b"], [[1], [2]])]), r"same number of cycles \(got 1, 2\)"),
        (lambda: concatenate([]), r"\(got no table\)"),
        (lambda: concatenate([table(["a"], [[1]]), table(["a"], [[1]])]), r"\(got 'a' 2 times\)"),
    ],
)
def test_what_a_table_refuses(make, words):
    with pytest.raises(InputError, match=words):
        make()


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
