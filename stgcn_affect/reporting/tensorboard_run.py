"""Write what TensorBoard shows of a finished model and of a whole run: latents, transferred walks, pooled scores."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from stgcn_affect.data.averages import emotion_cycles
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.files import write_whole
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.reporting.model_figures import importance_figure
from stgcn_affect.reporting.tensorboard import RunLogger
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.training.model import Model
from stgcn_affect.training.predict import encode
from stgcn_affect.visual.animation import emotions_gif, walk_gif
from stgcn_affect.visual.film_strip import film_strip_figure
from stgcn_affect.visual.latents import embedding_figure
from stgcn_affect.visual.scores import confusion_figure
from stgcn_affect.visual.skeleton_graph import skeleton_graph_figure

Codes = npt.NDArray[np.int64]


def record_fold(logger: RunLogger, model: Model, cycles: CycleStore, split: Split, folder: Path, *, step: int) -> None:
    """Record one finished model: graph with edge importance, emotion branch, both latents, a transferred walk.

    The transferred walk is also written as ``folder/transfer.gif``.
    """
    graph = skeleton_graph_figure(SkeletonGraph(model.layout), partitions=True)
    logger.figure("skeleton/graph", graph, step)
    logger.figure("skeleton/edge_importance", importance_figure([model]), step)
    dataset = GaitDataset(cycles)
    _record_emotion_branch(logger, model.network, dataset.batch(split.train[:1]))
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
    gif = _transfer_gif(model, cycles, split.train)
    write_whole(gif, path=folder / "transfer.gif")
    logger.gif("transfer/emotion_of_A_on_body_of_B", gif, step)


def _record_emotion_branch(logger: RunLogger, network: DisentangledSTGCN, example: CycleBatch) -> None:
    """Record the operations from positions and stride time to the emotion's logits."""
    example = example.to(next(network.parameters()).device)
    branch = _EmotionBranch(network).train(network.training)  # the logger puts this mode back, in the network too
    logger.graph(branch, (example.positions, example.stride_time_s))


def _transfer_gif(model: Model, cycles: CycleStore, train: Codes) -> bytes:
    """A walks in one emotion, B in another, then the decoded walk: emotion of A, body of B; last B's own, if any.

    A and B are the first two training subjects, A in its first emotion, B in its last other one.
    """
    subject, emotion = cycles.subject[train], cycles.emotion[train]
    names = np.unique(subject)
    a, b = names[0], names[-1]
    first = train[subject == a][np.argsort(emotion[subject == a], kind="stable")[0]]
    lent = cycles.emotion[first]
    others = train[(subject == b) & (emotion != lent)]
    second = (others if len(others) else train[subject == b])[-1]
    batch = GaitDataset(cycles).batch(np.array([first, second])).to(next(model.network.parameters()).device)
    with torch.no_grad():
        latents = model.network.encode(batch.positions, batch.stride_time_s)
        decoded = model.network.decode(latents.z_emotion[:1], latents.z_identity[1:])
    bodies = [cycles.positions[first], cycles.positions[second], decoded.positions[0].cpu().numpy()]
    captions = [f"{a}, {lent}", f"{b}, {cycles.emotion[second]}", f"{lent} of {a}\non {b}"]
    own = train[(subject == b) & (emotion == lent)]
    if len(own):
        bodies.append(cycles.positions[own[0]])
        captions.append(f"{b}, {lent}")
    return walk_gif(bodies, layout=model.layout, captions=captions)


class _EmotionBranch(nn.Module):
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


def record_run(
    out: Path,
    settings: Mapping[str, Any],
    results: Mapping[str, Any],
    cycles: CycleStore,
    *,
    tested: Codes,
    probabilities: npt.NDArray[np.floating],
    step: int,
) -> None:
    """Write what only the whole run knows: scores beside settings, curves, confusion, and the average walks.

    Args:
        out: the run's folder.
        settings: flat, by name.
        results: those of ``results.json``.
        cycles: all labelled cycles.
        tested: ``[n]`` indices of the tested cycles; each subject is tested by a model that was not trained on it.
        probabilities: ``[n, Q]`` of the emotions, for the tested cycles.
        step: TensorBoard's step, for example the number of folds.
    """
    emotion = results["emotion"]
    scores = {f"test/emotion_{key}": emotion[key] for key in ("balanced_accuracy", "macro_f1", "chance")}
    for release, found in results["privacy"].get("seen_subjects", {}).items():
        scores[f"test/seen_subjects_{release}"] = found if release == "chance" else found["accuracy"]
    names = results["dataset"]["emotions"]
    with RunLogger(out) as logger:
        figure = confusion_figure(np.array(emotion["confusion"]), names=names, title="Test subjects")
        logger.figure("test/confusion", figure, step)
        logger.hparams(settings, scores)
        truth = cycles.emotion[tested]
        for code, name in enumerate(names):
            logger.pr_curve(f"test/{name}", truth == name, probabilities[:, code], step)
        averages = emotion_cycles(cycles)
        logger.figure("cycles/by_emotion", film_strip_figure(averages, layout=cycles.layout), step)
        logger.gif("cycles/walking", emotions_gif(averages, layout=cycles.layout), step)


def _parts(split: Split, number: int) -> list[str]:
    part = np.full(number, "", dtype=object)
    for name in ("train", "validation", "test"):
        part[getattr(split, name)] = name
    return [str(name) for name in part]
