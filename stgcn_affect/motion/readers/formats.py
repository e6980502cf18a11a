"""The formats of motion files: which reader reads which ending, and ``read_clips``, which reads any of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.readers.array import read_array
from stgcn_affect.motion.readers.bvh import read_bvh
from stgcn_affect.motion.readers.c3d import read_c3d
from stgcn_affect.motion.readers.emotion_gait import read_emotion_gait
from stgcn_affect.motion.readers.pyskl import read_pyskl
from stgcn_affect.motion.readers.table import read_table
from stgcn_affect.skeleton.layout import Layout, load_layout


class Format(NamedTuple):
    """How files with one ending are read.

    Args:
        name: what tools call the format.
        read: reads a file with ``(path, layout=, fps_hz=)`` into one clip, or into a list where ``many_clips``.
        many_clips: a file holds many clips, each with a name of its own.
    """

    name: str
    read: Callable[..., Any]
    many_clips: bool = False


FORMATS: dict[str, Format] = {
    ".bvh": Format("BVH", read_bvh),
    ".c3d": Format("C3D", read_c3d),
    ".csv": Format("table", read_table),
    ".npy": Format("NumPy", read_array),
    ".npz": Format("NumPy", read_array),
    ".h5": Format("Emotion-Gait", read_emotion_gait, many_clips=True),
    ".pkl": Format("pyskl", read_pyskl, many_clips=True),
}
"""The reader of each ending. A new format is a file in this folder and a line here."""

SUFFIXES: tuple[str, ...] = tuple(FORMATS)
"""The endings that ``read_clips`` reads."""

MANY_CLIPS: tuple[str, ...] = tuple(suffix for suffix, form in FORMATS.items() if form.many_clips)
"""The endings of files that hold many clips."""


def read_clips(
    path: str | Path,
    *,
    layout: Layout | str | Path | None = None,
    fps_hz: float | None = None,
    subject: str = "",
    emotion: str = "",
    take: str = "",
) -> list[Clip]:
    """Read all clips of a file.

    A .bvh, .c3d, .csv, .npy or .npz holds one; an Emotion-Gait .h5 and a .pkl of pyskl's annotations hold many.

    Args:
        path: the file; its ending says the format (``FORMATS``).
        layout: which joints to take; a layout, the name of an embedded one, or the path of a YAML file. Only BVH files,
            Emotion-Gait files and files that name the joints or markers of an embedded layout do without.
        fps_hz: frames a second; overrides the file's rate, needed where the file has none.
        subject: name of the subject; "" keeps what the file says, as for the two below.
        emotion: the acted emotion.
        take: the take.

    Raises:
        InputError: names the file and what is wrong in it.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"{path}: expected a file ending in {', '.join(SUFFIXES)} (got {path.suffix or 'no suffix'!r})"
        )
    if not path.is_file():
        raise InputError(f"{path}: expected a file (got {'a folder' if path.is_dir() else 'nothing of that name'})")
    if fps_hz is not None and not fps_hz > 0:
        raise InputError(f"{path}: fps_hz must be a positive number (got {fps_hz})")
    chosen = load_layout(layout) if isinstance(layout, str | Path) else layout
    found = FORMATS[suffix].read(path, layout=chosen, fps_hz=fps_hz)
    clips: list[Clip] = found if FORMATS[suffix].many_clips else [found]
    return [
        replace(clip, subject=subject or clip.subject, emotion=emotion or clip.emotion, take=take or clip.take)
        for clip in clips
    ]
