"""Figures to files and to pixels."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image

from stgcn_affect.errors import InputError
from stgcn_affect.files import write_whole


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


def figure_pixels(figure: Figure, *, dpi: float = 100.0) -> npt.NDArray[np.uint8]:
    """A figure as pixels ``[height, width, 3]``, for TensorBoard and for animations."""
    content = BytesIO()
    figure.savefig(content, format="png", dpi=dpi)
    return np.array(Image.open(content).convert("RGB"))
