"""A trained model with the labelled cycles of its run, sorted into training, validation and unseen subjects."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.store import CycleStore
from stgcn_affect.data.subject_baseline import Strides, average_baseline, relative_to_baseline
from stgcn_affect.errors import InputError
from stgcn_affect.training.checkpoint import Model

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ExplainedModel:
    """A model and the labelled cycles of its run.

    Args:
        model: trained.
        cycles: all labelled cycles of the run, relative to the subject baseline where its protocol says so.
        dataset: of all of them, whose codes of emotions are the model's.
        train: indices of its training subjects' cycles; validation and test likewise.
        average: the mean baseline of its training subjects, where its protocol uses subject baselines; else None.
    """

    model: Model
    cycles: CycleStore
    dataset: GaitDataset
    train: Index
    validation: Index
    test: Index
    average: Strides | None = None

    def batch(self, index: Index) -> CycleBatch:
        """The cycles at ``index``."""
        return self.dataset.batch(index)

    @cached_property
    def training_batch(self) -> CycleBatch:
        """The cycles of the training subjects: the reference activation of some methods."""
        return self.batch(self.train)


def with_cycles(model: Model, cycles: CycleStore) -> ExplainedModel:
    """Sort cycles into a model's parts by subject, and make them relative to the subject baseline where they have one.

    Raises:
        InputError: the cycles are of other emotions or of another skeleton than the model.
    """
    emotions = tuple(np.unique(cycles.emotion).tolist())
    if emotions != model.emotions or cycles.layout.joints != model.layout.joints:
        raise InputError(
            f"{cycles.name}: expected cycles of {', '.join(model.emotions)} on the layout {model.layout.name}, as the"
            f" model was trained on (got {', '.join(emotions)} on {cycles.layout.name})"
        )
    parts = {part: np.flatnonzero(np.isin(cycles.subject, names)) for part, names in model.parts.items()}
    average, cycles = average_baseline(cycles, parts["train"]), relative_to_baseline(cycles, parts["train"])
    return ExplainedModel(model, cycles, GaitDataset(cycles), **parts, average=average)
