"""Read marker positions from a C3D file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError, listed
from stgcn_affect.motion.axes import METRES_PER, package_clip_axes, turn_upright, up_axis
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.joint_names import embedded_layouts
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]

_UNITS = {"m": "metres", "mm": "millimetres", "cm": "centimetres", "in": "inches"}


def read_c3d(path: Path, *, layout: Layout | None = None, fps_hz: float | None = None) -> Clip:
    """Read one clip; the vertical axis is detected from the body, the unit is the file's.

    A C3D holds markers. Each joint is the mean of the markers that ``layout.markers`` names for it; a layout without
    markers takes points named as its joints. Prefixes such as "Subject:" do not count. A joint is missing (NaN) in
    frames where one of its markers is: its residual is negative, or it stands at exactly 0, 0, 0.

    Args:
        path: the file.
        layout: the joints and their markers; may be left out where the file has all markers of an embedded layout.
        fps_hz: frames a second, where the file's own rate is wrong.

    Raises:
        InputError: no C3D file, one that is cut off, a marker that is not there or twice, or ezc3d is not installed.
    """
    content = _load(path)
    point = content["parameters"]["POINT"]
    names = _labels(point)
    layout = layout or _embedded(names, path)
    points = _points(content, path)
    if len(names) < points.shape[1]:
        raise InputError(f"{path}: expected a label for each of {points.shape[1]} points (got {len(names)})")
    joints = np.stack([points[:, _find(joint, names, layout, path)].mean(axis=1) for joint in layout.joints], axis=1)
    rate = fps_hz if fps_hz is not None else float(_first(point, "RATE", 0.0))
    unit = _UNITS.get(str(_first(point, "UNITS", "")).strip().lower(), "")
    if unit:
        up = up_axis(joints, layout)
        positions: Floats = turn_upright(joints, up) * METRES_PER[unit]
        attributes = {"unit": unit, "up_axis": up}
    else:
        positions, attributes = package_clip_axes(joints, layout)
    return Clip(positions=positions, fps_hz=rate, layout=layout, source=str(path), attributes=attributes)


def c3d_markers(path: Path) -> list[str]:
    """The names of a file's markers, without prefixes. Raises InputError as ``read_c3d`` does."""
    return _labels(_load(path)["parameters"]["POINT"])


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


def _labels(point: Mapping[str, Any]) -> list[str]:
    """Labels come in rows of 255: LABELS, LABELS2, LABELS3 ..."""
    rows = ["LABELS", *(f"LABELS{i}" for i in range(2, 10))]
    whole = [str(label) for row in rows if row in point for label in point[row]["value"]]
    return [label.split(":")[-1].strip() for label in whole]


def _points(content: Any, path: Path) -> Floats:
    """``[T, markers, 3]`` in the file's unit, NaN where a marker was not seen."""
    points = np.asarray(content["data"]["points"], float)[:3].transpose(2, 1, 0).copy()
    residuals = np.asarray(content["data"]["meta_points"]["residuals"], float)[0].T
    announced = _announced(path)
    if len(points) < announced:
        raise InputError(f"{path}: expected {announced} frames, as the header says (got {len(points)}: it is cut off)")
    if not points.size:
        raise InputError(f"{path}: expected a C3D file with markers (got an empty file)")
    points[(residuals < 0) | (points == 0).all(axis=-1)] = np.nan
    return points


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


def _embedded(names: Sequence[str], path: Path) -> Layout:
    known = [layout for layout in embedded_layouts() if layout.markers]
    for layout in known:
        if {marker for markers in layout.markers.values() for marker in markers} <= set(names):
            return layout
    raise InputError(
        f"{path}: expected a layout whose section 'markers' says which markers make each joint; of the embedded ones"
        f" {', '.join(layout.name for layout in known)} has it, but not all its markers are here"
        f" (got {listed(names) or 'no markers'})"
    )


def _find(joint: str, names: Sequence[str], layout: Layout, path: Path) -> list[int]:
    places = []
    for marker in layout.markers.get(joint, (joint,)):
        found = [v for v, name in enumerate(names) if name.lower() == marker.lower()]
        if len(found) != 1:
            raise InputError(
                f"{path}: expected one marker {marker!r} for the joint {joint!r} of the layout {layout.name}"
                f" (got {len(found)} of that name among {listed(names) or 'no markers'})"
            )
        places += found
    return places
