"""Ground truth of maps: whether they find the joints that a known emotion factor of synthetic walkers moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import STRIDE_TIME
from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.attribution.target import lead
from stgcn_affect.explain.maps.explained_model import ExplainedModel
from stgcn_affect.explain.maps.ranking import drawn_joint_scores, joint_scores
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.nn.network import DisentangledSTGCN
from stgcn_affect.stats import percentile_limits, subject_means
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS
from stgcn_affect.synthetic.truth import FactorTruth, factor_truth
from stgcn_affect.synthetic.walkers import synthetic_walkers
from stgcn_affect.training.model import Model

Floats = npt.NDArray[np.floating]


PAIRED_WALKERS, SEED_OFFSET = 8, 1000
"""Walkers with and without a factor, and how far their generator's seed is from the run's."""

TRUTH_DRAWS = 200
"""Bootstrap samples behind the limits of the ground truth: each is ranked anew for every factor."""


def ground_truth_auc(
    scores: Mapping[str, Floats],
    truths: Mapping[str, FactorTruth],
    joints: Sequence[str],
    *,
    drawn: Mapping[str, Floats] | None = None,
) -> dict[str, Any]:
    """Area under the ROC curve of joint scores against the joints that bear each factor, and its mean over factors.

    It is the chance that a joint that bears the factor scores above one that does not: .5 for a map that knows nothing.

    Args:
        scores: factor to joint scores ``[V]`` (see ``joint_scores``): of the average map of a model that was trained on
            subjects with this factor alone, or of the contrast of emotions that have it with those that do not.
        truths: factor to what ``factor_truth`` says. Factors that are not scored there, because they move no joint or
            nearly all of them, are left out, and so are factors without scores.
        joints: V names, in the order of the scores.
        drawn: factor to scores ``[draws, V]`` of averages over drawn subjects (see ``drawn_joint_scores``), for limits.
            Draw i of all factors should be of the same subjects, so of one seed.

    Returns:
        auc: the mean over factors; ci95: its limits, None without draws; factors: factor to {auc, ci95, bearing}.

    Raises:
        InputError: no factor can be scored, or scores that do not fit the joints.
    """
    usable = [factor for factor, truth in truths.items() if truth.scored and factor in scores]
    if not usable:
        raise InputError(
            f"ground truth: expected joint scores for a factor that some joints bear"
            f" (got scores for {', '.join(scores) or 'none'})"
        )
    factors: dict[str, dict[str, Any]] = {}
    draws = []
    for factor in usable:
        bears = np.isin(joints, truths[factor].bearing)
        _check(factor, scores[factor], joints)
        redone = None if drawn is None else roc_auc(bears, drawn[factor])
        draws.append(redone)
        factors[factor] = {
            "auc": float(roc_auc(bears, scores[factor])),
            "ci95": _limits(redone),
            "bearing": list(truths[factor].bearing),
        }
    mean_of_draws = None if drawn is None else np.mean(np.stack([d for d in draws if d is not None]), axis=0)
    return {
        "auc": float(np.mean([block["auc"] for block in factors.values()])),
        "ci95": _limits(mean_of_draws),
        "factors": factors,
    }


def roc_auc(bears: npt.NDArray[np.bool_], scores: Floats) -> npt.NDArray[np.float64]:
    """Area under the ROC curve of scores ``[..., V]`` for joints that bear something, ``[V]``; ties count half.

    By the sum of ranks (Mann & Whitney 1947), many rows of scores at once.
    """
    from scipy.stats import rankdata

    yes, no = int(bears.sum()), int((~bears).sum())
    above = rankdata(scores, axis=-1)[..., bears].sum(axis=-1) - yes * (yes + 1) / 2
    return np.asarray(above / (yes * no), np.float64)


@dataclass(frozen=True, eq=False)
class KnownFactor:
    """An emotion factor, a model of walkers whose emotions differ in it alone, and the joints that it moves there."""

    name: str
    explained: ExplainedModel
    truth: FactorTruth


@torch.no_grad()
def joint_channels(
    network: DisentangledSTGCN, positions: npt.NDArray[np.float32], stride_time_s: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """A network's own input without the stride time, which belongs to no joint: ``[N, T', V, C - 1]``."""
    x = network.emotion_channels(torch.from_numpy(positions), torch.from_numpy(stride_time_s))
    kept = [channel for channel in range(x.shape[1]) if channel != STRIDE_TIME]
    return np.asarray(x[:, kept].permute(0, 2, 3, 1).numpy(), np.float32)


def one_factor_truth(factors: Sequence[KnownFactor], choice: MethodChoice, *, seed: int) -> dict[str, Any]:
    """Ground-truth AUC of a method on one-factor models: on validation and test subjects, each emotion's own map."""
    scores: dict[str, npt.NDArray[np.float64]] = {}
    drawn: dict[str, npt.NDArray[np.float64]] = {}
    for factor in factors:
        explained = factor.explained
        index = np.sort(np.concatenate([explained.validation, explained.test]))
        batch = explained.batch(index)
        weights = lead(batch.emotion, explained.model.emotions, batch=len(index))
        maps = explained.map_maker(choice, weights)(batch)
        has_it = np.isin(explained.cycles.emotion[index], list(EMOTION_FACTORS[factor.name].changes))
        scores[factor.name], drawn[factor.name] = _scores(explained, index[has_it], maps[has_it], seed=seed)
    joints = factors[0].explained.model.layout.joints
    return ground_truth_auc(scores, {f.name: f.truth for f in factors}, joints, drawn=drawn)


