"""Read the annotation files of pyskl (Duan et al., ACM Multimedia 2022): one pickle with many skeleton clips."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.axes import package_clip_axes
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.safe_pickle import load_plain_pickle
from stgcn_affect.skeleton.layout import Layout, load_layout

_NTU = re.compile(r"S\d{3}C\d{3}(P\d{3})R\d{3}A\d{3}")
"""Names of NTU RGB+D clips; the walker is P and three digits."""


def read_pyskl(path: Path, *, layout: Layout | None = None, fps_hz: float | None = None) -> list[Clip]:
    """Read all clips of a pickle ``{"split": ..., "annotations": [...]}``; axes and unit are detected and converted.

    An annotation is a dictionary with ``frame_dir`` (its name) and ``keypoint`` ``[M, T, V, 3]``, M persons. The first
    with data is taken; frames in which all its joints are 0 are cut off at both ends and missing in between. ``label``,
    a class number, is kept in ``attributes["label"]``, and is the emotion where it is a word; ``subject``, ``emotion``
    and ``take`` are taken where they are there. The pickle is loaded without running anything that it names.

    Args:
        path: the file.
        layout: V joints in the file's order; by default "kinect25" where there are 25, as in NTU RGB+D.
        fps_hz: frames a second; the files do not say it, but where an annotation has ``fps``.

    Raises:
        InputError: a pickle with anything but plain data in it, 2-D keypoints, a wrong shape, no frame rate; names the
            annotation and the field.
    """
    content = load_plain_pickle(path)
    annotations = content.get("annotations") if isinstance(content, dict) else content
    if not isinstance(annotations, list) or not annotations or not all(isinstance(a, dict) for a in annotations):
        raise InputError(
            f"{path}: expected pyskl's annotations, a dictionary with split and annotations, or a list of dictionaries"
            f" (got {_kind(content)})"
        )
    return [_clip(path, number, annotation, layout, fps_hz) for number, annotation in enumerate(annotations)]


def _kind(content: Any) -> str:
    return f"the keys {', '.join(map(str, content))}"[:100] if isinstance(content, dict) else type(content).__name__


def _clip(path: Path, number: int, annotation: Mapping[str, Any], layout: Layout | None, fps_hz: float | None) -> Clip:
    name = str(annotation.get("frame_dir", number))
    source = f"{path}:{name}"
    points = _first_person(annotation.get("keypoint"), source)
    if layout is None:
        if points.shape[1] != 25:
            raise InputError(f"{source}: expected a layout for {points.shape[1]} joints (got none)")
        layout = load_layout("kinect25")
    if points.shape[1] != layout.num_joints:
        raise InputError(
            f"{source}: keypoint must have {layout.num_joints} joints for the layout {layout.name}"
            f" (got {points.shape[1]})"
        )
    rate = fps_hz or annotation.get("fps")
    if not isinstance(rate, int | float):
        raise InputError(f"{source}: expected fps_hz, the frames a second, which these files do not say (got {rate!r})")
    positions, attributes = package_clip_axes(points, layout)
    label = annotation.get("label", "")
    ntu = _NTU.search(name)
    return Clip(
        positions=positions,
        fps_hz=float(rate),
        layout=layout,
        subject=str(annotation.get("subject", ntu[1] if ntu else "")),
        emotion=str(annotation.get("emotion", label if isinstance(label, str) else "")),
        take=str(annotation.get("take", name)),
        source=source,
        attributes=attributes | ({} if label == "" else {"label": str(label)}),
    )


def _first_person(keypoint: Any, source: str) -> npt.NDArray[np.float64]:
    """``[T, V, 3]`` of the first person with data, from its first to its last frame with data."""
    if not isinstance(keypoint, np.ndarray) or keypoint.ndim != 4 or keypoint.dtype.kind not in "fiu":
        found = list(keypoint.shape) if isinstance(keypoint, np.ndarray) else type(keypoint).__name__
        raise InputError(f"{source}: keypoint must be an array [M, T, V, 3] of numbers (got {found})")
    if keypoint.shape[-1] != 3:
        raise InputError(
            f"{source}: keypoint must be in 3-D, [M, T, V, 3]; 2-D keypoints of a camera's image cannot be used"
            f" (got {list(keypoint.shape)})"
        )
    points = np.asarray(keypoint, float)
    there = ((points != 0) & np.isfinite(points)).any(axis=(2, 3))
    persons = np.flatnonzero(there.sum(axis=1) >= 2)
    if not len(persons):
        raise InputError(
            f"{source}: keypoint must hold a person in two frames or more (got {list(keypoint.shape)} of zeros)"
        )
    frames = np.flatnonzero(there[persons[0]])
    person = points[persons[0]].copy()
    person[~there[persons[0]]] = np.nan
    return np.asarray(person[frames[0] : frames[-1] + 1])
