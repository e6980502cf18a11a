"""Gait cycles as dense tensors: a batch in memory, and stored cycles that are read when they are taken."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from stgcn_affect.data.mapped import read_rows


class CycleBatch(NamedTuple):
    """B cycles of T phase samples and V joints.

    Shapes:
        - positions: ``[B, T, V, 3]`` float32, pelvis-centred body heights
        - stride_time_s: ``[B]`` float32
        - emotion and subject: ``[B]`` int64 codes
    """

    positions: Tensor
    stride_time_s: Tensor
    emotion: Tensor
    subject: Tensor

    @property
    def size(self) -> int:
        """Number of cycles, B; ``len`` of a batch is the number of its fields."""
        return len(self.emotion)

    def split(self, size: int) -> Iterator["CycleBatch"]:
        """Split into batches of ``size`` cycles, in order; the last may be smaller, and no cycles give no batch."""
        for start in range(0, self.size, size):
            yield CycleBatch(*(tensor[start : start + size] for tensor in self))

    def to(self, device: torch.device | str) -> "CycleBatch":
        """The same batch on another device."""
        return CycleBatch(*(tensor.to(device) for tensor in self))

    def take(self, index: Tensor) -> "CycleBatch":
        """The cycles at ``index`` (``[b]`` integers or ``[B]`` booleans)."""
        return CycleBatch(*(tensor[index] for tensor in self))


@dataclass(frozen=True, eq=False)
class StoredCycles:
    """n cycles of a store, which are read when they are taken; it answers as a ``CycleBatch`` does, without positions.

    In memory are 28 bytes a cycle; positions that are a memory map stay on disk.

    Args:
        positions: ``[N, T, V, 3]`` of the whole store.
        rows: ``[n]`` which of them these are.
        stride_time_s: ``[n]`` float32 seconds.
        emotion: ``[n]`` integer codes, int64 in a batch; ``subject`` likewise.
        subject: see ``emotion``.
        device: that batches are put on; the fields here stay on the CPU.
    """

    positions: npt.NDArray[np.float32]
    rows: npt.NDArray[np.int64]
    stride_time_s: Tensor
    emotion: Tensor
    subject: Tensor
    device: torch.device | str = "cpu"

    @property
    def size(self) -> int:
        """Number of cycles, n."""
        return len(self.rows)

    def take(self, index: Tensor) -> CycleBatch:
        """Read the cycles at ``index`` (``[b]`` integers or ``[n]`` booleans)."""
        index = index.cpu()
        batch = CycleBatch(
            positions=torch.from_numpy(read_rows(self.positions, self.rows[index.numpy()])),
            stride_time_s=self.stride_time_s[index],
            emotion=self.emotion[index].long(),
            subject=self.subject[index].long(),
        )
        return batch.to(self.device)

    def split(self, size: int) -> Iterator[CycleBatch]:
        """Read batches of ``size`` cycles, in order; the last may be smaller, and no cycles give no batch."""
        for start in range(0, self.size, size):
            yield self.take(torch.arange(start, min(start + size, self.size)))

    def to(self, device: torch.device | str) -> "StoredCycles":
        """The same cycles, whose batches are put on another device."""
        return replace(self, device=device)


Cycles = CycleBatch | StoredCycles
"""Cycles in memory, or cycles that are read when they are taken."""
