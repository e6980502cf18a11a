"""The store of gait cycles and its cache on disk: a memory-mapped array, labels, layout and a digest of the inputs."""

import csv
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import yaml

from stgcn_affect.data.mapped import NAMES, NUMBERS, as_slice, chosen_rows, open_index, stretches, write_index
from stgcn_affect.data.splits import take_ids
from stgcn_affect.errors import InputError
from stgcn_affect.motion.camera import CAMERA
from stgcn_affect.skeleton.layout import Layout, load_layout

CACHE_FORMAT = 4
"""Raised when the files of a cache, or what reading and cutting a clip gives, change; it is part of every digest."""

ACTED_EMOTION, PERCEIVED_EMOTION = "acted_emotion", "perceived_emotion"
"""Attributes of a clip: the emotion that raters saw, and the acted one, where ``emotion`` is not that."""


@dataclass(frozen=True, eq=False)
class CycleStore:
    """N gait cycles of one skeleton, as a read-only view.

    Args:
        positions: ``[N, T, V, 3]`` float32, pelvis-centred, facing +z, in body heights; a memory map if from disk.
        stride_time_s: ``[N]`` float32 seconds per cycle.
        height_m: ``[N]`` float32 metres that one body height stands for.
        subject: ``[N]`` names of subjects, "" where unknown.
        emotion: ``[N]`` names of emotions, "" where unknown.
        take: ``[N]`` names of takes, unique within subject and emotion only.
        source: ``[N]`` the file and key that each cycle was cut from.
        layout: the skeleton.
        name: what tables call the set.
        settings: those it was made with, as JSON's types.
        digest: SHA-256 of all inputs and settings.
        truth: the known factors of synthetic walkers; else empty.
        attributes: further facts by source, such as ``{"perceived_emotion": "sad"}``.
        baseline: the subject baseline of every cycle, where ``with_baselines`` has added it.

    Raises:
        InputError: columns of different lengths, or positions that do not fit the layout.
    """

    positions: npt.NDArray[np.float32]
    stride_time_s: npt.NDArray[np.float32]
    height_m: npt.NDArray[np.float32]
    subject: npt.NDArray[np.str_]
    emotion: npt.NDArray[np.str_]
    take: npt.NDArray[np.str_]
    source: npt.NDArray[np.str_]
    layout: Layout
    name: str
    settings: dict[str, Any] = field(default_factory=dict)
    digest: str = ""
    truth: dict[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    baseline: "CycleStore | None" = None

    def __post_init__(self) -> None:
        shape, joints = self.positions.shape, self.layout.num_joints
        if len(shape) != 4 or shape[2:] != (joints, 3):
            raise InputError(f"cycles of {self.name!r}: expected positions [N, T, {joints}, 3] (got {list(shape)})")
        for column in (*NUMBERS, *NAMES):
            if getattr(self, column).shape != shape[:1]:
                found = list(getattr(self, column).shape)
                raise InputError(
                    f"cycles of {self.name!r}, {column}: expected one entry per cycle, [{shape[0]}] (got {found})"
                )
        if self.baseline is not None and len(self.baseline) != shape[0]:
            raise InputError(
                f"cycles of {self.name!r}: expected a baseline for each of {shape[0]} cycles (got {len(self.baseline)})"
            )

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def cadence_steps_per_min(self) -> npt.NDArray[np.float32]:
        """``[N]``: two steps per stride."""
        cadence: npt.NDArray[np.float32] = np.float32(120.0) / self.stride_time_s
        return cadence

    @property
    def take_ids(self) -> npt.NDArray[np.int64]:
        """``[N]``: a number per take; cycles of one take stay in one part of every split."""
        return take_ids(self.subject, self.emotion, self.take)

    def attribute(self, name: str) -> npt.NDArray[np.str_]:
        """``[N]``: one of the further facts for every cycle, "" where unknown."""
        facts = {source: known.get(name, "") for source, known in self.attributes.items()}
        return np.array([facts.get(source, "") for source in self.source.tolist()], dtype=np.str_)

    @property
    def from_camera(self) -> npt.NDArray[np.bool_]:
        """``[N]``: which cycles are poses from one camera."""
        return np.asarray(self.attribute("quality") == CAMERA)

    def select(self, index: npt.NDArray[Any] | slice) -> "CycleStore":
        """The cycles at ``index``: a slice, or integers without a gap, is a view; others copy the positions.

        A copy of more than 256 MB of a memory map is one itself, of a file that goes with it.
        """
        index = as_slice(index)
        columns = {c: getattr(self, c)[index] for c in (*NUMBERS, *NAMES)}
        kept = set(columns["source"].tolist()) if self.attributes else set()
        attributes = {source: facts for source, facts in self.attributes.items() if source in kept}
        baseline = None if self.baseline is None else self.baseline.select(index)
        positions = chosen_rows(self.positions, index)
        return replace(self, positions=positions, **columns, attributes=attributes, baseline=baseline)


def open_store(folder: str | Path) -> CycleStore:
    """Open a cache; positions and names stay on disk until they are read.

    Raises:
        InputError: the folder is no cache, is incomplete, or is of another version of the format.
    """
    folder = Path(folder)
    meta = read_meta(folder)
    try:
        positions = np.load(folder / "positions.npy", mmap_mode="r")
        columns: dict[str, Any] = open_index(folder)
        layout = load_layout(folder / "layout.yaml")
        columns |= {key: meta[key] for key in ("name", "settings", "digest", "truth", "attributes")}
        return CycleStore(positions=positions, layout=layout, **columns)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder}: expected a whole cache, prepare it again (got {error})") from error


