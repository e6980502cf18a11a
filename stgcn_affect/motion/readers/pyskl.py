"""Read pickled annotations of pyskl, without running any code that a pickle may hold."""

import pickle
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.axes import package_clip_axes
from stgcn_affect.motion.clip import Clip
from stgcn_affect.skeleton.layout import Layout, load_layout

_KIND = re.compile(r"[<>|=]?(?:b1|[iu][1248]|f[248]|c(?:8|16)|[SU]\d{0,6})")
"""Numbers, truth values and text of fixed length; an array of objects could hold anything."""


# Each stand-in takes a state in a method of its own: without one, a pickle could set attributes of the class.


class _Refused(pickle.UnpicklingError):
    """A name that a pickle of data has no need of."""


class _Kind:
    """Stands for numpy.dtype."""

    def __init__(self, name: Any, *_: Any) -> None:
        if not isinstance(name, str) or not _KIND.fullmatch(name):
            raise _Refused(f"an array of {name!r}")
        self.dtype = np.dtype(name)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        if state[1] in ("<", ">"):
            self.dtype = self.dtype.newbyteorder(state[1])


class _Array:
    """Stands for the two functions that rebuild an array: from a state that follows, or from a buffer."""

    def __init__(self, *given: Any) -> None:
        self.values: npt.NDArray[Any] | None = None
        if len(given) == 4:
            buffer, kind, shape, order = given
            self.values = _numbers(buffer, kind, shape, order)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, shape, kind, columns_first, content = state
        self.values = _numbers(content, kind, shape, "F" if columns_first else "C")


class _Scalar:
    """Stands for the function that rebuilds a NumPy number."""

    def __init__(self, kind: Any, content: Any) -> None:
        self.values = _numbers(content, kind, (), "C")

    def __setstate__(self, state: object) -> None:
        raise _Refused(f"a state for {type(self).__name__.strip('_')!r}")


class _Bytes:
    """Stands for _codecs.encode, by which old protocols write bytes."""

    def __init__(self, text: str, encoding: str = "latin1") -> None:
        if encoding != "latin1":
            raise _Refused(f"the encoding {encoding!r}")
        self.content = text.encode("latin1")

    def __setstate__(self, state: object) -> None:
        raise _Refused(f"a state for {type(self).__name__.strip('_')!r}")


class _Name:
    """Stands for numpy.ndarray, which is only ever named."""

    def __setstate__(self, state: object) -> None:
        raise _Refused(f"a state for {type(self).__name__.strip('_')!r}")


_ALLOWED: dict[tuple[str, str], type] = {
    ("numpy", "dtype"): _Kind,
    ("numpy", "ndarray"): _Name,
    ("_codecs", "encode"): _Bytes,
    **{(f"numpy.{core}.multiarray", "_reconstruct"): _Array for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): _Scalar for core in ("core", "_core")},
    **{(f"numpy.{core}.numeric", "_frombuffer"): _Array for core in ("core", "_core")},
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise _Refused(f"{module}.{name}")
        return _ALLOWED[module, name]


def load_plain_pickle(path: Path) -> Any:
    """Read a pickle of dictionaries, lists, tuples, text, numbers, bytes and NumPy arrays of these; refuse others.

    A pickle names functions and lets them run; here every name but those of NumPy's own arrays ends the reading, and
    these stand for code of this file, so that neither foreign code nor NumPy's unpickling runs.

    Raises:
        InputError: no pickle, or one that names something else; says what it names.
    """
    try:
        with path.open("rb") as file:
            return _plain(_Unpickler(file).load())
    except _Refused as error:
        raise InputError(
            f"{path}: expected a pickle of plain containers, numbers, text and arrays; a pickle can run code, so"
            f" nothing else is loaded (got {error})"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: expected a file that can be read (got {error.strerror})") from error
    except (pickle.UnpicklingError, EOFError, LookupError, AttributeError, TypeError, ValueError) as error:
        raise InputError(f"{path}: expected a whole pickle (got: {' '.join(str(error).split())})") from error
    except (ArithmeticError, MemoryError, RecursionError) as error:
        raise InputError(f"{path}: expected a pickle of a sane size (got: {type(error).__name__})") from error


def _numbers(content: Any, kind: Any, shape: Any, order: str) -> npt.NDArray[Any]:
    content = content.content if isinstance(content, _Bytes) else content
    values = np.frombuffer(content, dtype=kind.dtype) if len(content) else np.empty(0, kind.dtype)
    return values.reshape(shape, order="F" if order == "F" else "C")


def _plain(value: Any) -> Any:
    """Put arrays, numbers and bytes in the places of what stands for them."""
    match value:
        case dict():
            return {_plain(key): _plain(content) for key, content in value.items()}
        case list():
            return [_plain(content) for content in value]
        case tuple():
            return tuple(_plain(content) for content in value)
        case _Array() if value.values is not None:
            return value.values
        case _Scalar():
            return value.values.item()
        case _Bytes():
            return value.content
        case None | bool() | int() | float() | str() | bytes():
            return value
    raise _Refused(f"an object of {type(value).__name__.strip('_')!r}")


_NTU = re.compile(r"S\d{3}C\d{3}(P\d{3})R\d{3}A\d{3}")
"""Names of NTU RGB+D clips; the subject is P and three digits."""


def read_pyskl(path: Path, *, layout: Layout | None = None, fps_hz: float | None = None) -> list[Clip]:
    """Read all clips of a pickle ``{"split": ..., "annotations": [...]}``; axes and unit are detected and converted.

    An annotation is a dictionary with ``frame_dir`` (its name) and ``keypoint`` ``[M, T, V, 3]``, M persons. Of several
    the one who moves most over all frames is taken (``walking_person``), which is said. Frames in which all joints of
    that person are 0 are cut off at both ends and missing in between. ``label``, a class number, is kept in
    ``attributes["label"]``, and is the emotion where it is a word; ``subject``, ``emotion`` and ``take`` are taken
    where they are there. The pickle is loaded without running anything that it names.

    Args:
        path: the file.
        layout: V joints in the file's order; by default "kinect25" where there are 25, as in NTU RGB+D.
        fps_hz: frames a second; the files do not say it, but where an annotation has ``fps``.

    Raises:
        InputError: a pickle with anything but plain data in it, 2-D keypoints, a wrong shape, no frame rate; names the
            annotation and the field.
    """
    return pyskl_clips(path, load_plain_pickle(path), layout=layout, fps_hz=fps_hz)


def pyskl_clips(path: Path, content: Any, *, layout: Layout | None = None, fps_hz: float | None = None) -> list[Clip]:
    """The clips of what ``load_plain_pickle`` gave, as ``read_pyskl`` gives them."""
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


def _person(keypoint: Any, source: str) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
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
    person = points[chosen].copy()
    person[~there[chosen]] = np.nan
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
