"""The models of a run, each with the cycles of its validation subjects and of the subjects whom it never saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stgcn_affect.config import load_config
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.store import CycleStore
from stgcn_affect.data.subject_baseline import Walk, average_baseline, relative_to_baseline
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.run_data import cache_folder, open_run_cycles
from stgcn_affect.training.checkpoint import Model, load_model

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ExplainedModel:
    """A model and the labelled cycles of its run.

    Args:
        model: trained.
        cycles: all labelled cycles of the run, calibrated where its protocol says so.
        dataset: of all of them, whose codes of emotions are the model's.
        train: indices of its training subjects' cycles; validation and test likewise.
        average: the average baseline of its training subjects, where its protocol compares walks with others.
    """

    model: Model
    cycles: CycleStore
    dataset: GaitDataset
    train: Index
    validation: Index
    test: Index
    average: Walk | None = None

    def batch(self, index: Index) -> CycleBatch:
        """The cycles at ``index``."""
        return self.dataset.batch(index)

    @cached_property
    def training_batch(self) -> CycleBatch:
        """The cycles of the training subjects, which some maps take as reference."""
        return self.batch(self.train)


def with_cycles(model: Model, cycles: CycleStore) -> ExplainedModel:
    """A model with its cycles, sorted into parts by the subjects that it names, and calibrated as its own were.

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


def models_of_run(run: Path) -> list[ExplainedModel]:
    """Every model of a run, with the run's cycles.

    Raises:
        InputError: the folder is no finished run, or its cycles are gone.
    """
    paths = model_paths(run)
    config = load_config(run / "config.yaml")
    cycles = open_run_cycles(config, cache_folder(config, run))
    return [with_cycles(load_model(path), cycles) for path in paths]


def model_paths(run: Path) -> Sequence[Path]:
    """``model.pt`` of the run or of its folds, in order. Raises InputError where there is none."""
    paths = sorted(run.glob("fold-*/model.pt")) or [path for path in [run / "model.pt"] if path.is_file()]
    if not paths:
        raise InputError(f"{run}: expected the folder of a finished run, with model.pt or fold-00/model.pt (got none)")
    return paths