def read_meta(folder: Path) -> dict[str, Any]:
    """The settings, digest, counts and notes of a cache. Raises InputError where there is no cache of this format."""
    path = folder / "meta.json"
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{folder}: expected a cache made by stgcn-affect prepare (got no readable meta.json)"
        ) from error
    if not isinstance(meta, dict) or meta.get("format") != CACHE_FORMAT:
        found = meta.get("format") if isinstance(meta, dict) else meta
        raise InputError(f"{path}: expected a cache of format {CACHE_FORMAT}, prepare it again (got {found!r})")
    return meta


def read_skipped(folder: Path) -> tuple[tuple[str, str], ...]:
    """(source, reason) of every clip that a cache leaves out. Raises InputError where the list is not readable."""
    try:
        with (folder / "skipped.csv").open(newline="", encoding="utf-8") as file:
            return tuple((row["source"], row["reason"]) for row in csv.DictReader(file))
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder}: expected a whole cache, prepare it again (got {error})") from error


def write_store(
    store: CycleStore | Iterable[CycleStore],
    folder: str | Path,
    *,
    skipped: tuple[tuple[str, str], ...] = (),
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write a cache whole or not at all: into a folder beside it, which is renamed at the end.

    Args:
        store: the cycles, or several stores one after the other that differ in their cycles alone; then no more than
            one is in memory at a time.
        folder: created, or replaced where it is an older cache or empty.
        skipped: (source, reason) of what was left out, for ``skipped.csv``.
        facts: further entries of ``meta.json``, as JSON's types.

    Raises:
        InputError: the folder holds something else than a cache, or cannot be written.
    """
    folder = Path(folder).absolute()
    check_replaceable(folder)
    part = folder.with_name(f".{folder.name}.{uuid4().hex}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir()
    except OSError as error:
        raise InputError(f"{folder}: expected a place for a cache that can be written (got {error})") from error
    try:
        _write_files([store] if isinstance(store, CycleStore) else store, part, skipped, facts or {})
        if folder.exists():
            old = part.with_suffix(".old")
            folder.rename(old)
            part.rename(folder)
            shutil.rmtree(old)
        else:
            part.rename(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise InputError(f"{folder}: expected room for a cache that can be written (got {error})") from error
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def check_replaceable(folder: Path) -> None:
    """Raises InputError where a cache would overwrite a file, or a folder that is neither a cache nor empty."""
    if folder.is_dir():
        if any(folder.iterdir()) and not (folder / "meta.json").is_file():
            raise InputError(f"{folder}: expected a new or empty folder or a cache to replace (got other files in it)")
    elif folder.exists():
        raise InputError(f"{folder}: expected a folder for the cache (got a file)")


def _write_files(
    stores: Iterable[CycleStore], part: Path, skipped: tuple[tuple[str, str], ...], facts: Mapping[str, Any]
) -> None:
    store = _write_cycles(stores, part)
    write_index(part)
    with (part / "skipped.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("source", "reason"), *skipped])
    text = yaml.safe_dump(store.layout.to_dict(), sort_keys=False, allow_unicode=True)
    (part / "layout.yaml").write_text(text, encoding="utf-8")
    meta = {
        "format": CACHE_FORMAT,
        "name": store.name,
        "settings": store.settings,
        "digest": store.digest,
        "truth": store.truth,
        "attributes": {source: dict(found) for source, found in store.attributes.items()},
    }
    (part / "meta.json").write_text(json.dumps({**facts, **meta}, indent=1, ensure_ascii=False), encoding="utf-8")


def _write_cycles(stores: Iterable[CycleStore], part: Path) -> CycleStore:
    """Write ``positions.npy`` and ``index.csv``, some rows at a time; the last store."""
    cycles, last = 0, None
    with (
        (part / "positions.npy").open("wb") as file,
        (part / "index.csv").open("w", newline="", encoding="utf-8") as index,
    ):
        writer = csv.writer(index)
        writer.writerow((*NUMBERS, *NAMES))
        for store in stores:
            if last is None:
                _write_header(file, 0, store)
            for rows in stretches(len(store)):
                np.ascontiguousarray(store.positions[rows], dtype=np.float32).tofile(file)
                columns = [[f"{x:.9g}" for x in getattr(store, c)[rows].tolist()] for c in NUMBERS]
                columns += [getattr(store, c)[rows].tolist() for c in NAMES]
                writer.writerows(zip(*columns, strict=True))
            cycles, last = cycles + len(store), store
        if last is None:
            raise InputError("cache: expected one store of cycles or more (got none)")
        file.seek(0)
        _write_header(file, cycles, last)
    return last


def _write_header(file: BinaryIO, cycles: int, store: CycleStore) -> None:
    """The header of ``positions.npy``; numpy leaves room in it for any number of cycles."""
    about = {"descr": "<f4", "fortran_order": False, "shape": (cycles, *store.positions.shape[1:])}
    np.lib.format.write_array_header_1_0(file, about)
