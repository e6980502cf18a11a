"""The cycles of a split as a model takes them: relative to subject baselines, with codes, and with takes held out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.batch import CycleBatch, StoredCycles
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.splits import PARTS, Split
from stgcn_affect.data.splits import hold_out_take as split_off_take
from stgcn_affect.data.store import CycleStore
from stgcn_affect.data.subject_baseline import relative_to_baseline

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FoldData:
    """The cycles of a split.

    Args:
        cycles: all labelled cycles, relative to the subjects' baselines where the protocol asks for it.
        recorded: the same cycles as they were recorded.
        split: indices into them.
        dataset: the data set of all of them; its subject codes are those of all subjects.
        subjects: S names of the training subjects, sorted; ``batch`` codes subjects by their positions here.
        fit_index: training cycles that fit the weights.
        held_index: training cycles that are held out: one take of each subject and emotion that has several.
    """

    cycles: CycleStore
    recorded: CycleStore
    split: Split
    dataset: GaitDataset
    subjects: tuple[str, ...]
    fit_index: Index
    held_index: Index

    def batch(self, index: Index) -> CycleBatch:
        """The cycles at ``index`` with the codes of training subjects, -1 for other subjects."""
        stored = self.stored(index)
        return stored.take(torch.arange(stored.size))

    def stored(self, index: Index) -> StoredCycles:
        """The same cycles, read when they are taken: for more of them than memory holds."""
        stored = self.dataset.stored(index)
        codes = torch.full((len(self.dataset.subjects),), -1, dtype=torch.int32)
        codes[np.searchsorted(self.dataset.subjects, self.subjects)] = torch.arange(len(self.subjects)).int()
        return replace(stored, subject=codes[stored.subject])

    @property
    def parts(self) -> Mapping[str, list[str]]:
        """The sorted names of the subjects of each part of the split."""
        return {part: np.unique(self.cycles.subject[getattr(self.split, part)]).tolist() for part in PARTS}

    @property
    def further(self) -> Index:
        """``[n]`` cycles that no part of the split holds."""
        return np.setdiff1d(np.arange(len(self.cycles)), np.concatenate([getattr(self.split, part) for part in PARTS]))

    @property
    def attackable(self) -> Index:
        """``[n]`` cycles of training subjects with two emotions or more; across emotions no others can be attacked."""
        train = self.split.train
        subject, emotion = self.cycles.subject[train], self.cycles.emotion[train]
        kinds = {name: len(np.unique(emotion[subject == name])) for name in np.unique(subject)}
        chosen: Index = train[np.array([kinds[name] > 1 for name in subject], dtype=bool)]
        return chosen


def fold_data(cycles: CycleStore, split: Split, *, hold_out_take: bool, seed: int) -> FoldData:
    """Prepare a split's cycles for training and testing a model.

    Args:
        cycles: all labelled cycles; those with a baseline are made relative to it (``relative_to_baseline``).
        split: the split of these cycles.
        hold_out_take: keep one take of each training subject and emotion from fitting weights, for the identity attack.
        seed: decides which take.
    """
    recorded, cycles = cycles, relative_to_baseline(cycles, split.train)
    subjects = tuple(np.unique(cycles.subject[split.train]).tolist())
    fit, held = np.arange(len(split.train)), np.zeros(0, np.int64)
    if hold_out_take:
        names = (column[split.train] for column in (cycles.subject, cycles.emotion, cycles.take))
        fit, held = split_off_take(*names, seed=seed)
    return FoldData(cycles, recorded, split, GaitDataset(cycles), subjects, split.train[fit], split.train[held])
