"""Read pickled annotations of pyskl."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.axes import package_clip_axes
from stgcn_affect.motion.clip import Clip, Unreadable, readable, tried
from stgcn_affect.motion.gaps import without_origin
from stgcn_affect.motion.readers.plain_pickle import load_plain_pickle
from stgcn_affect.skeleton.layout import Layout, load_layout

_NTU = re.compile(r"S\d{3}C\d{3}(P\d{3})R\d{3}A\d{3}")
"""Names of NTU RGB+D clips; the subject is P and three digits."""


def read_pyskl(path: Path, *, layout: Layout | None = None, fps_hz: float | None = None) -> list[Clip]:
    """Read the clips of a pickle ``{"split": ..., "annotations": [...]}``; axes and unit are detected and converted.

    An annotation is a dictionary with ``frame_dir`` (its name) and ``keypoint`` ``[M, T, V, 3]``, M persons. Of several
    the one who moves most over all frames is taken (``walking_person``), which is said. Frames in which all joints of
    that person are 0 are cut off at both ends and missing in between. ``label``, a class number, is kept in
    ``attributes["label"]``, and is the emotion where it is a word; ``subject``, ``emotion`` and ``take`` are taken
    where they are there. The pickle is loaded without running anything that it names. An annotation that cannot be read
    is left out; ``pyskl_clips`` says which.

    Args:
        path: the file.
        layout: V joints in the file's order; by default "kinect25" where there are 25, as in NTU RGB+D.
        fps_hz: frames a second; the files do not say it, but where an annotation has ``fps``.

    Raises:
        InputError: a pickle with anything but plain data in it; or no annotation can be read: 2-D keypoints, a wrong
            shape, no frame rate. Names the annotation and the field.
    """
    return readable(pyskl_clips(path, load_plain_pickle(path), layout=layout, fps_hz=fps_hz))


def pyskl_clips(
    path: Path, content: Any, *, layout: Layout | None = None, fps_hz: float | None = None
) -> list[Clip | Unreadable]:
    """The clip of each annotation of what ``load_plain_pickle`` gave, as ``read_pyskl`` gives it, or why there is none.

    Raises:
        InputError: there are no annotations in it.
    """
    annotations = content.get("annotations") if isinstance(content, dict) else content
    if not isinstance(annotations, list) or not any(isinstance(a, dict) for a in annotations):
        raise InputError(
            f"{path}: expected pyskl's annotations, a dictionary with split and annotations, or a list of dictionaries"
            f" (got {_kind(content)})"
        )
    clips = []
    for number, annotation in enumerate(annotations):
        name = str(annotation.get("frame_dir", number)) if isinstance(annotation, dict) else str(number)
        clips.append(tried(_clip, f"{path}:{name}", name, annotation, layout, fps_hz))
    return clips


def _kind(content: Any) -> str:
    return f"the keys {', '.join(map(str, content))}"[:100] if isinstance(content, dict) else type(content).__name__


def _clip(source: str, name: str, annotation: Any, layout: Layout | None, fps_hz: float | None) -> Clip:
    if not isinstance(annotation, Mapping):
        raise InputError(f"{source}: expected a dictionary with a keypoint (got {_kind(annotation)})")
    points, remarks = _person(annotation.get("keypoint"), source)
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
        raise InputError(
            f"{source}: expected fps_hz, the frames a second, which these files do not say (got {rate!r:.60})"
        )
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
        remarks=remarks,
    )


def _person(keypoint: Any, source: str) -> tuple[npt.NDArray[np.floating], tuple[str, ...]]:
    """``[T, V, 3]`` of one person, from the first to the last frame with data, and who that is among several."""
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
    chosen = int(persons[walking_person(points[persons], there[persons])])
    frames = np.flatnonzero(there[chosen])
    person = without_origin(points[chosen])
    said = (
        f"{len(persons)} persons: person {chosen}, counted from 0, is read (in {len(frames)} of {len(person)} frames)"
    )
    return person[frames[0] : frames[-1] + 1], (said,) if len(persons) > 1 else ()


def walking_person(points: npt.NDArray[np.float64], there: npt.NDArray[np.bool_]) -> int:
    """Which of M persons the recording is about: the one who moves most over all frames.

    Movement is the variance of the joints' places over time, as in the clean-up of NTU RGB+D, times the number of
    frames: a thing that was taken for a person stands still however long it is there, and who is there for a moment
    has few frames.

    Args:
        points: ``[M, T, V, 3]``.
        there: ``[M, T]``: in which frames a person is.
    """
    moves = [
        seen.sum() * float(np.ma.masked_invalid(person[seen]).var(axis=0).sum() or 0)
        for person, seen in zip(points, there, strict=True)
    ]
    return int(np.argmax(moves))
