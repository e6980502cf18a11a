"""Read positions from NumPy files."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError, listed
from stgcn_affect.motion.axes import package_clip_axes
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.joint_names import need_layout
from stgcn_affect.motion.readers.named_points import named_joints
from stgcn_affect.motion.readers.unread import body_parameters, two_dimensions
from stgcn_affect.skeleton.layout import Layout

_RATES = ("fps", "rate", "frame_rate", "framerate", "mocap_framerate")
"""Other names of ``fps_hz``."""


def read_array(path: Path, *, layout: Layout | None = None, fps_hz: float | None = None) -> Clip:
    """Read one clip from an .npy or .npz file; axes and unit are detected from the body and converted.

    An .npy holds ``[T, V, 3]`` or ``[T, V*3]`` with the joints in the layout's order. An .npz holds that as
    ``positions``, or as its only array of one of these shapes, and may hold ``fps_hz`` (or ``fps``), ``joints`` (V
    names: then the layout's joints are picked by name), ``subject``, ``emotion`` and ``take``.

    Args:
        path: the file; pickled objects in it are refused.
        layout: the joints; may be left out where ``joints`` are those of an embedded layout.
        fps_hz: frames a second; needed where the file has none, and stronger than the file's.

    Raises:
        InputError: names the file and the field.
    """
    return array_clip(path, parse_array(path), layout=layout, fps_hz=fps_hz)


def array_clip(
    path: Path, fields: dict[str, npt.NDArray[Any]], *, layout: Layout | None = None, fps_hz: float | None = None
) -> Clip:
    """The clip of what ``parse_array`` gave, as ``read_array`` gives it."""
    names = [str(name) for name in np.ravel(fields["joints"])] if "joints" in fields else None
    if words := body_parameters(fields):
        raise InputError(f"{path}: expected positions of joints (got {listed(fields)}); {words}")
    width = len(names) if names else need_layout(layout, None, str(path)).num_joints
    shaped = _shaped(_motion(fields, width, path), width, f"{path}: positions")
    rate = fps_hz if fps_hz is not None else _number(fields.get("fps_hz"), f"{path}: fps_hz")
    joints, layout, remarks = named_joints(names or [], shaped, layout, str(path))
    positions, attributes = package_clip_axes(joints, layout)
    return Clip(
        positions=positions,
        fps_hz=rate,
        layout=layout,
        source=str(path),
        subject=_word(fields, "subject", path),
        emotion=_word(fields, "emotion", path),
        take=_word(fields, "take", path),
        attributes=attributes,
        remarks=remarks,
    )


def parse_array(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays of an .npz by name, or "positions" of an .npy. Raises InputError for a file that is no such."""
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return {"positions": loaded}
        with loaded:
            fields = {key: loaded[key] for key in loaded.files}
            rate = next((fields[key] for key in ("fps_hz", *_RATES) if key in fields), None)
            return fields if rate is None else fields | {"fps_hz": rate}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: expected a NumPy file without pickled objects (got: {error})") from error


def _motion(fields: dict[str, npt.NDArray[Any]], joints: int, path: Path) -> npt.NDArray[Any]:
    """The array ``positions``, or the only one that has the shape of positions."""
    if "positions" in fields:
        return fields["positions"]
    likely = [
        key
        for key, value in fields.items()
        if value.dtype.kind in "fiu" and (value.shape[1:] == (joints, 3) or value.shape[1:] == (joints * 3,))
    ]
    if len(likely) != 1:
        found = listed(f"{key} {list(value.shape)}" for key, value in fields.items()) or "no array"
        raise InputError(
            f"{path}: expected an array 'positions', or one alone of the shape [T, {joints}, 3] or [T, {joints * 3}]"
            f" (got {found})"
        )
    return fields[likely[0]]


def _shaped(values: npt.NDArray[Any], joints: int, where: str) -> npt.NDArray[np.float32]:
    if values.dtype.kind not in "fiu":
        raise InputError(f"{where} must be numbers (got {values.dtype})")
    if values.ndim in (3, 4) and values.shape[-1] == 2:
        raise InputError(f"{where}: {two_dimensions(f'the shape {list(values.shape)}')}")
    if values.ndim == 2 and values.shape[1] == joints * 3:
        values = values.reshape(-1, joints, 3)
    if values.ndim != 3 or values.shape[1:] != (joints, 3) or not len(values):
        raise InputError(f"{where} must have shape [T, {joints}, 3] or [T, {joints * 3}] (got {list(values.shape)})")
    return values.astype(np.float32)


def _number(value: npt.NDArray[Any] | None, where: str) -> float:
    if value is None:
        raise InputError(f"{where}, the frames a second, is not in the file and must be given (got none)")
    if value.size != 1 or value.dtype.kind not in "fiu":
        raise InputError(f"{where} must be one number (got {value.tolist()!r:.60})")
    return float(value.item())


def _word(fields: dict[str, npt.NDArray[Any]], key: str, path: Path) -> str:
    value = fields.get(key, np.array(""))
    if value.size != 1:
        raise InputError(f"{path}: {key} must be one word (got {value.tolist()!r:.60})")
    return str(value.item())
