"""Cross-subject transfer: which cycles give the emotion and the identity of a decoded cycle, and its loss terms."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

from stgcn_affect.data.batch import Cycles
from stgcn_affect.nn.network import DisentangledSTGCN, EncoderInputs, Latents
from stgcn_affect.training.losses import Target, latent_error, pose_error

Index = npt.NDArray[np.int64]


class TransferPlan(NamedTuple):
    """One draw of n (subject, emotion) cells to be decoded; all numbers are indices of training cycles.

    Shapes:
        - emotion_donor: ``[n]``, the cell's emotion on another subject.
        - identity_donor: ``[n]``, the cell's subject in another emotion (in another or the same take of that emotion,
          where the subject has no other).
        - target: ``[n]``, a cycle of the cell itself, or -1 where there is none in the training part.
    """

    emotion_donor: Index
    identity_donor: Index
    target: Index


class TransferSampler:
    """Draws transfer plans over the cells subject x emotion of a training part.

    z_emotion never comes from the subject who is decoded: if it came from the target itself, the loss would reward it
    for carrying the subject. Cells without a cycle are drawn too; latent consistency replaces their missing target.

    Args:
        emotion: ``[N]`` codes of the training cycles.
        subject: ``[N]`` codes.
    """

    def __init__(self, emotion: Index, subject: Index) -> None:
        _, e = np.unique(emotion, return_inverse=True)
        _, s = np.unique(subject, return_inverse=True)
        self._by_emotion, self._by_subject = _Sorted(e, s), _Sorted(s, e)
        self._drawable = np.argwhere(self._by_emotion.outside > 0)

    def draw(self, number: int, rng: np.random.Generator) -> TransferPlan:
        """A plan for ``number`` cells, drawn uniformly. Empty where no emotion has two subjects."""
        if not self._drawable.size:
            return TransferPlan(*(np.zeros(0, np.int64) for _ in TransferPlan._fields))
        e, s = self._drawable[rng.integers(len(self._drawable), size=number)].T
        own, other = self._by_subject.draw_inside(s, e, rng), self._by_subject.draw_outside(s, e, rng)
        return TransferPlan(
            emotion_donor=self._by_emotion.draw_outside(e, s, rng),
            identity_donor=np.where(other >= 0, other, own),
            target=self._by_emotion.draw_inside(e, s, rng),
        )


class _Sorted:
    """Cycles sorted by a label and within it by another, so that a class and a cell of both are stretches of them.

    Shapes:
        - index: ``[N]``; first, inside, outside: ``[A, B]``: where a cell begins, how many cycles it has, and how many
          of its class of the first label are in other cells.
    """

    def __init__(self, label: Index, other: Index) -> None:
        self.index = np.lexsort((other, label))
        self.inside = np.zeros((label.max() + 1, other.max() + 1), np.int64)
        np.add.at(self.inside, (label, other), 1)
        self.outside = self.inside.sum(axis=1, keepdims=True) - self.inside
        self.first = self.inside.cumsum().reshape(self.inside.shape) - self.inside

    def draw_inside(self, a: Index, b: Index, rng: np.random.Generator) -> Index:
        """A cycle of each cell, -1 where it has none."""
        count = self.inside[a, b]
        place = self.first[a, b] + rng.integers(np.maximum(count, 1))
        return self._at(place, count)

    def draw_outside(self, a: Index, b: Index, rng: np.random.Generator) -> Index:
        """A cycle of each class ``a`` of the first label that is in another cell than ``a, b``, -1 where none is."""
        count = self.outside[a, b]
        place = self.first[a, 0] + rng.integers(np.maximum(count, 1))
        return self._at(place + np.where(place >= self.first[a, b], self.inside[a, b], 0), count)

    def _at(self, place: Index, count: Index) -> Index:
        return np.where(count > 0, self.index[np.minimum(place, len(self.index) - 1)], -1)


def transfer_terms(
    network: DisentangledSTGCN,
    train: Cycles,
    plan: TransferPlan,
    *,
    samples: int,
    inputs: EncoderInputs | None = None,
) -> dict[str, Tensor]:
    """The decoder's loss terms for one plan; a term that has no cell in the plan is left out.

    - reconstruction: z_identity of the target itself, z_emotion of another subject in its emotion;
    - transfer: z_identity of the subject in another emotion, z_emotion as before;
    - consistency: where no target exists, the re-encoded cycle must have both latents again.

    Args:
        network: in training mode.
        train: the training part that the plan's numbers point into.
        plan: the result of ``TransferSampler.draw``.
        samples: frames of a decoded cycle.
        inputs: the encoders' inputs of ``train``, where they are kept; else they are computed for the plan's cycles.
    """
    terms: dict[str, Tensor] = {}
    if not plan.target.size:
        return terms
    emotion_donor, identity_donor, target = (torch.from_numpy(index) for index in plan)
    there = target >= 0

    lenders, goals = torch.cat([identity_donor, target[there]]), train.take(target[there])
    if inputs is None:
        donors, others = train.take(emotion_donor), train.take(identity_donor)
        x = network.emotion_input(donors.positions, donors.stride_time_s)
        positions = torch.cat([others.positions, goals.positions])
        own_body = network.identity_input(positions, torch.cat([others.stride_time_s, goals.stride_time_s]))
    else:
        x = inputs.emotion[emotion_donor]
        own_body = inputs.identity[lenders], None if inputs.measures is None else inputs.measures[lenders]
    z_emotion = network.read_emotion(x)
    both = network.read_identity(*own_body)
    z_identity, own = both[: len(there)], both[len(there) :]
    if there.any():
        goal = Target(goals.positions, goals.stride_time_s)
        lent = network.decode(z_emotion[there], z_identity[there], samples)
        terms["reconstruction"] = pose_error(network.decode(z_emotion[there], own, samples), goal, network)
        terms["transfer"] = pose_error(lent, goal, network)
    if not there.all():
        whole = network.decode(z_emotion[~there], z_identity[~there])
        with frozen_statistics(network):
            again = network.encode(whole.positions, whole.stride_time_s)
        terms["consistency"] = latent_error(again, Latents(z_emotion[~there], z_identity[~there]))
    return terms


@contextmanager
def frozen_statistics(network: nn.Module) -> Iterator[None]:
    """Run without dropout and without moving the running means of batch norm: decoded cycles are no training data."""
    layers = [m for m in network.modules() if isinstance(m, _BatchNorm | _DropoutNd) and m.training]
    for layer in layers:
        layer.eval()
    try:
        yield
    finally:
        for layer in layers:
            layer.train()
