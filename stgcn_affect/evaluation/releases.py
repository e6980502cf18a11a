"""Releases: what a trained model gives away of cycles (latents, probabilities, decoded walks, maps), and controls."""

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.fold import FoldData
from stgcn_affect.evaluation.attackers import Features
from stgcn_affect.evaluation.inputs import POSES, baseline_input
from stgcn_affect.evaluation.pair_attacker import Grid
from stgcn_affect.explain.attribution.methods import DEFAULT_BLOCK, DEFAULT_METHOD
from stgcn_affect.explain.attribution.target import lead
from stgcn_affect.explain.maps.cycle_maps import explain_cycles
from stgcn_affect.explain.maps.released_maps import TrainingMaps, shown_maps
from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.training.model import Model
from stgcn_affect.training.predict import encode

CONTROLS = {"raw": "raw", "retargeted": "bone_normalised", "bone_ratios": "bone_ratios", "hand_made": "hand_made"}
"""Positive controls by the name of the release, and the input of ``INPUTS`` that each one is."""

MOTIONS = ("raw", "retargeted", "decoded", "anonymised", "subject_baseline", "relative_to_baseline")
"""Releases that are motions, laid out like the input "raw"."""

MAPS = ("relevance_maps", "released_maps")
"""Releases that have a number for each sample and joint."""


def released(model: Model, data: FoldData) -> dict[str, Features]:
    """Compute every release of all N cycles of a fold, and the positive controls, by name: ``[N, F]`` each.

    The controls are of cycles as they were recorded. Where cycles are relative to a subject baseline, the baselines and
    the relative cycles stand beside them. The decoded walks have the emotion of the cycle and the mean z_identity of
    the training cycles.
    """
    recorded, train = data.recorded, data.split.train
    encoded = encode(model.network, data.dataset.tensors(), model.layout)
    logits = np.log(np.maximum(encoded.probabilities, 1e-6))
    average = np.repeat(encoded.z_identity[train].mean(axis=0, keepdims=True), len(data.cycles), axis=0)
    predicted = encoded.probabilities.argmax(axis=1)
    maps = relevance_maps(model, data, predicted)
    return {
        **{release: baseline_input(name, recorded, train) for release, name in CONTROLS.items()},
        **_baselines(data),
        "z_identity": encoded.z_identity,
        "z_emotion": encoded.z_emotion,
        "logits": logits - logits.mean(axis=1, keepdims=True),
        "probabilities": encoded.probabilities,
        "decoded": decoded(model, encoded.z_emotion, average),
        "relevance_maps": maps,
        "released_maps": released_maps(maps, data, predicted),
    }


def release_grid(name: str, rows: Features, layout: Layout) -> Grid | None:
    """How the rows ``[N, F]`` of a release are laid out, where it is a motion or a map; None for vectors."""
    channels = 3 if name in MOTIONS else 1 if name in MAPS else 0
    samples = rows.shape[1] // (channels * layout.num_joints) if channels else 0
    return Grid(samples, channels, SkeletonGraph(layout)) if samples else None


def relevance_maps(model: Model, data: FoldData, predicted: npt.NDArray[np.int64]) -> Features:
    """The default relevance map of every cycle for its predicted emotion, ``[N, T' V]`` at the encoder's samples.

    Args:
        model: trained.
        data: the data of N cycles.
        predicted: ``[N]`` codes of emotions.
    """
    maps = explain_cycles(
        model.network,
        data.dataset.tensors(),
        model.layout,
        method=DEFAULT_METHOD,
        block=min(DEFAULT_BLOCK, len(model.network.emotion_encoder.blocks) - 1),
        target=lead(torch.from_numpy(predicted), model.emotions, batch=len(predicted)),
        reference=data.dataset.batch(data.split.train),
    )
    return maps[:, :: maps.shape[1] // model.network.emotion_channels.samples].reshape(len(maps), -1)


def released_maps(maps: Features, data: FoldData, predicted: npt.NDArray[np.int64]) -> Features:
    """What is shown of single cycles' relevance maps by the mechanism that is released, ``[N, T' V]``.

    Args:
        maps: ``[N, T' V]``, of ``relevance_maps``.
        data: the data of N cycles; the mechanism is fitted on the training subjects' maps.
        predicted: ``[N]`` codes of emotions.
    """
    single, train = maps.reshape(len(maps), -1, data.cycles.layout.num_joints), data.split.train
    training = TrainingMaps(
        single[train],
        predicted[train],
        data.cycles.subject[train],
        data.cycles.take_ids[train],
        len(data.dataset.emotions),
    )
    return shown_maps(single, predicted, training).reshape(len(maps), -1)


def decoded(model: Model, z_emotion: Features, z_identity: Features) -> Features:
    """Decode latents ``[n, De]`` and ``[n, Di]`` to rows laid out like the input "raw"."""
    emotion, identity = (torch.from_numpy(np.asarray(z, dtype=np.float32)) for z in (z_emotion, z_identity))
    with torch.no_grad():
        walk = model.network.decode(emotion, identity, POSES)
    poses = walk.positions.flatten(1).numpy()
    return np.concatenate([poses, walk.stride_time_s.log()[:, None].numpy()], axis=1)


def _baselines(data: FoldData) -> dict[str, Features]:
    """Each cycle's subject baseline, which has to be stored, and the cycle relative to it; empty without baselines."""
    own, train = data.recorded.baseline, data.split.train
    if own is None:
        return {}
    return {
        "subject_baseline": baseline_input("raw", own, train),
        "relative_to_baseline": baseline_input("raw", data.cycles, train),
    }
