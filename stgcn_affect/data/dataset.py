"""Gait cycles as a PyG dataset, and as dense tensors."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch_geometric.data import Data, Dataset

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError, listed
from stgcn_affect.skeleton.graph import SkeletonGraph

__all__ = ["CycleBatch", "GaitDataset"]

Index = Sequence[int] | npt.NDArray[Any] | Tensor | slice


class GaitDataset(Dataset):  # type: ignore[misc]  # PyG is untyped
    """N gait cycles of one skeleton.

    ``dataset[i]`` is a ``torch_geometric.data.Data`` of V nodes:
        - x ``[V, T*3]`` float32: a joint's path, phase by phase, in body heights (``x.view(V, T, 3)``).
        - edge_index ``[2, 2(V-1)]`` int64: every bone both ways.
        - pos ``[V, 3]`` float32: rest positions in metres, where the layout has them.
        - emotion ``[1]`` and subject ``[1]`` int64: positions in ``emotions`` and ``subjects``.
        - cadence ``[1]`` float32 steps a minute, and stride_time_s ``[1]`` float32.

    ``batch`` and ``tensors`` give the same cycles dense, without a Python loop; training uses those. Indices count
    within a subset that was made by slicing, as they do for every PyG dataset.

    Args:
        store: the cycles.
        emotions: sorted names whose positions are the emotion codes; by default those of the store. Give those of
            a saved model for its predictions.
        subjects: the same for subjects.

    Raises:
        InputError: the store has a name that the given ones lack, or given names are not sorted or repeat.
    """

    def __init__(
        self, store: CycleStore, *, emotions: Sequence[str] | None = None, subjects: Sequence[str] | None = None
    ) -> None:
        super().__init__()
        self.store = store
        self.emotions = _vocabulary("emotion", store.emotion, emotions)
        self.subjects = _vocabulary("subject", store.subject, subjects)
        self._emotion = _codes(store.emotion, self.emotions)
        self._subject = _codes(store.subject, self.subjects)
        self._stride_time_s = torch.from_numpy(np.array(store.stride_time_s, np.float32))
        self._edge_index = torch.from_numpy(SkeletonGraph(store.layout).edge_index.copy())
        rest = store.layout.rest
        self._rest = None if rest is None else torch.from_numpy(np.array(rest, np.float32))

    def len(self) -> int:
        """Cycles in the store."""
        return len(self.store)

    def get(self, idx: int) -> Data:
        """One cycle of the store as a graph."""
        positions = np.array(self.store.positions[idx], np.float32)
        x = torch.from_numpy(positions.transpose(1, 0, 2).reshape(positions.shape[1], -1))
        stride_time_s = self._stride_time_s[idx : idx + 1].clone()
        data = Data(
            x=x,
            edge_index=self._edge_index,
            emotion=self._emotion[idx : idx + 1].clone(),
            subject=self._subject[idx : idx + 1].clone(),
            cadence=120.0 / stride_time_s,
            stride_time_s=stride_time_s,
        )
        if self._rest is not None:
            data.pos = self._rest
        return data

    def batch(self, index: Index) -> CycleBatch:
        """Some cycles as dense tensors: ``[B]`` integers or booleans, or a slice. Shapes: see ``CycleBatch``."""
        chosen = np.asarray(self.indices())[index.cpu().numpy() if isinstance(index, Tensor) else index]
        rows = torch.from_numpy(chosen)
        return CycleBatch(
            positions=torch.from_numpy(np.array(self.store.positions[chosen], np.float32)),
            stride_time_s=self._stride_time_s[rows],
            emotion=self._emotion[rows],
            subject=self._subject[rows],
        )

    def tensors(self) -> CycleBatch:
        """All cycles, in memory; where they fit, slicing this is faster than ``batch`` in every step."""
        return self.batch(slice(None))


def _vocabulary(what: str, found: npt.NDArray[np.str_], given: Sequence[str] | None) -> tuple[str, ...]:
    names = sorted(set(found.tolist()))
    if given is None:
        return tuple(names)
    if list(given) != sorted(set(given)):
        raise InputError(f"{what} names: expected them sorted, each once (got {listed(given)})")
    for name in names:
        if name not in given:
            raise InputError(f"{what} names: expected one of {listed(given)} for every cycle (got {name!r})")
    return tuple(given)


def _codes(found: npt.NDArray[np.str_], names: tuple[str, ...]) -> Tensor:
    code = {name: i for i, name in enumerate(names)}
    return torch.tensor([code[name] for name in found.tolist()], dtype=torch.int64)