@dataclass(frozen=True, eq=False)
class PairedWalks:
    """The same unseen synthetic walkers with all factors and with all but one.

    Args:
        name: the name of that factor.
        truth: the joints that it moves in the model's own input.
        everything: N cycles with all factors; the same for every factor that is left out.
        less: the same N without this factor.
        rows: ``[N]`` cycles of emotions that have the factor.
    """

    name: str
    truth: FactorTruth
    everything: CycleBatch
    less: CycleBatch
    rows: npt.NDArray[np.bool_]


def without_each_factor(
    model: Model, *, generator_seed: int, factors: Sequence[str] = (), scored: Sequence[str] = tuple(EMOTION_FACTORS)
) -> list[PairedWalks]:
    """Walks of unseen synthetic walkers with all factors and, factor by factor, without it.

    Factors are left out that move no joint or nearly all of them, and those of no emotion of the model.

    Args:
        model: the model of synthetic walkers.
        generator_seed: the seed of the generator that made its walkers; the unseen ones have another.
        factors: that its walkers have; () for all of ``EMOTION_FACTORS``.
        scored: which of them to leave out.
    """
    present, found = tuple(factors) or tuple(EMOTION_FACTORS), []
    walks = partial(_walks, seed=generator_seed + SEED_OFFSET, emotions=model.emotions)
    everything = walks(factors=present)
    for name in [name for name in scored if name in present]:
        truth = factor_truth(name, transform=partial(joint_channels, model.network))
        emotions = sorted(set(EMOTION_FACTORS[name].changes) & set(model.emotions))
        if truth.scored and emotions:
            less = walks(factors=tuple(factor for factor in present if factor != name))
            rows = np.isin(np.array(model.emotions)[everything.emotion.numpy()], emotions)
            found.append(PairedWalks(name, truth, everything, less, rows))
    return found


def all_factors_truth(
    explained: ExplainedModel, factors: Sequence[PairedWalks], choice: MethodChoice
) -> dict[str, Any]:
    """Ground-truth AUC of a method on a model of all factors: which joints' relevance changes when one is left out.

    A joint's score is the mean size of the difference between the maps with and without the factor.
    """
    scores = {}
    emotion = factors[0].everything.emotion  # the same for all factors
    maker = explained.map_maker(choice, lead(emotion, explained.model.emotions, batch=len(emotion)))
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


def _walks(*, seed: int, emotions: tuple[str, ...], factors: tuple[str, ...]) -> CycleBatch:
    """One cycle each of the same walkers in all emotions, which differ in the given factors."""
    walks = synthetic_walkers(walkers=PAIRED_WALKERS, takes=1, seed=seed, emotions=emotions, emotion_factors=factors)
    cycles = [cut_cycles(clip)[0][0] for clip in walks.clips]
    return CycleBatch(
        positions=torch.from_numpy(np.stack([cycle.positions for cycle in cycles])),
        stride_time_s=torch.tensor([cycle.stride_time_s for cycle in cycles], dtype=torch.float32),
        emotion=torch.tensor([emotions.index(clip.emotion) for clip in walks.clips]),
        subject=torch.zeros(len(cycles), dtype=torch.int64),
    )


def _limits(values: Floats | None) -> list[float] | None:
    return None if values is None else percentile_limits(values).tolist()


def _check(factor: str, scores: Floats, joints: Sequence[str]) -> None:
    if np.shape(scores) != (len(joints),) or not np.isfinite(scores).all():
        raise InputError(
            f"ground truth, {factor}: expected a finite score for each of {len(joints)} joints"
            f" (got {list(np.shape(scores))}, {int(np.isfinite(scores).sum())} of them finite)"
        )
