"""The pair attacker: learns from pairs of other people's cycles whether both are of one subject (linkage).

Source: Carr et al., "Linkage attack on skeleton-based motion visualization", CIKM 2023, whose attacker is a siamese
network on pairs of a released and a raw motion. Here both are of the same release, and one network embeds either, as
in Bromley et al. (NIPS 1993): an ST-GCN where the release is a motion or a map, and an MLP where it is a vector.
"""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn

from stgcn_affect.nn.st_gcn import Encoder
from stgcn_affect.skeleton.graph import SkeletonGraph

Features = npt.NDArray[np.floating]
Names = npt.NDArray[np.str_]

EMBEDDING = 32
"""Width of the embedding that is compared."""

STEPS = {"mlp": 300, "st_gcn": 100}
"""Steps of the training by the kind of network."""

TUNING = 4
"""An embedding that knows other people learns further cycles in so many times fewer steps. On raw cycles, retargeted
cycles and features of real subjects it then names as many as after a training from the start."""

BATCH_SUBJECTS, BATCH_CYCLES = 32, 4
"""Subjects in a batch, and cycles of each: all pairs among them are learnt from at once."""


@dataclass(frozen=True, eq=False)
class Grid:
    """How the rows of a released motion or map are laid out: ``[samples, joints, channels]``, then what has no joint.

    Args:
        samples: T'.
        channels: numbers a joint: 3 of a motion, 1 of a map.
        graph: the skeleton of V joints.
    """

    samples: int
    channels: int
    graph: SkeletonGraph

    @property
    def columns(self) -> int:
        """The columns that have a joint: T' V C."""
        return self.samples * self.graph.num_joints * self.channels


class _SiameseSTGCN(nn.Module):
    """Embeds rows of a grid ``[n, F]`` to ``[n, EMBEDDING]``."""

    def __init__(self, columns: int, grid: Grid) -> None:
        super().__init__()
        self.grid = grid
        self.encoder = Encoder(
            grid.channels,
            grid.graph,
            width=16,
            blocks=2,
            kernel=3,
            dropout=0.1,
            embedding_dim=EMBEDDING,
            phase_samples=grid.samples,
            extra_dim=columns - grid.columns,
        )

    def forward(self, rows: Tensor) -> Tensor:
        grid, end = self.grid, self.grid.columns
        motion = rows[:, :end].reshape(-1, grid.samples, grid.graph.num_joints, grid.channels).permute(0, 3, 1, 2)
        extra = rows[:, end:] if rows.shape[1] > end else None
        embedding: Tensor = self.encoder(motion.contiguous(memory_format=torch.channels_last), extra).embedding
        return embedding


