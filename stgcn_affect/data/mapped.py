"""Arrays of a cache that stay on disk: the index of its cycles, and cycles chosen from a memory map."""

import csv
import mmap
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
import numpy.typing as npt

NUMBERS = ("stride_time_s", "height_m")
NAMES = ("subject", "emotion", "take", "source")
"""The columns of ``index.csv``, and of ``index.npy``, which holds the same to be memory-mapped: numbers, then names."""

_CHUNK = 4096
"""Rows that are read or copied at a time."""

_IN_MEMORY = 256 * 2**20
"""Bytes of chosen cycles of a memory map above which they are copied to a file of their own instead of into memory."""


def write_index(folder: Path) -> None:
    """Write ``index.npy``: a row of ``index.csv`` after the other, every name as wide as the longest of its column."""
    widths, rows = dict.fromkeys(NAMES, 1), 0
    for index in _read_index(folder):
        widths = {c: max(width, index[c].dtype.itemsize // 4) for c, width in widths.items()}
        rows += len(index)
    dtype = np.dtype([(c, "<f4") for c in NUMBERS] + [(c, f"<U{width}") for c, width in widths.items()])
    about = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": (rows,)}
    with (folder / "index.npy").open("wb") as file:
        np.lib.format.write_array_header_1_0(file, about)
        for index in _read_index(folder):
            index.astype(dtype).tofile(file)


def open_index(folder: Path) -> dict[str, npt.NDArray[Any]]:
    """The columns of the index: those of ``index.npy``, on disk, unless ``index.csv`` was changed after it."""
    mapped, listed = folder / "index.npy", folder / "index.csv"
    if mapped.is_file() and mapped.stat().st_mtime_ns >= listed.stat().st_mtime_ns:
        index = np.load(mapped, mmap_mode="r")
    else:
        index = np.concatenate(list(_read_index(folder)))
    return {c: np.asarray(index[c]) for c in (*NUMBERS, *NAMES)}


def _read_index(folder: Path) -> Iterator[npt.NDArray[Any]]:
    """The rows of ``index.csv``, some at a time."""
    with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
        reader, first = csv.DictReader(file), True
        while (rows := list(islice(reader, _CHUNK))) or first:
            names = {c: np.array([row[c] for row in rows], dtype=np.str_) for c in NAMES}
            dtype = [(c, "<f4") for c in NUMBERS] + [(c, column.dtype.str) for c, column in names.items()]
            index = np.zeros(len(rows), dtype)
            for c in NUMBERS:
                index[c] = np.array([row[c] for row in rows], dtype=np.float32)
            for c, column in names.items():
                index[c] = column
            yield index
            first = False


def stretches(count: int) -> Iterator[slice]:
    """Slices of a few thousand rows that together are all of them."""
    for start in range(0, count, _CHUNK):
        yield slice(start, min(start + _CHUNK, count))


def read_rows(positions: npt.NDArray[np.float32], rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Copy some cycles into memory; of a memory map, all of them are asked for first, so that the disk can plan.

    Args:
        positions: ``[N, T, V, 3]``.
        rows: ``[n]`` from 0 to N - 1.
    """
    file = getattr(positions, "_mmap", None)
    if file is not None and hasattr(mmap, "MADV_WILLNEED") and positions.flags.c_contiguous:
        size = positions[:1].nbytes
        first = positions.ctypes.data - np.frombuffer(file, np.uint8).ctypes.data
        for start in (first + np.sort(rows) * size).tolist():
            page = start - start % mmap.PAGESIZE
            file.madvise(mmap.MADV_WILLNEED, page, start + size - page)
    return np.array(positions[rows], np.float32)


def as_slice(index: npt.NDArray[Any] | slice) -> npt.NDArray[Any] | slice:
    """Integers or booleans that choose cycles without a gap, in order, as a slice."""
    if isinstance(index, slice):
        return index
    index = np.flatnonzero(index) if index.dtype == bool else index
    if not len(index) or index[0] < 0 or (np.diff(index) != 1).any():
        return index
    return slice(int(index[0]), int(index[-1]) + 1)


def chosen_rows(positions: npt.NDArray[np.float32], index: npt.NDArray[Any] | slice) -> npt.NDArray[np.float32]:
    """Some cycles: a view, a copy in memory, or of a large memory map a copy in a temporary file that goes with it."""
    mapped = isinstance(positions, np.memmap)
    if isinstance(index, slice) or not mapped or len(index) * positions[:1].nbytes <= _IN_MEMORY:
        return positions[index]
    with TemporaryFile() as file:
        for rows in stretches(len(index)):
            np.ascontiguousarray(positions[index[rows]]).tofile(file)
        copy: npt.NDArray[np.float32] = np.memmap(file, np.float32, "r", shape=(len(index), *positions.shape[1:]))
    return copy
