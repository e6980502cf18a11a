import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.readers.timeline import on_even_grid, timeline


def line(times=None, counts=None, *, fps_hz=None, rows=None):
    times = None if times is None else np.array(times, float)
    counts = None if counts is None else np.array(counts, float)
    rows = len(times if times is not None else counts) if rows is None else rows
    return timeline(times, counts, rows, fps_hz=fps_hz, title="time", source="w.csv")


def test_even_times_are_even_whatever_their_decimals():
    for decimals in (2, 3, 6):
        found = line(np.round(np.arange(61) / 30, decimals))
        assert found.places.tolist() == list(range(61))
        assert found.fps_hz == pytest.approx(30)
        assert found.remarks == []


def test_frames_that_the_times_leave_out_are_lost():
    times = np.delete(np.arange(60) / 30, [10, 11, 12, 40])
    found = line(times)
    assert found.places.tolist() == np.delete(np.arange(60), [10, 11, 12, 40]).tolist()
    assert found.fps_hz == pytest.approx(30)
    assert found.remarks == [
        "column 'time': 4 frames lost in 2 places: the longest time, nothing was recorded for 0.13 s at 0.30 s"
    ]


def test_a_given_rate_closes_no_gap():
    times = np.delete(np.arange(60) / 30, [10, 11, 12])
    found = line(times * 7, fps_hz=50)  # a clock of another unit
    assert found.places.tolist() == np.delete(np.arange(60), [10, 11, 12]).tolist()
    assert found.fps_hz == 50


def test_numbers_of_frames_tell_what_the_times_hide():
    counts = np.delete(np.arange(60), [10, 11, 12])
    for times in (None, np.arange(57) / 30):
        found = line(times, counts, fps_hz=30)
        assert found.places.tolist() == counts.tolist()
        assert "3 frames lost" in found.remarks[0]


def test_uneven_times_stay_as_they_are():
    times = np.arange(60) / 30 + np.where(np.arange(60) % 2, 0.01, 0)
    found = line(times)
    assert found.places == pytest.approx(times * 30, rel=1e-3)
    assert found.remarks == [
        "column 'time': uneven steps of 23 to 43 ms, resampled at 30 frames a second by interpolation"
    ]


def test_stamps_in_packets_give_the_mean_rate():
    stamps = np.repeat(np.arange(4, 64, 4), 4) / 30  # four frames at once, when the last is there
    found = line(stamps, np.arange(60))
    assert found.places.tolist() == list(range(60))
    assert found.fps_hz == pytest.approx(30, rel=0.02)
    assert "stamps come late, as in packets: the mean rate of 3" in found.remarks[0]


def test_frames_that_are_lost_between_packets_stay_lost():
    stamps = np.repeat(np.delete(np.arange(4, 84, 4), [9, 10]), 4) / 30
    counts = np.delete(np.arange(80), np.arange(36, 44))
    for numbers in (counts, np.arange(72)):
        found = line(stamps, numbers)
        assert found.places.tolist() == counts.tolist()


def test_single_times_that_are_wrong_are_taken_from_the_rows_around():
    times = np.arange(30) / 30
    times[[4, 9]] = np.nan, 99
    found = line(times)
    assert found.places.tolist() == list(range(30))
    assert found.remarks == ["column 'time': 2 times that are missing or out of order, taken from the rows around"]


@pytest.mark.parametrize("times", [[3, 2, 1, 0], [1, 1, 1, 1], [np.nan] * 4, [0, 5, 1, 6, 2, 7, 3, 8]])
def test_times_that_do_not_rise_are_refused(times):
    with pytest.raises(InputError, match=r"w\.csv: column 'time' must rise from row to row"):
        line(times)


def test_neither_times_nor_rate_is_refused():
    with pytest.raises(InputError, match=r"expected a column 'time' in seconds, or fps_hz.*\(got neither\)"):
        line(None, np.arange(5))
    with pytest.raises(InputError, match="got a single row"):
        line([0.0])


def values_of(places):
    """Two joints: one rises with time, one goes up and down once a second at 30 frames."""
    places = np.asarray(places, float)
    return np.stack([places, np.sin(2 * np.pi * places / 30)], axis=1)[:, :, None].repeat(3, axis=2)


def test_uneven_rows_are_interpolated_and_nothing_is_over_a_long_gap():
    rng = np.random.default_rng(0)
    times = np.arange(90) / 30 + rng.uniform(-0.008, 0.008, 90)
    times = np.delete(times, [20, *range(40, 46)])
    found = line(times)
    grid = on_even_grid(values_of(found.places), found, "w.csv")
    missing = np.flatnonzero(np.isnan(grid).all(axis=(1, 2)))
    assert 5 <= len(missing) <= 7
    assert np.diff(missing).max() == 1
    there = np.delete(np.arange(len(grid)), missing)
    assert grid[there] == pytest.approx(values_of(there), abs=0.02)


def test_a_missing_joint_stays_missing_on_the_even_grid():
    times = np.arange(60) / 30 + np.where(np.arange(60) % 2, 0.01, 0)
    found = line(times)
    values = values_of(found.places)
    values[20:22, 1] = np.nan
    grid = on_even_grid(values, found, "w.csv")
    assert np.flatnonzero(np.isnan(grid[:, 1, 0])).tolist() == [20, 21]
    assert np.isfinite(grid[:, 0]).all()


def test_whole_places_keep_their_values():
    found = line(np.delete(np.arange(30) / 30, [5]))
    values = np.random.default_rng(0).normal(size=(29, 2, 3))
    grid = on_even_grid(values, found, "w.csv")
    assert np.isnan(grid[5]).all()
    assert np.array_equal(np.delete(grid, 5, axis=0), values)


def test_a_count_that_spans_a_day_is_none():
    with pytest.raises(InputError, match="must count frames"):
        on_even_grid(np.zeros((2, 1, 3)), line(None, [0, 1e8], fps_hz=30), "w.csv")
