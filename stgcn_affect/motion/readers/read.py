"""Read a motion file, whatever its format."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.readers.array import read_array
from stgcn_affect.motion.readers.bvh import read_bvh
from stgcn_affect.motion.readers.c3d import read_c3d
from stgcn_affect.motion.readers.emotion_gait import read_emotion_gait
from stgcn_affect.motion.readers.pyskl import read_pyskl
from stgcn_affect.motion.readers.table import read_table
from stgcn_affect.skeleton.layout import Layout, load_layout

_ONE_CLIP: dict[str, Callable[..., Clip]] = {
    ".bvh": read_bvh,
    ".c3d": read_c3d,
    ".csv": read_table,
    ".npy": read_array,
    ".npz": read_array,
}

_MANY_CLIPS: dict[str, Callable[..., list[Clip]]] = {".h5": read_emotion_gait, ".pkl": read_pyskl}

MANY_CLIPS: tuple[str, ...] = tuple(_MANY_CLIPS)
"""The formats whose files hold many clips, each with a name of its own."""

SUFFIXES: tuple[str, ...] = (*_ONE_CLIP, *_MANY_CLIPS)
"""The formats that ``read_clips`` reads."""


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
        path: the file; its suffix says the format.
        layout: which joints to take; a layout, the name of an embedded one, or the path of a YAML file. Only BVH files,
            Emotion-Gait files and files that name the joints or markers of an embedded layout do without.
        fps_hz: frames a second; stronger than what the file says, needed where it says nothing.
        subject: who walks; "" leaves what the file says, as for the two below.
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
    if suffix in _ONE_CLIP:
        clips = [_ONE_CLIP[suffix](path, layout=chosen, fps_hz=fps_hz)]
    else:
        clips = _MANY_CLIPS[suffix](path, layout=chosen, fps_hz=fps_hz)
    return [
        replace(clip, subject=subject or clip.subject, emotion=emotion or clip.emotion, take=take or clip.take)
        for clip in clips
    ]
