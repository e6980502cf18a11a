"""Put rows that were recorded at uneven times on an even grid of frames; what was lost stays missing.

Times and numbers of frames both count. Frames that either of them shows to be lost keep their place. Uneven steps are
resampled by interpolation. Stamps that come late and catch up again (packets) do not say when a frame was recorded;
there the mean rate is taken.
"""

from bisect import bisect_right
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.interpolate import Akima1DInterpolator

from stgcn_affect.errors import InputError
from stgcn_affect.motion.gaps import LONGEST_GAP_S, Flags, seen
from stgcn_affect.motion.readers.packets import LOST, WINDOW, places_of_packets

Numbers = npt.NDArray[np.float64]

MOST_FRAMES = 10_000_000
"""More than a day at 100 frames a second: a count of frames that spans more is none."""

UNEVEN = 0.1
"""How far a time may lie off an even grid, in frames, before the rows are resampled."""

WRONG_TIMES = 0.1
"""The share of times that may be missing, or out of order, and are then taken from the rows around them."""


class Timeline(NamedTuple):
    """Where rows stand in time.

    Args:
        places: ``[N]``, in frames from the first row on; whole numbers where rows need no resampling.
        fps_hz: frames a second.
        remarks: what was found, one sentence each.
        unsure: ``[N]``: rows whose place is not known beside lost frames; None where all are.
    """

    places: Numbers
    fps_hz: float
    remarks: list[str]
    unsure: Flags | None = None


def timeline(
    times: Numbers | None, counts: Numbers | None, rows: int, *, fps_hz: float | None, title: str, source: str
) -> Timeline:
    """Find where rows stand in time.

    Args:
        times: ``[rows]`` seconds, NaN where unknown; None where there are none.
        counts: ``[rows]`` whole numbers of frames that rise by one where nothing is lost; None where there are none.
        rows: how many there are.
        fps_hz: frames a second where it is known; the times then say which frames are lost, but not how long one is.
        title: of the column of times, for messages.
        source: the file, for messages.

    Raises:
        InputError: neither times nor a rate, or times that do not rise.
    """
    frames = np.arange(rows, dtype=float) if counts is None else counts - counts[0]
    if times is None or rows < 2:
        if fps_hz is None:
            raise InputError(
                f"{source}: expected a column 'time' in seconds, or fps_hz, the frames a second, and two rows or more"
                f" (got {'neither' if rows > 1 else 'a single row'})"
            )
        return Timeline(frames, fps_hz, _lost(frames, fps_hz, "frame"))
    moments, remarks = _rising(times, title, source)
    period = _period(moments, frames)
    if not period > 0:
        raise _not_rising(times, title, source)
    packets = places_of_packets(moments, frames, period)
    if packets is not None:
        rate = fps_hz or 1 / packets.period
        remarks.append(f"column {title!r}: stamps come late, as in packets: the mean rate of {rate:.4g} is taken")
        remarks += _lost(packets.places, rate, title)
        unsure = int(packets.unsure.sum())
        if unsure:
            rows_are = "1 row of such a packet is" if unsure == 1 else f"{unsure} rows of such packets are"
            remarks.append(f"column {title!r}: before or after lost frames, stamps do not say: {rows_are} left out")
        return Timeline(packets.places, rate, remarks, packets.unsure)
    found = _even(moments, frames, float(np.median(np.diff(moments) / np.diff(frames))))
    found = found or _even(moments, frames, period)
    if found is not None:
        places, slope = found
        rate = fps_hz or slope
        return Timeline(places, rate, remarks + _lost(places, rate, title))
    steps = np.diff(moments) / period
    steps = np.where((np.diff(frames) > 1) & (steps < np.diff(frames) - 0.5), np.diff(frames), steps)
    rate = fps_hz or 1 / period
    usual = np.diff(moments)[steps <= max(LONGEST_GAP_S * rate, LOST)]
    remarks.append(
        f"column {title!r}: uneven steps of {1000 * usual.min():.0f} to {1000 * usual.max():.0f} ms, resampled at"
        f" {rate:.4g} frames a second by interpolation"
    )
    places = np.concatenate([[0.0], np.cumsum(steps)])
    return Timeline(places, rate, remarks + _lost(places, rate, title, most=LONGEST_GAP_S * rate))


def on_even_grid(values: npt.NDArray[np.floating], line: Timeline, source: str) -> Numbers:
    """Put rows on their frames: ``[N, V, 3]`` to ``[T, V, 3]``, NaN where nothing was recorded for more than 0.1 s or
    the place of a row is not known.

    Rows at whole places are put there as they are; else the values at the even frames are interpolated (Akima).

    Raises:
        InputError: the rows span more frames than a recording of a walk can have.
    """
    total = int(np.floor(line.places[-1] + 1e-6)) + 1
    if total > MOST_FRAMES:
        raise InputError(f"{source}: columns 'time' and 'frame' must count frames (got rows that span {total} frames)")
    grid = np.full((total, *values.shape[1:]), np.nan)
    whole = np.round(line.places)
    if np.abs(line.places - whole).max() < 1e-6:
        sure = slice(None) if line.unsure is None else ~line.unsure
        grid[whole[sure].astype(int)] = values[sure]
        return grid
    longest = max(LONGEST_GAP_S * line.fps_hz, LOST)
    later = np.concatenate([[True], np.diff(line.places) > 1e-3])
    places, values = line.places[later], values[later]
    there = seen(values)
    nearest = np.searchsorted((places[1:] + places[:-1]) / 2, np.arange(total))
    always = there.all(axis=0)
    grid[:, always] = _resampled(places, values[:, always], total, longest)
    for v in np.flatnonzero(~always & there.any(axis=0)):
        known = there[:, v]
        grid[:, v] = _resampled(places[known], values[known, v], total, longest)
        grid[~known[nearest], v] = np.nan
    return grid


