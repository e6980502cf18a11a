"""Read marker positions from a C3D file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stgcn_affect.errors import InputError
from stgcn_affect.motion.axes import package_clip_axes
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.readers.marker_person import Floats, MarkerPoints
from stgcn_affect.motion.readers.markers import marker_joints
from stgcn_affect.motion.readers.named_points import guessed_joints
from stgcn_affect.skeleton.layout import Layout

_UNITS = {"m": "metres", "mm": "millimetres", "cm": "centimetres", "in": "inches"}
_OUTPUTS = ("ANGLES", "FORCES", "MOMENTS", "POWERS", "SCALARS", "REACTIONS")
"""Parameters that list the points which a model computed."""


@dataclass(frozen=True, eq=False)
class C3d:
    """The contents of a C3D file.

    Args:
        points: its points; NaN where one was not seen: its residual is negative, or it stands at exactly 0, 0, 0.
        fps_hz: frames a second.
        unit: of the places, "" where the file has none that is known.
    """

    points: MarkerPoints
    fps_hz: float
    unit: str


def parse_c3d(path: Path) -> C3d:
    """Read a C3D file.

    Raises:
        InputError: no C3D file, one that is cut off or has no points, or ezc3d is not installed.
    """
    content = _load(path)
    point = content["parameters"]["POINT"]
    places = _places(content, path)
    labels = _texts(point, "LABELS", places.shape[1])
    outputs = {label for kind in _OUTPUTS for label in _texts(point, kind, 0)} - {""}
    points = MarkerPoints(
        labels=labels,
        places=places,
        descriptions=_texts(point, "DESCRIPTIONS", places.shape[1]),
        outputs=frozenset(outputs),
    )
    unit = _UNITS.get(str(_first(point, "UNITS", "")).strip().lower(), "")
    return C3d(points, float(_first(point, "RATE", 0.0)), unit)


def c3d_clip(path: Path, content: C3d, *, layout: Layout | None = None, fps_hz: float | None = None) -> Clip:
    """The clip of a parsed file, as ``read_c3d`` gives it."""
    found = guessed_joints(content.points, str(path)) if layout is None else None
    joints, layout, remarks = found or marker_joints(content.points, layout, str(path))
    positions, attributes = package_clip_axes(joints, layout, unit=content.unit)
    return Clip(
        positions=positions,
        fps_hz=fps_hz if fps_hz is not None else content.fps_hz,
        layout=layout,
        source=str(path),
        attributes=attributes,
        remarks=remarks,
    )


def read_c3d(path: Path, *, layout: Layout | None = None, fps_hz: float | None = None) -> Clip:
    """Read one clip; the vertical axis is detected from the body, the unit is the file's.

    A C3D holds markers, and each joint is the mean of those that ``layout.markers`` names for it, as ``marker_joints``
    says; a layout without markers takes points named as its joints.

    Args:
        path: the file.
        layout: the joints and their markers; may be left out where the file has all markers of an embedded layout.
        fps_hz: frames a second, where the file's own rate is wrong.

    Raises:
        InputError: no C3D file, one that is cut off, markers that are not there, several people in it, or ezc3d is not
            installed.
    """
    return c3d_clip(path, parse_c3d(path), layout=layout, fps_hz=fps_hz)


def c3d_markers(path: Path) -> list[str]:
    """The names of a file's markers, without prefixes and outputs of a model. Raises InputError as ``parse_c3d``."""
    return [label.split(":")[-1].strip() for label in parse_c3d(path).points.names()]


def _load(path: Path) -> Any:
    try:
        import ezc3d
    except ImportError as error:
        raise InputError(
            f"{path}: C3D files need the package ezc3d: pip install 'stgcn_affect[c3d]' (got: {error})"
        ) from error
    try:
        return ezc3d.c3d(str(path))
    except (OSError, RuntimeError, ValueError, IndexError) as error:
        raise InputError(f"{path}: expected a C3D file (got: {' '.join(str(error).split())})") from error


def _texts(point: Mapping[str, Any], key: str, count: int) -> list[str]:
    """The texts of a parameter, which come in rows of 255: LABELS, LABELS2 ...; as many as there are points."""
    rows = [key, *(f"{key}{i}" for i in range(2, 100))]
    texts = [str(text).strip() for row in rows if row in point for text in point[row]["value"]]
    return (texts + [""] * count)[:count] if count else texts


def _places(content: Any, path: Path) -> Floats:
    """``[T, points, 3]`` in the file's unit, NaN where a point was not seen."""
    places = np.asarray(content["data"]["points"], float)[:3].transpose(2, 1, 0).copy()
    residuals = np.asarray(content["data"]["meta_points"]["residuals"], float)[0].T
    announced = _announced(path)
    if len(places) < announced:
        raise InputError(f"{path}: expected {announced} frames, as the header says (got {len(places)}: it is cut off)")
    if not places.size:
        raise InputError(f"{path}: expected a C3D file with markers (got an empty file)")
    places[(residuals < 0) | (places == 0).all(axis=-1) | ~np.isfinite(places).all(axis=-1)] = np.nan
    return places


def _announced(path: Path) -> int:
    """How many frames the header promises (ezc3d puts there what it found); 0 where a big-endian machine wrote it."""
    with path.open("rb") as file:
        start = file.read(10)
        file.seek(512 * (start[0] - 1) + 3)
        processor = file.read(1)
    return 0 if processor == b"\x56" else int.from_bytes(start[8:], "little") - int.from_bytes(start[6:8], "little") + 1


def _first(point: Mapping[str, Any], key: str, missing: Any) -> Any:
    value: Any = point[key]["value"] if key in point else ()
    return value[0] if len(value) else missing
