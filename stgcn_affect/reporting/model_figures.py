"""Figures of trained models: the learned importance of the skeleton's edges, and both latents with their scores."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from matplotlib.figure import Figure

from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.data.store import CycleStore
from stgcn_affect.nn.st_gcn import Encoder, SpatialTemporalBlock
from stgcn_affect.reporting.tables import number
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.training.model import Model
from stgcn_affect.training.predict import encode
from stgcn_affect.visual.latents import latents_figure
from stgcn_affect.visual.skeleton_graph import edge_importance_figure


def importance_figure(models: Sequence[Model]) -> Figure:
    """Draw the learned importance of both encoders' edges, a panel for each partition."""
    blocks = len(models[0].network.emotion_encoder.blocks)
    of = f"mean over {blocks} {'block' if blocks == 1 else 'blocks'}"
    return edge_importance_figure(
        SkeletonGraph(models[0].layout),
        importance={f"{branch} encoder": values for branch, values in edge_importance(models).items()},
        title=f"learned edge importance, {of}" + (f" and {len(models)} models" if len(models) > 1 else ""),
    )


def edge_importance(models: Sequence[Model]) -> dict[str, npt.NDArray[np.float32]]:
    """Branch, "emotion" or "identity", to the importance ``[E]`` of its encoder's edges, mean over blocks and models.

    The edges are in the order of ``SkeletonGraph.partition_edges``.
    """
    branches = {
        "emotion": [model.network.emotion_encoder for model in models],
        "identity": [model.network.identity_encoder for model in models],
    }
    return {
        name: np.mean([_importance(encoder) for encoder in encoders], axis=0) for name, encoders in branches.items()
    }


def model_latents_figure(
    model: Model, cycles: CycleStore, *, scores: Mapping[str, Mapping[str, str]], title: str
) -> Figure:
    """Draw one model's latents of all cycles, on the principal plane of its training subjects.

    Args:
        model: trained.
        cycles: labelled, relative to their subjects' baselines where the model's protocol says so.
        scores: the result of ``probe_words``.
        title: the title of the figure.
    """
    latents = encode(model.network, GaitDataset(cycles).tensors(), model.layout)
    return latents_figure(
        {"z_emotion": latents.z_emotion, "z_identity": latents.z_identity},
        emotions=cycles.emotion.tolist(),
        subjects=cycles.subject.tolist(),
        seen=np.isin(cycles.subject, model.parts["train"]),
        scores=scores,
        title=title,
    )


def probe_words(results: Mapping[str, Any], evaluation: Mapping[str, Any], *, models: int) -> dict[str, dict[str, str]]:
    """Put into words what ``results.json`` measured of each latent.

    Args:
        results: the results of the training.
        evaluation: results of ``stgcn-affect evaluate``, empty where it was not run; it alone probes z_identity.
        models: how many models the numbers are means over.
    """
    over = f", mean of {models} models" if models > 1 else ""
    words: dict[str, dict[str, str]] = {"z_emotion": {}, "z_identity": {}}
    emotion = results.get("emotion")
    if emotion:
        chance = f"chance {number(emotion['chance'])}"
        words["z_emotion"]["emotion"] = f"emotion of unseen subjects: {number(emotion['balanced_accuracy'])} ({chance})"
    known = results.get("privacy", {}).get("seen_subjects", {})
    for name in words:
        if name in known:
            chance = f"chance {number(known['chance'])}"
            words[name]["subject"] = f"seen subjects named from it: {number(known[name]['accuracy'])} ({chance}{over})"
    probed = evaluation.get("disentanglement", {}).get("emotion_from_z_identity")
    if probed is not None:
        chance = f"chance {number(evaluation['emotion']['chance'])}"
        words["z_identity"]["emotion"] = (
            f"emotion by a linear probe: {number(probed)} ({chance}; models of the evaluation)"
        )
    return words


def _importance(encoder: Encoder) -> npt.NDArray[np.float32]:
    blocks = [cast(SpatialTemporalBlock, block).spatial.importance for block in encoder.blocks]
    mean: npt.NDArray[np.float32] = torch.stack([values.detach().cpu() for values in blocks]).mean(dim=0).numpy()
    return mean
