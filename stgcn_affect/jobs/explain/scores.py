"""How true a method's maps are on a run's models: deletion, sanity, stability, sparsity, contrastivity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.explain.attribution.target import lead
from stgcn_affect.explain.explained_model import ExplainedModel, Index
from stgcn_affect.explain.maps.cycle_maps import explain_cycles
from stgcn_affect.explain.maps.stride_time import stride_time_beside, stride_time_proportion
from stgcn_affect.explain.quality.deletion import Curves, motion_energy, replacement, unit_scores
from stgcn_affect.explain.quality.faithfulness import deletion_orders, faithfulness, order_curves, pool_curves
from stgcn_affect.explain.quality.map_properties import contrastivity, sparsity, stability
from stgcn_affect.explain.quality.method_scores import method_scores
from stgcn_affect.explain.quality.sanity import Likeness, cascading_randomisation, emotion_layers, likeness
from stgcn_affect.jobs.explain.maps import Choice, map_maker, network_map_maker
from stgcn_affect.training.checkpoint import Model
from stgcn_affect.training.predict import emotion_probabilities

Maps = npt.NDArray[np.float32]

PHASE_BINS = 8
STEPS_OF_BINS = 16
"""States between nothing and everything deleted where joints are cut into phase bins."""


@dataclass(frozen=True, eq=False)
class Judged:
    """A model and the cycles that its maps are judged on; one of each take, for the others say nearly the same.

    Args:
        explained: the model.
        index: ``[N]`` cycles of subjects whom it never saw, or of its validation subjects.
        untaught: a model of the same subjects that was trained on random labels, or None.
    """

    explained: ExplainedModel
    index: Index
    untaught: Model | None = None
    _maps: dict[Choice, Maps] = field(default_factory=dict)

    def maps(self, choice: Choice) -> Maps:
        """``[N, T, V]`` of the cycles for what the model says; made once for each method and block."""
        if choice not in self._maps:
            self._maps[choice] = map_maker(self.explained, choice, self.target)(self.batch)
        return self._maps[choice]

    @cached_property
    def stride_time(self) -> npt.NDArray[np.float64]:
        """``[N]`` relevance of the stride time in proportion to the joints', whatever the method."""
        model = self.explained.model
        return stride_time_proportion(model.network, self.batch, model.layout, target=self.target)

    @cached_property
    def batch(self) -> CycleBatch:
        """The cycles."""
        return self.explained.batch(self.index)

    @cached_property
    def predicted(self) -> Index:
        """``[N]`` codes of the emotions that the model says, which are what is explained."""
        model = self.explained.model
        said = emotion_probabilities(model.network, self.batch, model.layout).argmax(axis=1)
        return np.asarray(said, np.int64)

    @cached_property
    def target(self) -> torch.Tensor:
        """``[N, Q]`` weights of the logits: the lead of the predicted emotion."""
        return lead(torch.from_numpy(self.predicted), self.explained.model.emotions, batch=len(self.index))

    @property
    def subjects(self) -> npt.NDArray[np.str_]:
        """``[N]`` names."""
        return self.explained.cycles.subject[self.index]

    @property
    def takes(self) -> Index:
        """``[N]`` a number per take."""
        return self.explained.cycles.take_ids[self.index]


def judged(explained: ExplainedModel, part: Index, untaught: Model | None = None) -> Judged:
    """The first cycle of every take of a part of a model's cycles."""
    first = np.unique(explained.cycles.take_ids[part], return_index=True)[1]
    return Judged(explained, part[np.sort(first)], untaught)


