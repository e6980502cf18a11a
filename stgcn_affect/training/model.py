"""Trained models with the names of what goes in and comes out, and what they predict of a walk."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from stgcn_affect.data.batch import CycleBatch, Cycles
from stgcn_affect.data.fold import FoldData
from stgcn_affect.data.prediction import Prediction, pooled_prediction, probabilities
from stgcn_affect.data.subject_baseline import Strides, average_baseline, mean_over_groups
from stgcn_affect.data.walk import Walk
from stgcn_affect.errors import InputError
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.training.confidence import fit_confidence, outlier_score
from stgcn_affect.training.identity import IdentityStatistics, identity_statistics
from stgcn_affect.training.predict import emotion_logits, mean_activations

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Model:
    """A trained model: the network with its layout, the names of its classes, and what it needs to predict.

    Args:
        network: in evaluation mode.
        sizes: the keyword arguments that ``DisentangledSTGCN.build`` made the network with.
        layout: the skeleton of its cycles.
        emotions: Q names, in the order of the logits.
        subjects: S names of training subjects, in the order of the identity logits.
        parts: the subjects of each part, {"train": [...], "validation": [...], "test": [...]}.
        config: the run's merged settings; empty where no tool trained it.
        digest: the digest of the data and settings that it was trained with; "" where it is not kept.
        temperature: that its logits are divided by; None where no validation subject was there to fit it.
        outlier_threshold: cycles with a higher outlier score are outliers; infinite before it is fitted.
        mean_activations: the output of each block of the emotion encoder, ``[C', T', V]``, averaged over the training
            cycles and their mirror images: the reference of Grad-CAM. Empty before it is computed.
        average_baseline: the mean baseline of the training subjects, where walks are judged beside their subject's
            others (``protocol.subject_baseline``); else None.
        identity: mean and spread of the training subjects' latents, to anonymise walks; None before it is computed.
    """

    network: DisentangledSTGCN
    sizes: Mapping[str, Any]
    layout: Layout
    emotions: tuple[str, ...]
    subjects: tuple[str, ...]
    parts: Mapping[str, list[str]]
    config: Mapping[str, Any]
    digest: str = ""
    temperature: float | None = None
    outlier_threshold: float = math.inf
    mean_activations: tuple[Tensor, ...] = ()
    average_baseline: Strides | None = None
    identity: IdentityStatistics | None = None

    @property
    def members(self) -> "tuple[Model, ...]":
        """The model itself, as the only one."""
        return (self,)

    def predict(self, walk: Walk, *, others: Sequence[Walk] = ()) -> Prediction:
        """Predict the emotion of a walk; arguments and errors as of ``predict_walk``."""
        return predict_walk(self.members, walk, others=others)

    def predict_many(self, walks: Sequence[Walk]) -> list[Prediction]:
        """Predict the emotion of each walk, several times faster than one by one; errors as of ``predict_walk``."""
        return predict_walks(self.members, walks)

    def __repr__(self) -> str:
        weights = sum(parameter.numel() for parameter in self.network.parameters())
        return f"Model({_about(self)}; {len(self.subjects)} training subjects, {weights} weights)"


@dataclass(frozen=True, eq=False)
class Ensemble:
    """The models of a run with several folds, which predict by the average of their probabilities.

    Args:
        members: one model a fold, of the same layout and emotions.
    """

    members: tuple[Model, ...]

    @property
    def layout(self) -> Layout:
        """The skeleton of the cycles."""
        return self.members[0].layout

    @property
    def emotions(self) -> tuple[str, ...]:
        """Q names, in the order of the probabilities."""
        return self.members[0].emotions

    def predict(self, walk: Walk, *, others: Sequence[Walk] = ()) -> Prediction:
        """Predict the emotion of a walk; arguments and errors as of ``predict_walk``."""
        return predict_walk(self.members, walk, others=others)

    def predict_many(self, walks: Sequence[Walk]) -> list[Prediction]:
        """Predict the emotion of each walk, several times faster than one by one; errors as of ``predict_walk``."""
        return predict_walks(self.members, walks)

    def __repr__(self) -> str:
        return f"Ensemble({len(self.members)} models; {_about(self)})"


def predict_walk(models: Sequence[Model], walk: Walk, *, others: Sequence[Walk] = ()) -> Prediction:
    """Predict the emotion of a walk by the average of several models.

    Each model averages the latents of a cycle and of its mirror image and divides its logits by its temperature.

    Args:
        models: the models of one run.
        walk: on the models' layout (``read_walk(file, layout=model.layout)``).
        others: other walks of the same subject, for models that judge a walk beside these
            (``protocol.subject_baseline``).

    Raises:
        InputError: a walk on another layout, others where the models compare with nothing, or none where they do.
    """
    return _predict(models, batches_of_walk(models, walk, others=others))


def predict_walks(models: Sequence[Model], walks: Sequence[Walk]) -> list[Prediction]:
    """Predict the emotion of each walk by the average of several models, all walks in one batch.

    The numbers are those of ``predict_walk``, but for the order in which floats are added.

    Args:
        models: the models of one run, which judge a walk by itself.
        walks: on the models' layout.

    Raises:
        InputError: a walk on another layout, or models that judge a walk beside others of its subject.
    """
    of_walks = [batches_of_walk(models, walk) for walk in walks]
    if not of_walks:
        return []
    batches = [CycleBatch(*map(torch.cat, zip(*of_model, strict=True))) for of_model in zip(*of_walks, strict=True)]
    return _predict(models, batches).split([len(walk) for walk in walks])


def _predict(models: Sequence[Model], batches: Sequence[CycleBatch]) -> Prediction:
    """The prediction for cycles as each model sees them."""
    pairs = list(zip(models, batches, strict=True))
    return pooled_prediction(
        models[0].emotions,
        [
            probabilities(emotion_logits(one.network, batch, one.layout), temperature=one.temperature)
            for one, batch in pairs
        ],
        scores=[outlier_score(one.network, batch) for one, batch in pairs],
        thresholds=[one.outlier_threshold for one in models],
    )


def batches_of_walk(models: Sequence[Model], walk: Walk, *, others: Sequence[Walk] = ()) -> list[CycleBatch]:
    """The cycles of a walk as each model sees them; arguments and errors as of ``predict_walk``."""
    model, baseline = models[0], models[0].average_baseline
    for one in (walk, *others):
        one.check_layout(model.layout)
    if baseline is not None and not others:
        raise InputError(
            f"{walk.clip.source}: expected other walks of the same subject (others=...), since the model compares a"
            " walk with them (got none)"
        )
    if baseline is None and others:
        raise InputError(
            f"{walk.clip.source}: expected no other walks, since the model classifies a walk by itself"
            f" (got {len(others)})"
        )
    own = mean_over_groups([other.strides for other in others]) if others else None
    return [walk.batch(own, one.average_baseline) for one in models]


def new_model(network: DisentangledSTGCN, data: FoldData, config: Mapping[str, Any] | None = None) -> Model:
    """A network that was built for a fold (``DisentangledSTGCN.for_data``), with the fold's names."""
    return Model(
        network=network,
        sizes=network.sizes,
        layout=data.cycles.layout,
        emotions=data.dataset.emotions,
        subjects=data.subjects,
        parts=data.parts,
        config=config or {},
    )


def complete_model(model: Model, data: FoldData) -> Model:
    """A trained model with all that it needs beside its weights, fitted on its own training and validation subjects."""
    train, validation = data.stored(data.split.train), data.stored(data.split.validation)
    return replace(
        model,
        **fit_confidence(model.network, model.layout, train=train, validation=validation)._asdict(),
        mean_activations=mean_activations(model.network, train, model.layout),
        average_baseline=average_baseline(data.recorded, data.split.train),
        identity=identity_statistics(model.network, train, model.layout),
    )


def with_identity(model: Model, train: Cycles) -> Model:
    """The model with the statistics of its identities; one of before they were kept gets them of its training cycles.

    Args:
        model: trained.
        train: the cycles of its training subjects.
    """
    if model.identity is not None:
        return model
    return replace(model, identity=identity_statistics(model.network, train, model.layout))


def _about(model: Model | Ensemble) -> str:
    return f"{', '.join(model.emotions)} on {model.layout.name}, {model.layout.num_joints} joints"
