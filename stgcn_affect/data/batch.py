"""A batch of gait cycles as dense tensors: what training and augmentation pass around."""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor


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
