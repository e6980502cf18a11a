"""A trained model with the labelled cycles of its run, and those of them that its maps are scored on."""

from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.store import CycleStore
from stgcn_affect.data.subject_baseline import relative_to_baseline
from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import METHODS, MethodChoice
from stgcn_affect.explain.attribution.target import lead
from stgcn_affect.explain.maps.cycle_maps import MapMaker, explain_cycles
from stgcn_affect.explain.maps.stride_time import stride_time_proportion
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.training.model import Model
from stgcn_affect.training.predict import emotion_probabilities

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ExplainedModel:
    """A model and the labelled cycles of its run.

    Args:
        model: trained.
        cycles: all labelled cycles of the run, relative to the subject baseline where its protocol says so.
        dataset: the data set of all of them, whose codes of emotions are the model's.
        train: indices of its training subjects' cycles; validation and test likewise.
    """

    model: Model
    cycles: CycleStore
    dataset: GaitDataset
    train: Index
    validation: Index
    test: Index

    def batch(self, index: Index) -> CycleBatch:
        """The cycles at ``index``."""
        return self.dataset.batch(index)

    def map_maker(self, choice: MethodChoice, weights: Tensor, *, network: DisentangledSTGCN | None = None) -> MapMaker:
        """A function from N cycles to their maps ``[N, T, V]``.

        Args:
            choice: the method and the block.
            weights: ``[N, Q]`` of the logits: what is explained of each cycle.
            network: another network in the place of the model's own, such as one with random weights.
        """
        return partial(
            explain_cycles,
            self.model.network if network is None else network,
            layout=self.model.layout,
            method=choice.method,
            block=choice.block,
            target=weights,
            reference=self.training_batch if METHODS[choice.method].takes_reference else None,
        )

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
    cycles = relative_to_baseline(cycles, parts["train"])
    return ExplainedModel(model, cycles, GaitDataset(cycles), **parts)


@dataclass(frozen=True, eq=False)
class JudgedModel:
    """A model and the cycles that its maps are scored on: one of each take, since a take's cycles are alike.

    Args:
        explained: the model.
        index: ``[N]`` cycles of unseen subjects, or of validation subjects.
        random_labels: a model of the same subjects trained on emotions in random order, or None.
    """

    explained: ExplainedModel
    index: Index
    random_labels: Model | None = None
    _maps: dict[MethodChoice, npt.NDArray[np.float32]] = field(default_factory=dict)

    def maps(self, choice: MethodChoice) -> npt.NDArray[np.float32]:
        """``[N, T, V]`` of the cycles for the predicted emotion; computed once for each method and block."""
        if choice not in self._maps:
            self._maps[choice] = self.explained.map_maker(choice, self.target)(self.batch)
        return self._maps[choice]

    @cached_property
    def stride_time(self) -> npt.NDArray[np.float64]:
        """``[N]`` relevance of the stride time in proportion to the joints', the same for every method."""
        model = self.explained.model
        return stride_time_proportion(model.network, self.batch, model.layout, target=self.target)

    @cached_property
    def batch(self) -> CycleBatch:
        """The cycles that the maps are scored on."""
        return self.explained.batch(self.index)

    @cached_property
    def predicted(self) -> Index:
        """``[N]`` codes of the predicted emotions, which are the ones that are explained."""
        model = self.explained.model
        probabilities = emotion_probabilities(model.network, self.batch, model.layout)
        return np.asarray(probabilities.argmax(axis=1), np.int64)

    @cached_property
    def target(self) -> Tensor:
        """``[N, Q]`` weights of the logits: the lead of the predicted emotion over the mean."""
        return lead(torch.from_numpy(self.predicted), self.explained.model.emotions, batch=len(self.index))

    @property
    def subjects(self) -> npt.NDArray[np.str_]:
        """``[N]``: the subject of each cycle."""
        return self.explained.cycles.subject[self.index]

    @property
    def takes(self) -> Index:
        """``[N]`` a number per take."""
        return self.explained.cycles.take_ids[self.index]


def judged(explained: ExplainedModel, part: Index, random_labels: Model | None = None) -> JudgedModel:
    """The model with the first cycle of every take of a part of its cycles."""
    first = np.unique(explained.cycles.take_ids[part], return_index=True)[1]
    return JudgedModel(explained, part[np.sort(first)], random_labels)
