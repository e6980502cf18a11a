"""The tables and the figure of how a training grows."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from matplotlib.figure import Figure

from stgcn_affect.reporting.tables import Row
from stgcn_affect.visual.growth import Curve, growth_figure

VARIED = {
    "cycles": "cycles",
    "joints": "joints V",
    "samples": "samples T",
    "encoder_samples": "encoder's samples T'",
    "subjects": "subjects",
}
"""Fields of a case in words."""

_DRAWN = {"step_ms": "ms a step", "rss_anon_mb": "RssAnon, MB"}


def growth_tables(found: Mapping[str, Any]) -> Iterator[list[Row]]:
    """A table for each thing that was varied: a row for each value, and one with the exponents.

    Args:
        found: the result of ``growth``.
    """
    for field, cases in _by_field(found):
        rows: list[Row] = [
            (VARIED[field], "ms a step", "feeding", "start, s", "RssAnon, MB", "at the start", "cache, s")
        ]
        for case in cases:
            rows.append(
                (
                    f"{case[field]:,}",
                    f"{case['step_ms']:.1f}",
                    f"{100 * case['feeding']:.1f} %",
                    f"{case['start_s']:.1f}",
                    f"{case['rss_anon_mb']:.0f}",
                    f"{case['rss_anon_start_mb']:.0f}",
                    f"{case['write_s']:.1f}",
                )
            )
        fitted = found["exponents"].get(field)
        if fitted is not None:
            step, start, memory = (f"{fitted[name]:.2f}" for name in ("step_ms", "start_s", "rss_anon_mb"))
            rows.append(("exponent", step, "", start, memory, "", ""))
        yield rows


def growth_pictures(found: Mapping[str, Any]) -> Figure:
    """Time of a step and anonymous memory against everything that was varied.

    Args:
        found: the result of ``growth``.
    """
    panels, at = {}, {}
    for field, cases in _by_field(found):
        fitted = found["exponents"].get(field, {})
        at[VARIED[field]] = [case[field] for case in cases]
        panels[VARIED[field]] = {
            words: Curve([case[name] for case in cases], fitted.get(name)) for name, words in _DRAWN.items()
        }
    return growth_figure(panels, at=at)


def _by_field(found: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    for field, cases in groupby(found["cases"], key=lambda case: str(case["varied"])):
        yield field, list(cases)
