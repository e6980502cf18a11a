"""Rank the joints of an average map, with limits over subjects, and sum it by limb and gait phase."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.explain.maps.cycle_maps import Maps
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.skeleton.limbs import limb_groups
from stgcn_affect.stats import DRAWS, Doubles, Names, Takes, percentile_limits, subject_draws, subject_means

Part = Literal["magnitude", "positive", "signed"]
"""The part of a map that counts: its magnitude, the relevance for the target, or that for minus that against."""

PARTS: tuple[Part, ...] = ("magnitude", "positive", "signed")
_AT_A_TIME = 100


class RankedJoint(TypedDict):
    """A joint, its score, and the 95 % limits over subjects (None for one subject)."""

    joint: str
    mean: float
    ci95: list[float] | None


def part_of(maps: npt.NDArray[np.floating], part: Part) -> npt.NDArray[np.floating]:
    """The part of a map that counts, entry by entry. Raises InputError for an unknown one."""
    if part == "magnitude":
        return np.asarray(np.abs(maps))
    if part == "positive":
        return np.asarray(np.maximum(maps, 0))
    if part == "signed":
        return np.asarray(maps)
    raise InputError(f"part of a map: expected one of {', '.join(PARTS)} (got {part!r})")


def joint_scores(average: npt.NDArray[np.floating], *, part: Part = "magnitude") -> Doubles:
    """Scores of the joints of an average map, ``[..., T, V]`` to ``[..., V]``: the mean over the cycle.

    The default is the mean *magnitude*. A joint with relevance for an emotion in stance and against it in swing matters
    twice, but a signed mean cancels it; and the positive part misses a joint that identifies an emotion because it does
    not do what it does in the others. The magnitude is taken of the average map, where differences between cycles and
    subjects have cancelled, not of each cycle's.
    """
    return np.asarray(part_of(average, part).mean(axis=-2), np.float64)


def drawn_joint_scores(
    subject_maps: npt.NDArray[np.floating], *, part: Part = "magnitude", seed: int = 0, draws: int = DRAWS
) -> Doubles:
    """Joint scores of bootstrap averages over drawn subjects, ``[S, T, V]`` to ``[draws, V]``."""
    weights = subject_draws(len(subject_maps), seed=seed, draws=draws)
    flat = subject_maps.reshape(len(subject_maps), -1)
    return np.concatenate(
        [
            joint_scores((weights[i : i + _AT_A_TIME] @ flat).reshape(-1, *subject_maps.shape[1:]), part=part)
            for i in range(0, draws, _AT_A_TIME)
        ]
    )


def rank_joints(
    maps: Maps,
    joints: Sequence[str],
    *,
    subjects: Names,
    takes: Takes,
    part: Part = "magnitude",
    seed: int = 0,
    draws: int = DRAWS,
) -> list[RankedJoint]:
    """Rank the joints by the average map of the given cycles, best first.

    The limits are percentiles of the drawn scores, moved by the mean difference between these and the score: an average
    over drawn subjects is noisier than one over all of them, and noise adds to a magnitude (the bootstrap's estimate of
    bias, Efron & Tibshirani 1993, ch. 10).

    Args:
        maps: ``[N, T, V]`` raw maps, say of one emotion.
        joints: V names.
        subjects: ``[N]`` names.
        takes: ``[N]`` a number per take.
        part: what of the average map counts, see ``joint_scores``.
        seed: the seed of the draws.
        draws: the number of draws.

    Raises:
        InputError: no cycle, or an unknown part.
    """
    means = subject_means(maps, subjects=subjects, takes=takes).values
    scores = joint_scores(means.mean(axis=0), part=part)
    limits = None
    if len(means) > 1:
        drawn = drawn_joint_scores(means, part=part, seed=seed, draws=draws)
        limits = percentile_limits(drawn) - (drawn.mean(axis=0) - scores)
    return _ranked(scores, limits, joints)


def emotion_ranking(
    maps: Maps,
    joints: Sequence[str],
    *,
    emotions: Names,
    subjects: Names,
    takes: Takes,
    part: Part = "magnitude",
    seed: int = 0,
    draws: int = DRAWS,
) -> dict[str, list[RankedJoint]]:
    """``rank_joints`` for the cycles of each emotion ``[N]``: the block ``ranking`` of ``results.json``."""
    return {
        str(name): rank_joints(
            maps[rows], joints, subjects=subjects[rows], takes=takes[rows], part=part, seed=seed, draws=draws
        )
        for name in np.unique(emotions)
        for rows in [emotions == name]
    }


def identity_ranking(
    maps: Maps, joints: Sequence[str], *, subjects: Names, takes: Takes, seed: int = 0
) -> list[RankedJoint]:
    """Rank the joints that identify seen subjects: by the magnitude of each subject's average map, then over subjects.

    A joint may speak for one subject and against another, so magnitudes are taken before subjects are averaged, not
    after, as for an emotion, which subjects share. The unit is the largest mean.

    Args:
        maps: ``[N, T, V]``, each for its subject's own logit.
        joints: V names.
        subjects: ``[N]`` names.
        takes: ``[N]`` a number per take.
        seed: the seed of the bootstrap.
    """
    scores = joint_scores(subject_means(maps, subjects=subjects, takes=takes).values)
    scores = scores / (scores.mean(axis=0).max() or 1.0)
    drawn = subject_draws(len(scores), seed=seed) @ scores
    limits = percentile_limits(drawn)
    return _ranked(scores.mean(axis=0), limits if len(scores) > 1 else None, joints)


def limb_phase_shares(
    values: npt.NDArray[np.floating], layout: Layout, phases: Mapping[str, npt.NDArray[np.bool_]]
) -> dict[str, dict[str, float]]:
    """Shares of a map's total magnitude: limb to {"cycle": over all phases, phase: in that phase}.

    The limbs' "cycle" shares sum to 1 (to 0 for a map of zeros). Phases may overlap, as double support does with both
    stances, so theirs need not. A long phase or a limb of many joints has a larger share for that alone.

    Args:
        values: ``[T, V]``, an average map.
        layout: the joints of the map.
        phases: name to ``[T]``, see ``phase_bins``.
    """
    total = float(np.abs(values).sum())
    size = np.abs(values) / (total if total > 0 else 1.0)
    return {
        limb: {
            "cycle": float(size[:, joints].sum()),
            **{name: float(size[inside][:, joints].sum()) for name, inside in phases.items()},
        }
        for limb, names in limb_groups(layout).items()
        for joints in [[layout.index(name) for name in names]]
    }


def _ranked(scores: Doubles, limits: Doubles | None, joints: Sequence[str]) -> list[RankedJoint]:
    return [
        {
            "joint": joints[v],
            "mean": float(scores[v]),
            "ci95": None if limits is None else [float(limit) for limit in limits[:, v]],
        }
        for v in np.argsort(-scores, kind="stable")
    ]