def score_method(
    models: Sequence[Judged], choice: Choice, *, ground_truth: Mapping[str, Any] | None, seed: int
) -> dict[str, Any]:
    """The row of one method and block in the table of methods.

    Args:
        models: of one run, with their unseen subjects' cycles.
        choice: the method and the block.
        ground_truth: of ``ground_truth_auc``, or None where it was not measured.
        seed: of everything random.
    """
    sane = [_cascade(one, choice, seed=seed, all_layers=False) for one in models]
    wrong = [_untaught(one, choice) for one in models if one.untaught is not None]
    row = method_scores(
        faithfulness=deletion_scores(models, choice, seed=seed),
        sanity=Likeness(
            *(np.concatenate(part) for part in zip(*(list(one.values())[-1] for one in sane), strict=True))
        ),
        stability=np.concatenate([_stability(one, choice, seed=seed) for one in models]),
        sparsity=np.concatenate([sparsity(one.maps(choice)) for one in models]),
        contrastivity=np.concatenate([_contrast(one, choice) for one in models]),
        ground_truth=ground_truth,
        subjects=np.concatenate([one.subjects for one in models]),
        takes=np.concatenate([one.takes for one in models]),
        seed=seed,
    )
    if wrong:
        row["random_labels_spearman"] = float(np.mean([np.mean(one.absolute) for one in wrong]))
    return row


def deletion_scores(
    models: Sequence[Judged], choice: Choice, *, seed: int, kind: str = "mean_path", bins: int = 1, draws: int = 3
) -> dict[str, Any]:
    """Deletion and insertion in the order of a method's maps, stride time being one more unit; see ``faithfulness``."""
    curves: list[Mapping[str, Curves]] = []
    for one in models:
        model, cycles = one.explained.model, one.explained.cycles
        maps = one.maps(choice)
        orders = deletion_orders(
            unit_scores(maps, bins=bins, stride_time=stride_time_beside(maps, one.stride_time)),
            motion_energy(cycles.positions[one.index], model.layout, bins=bins),
            random_draws=draws,
            seed=seed,
        )
        replaced = replacement(
            kind,
            cycles.positions[one.index],
            subjects=one.subjects,
            training_positions=cycles.positions[one.explained.train],
            training_stride_time_s=cycles.stride_time_s[one.explained.train],
        )
        curves.append(
            order_curves(
                partial(emotion_probabilities, model.network, layout=model.layout),
                one.batch,
                orders,
                replaced,
                one.predicted,
                bins=bins,
                steps=None if bins == 1 else STEPS_OF_BINS,
            )
        )
    subjects = np.concatenate([one.subjects for one in models])
    takes = np.concatenate([one.takes for one in models])
    return faithfulness(pool_curves(curves), subjects=subjects, takes=takes, seed=seed)


def sanity_cascade(models: Sequence[Judged], choice: Choice, *, seed: int) -> dict[str, float]:
    """Layer to the mean likeness of the maps' magnitudes (Spearman) once it, and all above it, have forgotten."""
    cascades = [_cascade(one, choice, seed=seed, all_layers=True) for one in models]
    return {layer: float(np.mean([cascade[layer].absolute.mean() for cascade in cascades])) for layer in cascades[0]}


def _cascade(one: Judged, choice: Choice, *, seed: int, all_layers: bool) -> dict[str, Likeness]:
    network = one.explained.model.network
    return cascading_randomisation(
        network,
        lambda other: network_map_maker(other, one.explained, choice, one.target),
        one.batch,
        watched=None if all_layers else emotion_layers(network)[-1:],
        seed=seed,
    )


def _untaught(one: Judged, choice: Choice) -> Likeness:
    assert one.untaught is not None
    other = network_map_maker(one.untaught.network, one.explained, choice, one.target)
    return likeness(one.maps(choice), other(one.batch))


def _stability(one: Judged, choice: Choice, *, seed: int) -> npt.NDArray[np.float64]:
    maker = map_maker(one.explained, choice, one.target)
    return stability(maker, one.batch, one.explained.model.layout, seed=seed).spearman


def _contrast(one: Judged, choice: Choice) -> npt.NDArray[np.float64]:
    """How much the maps for all emotions differ."""
    model = one.explained.model
    maps = [
        explain_cycles(
            model.network,
            one.batch,
            model.layout,
            method=choice.method,
            block=choice.block,
            target=lead(emotion, model.emotions, batch=len(one.index)),
            reference=one.explained.training_batch,
        )
        for emotion in model.emotions
    ]
    return contrastivity(maps)
