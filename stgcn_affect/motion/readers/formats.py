"""The formats of motion files: which reader reads which ending, and ``read_clips``, which reads any of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from stgcn_affect.errors import InputError
from stgcn_affect.motion.camera import with_quality
from stgcn_affect.motion.clip import Clip, Unreadable, readable
from stgcn_affect.motion.readers.array import array_clip, parse_array
from stgcn_affect.motion.readers.bvh import bvh_clip, parse_bvh
from stgcn_affect.motion.readers.c3d import c3d_clip, parse_c3d
from stgcn_affect.motion.readers.emotion_gait import emotion_gait_clips, parse_emotion_gait
from stgcn_affect.motion.readers.plain_pickle import load_plain_pickle
from stgcn_affect.motion.readers.pyskl import pyskl_clips
from stgcn_affect.motion.readers.table import table_clip
from stgcn_affect.motion.readers.text_table import parse_table
from stgcn_affect.motion.readers.unread import instead
from stgcn_affect.skeleton.layout import Layout, load_layout


class Format(NamedTuple):
    """How files with one ending are read, in two steps: what a file holds is parsed once, for any layout.

    Args:
        name: what tools call the format.
        parse: gives the contents of the file at a path.
        clip: makes, of ``(path, contents, layout=, fps_hz=)``, one clip; where ``many_clips``, a list of clips, with an
            ``Unreadable`` for each that is faulty.
        many_clips: a file holds many clips, each with a name of its own.
    """

    name: str
    parse: Callable[[Path], Any]
    clip: Callable[..., Any]
    many_clips: bool = False


FORMATS: dict[str, Format] = {
    ".bvh": Format("BVH", parse_bvh, bvh_clip),
    ".c3d": Format("C3D", parse_c3d, c3d_clip),
    ".csv": Format("table", parse_table, table_clip),
    ".tsv": Format("table", parse_table, table_clip),
    ".txt": Format("table", parse_table, table_clip),
    ".trc": Format("table", parse_table, table_clip),
    ".npy": Format("NumPy", parse_array, array_clip),
    ".npz": Format("NumPy", parse_array, array_clip),
    ".h5": Format("Emotion-Gait", parse_emotion_gait, emotion_gait_clips, many_clips=True),
    ".pkl": Format("pyskl", load_plain_pickle, pyskl_clips, many_clips=True),
}
"""The reader of each ending. A new format is a file in this folder and a line here."""

SUFFIXES: tuple[str, ...] = tuple(FORMATS)
"""The endings that ``read_clips`` reads."""

MANY_CLIPS: tuple[str, ...] = tuple(suffix for suffix, form in FORMATS.items() if form.many_clips)
"""The endings of files that hold many clips."""


@dataclass(frozen=True, eq=False)
class Recording:
    """A motion file that was parsed.

    Args:
        path: the file.
        contents: what the ``parse`` of its format gave.
    """

    path: Path
    contents: Any

    @property
    def format(self) -> Format:
        """The format that the file's ending says."""
        return FORMATS[self.path.suffix.lower()]

    def parts(self, *, layout: Layout | None = None, fps_hz: float | None = None) -> list[Clip | Unreadable]:
        """The clips, and in the place of a faulty one of several why it cannot be read.

        Raises:
            InputError: as ``read_clips`` does.
        """
        if fps_hz is not None and not fps_hz > 0:
            raise InputError(f"{self.path}: fps_hz must be a positive number (got {fps_hz})")
        found = self.format.clip(self.path, self.contents, layout=layout, fps_hz=fps_hz)
        parts: list[Clip | Unreadable] = found if self.format.many_clips else [found]
        readable(parts)
        return [part if isinstance(part, Unreadable) else with_quality(part) for part in parts]

    def clips(self, *, layout: Layout | None = None, fps_hz: float | None = None) -> list[Clip]:
        """The clips, as ``read_clips`` gives them. Raises InputError as it does."""
        return readable(self.parts(layout=layout, fps_hz=fps_hz))


def open_recording(path: str | Path) -> Recording:
    """Parse a file, for clips with one layout or another.

    Raises:
        InputError: no file, an ending that no reader reads, or not what the ending says; names the file.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        what = f": {words}" if (words := instead(path)) else ""
        raise InputError(
            f"{path}: expected a file ending in {', '.join(SUFFIXES)} (got {path.suffix or 'no suffix'!r}{what})"
        )
    if not path.is_file():
        raise InputError(f"{path}: expected a file (got {'a folder' if path.is_dir() else 'nothing of that name'})")
    return Recording(path, FORMATS[suffix].parse(path))


def read_clips(
    path: str | Path,
    *,
    layout: Layout | str | Path | None = None,
    fps_hz: float | None = None,
    subject: str = "",
    emotion: str = "",
    take: str = "",
) -> list[Clip]:
    """Read the clips of a file; of a file of many those that can be read (``Recording.parts`` says what is left out).

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
        InputError: no clip can be read; names the file and what is wrong in it.
    """
    chosen = load_layout(layout) if isinstance(layout, str | Path) else layout
    clips = open_recording(path).clips(layout=chosen, fps_hz=fps_hz)
    return [
        replace(clip, subject=subject or clip.subject, emotion=emotion or clip.emotion, take=take or clip.take)
        for clip in clips
    ]