@dataclass(frozen=True, eq=False)
class PairEmbedding:
    """A trained siamese network: embeds rows ``[n, F]`` of a release to ``[n, EMBEDDING]``; cosines compare them.

    Args:
        scaler: of the columns.
        network: in evaluation mode.
        kind: of the network, one of ``STEPS``.
    """

    scaler: StandardScaler
    network: nn.Module
    kind: str

    @torch.no_grad()
    def __call__(self, features: Features) -> npt.NDArray[np.float64]:
        """Rows ``[n, F]`` embedded, ``[n, EMBEDDING]``."""
        parts = torch.split(self._rows(features), 256)
        return np.concatenate([self.network(part).numpy() for part in parts]).astype(np.float64)

    def tuned(self, released: Features, subjects: Names, emotions: Names, *, seed: int = 0) -> "PairEmbedding":
        """A copy that learns further from pairs of cycles, described as for ``pair_embedding``, in fewer steps."""
        found = PairEmbedding(self.scaler, deepcopy(self.network), self.kind)
        found._learn(released, subjects, emotions, steps=STEPS[self.kind] // TUNING, seed=seed)
        return found

    def _rows(self, features: Features) -> Tensor:
        return torch.from_numpy(self.scaler.transform(features).astype(np.float32))

    def _learn(self, released: Features, subjects: Names, emotions: Names, *, steps: int, seed: int) -> None:
        who, what = (torch.from_numpy(np.unique(names, return_inverse=True)[1]) for names in (subjects, emotions))
        with torch.random.fork_rng(devices=[]), torch.enable_grad():
            torch.manual_seed(seed)
            _train(self.network, self._rows(released), who, what, steps=steps, seed=seed)
        self.network.eval()


def pair_embedding(
    released: Features, subjects: Names, emotions: Names, *, grid: Grid | None = None, seed: int = 0
) -> PairEmbedding:
    """Train a siamese network on pairs of cycles.

    Every step takes all pairs of a batch. Four kinds of pair count alike, as far as there are any: of one subject and
    of two, in one emotion and in two, so that neither the emotion nor the many pairs of strangers rule.

    Args:
        released: ``[n, F]``.
        subjects: ``[n]`` names.
        emotions: ``[n]`` names.
        grid: how the rows are laid out, of motions and maps; None for vectors.
        seed: the seed of the weights and batches.
    """
    kind = "mlp" if grid is None else "st_gcn"
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = _network(released.shape[1], grid)
    found = PairEmbedding(StandardScaler().fit(released), network, kind)
    found._learn(released, subjects, emotions, steps=STEPS[kind], seed=seed)
    return found


def name_by_pairs(known: Features, subjects: Names, probes: Features) -> Names:
    """The subject whose known rows are most alike, by the cosine with their mean, for every probe.

    Args:
        known: ``[n, D]`` embedded rows.
        subjects: ``[n]`` their names.
        probes: ``[m, D]``.
    """
    names, code = np.unique(subjects, return_inverse=True)
    unit = known / np.maximum(np.linalg.norm(known, axis=1, keepdims=True), 1e-12)
    means = np.stack([unit[code == k].mean(axis=0) for k in range(len(names))])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    chosen: Names = names[(probes @ means.T).argmax(axis=1)]
    return chosen


def _network(columns: int, grid: Grid | None) -> nn.Module:
    if grid is not None:
        return _SiameseSTGCN(columns, grid)
    return nn.Sequential(
        nn.Linear(columns, 128), nn.ReLU(), nn.Dropout(0.1), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, EMBEDDING)
    )


def _train(network: nn.Module, rows: Tensor, who: Tensor, what: Tensor, *, steps: int, seed: int) -> None:
    """Fit weights, and the slope and threshold that make a cosine a probability of "the same subject"."""
    generator = np.random.default_rng(seed)
    slope, threshold = (nn.Parameter(torch.tensor(value)) for value in (5.0, 0.3))
    weights = [*network.parameters(), slope, threshold]
    optimiser = torch.optim.AdamW(weights, lr=3e-3, weight_decay=1e-2)
    members = [np.flatnonzero(who.numpy() == subject) for subject in range(int(who.max()) + 1)]
    network.train()
    for _ in range(steps):
        index = torch.from_numpy(_batch(members, generator))
        unit = nn.functional.normalize(network(rows[index]), dim=1)
        loss = _pair_loss(slope * (unit @ unit.T - threshold), who[index], what[index])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()


def _batch(members: list[npt.NDArray[np.int64]], generator: np.random.Generator) -> npt.NDArray[np.int64]:
    """Some cycles of some subjects."""
    drawn = generator.permutation(len(members))[:BATCH_SUBJECTS]
    return np.concatenate([generator.permutation(members[subject])[:BATCH_CYCLES] for subject in drawn])


def _pair_loss(scores: Tensor, who: Tensor, what: Tensor) -> Tensor:
    """Logistic loss of all pairs ``[n, n]``, each of the four kinds with the same weight."""
    same, alike = who[:, None] == who, what[:, None] == what
    pair = torch.ones_like(same).triu(1)
    loss = nn.functional.binary_cross_entropy_with_logits(scores, same.float(), reduction="none")
    kinds = [pair & (same == one) & (alike == other) for one in (True, False) for other in (True, False)]
    return torch.stack([loss[kind].mean() for kind in kinds if kind.any()]).mean()
