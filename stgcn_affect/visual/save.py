"""Figures to files and pixels. A file appears whole or not at all."""

import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image

from stgcn_affect.errors import InputError


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
    return save_bytes(content.getvalue(), path=path)


def save_bytes(content: bytes, *, path: str | Path) -> Path:
    """Write bytes (a GIF, say) by way of a file beside the target, so that a reader never sees half of them."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def figure_pixels(figure: Figure, *, dpi: float = 100.0) -> npt.NDArray[np.uint8]:
    """A figure as pixels ``[height, width, 3]``, for TensorBoard and for animations."""
    content = BytesIO()
    figure.savefig(content, format="png", dpi=dpi)
    return np.array(Image.open(content).convert("RGB"))
