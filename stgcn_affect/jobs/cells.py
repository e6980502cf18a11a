"""Numbers as the cells of tables show them."""

from collections.abc import Mapping, Sequence
from typing import Any

from stgcn_affect.data.subject_baseline import OTHER_TAKES

Row = Sequence[str]


def number(value: float) -> str:
    """Three decimals."""
    return f"{value:.3f}"


def signed(value: float) -> str:
    """Three decimals with a sign."""
    return f"{value:+.3f}"


def span(limits: Sequence[float]) -> str:
    """From the lower to the upper limit."""
    return f"{limits[0]:.3f} to {limits[1]:.3f}"


def limits(block: Mapping[str, Any]) -> str:
    """The limits of a block; "" where it has none."""
    return span(block["ci95"]) if "ci95" in block else ""


def compared_with(protocol: Mapping[str, Any]) -> str:
    """What a walk was compared with, to be put behind the kind of split; "" where it was judged by itself."""
    of = protocol.get("subject_baseline", "")
    takes = "other takes" if of == OTHER_TAKES else f"{of} takes"
    return f", each walk compared with the subject's {takes}" if of else ""
