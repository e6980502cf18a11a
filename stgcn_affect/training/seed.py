"""Seeding: one seed for everything random in a run."""

import random
from typing import Any

import numpy as np
import torch


def seed_everything(seed: int) -> None:
    """Seed Python, numpy and torch, and ask torch for deterministic algorithms: the same seed gives the same bits.

    Torch would also fill every new tensor with NaN then, which finds reads of uninitialised memory and takes a tenth of
    a training step; nothing here reads any.
    """
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  # for libraries that draw from the global state; ours use generators
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # torch does not type it


class RandomState:
    """The random streams of one training: batches and transfer plans (numpy), augmentation and dropout (torch).

    Args:
        seed: the seed of all of them; dropout draws from torch's global stream, which is seeded too.
    """

    def __init__(self, seed: int) -> None:
        seed_everything(seed)
        self.batches = np.random.default_rng(seed)
        self.augmentation = torch.Generator().manual_seed(seed)

    def state_dict(self) -> dict[str, Any]:
        """The state of all streams as tensors and plain containers, for a checkpoint."""
        return {
            "batches": self.batches.bit_generator.state,
            "augmentation": self.augmentation.get_state(),
            "dropout": torch.get_rng_state(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue exactly where ``state_dict`` was taken."""
        self.batches.bit_generator.state = state["batches"]
        self.augmentation.set_state(state["augmentation"])
        torch.set_rng_state(state["dropout"])
