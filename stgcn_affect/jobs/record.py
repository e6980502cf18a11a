"""What TensorBoard shows of a run: every epoch in numbers, every model in pictures."""

from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.visualise.graph import importance_figure
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.stats import balanced_accuracy
from stgcn_affect.training.checkpoint import Model
from stgcn_affect.training.logger import RunLogger
from stgcn_affect.training.predict import encode
from stgcn_affect.training.trainer import EpochReport
from stgcn_affect.visual.animation import walk_gif
from stgcn_affect.visual.latents import embedding_figure
from stgcn_affect.visual.scores import confusion_figure
from stgcn_affect.visual.skeleton_graph import skeleton_graph_figure

Codes = npt.NDArray[np.int64]

BESIDE_CHANCE = {
    name.replace("_", ", "): (f"accuracy/{name}", f"accuracy/{name}_chance")
    for name in ("adversary_identity", "adversary_emotion", "emotion", "identity")
} | {"validation, emotion": ("validation/emotion_balanced_accuracy", "validation/emotion_chance")}
"""Charts of an accuracy and of what chance would give, by title."""


def record_epoch(
    logger: RunLogger, report: EpochReport, model: Model, validation_emotion: Codes, *, picture: bool
) -> None:
    """Loss terms, reversal, accuracies beside their chance levels, validation scores and, if wanted, confusion."""
    chance = {"emotion": 1 / len(model.emotions), "identity": 1 / len(model.subjects)}
    values = {f"loss/{name}": value for name, value in report.terms.items()}
    values |= {"train/reversal": report.reversal, "train/learning_rate": report.learning_rate}
    for name, accuracy in report.accuracy.items():
        values[f"accuracy/{name}"] = accuracy
        values[f"accuracy/{name}_chance"] = chance[name.removeprefix("adversary_")]
    if len(validation_emotion):
        values["validation/emotion_loss"] = report.validation_loss
        score = balanced_accuracy(validation_emotion, report.validation_predicted)
        values["validation/emotion_balanced_accuracy"] = score
        values["validation/emotion_chance"] = chance["emotion"]
    logger.scalars(values, report.epoch)
    if picture and len(validation_emotion):
        counts = confusion(validation_emotion, report.validation_predicted, len(model.emotions))
        title = f"Validation subjects, epoch {report.epoch}"
        logger.figure("validation/confusion", confusion_figure(counts, names=model.emotions, title=title), report.epoch)


def record_fold(logger: RunLogger, model: Model, cycles: CycleStore, split: Split, folder: Path, *, step: int) -> None:
    """The skeleton graph and what was learned on it, the emotion branch, both latents, a transferred walk.

    The walk is ``folder/transfer.gif`` too.
    """
    graph = skeleton_graph_figure(SkeletonGraph(model.layout), partitions=True)
    logger.figure("skeleton/graph", graph, step)
    logger.figure("skeleton/edge_importance", importance_figure([model]), step)
    dataset = GaitDataset(cycles)
    record_emotion_branch(logger, model.network, dataset.batch(split.train[:1]))
    names = {
        "emotion": cycles.emotion.tolist(),
        "subject": cycles.subject.tolist(),
        "part": _parts(split, len(cycles)),
    }
    latents = encode(model.network, dataset.tensors(), model.layout)
    seen = np.isin(np.arange(len(cycles)), split.train)
    for name in ("z_emotion", "z_identity"):
        points = getattr(latents, name)
        logger.embedding(name, points, names, step)
        figure = embedding_figure(points, emotions=names["emotion"], subjects=names["subject"], seen=seen, title=name)
        logger.figure(f"latents/{name}", figure, step)
    gif = transfer_gif(model, cycles, split.train)
    write_whole(gif, path=folder / "transfer.gif")
    logger.gif("transfer/emotion_of_A_on_body_of_B", gif, step)


def record_emotion_branch(logger: RunLogger, network: DisentangledSTGCN, example: CycleBatch) -> None:
    """From positions and stride time to the emotion's logits, as a graph of operations."""
    example = example.to(next(network.parameters()).device)
    branch = EmotionBranch(network).train(network.training)  # the logger puts this mode back, in the network too
    logger.graph(branch, (example.positions, example.stride_time_s))


def transfer_gif(model: Model, cycles: CycleStore, train: Codes) -> bytes:
    """A walks in one emotion, B in another, then the decoded walk: emotion of A, body of B; last B's own, if any.

    A and B are the first two training subjects, A in its first emotion, B in its last other one.
    """
    subject, emotion = cycles.subject[train], cycles.emotion[train]
    names = np.unique(subject)
    a, b = names[0], names[-1]
    first = train[subject == a][np.argsort(emotion[subject == a], kind="stable")[0]]
    said = cycles.emotion[first]
    others = train[(subject == b) & (emotion != said)]
    second = (others if len(others) else train[subject == b])[-1]
    batch = GaitDataset(cycles).batch(np.array([first, second])).to(next(model.network.parameters()).device)
    with torch.no_grad():
        latents = model.network.encode(batch.positions, batch.stride_time_s)
        decoded = model.network.decode(latents.z_emotion[:1], latents.z_identity[1:])
    bodies = [cycles.positions[first], cycles.positions[second], decoded.positions[0].cpu().numpy()]
    captions = [f"{a}, {said}", f"{b}, {cycles.emotion[second]}", f"{said} of {a}\non {b}"]
    own = train[(subject == b) & (emotion == said)]
    if len(own):
        bodies.append(cycles.positions[own[0]])
        captions.append(f"{b}, {said}")
    return walk_gif(bodies, layout=model.layout, captions=captions)


def confusion(truth: Codes, predicted: Codes, classes: int) -> Codes:
    """``[Q, Q]`` counts, row the truth."""
    counts = np.bincount(truth * classes + predicted, minlength=classes * classes)
    return counts.reshape(classes, classes)


class EmotionBranch(nn.Module):
    """From positions ``[B, T, V, 3]`` and stride time ``[B]`` to the logits ``[B, Q]``; its parts are the network's."""

    def __init__(self, network: DisentangledSTGCN) -> None:
        super().__init__()
        self.emotion_channels = network.emotion_channels
        self.emotion_encoder = network.emotion_encoder
        self.emotion_radial_clip = network.emotion_radial_clip
        self.emotion_head = network.emotion_head

    def forward(self, positions: Tensor, stride_time_s: Tensor) -> Tensor:
        """The logits of cycles."""
        encoded = self.emotion_encoder(self.emotion_channels(positions, stride_time_s))
        return cast(Tensor, self.emotion_head(self.emotion_radial_clip(encoded.embedding)))


def _parts(split: Split, number: int) -> list[str]:
    part = np.full(number, "", dtype=object)
    for name in ("train", "validation", "test"):
        part[getattr(split, name)] = name
    return [str(name) for name in part]
