"""Other ways to anonymise a walk, which the method is compared with: retargeting, mean cadence, noise, a mean walk."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.fold import FoldData
from stgcn_affect.data.subject_baseline import Strides
from stgcn_affect.motion.cycles import average_cycle
from stgcn_affect.nn.harmonics import analysis_matrix, fourier_basis, uniform_phase

Floats = npt.NDArray[np.floating]

OTHER_MECHANISMS = ("retargeted", "retargeted_mean_cadence", "noise", "mean_walk")
"""Names of the other mechanisms."""

NOISE = 1.0
"""Standard deviations of the training cycles' harmonics that the noise has."""


class OneCycle(NamedTuple):
    """A gait cycle ``[T, V, 3]`` in body heights that stands for a walk, and its stride time."""

    positions: Floats
    stride_time_s: float


class TrainingWalks(NamedTuple):
    """What the other mechanisms know of the training subjects.

    Shapes:
        - spread: ``[2H+1, V, 3]`` of the Fourier coefficients over their cycles.
        - stride_time_s: the geometric mean.
        - of_emotion: emotion to its mean walk.
    """

    spread: Floats
    stride_time_s: float
    of_emotion: Mapping[str, OneCycle]


def training_walks(data: FoldData, *, harmonics: int) -> TrainingWalks:
    """Mean walks and spread of the training subjects of a fold; each of their cycles counts once."""
    train = data.cycles.select(data.split.train)
    positions, log_time = np.asarray(train.positions, float), np.log(np.asarray(train.stride_time_s, float))
    analysis = analysis_matrix(positions.shape[1], harmonics).numpy()
    means = {}
    for name in np.unique(train.emotion).tolist():
        rows = train.emotion == name
        means[name] = OneCycle(average_cycle(positions[rows]), float(np.exp(log_time[rows].mean())))
    spread = np.einsum("kt,ntvc->nkvc", analysis, positions).std(axis=0)
    return TrainingWalks(spread, float(np.exp(log_time.mean())), means)


def other_mechanism(
    name: str, walk: Strides, predicted: str, known: TrainingWalks, rng: np.random.Generator
) -> OneCycle:
    """The cycle that one of ``OTHER_MECHANISMS`` makes of a walk; whoever writes it gives it the target's bones.

    "retargeted" is the walk's mean cycle, "retargeted_mean_cadence" the same at the training subjects' mean stride
    time, "noise" that with Gaussian noise on its harmonics, "mean_walk" the training subjects' mean walk in the
    predicted emotion, which says nothing but that emotion.

    Args:
        name: the mechanism.
        walk: all N cycles of the walk.
        predicted: the likeliest emotion of the walk.
        known: of the training subjects.
        rng: of the noise.

    Raises:
        KeyError: another name.
    """
    mean = OneCycle(average_cycle(walk.positions), float(np.exp(np.log(walk.stride_time_s).mean())))
    if name == "retargeted":
        return mean
    if name == "retargeted_mean_cadence":
        return mean._replace(stride_time_s=known.stride_time_s)
    if name == "noise":
        coefficients = NOISE * known.spread * rng.normal(size=known.spread.shape)
        basis = fourier_basis(uniform_phase(len(mean.positions)), len(coefficients) // 2)
        noise = torch.einsum("tk,kvc->tvc", basis, torch.from_numpy(coefficients)).numpy()
        return OneCycle(mean.positions + noise, known.stride_time_s)
    if name == "mean_walk":
        return known.of_emotion[predicted]
    raise KeyError(name)
