import numpy as np
import pytest

from stgcn_affect.motion.readers.packets import places_of_packets


def stamps(frames, size):
    """Seconds at which frames at 30 a second are written that arrive in packets of ``size``."""
    return np.ceil((np.asarray(frames) + 1) / size) * size / 30


@pytest.mark.parametrize("size", [2, 3, 5, 8, 10, 12, 16, 30])
@pytest.mark.parametrize("rows", [150, 157])
def test_packets_of_any_length_have_the_mean_rate(size, rows):
    frames = np.arange(rows, dtype=float)
    places, period, unsure = places_of_packets(stamps(frames, size), frames, 0.04)
    assert period == pytest.approx(1 / 30, rel=1e-6)
    np.testing.assert_array_equal(places, frames)
    assert not unsure.any()


@pytest.mark.parametrize("size", [3, 10, 30])
def test_frames_that_the_numbers_show_to_be_lost_keep_their_place(size):
    frames = np.delete(np.arange(150.0), range(52, 57))
    places, period, unsure = places_of_packets(stamps(frames, size), frames, 0.04)
    assert period == pytest.approx(1 / 30, rel=0.002)
    np.testing.assert_array_equal(places, frames)
    assert not unsure.any()


def by_rows(frames, size):
    """The same from a recorder that sends a packet when it has ``size`` rows."""
    last = [min(i - i % size + size, len(frames)) - 1 for i in range(len(frames))]
    return (frames[last] + 1) / 30


@pytest.mark.parametrize("write", [stamps, by_rows])
@pytest.mark.parametrize("size", [2, 3, 5, 8, 10, 16])
@pytest.mark.parametrize("lost", [range(52, 55), range(47, 52), range(52, 60), range(40, 60), range(49, 61)])
def test_lost_frames_without_numbers_are_never_closed_up(write, size, lost):
    frames = np.delete(np.arange(150.0), lost)
    places, period, unsure = places_of_packets(write(frames, size), np.arange(len(frames), dtype=float), 1 / 30)
    assert period == pytest.approx(1 / 30, rel=1e-3)
    np.testing.assert_array_equal(places[~unsure], frames[~unsure])
    assert unsure.sum() <= 2 * size
    assert not unsure[:30].any()
    assert not unsure[-70:].any()


def test_even_and_jittering_stamps_are_no_packets():
    frames = np.arange(150.0)
    assert places_of_packets(frames / 30, frames, 1 / 30) is None
    jitter = np.random.default_rng(0).uniform(-0.3, 0.3, 150) / 30
    assert places_of_packets(frames / 30 + jitter, frames, 1 / 30) is None
