"""Colours, text sizes and line styles of all figures, and saving them."""

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole

OKABE_ITO: tuple[str, ...] = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7", "#F0E442", "#000000")
"""Okabe and Ito, Color Universal Design (2008)."""

INK, GREY, PALE, PAPER = "#222222", "#767676", "#D9D9D9", "#FFFFFF"
TEXT_PT, SMALL_PT = 9.0, 7.5

_EMOTIONS = {"angry": "#D55E00", "happy": "#E69F00", "neutral": "#009E73", "sad": "#0072B2"}

DASHES: dict[str, Literal["-"] | tuple[float, Sequence[float]]] = {
    "left": "-",
    "middle": "-",
    "right": (0.0, (2.2, 1.1)),
}
"""Line style by the body's side; dashes are short, so that the bones of a small body still show them."""


def new_figure(*, width_in: float, height_in: float) -> Figure:
    """A new white figure without a window, for files."""
    figure = Figure(figsize=(width_in, height_in), facecolor=PAPER, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def name_colours(names: Sequence[str]) -> dict[str, str]:
    """A colour for each name: angry, happy, neutral and sad always have the same, others take those left."""
    fixed = {name: _EMOTIONS[name] for name in names if name in _EMOTIONS}
    free = [colour for colour in OKABE_ITO if colour not in fixed.values()]
    others = [name for name in names if name not in fixed]
    return fixed | {name: free[i % len(free)] for i, name in enumerate(others)}


def lighter(colour: str, *, by: float = 0.4) -> str:
    """A colour mixed with white, 0 (as it is) to 1 (white)."""
    red, green, blue = (part * (1 - by) + by for part in to_rgb(colour))
    return to_hex((red, green, blue))


def bare(axes: Axes) -> None:
    """Remove frame and ticks, and make one unit equally long on both axes."""
    axes.set_axis_off()
    axes.set_aspect("equal")


def save_figure(figure: Figure, *, path: str | Path, dpi: float = 150.0) -> Path:
    """Write a figure as PNG or SVG, by the path's ending; folders are made. The same figure gives the same bytes.

    Raises:
        InputError: another ending.
    """
    path = Path(path)
    kind = path.suffix.lower().removeprefix(".")
    metadata: dict[str, Any] = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}
    if kind not in metadata:
        raise InputError(f"{path}: a figure is written as .png or .svg (got {path.suffix!r})")
    content = BytesIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "stgcn_affect"}):
        figure.savefig(content, format=kind, dpi=dpi, metadata=metadata[kind])
    return write_whole(content.getvalue(), path=path)


def save_both(figure: Figure, *, path: Path) -> list[Path]:
    """Write a figure as PNG and as SVG; the path's ending is replaced."""
    return [save_figure(figure, path=path.with_suffix(ending)) for ending in (".png", ".svg")]


def file_name(*words: str) -> str:
    """Words joined by hyphens, with "_" for each character that is unsafe in a file name; empty words are left out."""
    return re.sub(r"[^\w.-]", "_", "-".join(filter(None, words)))
