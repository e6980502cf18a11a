"""Maps against the truth: does a method find the joints that bear an emotion, where the generator knows them?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.explain.attribution.decision import STRIDE_TIME
from stgcn_affect.explain.attribution.target import lead
from stgcn_affect.explain.explained_model import ExplainedModel
from stgcn_affect.explain.maps.ranking import drawn_joint_scores, joint_scores
from stgcn_affect.explain.quality.ground_truth import ground_truth_auc
from stgcn_affect.jobs.explain.maps import Choice, map_maker
from stgcn_affect.jobs.explain.models import factor_model
from stgcn_affect.jobs.run_data import Progress
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.settings import Config
from stgcn_affect.stats import subject_means
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS
from stgcn_affect.synthetic.truth import FactorTruth, factor_truth
from stgcn_affect.synthetic.walkers import synthetic_walkers

PAIRED_WALKERS, APART = 8, 1000
"""Subjects who walk with and without a factor, and how far their generator's seed is from the run's."""


TRUTH_DRAWS = 200
"""Bootstrap samples behind the limits of the truth: every one is ranked anew for every factor."""


@dataclass(frozen=True, eq=False)
class KnownFactor:
    """One emotion factor with the model whose emotions differ in it alone, and the joints that truly bear it there."""

    name: str
    explained: ExplainedModel
    truth: FactorTruth


def known_factors(
    config: Config, folder: Path, *, factors: tuple[str, ...] = tuple(EMOTION_FACTORS), progress: Progress | None = None
) -> list[KnownFactor]:
    """Train a model per factor, or find it in ``folder``; factors that move no joint or nearly all are left out.

    Args:
        config: of the run, whose network and training the models have.
        folder: keeps subjects and models.
        factors: of ``EMOTION_FACTORS``.
        progress: watches factors go by.
    """
    found = []
    for name in factors if progress is None else progress(factors, len(factors), "one-factor models"):
        explained = factor_model(config, name, folder / name)
        truth = factor_truth(name, transform=partial(joint_channels, explained.model.network))
        if truth.scored:
            found.append(KnownFactor(name, explained, truth))
    return found


@torch.no_grad()
def joint_channels(
    network: DisentangledSTGCN, positions: npt.NDArray[np.float32], stride_time_s: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """A network's own input without the stride time, which no joint bears: ``[N, T', V, C - 1]``."""
    x = network.emotion_channels(torch.from_numpy(positions), torch.from_numpy(stride_time_s))
    kept = [channel for channel in range(x.shape[1]) if channel != STRIDE_TIME]
    return np.asarray(x[:, kept].permute(0, 2, 3, 1).numpy(), np.float32)


def one_factor_truth(factors: Sequence[KnownFactor], choice: Choice, *, seed: int) -> dict[str, Any]:
    """A method against the truth on the one-factor models: on validation and test subjects, each emotion's own map."""
    scores: dict[str, npt.NDArray[np.float64]] = {}
    drawn: dict[str, npt.NDArray[np.float64]] = {}
    for factor in factors:
        explained = factor.explained
        index = np.sort(np.concatenate([explained.validation, explained.test]))
        batch = explained.batch(index)
        weights = lead(batch.emotion, explained.model.emotions, batch=len(index))
        maps = map_maker(explained, choice, weights)(batch)
        has_it = np.isin(explained.cycles.emotion[index], list(EMOTION_FACTORS[factor.name].changes))
        scores[factor.name], drawn[factor.name] = _scores(explained, index[has_it], maps[has_it], seed=seed)
    joints = factors[0].explained.model.layout.joints
    return ground_truth_auc(scores, {f.name: f.truth for f in factors}, joints, drawn=drawn)


