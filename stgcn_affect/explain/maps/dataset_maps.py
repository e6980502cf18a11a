"""The maps of a run's unseen subjects, with those of all its models on one scale, and identity maps of its seen
ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.store import CycleStore
from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.attribution.target import Target, target_weights
from stgcn_affect.explain.maps.average import model_constant
from stgcn_affect.explain.maps.cycle_maps import explain_cycles
from stgcn_affect.explain.maps.explained_model import ExplainedModel, Index
from stgcn_affect.explain.maps.stride_time import stride_time_relevance
from stgcn_affect.training.predict import emotion_logits

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class UnseenMaps:
    """Maps of N cycles of unseen subjects, pooled over models.

    Args:
        cycles: all labelled cycles of the run.
        index: ``[N]`` which of them are explained.
        maps: ``[N, T, V]`` for the emotion that each cycle has, over the models' constants.
        stride_time: ``[N]`` the stride time's relevance in the unit of a map's sum over joints and phases; NaN where it
            was not computed.
        logits: ``[N, Q]`` of the released decision.
    """

    cycles: CycleStore
    index: Index
    maps: Floats
    stride_time: Floats
    logits: Floats

    @cached_property
    def emotions(self) -> npt.NDArray[np.str_]:
        """``[N]``: the emotion of each cycle."""
        return self.cycles.emotion[self.index]

    @cached_property
    def subjects(self) -> npt.NDArray[np.str_]:
        """``[N]``: the subject of each cycle."""
        return self.cycles.subject[self.index]

    @cached_property
    def takes(self) -> Index:
        """``[N]`` a number per take."""
        return self.cycles.take_ids[self.index]

    @cached_property
    def right(self) -> npt.NDArray[np.bool_]:
        """``[N]``: whether the decision is the cycle's labelled emotion."""
        return np.asarray(np.unique(self.cycles.emotion)[self.logits.argmax(axis=1)] == self.emotions)


def unseen_maps(
    models: Sequence[ExplainedModel], choice: MethodChoice, *, target: str | None = None, stride_time: bool = True
) -> UnseenMaps:
    """Explain the cycles of every model's test subjects.

    Args:
        models: the models of one run.
        choice: the method and the block.
        target: see ``target_weights``.
        stride_time: compute the stride time's relevance too, which takes longer than most maps.

    Raises:
        InputError: an unknown emotion, or a model whose maps of validation subjects are zero everywhere.
    """
    parts = [_of_one_model(model, choice, target, stride_time=stride_time) for model in models]
    columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    return UnseenMaps(models[0].cycles, *columns)


def model_scale(explained: ExplainedModel, choice: MethodChoice, target: str | None) -> float:
    """``model_constant`` of the maps of a model's validation subjects, or of training subjects without those."""
    cycles = explained.batch(explained.validation if len(explained.validation) else explained.train)
    weights = target_weights(target, cycles.emotion, explained.model.emotions)
    return model_constant(explained.map_maker(choice, weights)(cycles))


def identity_maps(models: Sequence[ExplainedModel], choice: MethodChoice) -> tuple[Floats, Index]:
    """Maps of training subjects for their own logits of the identity head, and the indices of their cycles.

    The head has logits of training subjects only. Each model's maps are divided by their own ``model_constant``.
    """
    parts, indices = [], []
    for explained in models:
        model = explained.model
        for number, subject in enumerate(model.subjects):
            index = explained.train[explained.cycles.subject[explained.train] == subject]
            parts.append(
                explain_cycles(
                    model.network,
                    explained.batch(index),
                    model.layout,
                    method=choice.method,
                    block=choice.block,
                    target=Target(number, head="identity"),
                    reference=explained.training_batch,
                )
            )
            indices.append(index)
        own = parts[-len(model.subjects) :]
        scale = np.float32(model_constant(np.concatenate(own)))
        parts[-len(model.subjects) :] = [maps / scale for maps in own]
    return np.concatenate(parts), np.concatenate(indices)


def _of_one_model(
    explained: ExplainedModel, choice: MethodChoice, target: str | None, *, stride_time: bool
) -> tuple[Index, Floats, Floats, Floats]:
    model, scale = explained.model, np.float32(model_scale(explained, choice, target))
    cycles = explained.batch(explained.test)
    weights = target_weights(target, cycles.emotion, model.emotions)
    maps = explained.map_maker(choice, weights)(cycles)
    own = np.full(len(maps), np.nan, np.float32)
    if stride_time:
        own = stride_time_relevance(model.network, cycles, model.layout, maps=maps, target=weights)
    return explained.test, maps / scale, own / scale, emotion_logits(model.network, cycles, model.layout)
