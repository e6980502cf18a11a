"""What a run's maps say on average: maps over the average cycle, rankings, summaries, each by emotion."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.store import CycleStore
from stgcn_affect.explain.maps.average import contrast_map, emotion_maps, normalise_together
from stgcn_affect.explain.maps.ranking import RankedJoint, emotion_ranking, joint_scores, limb_phase_shares
from stgcn_affect.jobs.explain.maps import UnseenMaps
from stgcn_affect.motion.gait_events import GaitEvents, gait_events, phase_bins
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.stats import estimate, subject_draws, subject_means

Map = npt.NDArray[np.floating]


def average_maps(found: UnseenMaps) -> tuple[dict[str, Map], float]:
    """All average maps ``[T, V]`` of a run by name, and the one scale that they were divided by.

    Names are ``angry`` for an emotion's map, ``angry right`` and ``angry wrong`` for the cycles that were decided so,
    and ``angry minus sad`` for contrasts within subjects who have both.
    """
    emotion, subjects, takes = found.emotions, found.subjects, found.takes
    maps: dict[str, Map] = dict(emotion_maps(found.maps, emotions=emotion, subjects=subjects, takes=takes))
    emotions = list(maps)
    for word, keep in (("right", found.right), ("wrong", ~found.right)):
        decided = emotion_maps(found.maps, emotions=emotion, subjects=subjects, takes=takes, keep=keep)
        maps |= {f"{name} {word}": one for name, one in decided.items()}
    for first, second in combinations(emotions, 2):
        if len(np.intersect1d(subjects[emotion == first], subjects[emotion == second])):
            name = f"{first} minus {second}"
            maps[name] = contrast_map(found.maps, first, second, emotions=emotion, subjects=subjects, takes=takes)
    normalised = normalise_together(maps)
    return dict(normalised.maps), normalised.scale


def average_cycles(cycles: CycleStore, index: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.float32]]:
    """The average cycle ``[T, V, 3]`` of each emotion, over cycles, takes and subjects like the maps."""
    found = {}
    for emotion in np.unique(cycles.emotion[index]):
        rows = index[cycles.emotion[index] == emotion]
        means = subject_means(cycles.positions[rows], subjects=cycles.subject[rows], takes=cycles.take_ids[rows])
        found[str(emotion)] = np.asarray(means.values.mean(axis=0), np.float32)
    return found


def rankings(found: UnseenMaps, layout: Layout, *, scale: float, seed: int) -> dict[str, list[RankedJoint]]:
    """The block ``ranking``, in the maps' normalised unit."""
    maps = found.maps / np.float32(scale or 1.0)
    return emotion_ranking(
        maps, layout.joints, emotions=found.emotions, subjects=found.subjects, takes=found.takes, seed=seed
    )


def stride_time_block(found: UnseenMaps, *, scale: float, seed: int) -> dict[str, Any]:
    """By emotion, the stride time's relevance in a joint's unit, and its share beside the joints' (0 to 1).

    The mean is the magnitude of the average over subjects, as a joint's is; limits likewise.
    """
    samples = found.maps.shape[1]
    own = found.stride_time / np.float32((scale or 1.0) * samples)
    joints = np.abs(found.maps.sum(axis=1, dtype=float)).sum(axis=1)
    size = np.abs(found.stride_time)
    share = np.divide(size, size + joints, out=np.zeros(len(size)), where=size + joints > 0)
    block = {}
    for emotion in np.unique(found.emotions):
        rows = found.emotions == emotion
        subjects, takes = found.subjects[rows], found.takes[rows]
        signed = estimate(own[rows], subjects=subjects, takes=takes, seed=seed)
        mean, limits = signed["mean"], signed["ci95"]
        if limits is not None and mean < 0:
            limits = [-limits[1], -limits[0]]
        block[str(emotion)] = {
            "mean": abs(mean),
            "ci95": limits,
            "speaks": "for" if mean > 0 else "against",
            "share": estimate(share[rows], subjects=subjects, takes=takes, seed=seed),
        }
    return block


def identity_ranking(
    maps: Map, cycles: CycleStore, index: npt.NDArray[np.int64], layout: Layout, *, seed: int
) -> list[RankedJoint]:
    """Which joints give seen subjects away: the mean over subjects of the magnitude of each one's own average map.

    What betrays one subject may speak against another, so magnitudes are taken before subjects are averaged, not after
    as for an emotion, which subjects share. The unit is the largest mean.
    """
    means = subject_means(maps, subjects=cycles.subject[index], takes=cycles.take_ids[index])
    scores = joint_scores(means.values)
    scores = scores / (scores.mean(axis=0).max() or 1.0)
    drawn = subject_draws(len(scores), seed=seed) @ scores
    limits = np.quantile(drawn, [0.025, 0.975], axis=0)
    mean = scores.mean(axis=0)
    return [
        {
            "joint": layout.joints[v],
            "mean": float(mean[v]),
            "ci95": [float(limit) for limit in limits[:, v]] if len(scores) > 1 else None,
        }
        for v in np.argsort(-mean, kind="stable")
    ]


def summaries(
    maps: Mapping[str, Map], events: Mapping[str, GaitEvents], layout: Layout, emotions: Sequence[str]
) -> dict[str, Any]:
    """By emotion, the share of the map on each limb, over the cycle and in stance, swing and double support."""
    return {
        name: limb_phase_shares(maps[name], layout, phase_bins(events[name], samples=len(maps[name])))
        for name in emotions
    }


def all_events(cycles: Mapping[str, npt.NDArray[np.float32]], layout: Layout) -> dict[str, GaitEvents]:
    """Heel strikes and toe-offs of each emotion's average cycle."""
    return {name: gait_events(cycle, layout) for name, cycle in cycles.items()}
