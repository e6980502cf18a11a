"""Gait cycles as a PyG dataset and as dense tensors: from a manifest, a cache or synthetic walkers."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from stgcn_affect.data.batch import CycleBatch, StoredCycles
from stgcn_affect.data.collection import open_collection
from stgcn_affect.data.labelled import labelled, open_labelled
from stgcn_affect.data.prepare import ClipSource, collection_source, prepare_store
from stgcn_affect.data.store import CycleStore
from stgcn_affect.data.synthetic_cache import synthetic_source
from stgcn_affect.errors import InputError, listed
from stgcn_affect.pyg import Data, Dataset
from stgcn_affect.settings import ACTED, SyntheticConfig
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout

Index = Sequence[int] | npt.NDArray[Any] | Tensor | slice


class GaitDataset(Dataset):  # type: ignore[misc]  # PyG is untyped
    """A PyG dataset of N gait cycles on one skeleton.

    ``dataset[i]`` is a ``torch_geometric.data.Data`` of V nodes:
        - x ``[V, T*3]`` float32: a joint's path, phase by phase, in body heights (``x.view(V, T, 3)``).
        - edge_index ``[2, 2(V-1)]`` int64: every bone both ways.
        - pos ``[V, 3]`` float32: rest positions in metres, where the layout has them.
        - emotion ``[1]`` and subject ``[1]`` int64: positions in ``emotions`` and ``subjects``.
        - cadence ``[1]`` float32 steps a minute, and stride_time_s ``[1]`` float32.

    ``batch`` and ``tensors`` give the same cycles dense, without a Python loop; training uses those. Indices count
    within a subset that was made by slicing, as they do for every PyG dataset. ``torch_geometric.loader.DataLoader``
    over it gives batches that ``DisentangledSTGCN`` takes.

    Args:
        store: the cycles.
        emotions: sorted names whose positions are the emotion codes; by default those of the store. Give those of
            a saved model for its predictions.
        subjects: the same for subjects.
        skipped: (source, reason) of every clip that was left out when the cycles were made.

    Raises:
        InputError: the store has a name that the given ones lack, or given names are not sorted or repeat.
    """

    def __init__(
        self,
        store: CycleStore,
        *,
        emotions: Sequence[str] | None = None,
        subjects: Sequence[str] | None = None,
        skipped: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__()
        self.store = store
        self.skipped = tuple(skipped)
        self.emotions = _vocabulary("emotion", store.emotion, emotions)
        self.subjects = _vocabulary("subject", store.subject, subjects)
        self._emotion = _codes(store.emotion, self.emotions)
        self._subject = _codes(store.subject, self.subjects)
        self._stride_time_s = torch.from_numpy(np.array(store.stride_time_s, np.float32))
        self._edge_index = torch.from_numpy(SkeletonGraph(store.layout).edge_index.copy())
        rest = store.layout.rest
        self._rest = None if rest is None else torch.from_numpy(np.array(rest, np.float32))

    @classmethod
    def synthetic(
        cls, subjects: int = SyntheticConfig.walkers, *, takes: int = SyntheticConfig.takes, seed: int = 0, **more: Any
    ) -> "GaitDataset":
        """Gait cycles of synthetic walkers, which test the machinery and say nothing of people.

        Args:
            subjects: how many walkers.
            takes: the number of takes of each walker and emotion.
            seed: the seed of the walkers.
            more: ``emotions`` and ``emotion_factors``, as in ``synthetic_source``.

        Raises:
            InputError: an unknown emotion or factor.
        """
        return cls._of(synthetic_source(walkers=subjects, takes=takes, seed=seed, **more))

    @classmethod
    def from_manifest(
        cls,
        path: str | Path,
        *,
        layout: Layout | str | Path | None = None,
        labels: str = ACTED,
        emotions: Sequence[str] = (),
        subject_baseline: str = "",
        jobs: int | None = None,
    ) -> "GaitDataset":
        """Read, check and cut the recordings that a manifest names; ``skipped`` says what was left out and why.

        Args:
            path: a manifest (CSV with path, subject, emotion, take), a folder with one, an Emotion-Gait folder, or a
                .pkl of pyskl's annotations.
            layout: the skeleton, or its name or YAML file, where neither the files nor the manifest have it.
            labels: "acted", or "perceived" for the emotion that raters saw, where the files hold it.
            emotions: those to keep; all where none is named.
            subject_baseline: compare walks with their subject's "other_takes" or with those of an emotion, see
                ``with_baselines``; "" for none.
            jobs: processes at most; None for all cores where that pays.

        Raises:
            InputError: no data set, nothing usable in it, skeletons that differ, an emotion that no cycle has, or
                fewer than two emotions or subjects.
        """
        source = collection_source(open_collection(path, layout=layout), jobs=jobs)
        return cls._of(source, labels=labels, emotions=emotions, subject_baseline=subject_baseline)

    @classmethod
    def from_cache(
        cls, folder: str | Path, *, labels: str = ACTED, emotions: Sequence[str] = (), subject_baseline: str = ""
    ) -> "GaitDataset":
        """Open the labelled cycles of a cache of ``stgcn-affect prepare`` or of a run; arguments as ``from_manifest``.

        Raises:
            InputError: no cache, an emotion that no cycle has, or fewer than two emotions or subjects.
        """
        return cls(open_labelled(folder, labels=labels, emotions=emotions, subject_baseline=subject_baseline))

    @classmethod
    def _of(cls, source: ClipSource, **wanted: Any) -> "GaitDataset":
        """The labelled cycles of a source; ``wanted`` as of ``labelled``."""
        store, found = prepare_store(source)
        return cls(labelled(store, **wanted), skipped=found.skipped)

    @property
    def layout(self) -> Layout:
        """The skeleton of the cycles."""
        return self.store.layout

    @property
    def samples(self) -> int:
        """Number of phase samples of a cycle, T."""
        return int(self.store.positions.shape[1])

    @property
    def subject(self) -> npt.NDArray[np.str_]:
        """``[N]``: the name of every cycle's subject."""
        return self.store.subject

    @property
    def take_ids(self) -> npt.NDArray[np.int64]:
        """``[N]``: a number per take."""
        return self.store.take_ids

    def subjects_of(self, index: npt.NDArray[Any]) -> tuple[str, ...]:
        """The sorted names of the subjects of the cycles at ``index`` of the store."""
        return tuple(np.unique(self.store.subject[index]).tolist())

    def len(self) -> int:
        """The number of cycles in the store."""
        return len(self.store)

    def get(self, idx: int) -> Data:
        """One cycle of the store as a graph."""
        positions = np.array(self.store.positions[idx], np.float32)
        x = torch.from_numpy(positions.transpose(1, 0, 2).reshape(positions.shape[1], -1))
        stride_time_s = self._stride_time_s[idx : idx + 1].clone()
        data = Data(
            x=x,
            edge_index=self._edge_index,
            emotion=self._emotion[idx : idx + 1].long(),
            subject=self._subject[idx : idx + 1].long(),
            cadence=120.0 / stride_time_s,
            stride_time_s=stride_time_s,
        )
        if self._rest is not None:
            data.pos = self._rest
        return data

    def batch(self, index: Index) -> CycleBatch:
        """Some cycles as dense tensors: ``[B]`` integers or booleans, or a slice. Shapes: see ``CycleBatch``."""
        stored = self.stored(index)
        return stored.take(torch.arange(stored.size))

    def stored(self, index: Index) -> StoredCycles:
        """Some cycles that are read when they are taken; ``index`` as in ``batch``."""
        all_rows = np.arange(self.len()) if self._indices is None else np.asarray(self._indices)
        rows = all_rows[index.cpu().numpy() if isinstance(index, Tensor) else index]
        time, emotion, subject = (
            column[torch.from_numpy(rows)] for column in (self._stride_time_s, self._emotion, self._subject)
        )
        return StoredCycles(self.store.positions, rows, time, emotion, subject)

    def __repr__(self) -> str:
        return (
            f"GaitDataset({self.store.name!r}: {len(self)} gait cycles of {len(self.subjects)} subjects,"
            f" {', '.join(self.emotions)}; {self.layout.name}, {self.layout.num_joints} joints;"
            f" {len(self.skipped)} clips left out)"
        )

    def tensors(self) -> CycleBatch:
        """All cycles, in memory; where they fit, slicing this is faster than ``batch`` in every step."""
        return self.batch(slice(None))


def _vocabulary(what: str, found: npt.NDArray[np.str_], given: Sequence[str] | None) -> tuple[str, ...]:
    names = sorted(set().union(*(np.unique(part).tolist() for part in _parts(found))))
    if given is None:
        return tuple(names)
    if list(given) != sorted(set(given)):
        raise InputError(f"{what} names: expected them sorted, each once (got {listed(given)})")
    for name in names:
        if name not in given:
            raise InputError(f"{what} names: expected one of {listed(given)} for every cycle (got {name!r})")
    return tuple(given)


def _codes(found: npt.NDArray[np.str_], names: tuple[str, ...]) -> Tensor:
    """``[N]`` int32: an eighth of the names' bytes and less."""
    table = np.array(names, np.str_)
    codes = [np.searchsorted(table, part).astype(np.int32) for part in _parts(found)]
    return torch.from_numpy(np.concatenate([np.zeros(0, np.int32), *codes]))


def _parts(column: npt.NDArray[np.str_]) -> Iterator[npt.NDArray[np.str_]]:
    """Stretches of a column that may be on disk, so that a million names are never in memory at once."""
    for start in range(0, len(column), 1 << 16):
        yield column[start : start + (1 << 16)]
