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

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.nn.network import DisentangledSTGCN, Latents
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
        self.emotion, self.subject = emotion, subject
        self.cells: dict[tuple[int, int], Index] = {
            (int(s), int(e)): np.flatnonzero((subject == s) & (emotion == e))
            for s in np.unique(subject)
            for e in np.unique(emotion)
        }
        self._drawable = [cell for cell in self.cells if self._emotion_pool(*cell).size]

    def draw(self, number: int, rng: np.random.Generator) -> TransferPlan:
        """A plan for ``number`` cells, drawn uniformly. Empty where no emotion has two subjects."""
        if not self._drawable:
            return TransferPlan(*(np.zeros(0, np.int64) for _ in TransferPlan._fields))
        rows = []
        for cell in rng.integers(len(self._drawable), size=number):
            s, e = self._drawable[cell]
            target = self.cells[s, e]
            rows.append(
                (
                    rng.choice(self._emotion_pool(s, e)),
                    rng.choice(self._identity_pool(s, e)),
                    rng.choice(target) if target.size else -1,
                )
            )
        return TransferPlan(*np.array(rows, np.int64).T)

    def _emotion_pool(self, s: int, e: int) -> Index:
        return np.flatnonzero((self.emotion == e) & (self.subject != s))

    def _identity_pool(self, s: int, e: int) -> Index:
        other = np.flatnonzero((self.subject == s) & (self.emotion != e))
        return other if other.size else self.cells[s, e]


def transfer_terms(
    network: DisentangledSTGCN, train: CycleBatch, plan: TransferPlan, *, samples: int
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
    """
    terms: dict[str, Tensor] = {}
    if not plan.target.size:
        return terms
    emotion_donor, identity_donor, target = (train.take(torch.from_numpy(index)) for index in plan)
    z_emotion = network.encode_emotion(emotion_donor.positions, emotion_donor.stride_time_s)
    z_identity = network.encode_identity(identity_donor.positions, identity_donor.stride_time_s)
    decoded = network.decode(z_emotion, z_identity, samples)
    there = torch.from_numpy(plan.target >= 0)
    if there.any():
        goal = Target(target.positions[there], target.stride_time_s[there])
        own = network.encode_identity(goal.positions, goal.stride_time_s)
        terms["reconstruction"] = pose_error(network.decode(z_emotion[there], own, samples), goal, network)
        terms["transfer"] = pose_error(type(decoded)(*(part[there] for part in decoded)), goal, network)
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
