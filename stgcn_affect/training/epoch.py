"""The record of one epoch: loss terms and hits of its steps, and the report that is made of them."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.nn.network import NetworkOutput

_READ = 32
"""Steps whose loss terms and outputs are kept before their numbers are read: reading waits for all that is computed."""


@dataclass(frozen=True)
class EpochReport:
    """The report of one epoch: means of loss terms and accuracies over its steps, and the validation scores."""

    epoch: int
    terms: Mapping[str, float]
    accuracy: Mapping[str, float]
    reversal: float
    learning_rate: float
    validation_loss: float
    validation_predicted: npt.NDArray[np.int64]
    best: bool


class EpochRecord:
    """The loss terms of an epoch's steps, and how many cycles each classifier and adversary has right."""

    def __init__(self) -> None:
        self._terms: defaultdict[str, list[float]] = defaultdict(list)
        self._hits: Counter[str] = Counter()
        self._cycles = 0
        self._steps: list[tuple[dict[str, torch.Tensor], NetworkOutput, torch.Tensor, torch.Tensor]] = []

    def add(self, terms: Mapping[str, torch.Tensor], output: NetworkOutput, batch: CycleBatch) -> None:
        """Keep what one step gave."""
        found = {name: term.detach() for name, term in terms.items()}
        # Not the batch, whose positions would stay in memory.
        self._steps.append((found, NetworkOutput(*(part.detach() for part in output)), batch.emotion, batch.subject))
        if len(self._steps) == _READ:
            self._read()

    def read(self) -> tuple[Mapping[str, list[float]], Mapping[str, float]]:
        """Every term's values, one for each step that had it, and the share of the epoch's cycles that is right."""
        self._read()
        return self._terms, {name: hits / self._cycles for name, hits in self._hits.items()}

    def _read(self) -> None:
        if not self._steps:
            return
        terms, outputs, emotions, subjects = zip(*self._steps, strict=True)
        for name in dict.fromkeys(name for found in terms for name in found):
            self._terms[name] += torch.stack([found[name] for found in terms if name in found]).tolist()
        output = NetworkOutput(*(torch.cat(part) for part in zip(*outputs, strict=True)))
        emotion, subject = torch.cat(emotions), torch.cat(subjects)
        pairs = {
            "emotion": (output.emotion_logits, emotion),
            "identity": (output.identity_logits, subject),
            "adversary_identity": (output.adversary_identity_logits, subject),
            "adversary_emotion": (output.adversary_emotion_logits, emotion),
        }
        self._hits.update({name: int((logits.argmax(dim=1) == code).sum()) for name, (logits, code) in pairs.items()})
        self._cycles += len(emotion)
        self._steps.clear()


def check_finite(terms: Mapping[str, list[float]], *, epoch: int) -> None:
    """Raises InputError where a loss term of an epoch is not finite: the training diverged."""
    for name, of_steps in terms.items():
        wrong = [value for value in of_steps if not math.isfinite(value)]
        if wrong:
            raise InputError(
                f"training diverged in epoch {epoch}: expected a finite {name} loss (lower the learning rate)"
                f" (got {wrong[0]})"
            )
