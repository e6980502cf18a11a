"""Times of rows that come late and catch up again, as those that a recorder wrote when a packet of frames arrived."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.motion.gaps import LONGEST_GAP_S, Flags

Numbers = npt.NDArray[np.float64]

LOST = 1.5
"""A step of more frames than this means that frames were lost."""

WINDOW = 16
"""Steps over which the frame rate is measured: lost frames do not count then, and packets do not matter."""

AT_ONCE, PACKED = 0.25, 0.1
"""Rows come in packets where at least a tenth of the steps are shorter than a quarter of a frame."""


class Packets(NamedTuple):
    """Where rows stand whose stamps come late.

    Args:
        places: ``[N]``, in frames from the first row on.
        period: seconds a frame.
        unsure: ``[N]``: rows of a packet in which frames were lost, before them or after: its stamps do not say.
    """

    places: Numbers
    period: float
    unsure: Flags


def places_of_packets(moments: Numbers, frames: Numbers, period: float) -> Packets | None:
    """Find the places of rows whose stamps come late and catch up again; None where they do not.

    A stamp can be late but never early, so the earliest of the next stamps, seen from an even clock, tells when frames
    were lost: what the clock falls behind and never makes good.

    Args:
        moments: ``[N]`` seconds that never fall.
        frames: ``[N]`` numbers of the frames, or of the rows where the file has none.
        period: about the seconds a frame; packets longer than ``WINDOW`` rows do not need it.
    """
    steps, expected = np.diff(moments), np.diff(frames)
    packed = (steps < AT_ONCE * expected * period).mean() >= PACKED
    window, judged = WINDOW, len(steps)
    if packed:
        period, rows, begun = _of_packets(moments, frames, period)
        window = max(WINDOW, 2 * rows)
        judged = begun if len(moments) - 1 - begun < rows else judged  # a packet that was cut off is late for good
    late, rise = _late(moments, frames, period, window)
    rise[judged:] = 0
    caught_up = (steps > np.maximum(LONGEST_GAP_S, LOST * period) + (expected - 1) * period) & (rise < 0.5)
    if not packed and not caught_up.any():
        return None
    for _ in range(3):  # the first period may be off by a share of a packet
        places = np.concatenate([[0.0], np.cumsum(expected + np.round(np.clip(rise, 0, None)))])
        on_time = (late < AT_ONCE) & (np.arange(len(late)) <= judged)
        if on_time.sum() > 2 and np.ptp(places[on_time]) > 0:
            period = float(np.polyfit(places[on_time], moments[on_time], 1)[0])
        late, rise = _late(moments, frames, period, window)
        rise[judged:] = 0
    return Packets(places, period, _unsure(late, np.round(rise)))


def _unsure(late: Numbers, lost: Numbers) -> Flags:
    """``[N]``: rows after the last that is on time before frames were lost, up to the next that seems to be: where the
    end of a packet was lost its last row is late too.
    """
    unsure = np.zeros(len(late), bool)
    on_time = np.flatnonzero(late < AT_ONCE)
    for row in np.flatnonzero(lost >= 1):
        later = on_time[on_time > row]
        unsure[row + 1 : later[0] + 1 if len(later) else None] = True
    return unsure


def _of_packets(moments: Numbers, frames: Numbers, period: float) -> tuple[float, int, int]:
    """The seconds a frame, how many rows a packet has, and the last row before the last packet.

    The last row of a packet is the least late. A packet ends before a step that is longer than the mean step; over
    several packets, about ``WINDOW`` rows, the median does not see lost frames.
    """
    steps = np.diff(moments)
    last = np.flatnonzero(steps > steps.mean())
    if len(last) < 3:
        return period, WINDOW, len(steps)
    rows = max(1, round(float(np.median(np.diff(last)))))
    several = min(-(-WINDOW // rows), len(last) - 1)
    first, second = last[:-several], last[several:]
    each = (moments[second] - moments[first]) / (frames[second] - frames[first])
    return float(np.median(each)), rows, int(last[-1])


def _late(moments: Numbers, frames: Numbers, period: float, window: int) -> tuple[Numbers, Numbers]:
    """By how many frames each stamp comes late, ``[N]``, and falls behind for good from row to row, ``[N-1]``, as an
    even clock has it.
    """
    offset = moments / period - frames
    earliest = np.array([offset[i : i + window + 1].min() for i in range(len(offset))])
    return offset - earliest, np.diff(earliest)
