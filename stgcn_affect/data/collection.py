"""The recordings of a data set, read one after the other or in several processes."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import h5py
from joblib import Parallel, cpu_count, delayed

from stgcn_affect.data.manifest import ManifestRow, read_manifest
from stgcn_affect.errors import InputError
from stgcn_affect.motion.camera import with_quality
from stgcn_affect.motion.clip import Clip, Unreadable
from stgcn_affect.motion.readers.formats import MANY_CLIPS, open_recording
from stgcn_affect.skeleton.layout import Layout, load_layout

Item = TypeVar("Item")
Result = TypeVar("Result")

MANIFEST, FEATURES, LABELS = "manifest.csv", "features.h5", "labels.h5"

WORTH_BYTES = 100_000_000
"""Below this size several processes do not pay: 70 MB of BVH took one process and two the same three seconds."""


@dataclass(frozen=True, eq=False)
class Collection:
    """The recordings of one data set, read when ``clips`` is iterated over.

    Args:
        name: the name of the set in tables.
        rows: the recordings, with the fields of the manifest.
        layout: the skeleton of recordings whose row has none.
    """

    name: str
    rows: tuple[ManifestRow, ...]
    layout: Layout | None = None

    @property
    def files(self) -> list[Path]:
        """All files that clips are read from, labels included."""
        labels = [row.path.with_name(LABELS) for row in self.rows if row.path.name == FEATURES]
        return [row.path for row in self.rows] + [path for path in labels if path.is_file()]

    def count(self) -> int:
        """About how many clips there are: exact for HDF5 files, else one per file. For progress bars."""
        return sum(_keys(row.path) if row.path.suffix == ".h5" else 1 for row in self.rows)

    def clips(self) -> Iterator[Clip | Unreadable]:
        """Read the clips in order; a file that cannot be read comes as ``Unreadable`` and the next one follows."""
        for row in self.rows:
            yield from read_row(row, self.layout)

    def digest(self) -> str:
        """SHA-256 of the bytes of every file, the rows of the manifest and the layouts; paths do not count.

        Raises:
            InputError: a file that cannot be opened.
        """
        total = hashlib.sha256()
        for path in self.files:
            try:
                with path.open("rb") as file:
                    total.update(hashlib.file_digest(file, "sha256").digest())
            except OSError as error:
                raise InputError(f"{path}: expected a file that can be read (got {error.strerror})") from error
        for row in self.rows:
            layout = row.layout or self.layout
            known = [row.path.name, row.subject, row.emotion, row.take, row.fps_hz, layout and layout.to_dict()]
            known += [dict(row.attributes)] if row.attributes else []
            known += [row.quality] if row.quality else []
            total.update(json.dumps(known).encode())
        return total.hexdigest()

    def check_outside(self, out: Path) -> None:
        """Raise InputError where ``out`` is a folder with recordings or lies directly in one."""
        for folder in {path.resolve().parent for path in self.files}:
            if folder in (out.resolve(), out.resolve().parent):
                raise InputError(f"{out}: expected a cache outside of the data folder {folder} (got a place in it)")


def open_collection(root: str | Path, *, layout: Layout | str | Path | None = None) -> Collection:
    """Open the data set at a path: a manifest, a folder with one, an Emotion-Gait folder or its ``features.h5``, or the
    annotations of pyskl in a ``.pkl``.

    Args:
        root: the path.
        layout: the skeleton, or its name or YAML file, where neither the files nor the manifest have it.

    Raises:
        InputError: no data set there, or a mistake in the manifest or the layout.
    """
    root = Path(root)
    skeleton = layout if isinstance(layout, Layout) or layout is None else load_layout(layout)
    path = root
    if root.is_dir():
        names = [name for name in (MANIFEST, FEATURES) if (root / name).is_file()]
        if not names:
            raise _no_data_set(root, f"a folder with neither {MANIFEST} nor {FEATURES}")
        path = root / names[0]
    if not path.is_file():
        raise _no_data_set(root, "nothing there")
    if path.suffix == ".csv":
        rows = read_manifest(path)
    elif path.suffix in MANY_CLIPS:
        rows = [ManifestRow(path)]
    else:
        raise _no_data_set(root, f"a file ending in {path.suffix!r}")
    folder = path.resolve().parent.name
    own_name = path.name in (MANIFEST, FEATURES) and folder
    return Collection(name=folder if own_name else path.stem, rows=tuple(rows), layout=skeleton)


def read_row(row: ManifestRow, layout: Layout | None = None) -> list[Clip | Unreadable]:
    """Read the clips of one recording, with the fields of its manifest row; an ``Unreadable`` in the place of each
    clip, or of the whole file, that cannot be read.

    Args:
        row: the recording.
        layout: the skeleton where the row has none.
    """
    # A manifest names a take after the file where it has no other name; the clips of one file have their own.
    own_names = row.path.suffix in MANY_CLIPS and row.take == row.path.stem
    take = "" if own_names else row.take
    try:
        parts = open_recording(row.path).parts(layout=row.layout or layout, fps_hz=row.fps_hz)
    except InputError as error:
        return [Unreadable(str(row.path), str(error).removeprefix(f"{row.path}:").strip())]
    return [
        part
        if isinstance(part, Unreadable)
        else with_quality(
            replace(
                part,
                subject=row.subject or part.subject,
                emotion=row.emotion or part.emotion,
                take=take or part.take,
                attributes={**part.attributes, **row.attributes},
            ),
            row.quality,
        )
        for part in parts
    ]


def collection_clips(root: str | Path, *, layout: Layout | str | Path | None = None) -> Iterator[Clip | Unreadable]:
    """The clips of ``open_collection(root)``, in order. Raises InputError as it does, at once."""
    return open_collection(root, layout=layout).clips()


def each(
    call: Callable[[Item], Result], items: Sequence[Item], *, files: Iterable[Path], jobs: int | None = None
) -> Iterator[Result]:
    """Call a function for each item, in several processes; results come in the order of the items.

    Args:
        call: a function of a module, or a partial of one.
        items: its arguments.
        files: all files that will be read: their size decides whether several processes are used.
        jobs: processes at most; None for as many as there are cores, or one where the files are small.

    Raises:
        InputError: fewer than one process.
    """
    if jobs is not None and jobs < 1:
        raise InputError(f"jobs: expected one process or more (got {jobs})")
    size = sum(path.stat().st_size for path in files if path.is_file())
    workers = min(jobs or (cpu_count() if size >= WORTH_BYTES else 1), len(items))
    if workers <= 1:
        return map(call, items)
    return iter(Parallel(n_jobs=workers, return_as="generator", backend="loky")(delayed(call)(item) for item in items))


def _keys(path: Path) -> int:
    try:
        with h5py.File(path) as file:
            return len(file)
    except OSError:
        return 1


def _no_data_set(root: Path, found: str) -> InputError:
    return InputError(
        f"{root}: no data set: expected a manifest (.csv; stgcn-affect prepare FOLDER --propose NEW.csv writes one), "
        f"a folder with {MANIFEST}, an Emotion-Gait folder with {FEATURES} and {LABELS}, a {FEATURES}, or a .pkl of "
        f"pyskl's annotations (got {found})"
    )