@dataclass(frozen=True, eq=False)
class TakenAway:
    """Unseen subjects who walk with all factors and with all but one.

    Args:
        name: of that factor.
        truth: the joints that it moves in the model's own input.
        everything: N cycles with all factors; the same for every factor that is taken away.
        less: the same N without it.
        rows: ``[N]`` cycles of emotions that have the factor.
    """

    name: str
    truth: FactorTruth
    everything: CycleBatch
    less: CycleBatch
    rows: npt.NDArray[np.bool_]


def taken_away(
    explained: ExplainedModel, config: Config, *, factors: tuple[str, ...] = tuple(EMOTION_FACTORS)
) -> list[TakenAway]:
    """Every factor that can be scored, taken away in turn, for a model of synthetic walkers.

    Args:
        explained: the model.
        config: of its run, which says the subjects' factors; they have none that is not there.
        factors: which of them.
    """
    model, found = explained.model, []
    there = tuple(config.synthetic.emotion_factors or EMOTION_FACTORS)
    everything = _walks(config, model.emotions, there)
    for name in [name for name in factors if name in there]:
        truth = factor_truth(name, transform=partial(joint_channels, model.network))
        emotions = sorted(set(EMOTION_FACTORS[name].changes) & set(model.emotions))
        if truth.scored and emotions:
            less = _walks(config, model.emotions, tuple(factor for factor in there if factor != name))
            rows = np.isin(np.array(model.emotions)[everything.emotion.numpy()], emotions)
            found.append(TakenAway(name, truth, everything, less, rows))
    return found


def all_factors_truth(explained: ExplainedModel, factors: Sequence[TakenAway], choice: Choice) -> dict[str, Any]:
    """A method against the truth on a model of all factors: what changes in the map when one is taken away.

    A joint's score is the mean size of the difference between the maps with and without the factor.
    """
    scores = {}
    emotion = factors[0].everything.emotion  # all factors are taken from the same walks
    maker = map_maker(explained, choice, lead(emotion, explained.model.emotions, batch=len(emotion)))
    everything = maker(factors[0].everything)
    for factor in factors:
        difference = np.abs(everything - maker(factor.less))
        scores[factor.name] = difference[factor.rows].mean(axis=(0, 1), dtype=float)
    return ground_truth_auc(scores, {f.name: f.truth for f in factors}, explained.model.layout.joints)


def _scores(
    explained: ExplainedModel, index: npt.NDArray[np.int64], maps: npt.NDArray[np.float32], *, seed: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Joint scores of the emotions' average maps, averaged over the emotions, and the same for drawn subjects."""
    cycles = explained.cycles
    found: Mapping[str, list[npt.NDArray[np.float64]]] = {"scores": [], "drawn": []}
    for emotion in np.unique(cycles.emotion[index]):
        rows = cycles.emotion[index] == emotion
        means = subject_means(maps[rows], subjects=cycles.subject[index][rows], takes=cycles.take_ids[index][rows])
        found["scores"].append(joint_scores(means.values.mean(axis=0)))
        found["drawn"].append(drawn_joint_scores(means.values, seed=seed, draws=TRUTH_DRAWS))
    return np.mean(found["scores"], axis=0), np.mean(found["drawn"], axis=0)


def _walks(config: Config, emotions: tuple[str, ...], factors: tuple[str, ...]) -> CycleBatch:
    """One cycle each of the same unseen subjects in all emotions, which differ in the given factors."""
    walks = synthetic_walkers(
        walkers=PAIRED_WALKERS, takes=1, seed=config.synthetic.seed + APART, emotions=emotions, emotion_factors=factors
    )
    cycles = [cut_cycles(clip)[0][0] for clip in walks.clips]
    return CycleBatch(
        positions=torch.from_numpy(np.stack([cycle.positions for cycle in cycles])),
        stride_time_s=torch.tensor([cycle.stride_time_s for cycle in cycles], dtype=torch.float32),
        emotion=torch.tensor([emotions.index(clip.emotion) for clip in walks.clips]),
        subject=torch.zeros(len(cycles), dtype=torch.int64),
    )
