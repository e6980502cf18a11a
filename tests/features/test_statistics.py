import numpy as np
import pytest

from stgcn_affect.features.signals import Signals
from stgcn_affect.features.statistics import RESOLUTION, cycle_range, cycle_statistics


def signals(*rows):
    values = np.array(rows, float).T[None]
    names = tuple("abc"[: len(rows)])
    return Signals(names, ("rad", "s", "1")[: len(rows)], ("x", "y", "z")[: len(rows)], values)


def test_statistics_by_hand():
    table = cycle_statistics(signals([1, 1, 3, 3], [0, 0, 0, 4]))
    assert table.names == ("a.mean", "a.std", "a.min", "a.max", "b.mean", "b.std", "b.min", "b.max")
    assert table.units == ("rad",) * 4 + ("s",) * 4
    assert table.sources == ("x",) * 4 + ("y",) * 4
    np.testing.assert_allclose(table.values, [[2, 1, 1, 3, 1, np.sqrt(3), 0, 4]], rtol=1e-6)


def test_the_start_of_the_cycle_does_not_matter():
    values = np.random.default_rng(0).normal(size=(3, 8)).tolist()
    turned = [row[3:] + row[:3] for row in values]
    before, after = (cycle_statistics(signals(*rows)).values for rows in (values, turned))
    np.testing.assert_allclose(before, after, rtol=1e-6)


def test_rounding_errors_are_not_movement():
    noise = 0.4 * RESOLUTION * np.array([-1, 1, -1, 1])
    table = cycle_statistics(signals(2 + noise, 2 + 10 * noise))
    assert table.values[0, :4].tolist() == pytest.approx([2, 0, 2, 2], abs=1e-9)
    assert table.column("b.std")[0] == pytest.approx(4 * RESOLUTION, rel=1e-6)
    assert cycle_range(np.array([[1.0, 1 + RESOLUTION / 2], [0.0, 1.0]])).tolist() == [0, 1]
