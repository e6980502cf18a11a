import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.features.signals import (
    RESOLUTION,
    Signals,
    circular_derivative,
    cycle_range,
    cycle_statistics,
    join_signals,
)

PHASE = 2 * np.pi * np.arange(16) / 16


def test_a_sine_of_known_derivatives():
    values = np.stack([0.3 * np.sin(PHASE), 2 + 0.3 * np.sin(2 * PHASE)])
    period = np.array([1.0, 0.5])
    omega = 2 * np.pi * np.array([1, 2]) / period
    for order, wave in ((1, np.cos), (2, lambda x: -np.sin(x)), (3, lambda x: -np.cos(x))):
        found = circular_derivative(values, period, order=order)
        expected = np.stack([0.3 * omega[0] ** order * wave(PHASE), 0.3 * omega[1] ** order * wave(2 * PHASE)])
        np.testing.assert_allclose(found, expected, atol=1e-9 * np.abs(expected).max())


def test_trailing_axes_are_derived_one_by_one():
    values = np.zeros((1, 16, 2, 3))
    values[0, :, 1, 2] = np.cos(PHASE)
    found = circular_derivative(values, np.array([2 * np.pi]))
    np.testing.assert_allclose(found[0, :, 1, 2], -np.sin(PHASE), atol=1e-12)
    assert np.abs(np.delete(found.reshape(16, 6), 5, axis=1)).max() < 1e-12


def test_what_lies_above_the_harmonics_kept_is_noise():
    values = (np.sin(PHASE) + np.sin(3 * PHASE))[None]
    found = circular_derivative(values, np.array([2 * np.pi]), harmonics=2)
    np.testing.assert_allclose(found[0], np.cos(PHASE), atol=1e-12)


@pytest.mark.parametrize("samples", [4, 5, 8])
def test_few_samples_keep_what_they_determine(samples):
    phase = 2 * np.pi * np.arange(samples) / samples
    found = circular_derivative(np.cos(phase)[None], np.array([1.0]), order=2)
    np.testing.assert_allclose(found[0], -((2 * np.pi) ** 2) * np.cos(phase), atol=1e-9)


def signals(name, value):
    return Signals((name,), ("rad",), ("our choice",), np.full((2, 3, 1), value))


def test_signals_stand_side_by_side_by_name():
    joined = join_signals([signals("a", 1.0), signals("b", 2.0)])
    assert joined.names == ("a", "b")
    assert joined.signal("b").tolist() == [[2, 2, 2], [2, 2, 2]]


def test_what_signals_refuse():
    with pytest.raises(InputError, match=r"got 'a' 2 times"):
        join_signals([signals("a", 1.0), signals("a", 2.0)])
    with pytest.raises(InputError, match=r"shape \[N, T, F\] \(got \[2, 3\]\)"):
        Signals(("a",), ("rad",), ("our choice",), np.zeros((2, 3)))
    with pytest.raises(InputError, match=r"a name such as a \(got 'b'\)"):
        signals("a", 1.0).signal("b")


def signals_statistics(*rows):
    values = np.array(rows, float).T[None]
    names = tuple("abc"[: len(rows)])
    return Signals(names, ("rad", "s", "1")[: len(rows)], ("x", "y", "z")[: len(rows)], values)


def test_statistics_by_hand():
    table = cycle_statistics(signals_statistics([1, 1, 3, 3], [0, 0, 0, 4]))
    assert table.names == ("a.mean", "a.std", "a.min", "a.max", "b.mean", "b.std", "b.min", "b.max")
    assert table.units == ("rad",) * 4 + ("s",) * 4
    assert table.sources == ("x",) * 4 + ("y",) * 4
    np.testing.assert_allclose(table.values, [[2, 1, 1, 3, 1, np.sqrt(3), 0, 4]], rtol=1e-6)


def test_the_start_of_the_cycle_does_not_matter():
    values = np.random.default_rng(0).normal(size=(3, 8)).tolist()
    turned = [row[3:] + row[:3] for row in values]
    before, after = (cycle_statistics(signals_statistics(*rows)).values for rows in (values, turned))
    np.testing.assert_allclose(before, after, rtol=1e-6)


def test_rounding_errors_are_not_movement():
    noise = 0.4 * RESOLUTION * np.array([-1, 1, -1, 1])
    table = cycle_statistics(signals_statistics(2 + noise, 2 + 10 * noise))
    assert table.values[0, :4].tolist() == pytest.approx([2, 0, 2, 2], abs=1e-9)
    assert table.column("b.std")[0] == pytest.approx(4 * RESOLUTION, rel=1e-6)
    assert cycle_range(np.array([[1.0, 1 + RESOLUTION / 2], [0.0, 1.0]])).tolist() == [0, 1]