def _resampled(places: Numbers, values: npt.NDArray[np.floating], total: int, longest: float) -> Numbers:
    """``[N, ...]`` at rising places, at the frames 0 to ``total - 1``; NaN in gaps that are longer than ``longest``."""
    grid = np.full((total, *values.shape[1:]), np.nan)
    cuts = np.flatnonzero(np.diff(places) > longest + 1e-6) + 1
    for block in np.split(np.arange(len(places)), cuts):
        frames = np.arange(np.ceil(places[block[0]] - 1e-6), np.floor(places[block[-1]] + 1e-6) + 1).astype(int)
        if len(block) > 1 and len(frames):
            inside = np.clip(frames, places[block[0]], places[block[-1]])
            grid[frames] = Akima1DInterpolator(places[block], values[block], axis=0)(inside)
    return grid


def _period(moments: Numbers, frames: Numbers) -> float:
    """About the seconds a frame: the median over ``WINDOW`` steps, or over a quarter of the rows where that is several
    times as long, as in packets longer than the window.
    """
    lags = min(WINDOW, len(moments) - 1), min(max(WINDOW, len(moments) // 4), len(moments) - 1)
    near, far = (float(np.median((moments[lag:] - moments[:-lag]) / (frames[lag:] - frames[:-lag]))) for lag in lags)
    return far if far > 3 * near else near


def _rising(times: Numbers, title: str, source: str) -> tuple[Numbers, list[str]]:
    """Times with those that are missing or out of order replaced by what lies between the rows around them."""
    kept = _longest_rising(times)
    wrong = len(times) - len(kept)
    if wrong > max(1, WRONG_TIMES * len(times)) or len(kept) < 2 or not times[kept[-1]] > times[kept[0]]:
        raise _not_rising(times, title, source)
    if not wrong:
        return times, []
    rows = np.arange(len(times))
    first, last = kept[0], kept[-1]
    step = (times[last] - times[first]) / (last - first)
    mended = np.interp(rows, kept, times[kept])
    mended += np.minimum(rows - first, 0) * step + np.maximum(rows - last, 0) * step
    where = "1 time that is" if wrong == 1 else f"{wrong} times that are"
    return mended, [f"column {title!r}: {where} missing or out of order, taken from the rows around"]


def _longest_rising(times: Numbers) -> list[int]:
    """Indices of the longest part of ``times`` that never falls."""
    ends: list[float] = []
    last: list[int] = []
    before = np.full(len(times), -1)
    for i, moment in enumerate(times):
        if not np.isfinite(moment):
            continue
        place = bisect_right(ends, moment)
        before[i] = last[place - 1] if place else -1
        ends[place : place + 1] = [float(moment)]
        last[place : place + 1] = [i]
    chain = [last[-1]] if last else []
    while chain and before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    return chain[::-1]


def _even(moments: Numbers, frames: Numbers, period: float) -> tuple[Numbers, float] | None:
    """Whole places and the frame rate where rows stand on an even grid, with or without lost frames; else None."""
    if not period > 0:
        return None
    expected, steps = np.diff(frames), np.diff(moments) / period
    jumps = np.maximum(np.round(steps), 1)
    places = np.concatenate([[0.0], np.cumsum(jumps)])
    slope, start = np.polyfit(places, moments, 1)
    off = np.abs(moments - start - slope * places)
    if slope <= 0 or off.max() > max(UNEVEN * slope, min(0.51 * _quantum(moments), 0.5 * slope)) + 1e-9:
        return None
    rate = 1 / float(np.mean(np.diff(moments))) if (jumps == 1).all() else 1 / float(slope)
    return np.concatenate([[0.0], np.cumsum(np.maximum(jumps, expected))]), rate


def _quantum(moments: Numbers) -> float:
    """The smallest difference that the times can show, as their decimals have it."""
    for decimals in range(6):
        if np.abs(moments * 10**decimals - np.round(moments * 10**decimals)).max() < 1e-4:
            return float(10.0**-decimals)
    return 0.0


def _lost(places: Numbers, fps_hz: float, title: str, *, most: float = LOST) -> list[str]:
    """Where frames were lost, in words: steps of more than ``most`` frames."""
    steps = np.diff(places)
    holes = np.flatnonzero(steps > max(most, LOST))
    if not len(holes):
        return []
    worst = holes[np.argmax(steps[holes])]
    count = int(np.round(steps[holes] - 1).sum())
    words = f"column {title!r}: {count} frame{'s' if count > 1 else ''} lost"
    longest = f"nothing was recorded for {steps[worst] / fps_hz:.2f} s at {places[worst] / fps_hz:.2f} s"
    return [f"{words} in {len(holes)} places: the longest time, {longest}" if len(holes) > 1 else f"{words}: {longest}"]


def _not_rising(times: Numbers, title: str, source: str) -> InputError:
    steps = np.diff(times)
    found = (
        f"steps of {np.nanmin(steps):.4g} to {np.nanmax(steps):.4g} s" if np.isfinite(steps).any() else "no two numbers"
    )
    return InputError(f"{source}: column {title!r} must rise from row to row (got {found})")
