"""Maps that may be shown: mechanisms that keep a single walk's relevance map from naming its subject.

A relevance map of one walk names its subject. A mechanism makes of such maps those that are shown; it is fitted on the
maps of training subjects. ``RELEASED`` is the one in use, and docs/explanations.md says what each gives away and costs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.attribution.target import lead
from stgcn_affect.explain.maps.average import MIN_SUBJECTS, average_map
from stgcn_affect.explain.maps.cycle_maps import Maps
from stgcn_affect.explain.maps.explained_model import ExplainedModel
from stgcn_affect.stats import Codes, Doubles, Names, Takes
from stgcn_affect.training.predict import emotion_probabilities


@dataclass(frozen=True, eq=False)
class TrainingMaps:
    """The maps of training subjects' cycles, each for its predicted emotion: what mechanisms are fitted on.

    Args:
        maps: ``[M, T, V]``, raw and signed.
        predicted: ``[M]`` codes of the predicted emotions.
        subjects: ``[M]`` names.
        takes: ``[M]`` a number per take.
        emotions: Q, how many emotions the model knows.
    """

    maps: Maps
    predicted: Codes
    subjects: Names
    takes: Takes
    emotions: int
    _groups: dict[tuple[int, int], Doubles] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not len(self.maps) == len(self.predicted) == len(self.subjects) == len(self.takes) > 0:
            raise InputError(
                "training maps: expected one map or more, with a predicted emotion, a subject and a take for each (got"
                f" {len(self.maps)}, {len(self.predicted)}, {len(self.subjects)} and {len(self.takes)})"
            )

    @cached_property
    def class_means(self) -> Doubles:
        """``[Q, T, V]``: the mean map of each predicted emotion, over cycles, takes and subjects.

        Of an emotion that is predicted for no training cycle it is the mean map of all.
        """
        return np.stack([self._average(self._rows(emotion)) for emotion in range(self.emotions)])

    def group_means(self, emotion: int, groups: int) -> Doubles:
        """``[G, T, V]``: the mean maps of groups of similar maps of one predicted emotion, by k-means.

        Maps are compared without their size. Where a group would hold fewer than ``MIN_SUBJECTS`` subjects, there are
        fewer groups: G is 1 to ``groups``.

        Args:
            emotion: its code.
            groups: how many groups at most.
        """
        if (emotion, groups) not in self._groups:
            rows = np.flatnonzero(self._rows(emotion))
            shapes = _shapes(self.maps[rows])
            count = max(1, min(groups, len(np.unique(self.subjects[rows])) // MIN_SUBJECTS))
            member = np.zeros(len(rows), np.int64)
            for clusters in range(count, 1, -1):
                found = _k_means(shapes, clusters)
                held = [len(np.unique(self.subjects[rows][found == one])) for one in range(clusters)]
                if min(held) >= MIN_SUBJECTS:
                    member = found
                    break
            means = [self._average(rows[member == one]) for one in range(int(member.max()) + 1)]
            self._groups[emotion, groups] = np.stack(means)
        return self._groups[emotion, groups]

    def _rows(self, emotion: int) -> npt.NDArray[np.bool_]:
        rows = self.predicted == emotion
        return rows if rows.any() else np.ones(len(rows), np.bool_)

    def _average(self, rows: npt.NDArray[np.bool_] | Codes) -> Doubles:
        return average_map(self.maps[rows], subjects=self.subjects[rows], takes=self.takes[rows])


Mechanism = Callable[[Maps, Codes, TrainingMaps], Doubles]
"""Maps ``[N, T, V]`` and the codes of the emotions that they are for, ``[N]``, to the maps that are shown."""


def class_mean(maps: Maps, emotions: Codes, training: TrainingMaps) -> Doubles:
    """The mean map of the predicted emotion over training subjects: it depends on the walk by its emotion alone."""
    return np.asarray(training.class_means[emotions])


def similar_maps(maps: Maps, emotions: Codes, training: TrainingMaps, *, groups: int = 3) -> Doubles:
    """The mean map of those training subjects' maps of the same emotion that are most like this one.

    It is a k-Same release (Newton, Sweeney and Malin, "Preserving privacy by de-identifying face images", IEEE TKDE
    2005) with groups that are fixed beforehand: a walk chooses one of a few maps, each the mean of several subjects.

    Args:
        maps: ``[N, T, V]``.
        emotions: ``[N]`` codes.
        training: what the groups are made of.
        groups: how many maps there are to choose from, for each emotion.
    """
    shown = np.empty(np.shape(maps))
    for emotion in np.unique(emotions):
        rows, means = emotions == emotion, training.group_means(int(emotion), groups)
        gaps = _shapes(maps[rows])[:, None] - _shapes(means)[None]
        shown[rows] = means[(gaps**2).sum(axis=2).argmin(axis=1)]
    return shown


def projection(maps: Maps, emotions: Codes, training: TrainingMaps, *, clip: float = 1.0) -> Doubles:
    """Project maps on the plane through the class means, and clip them to a ball about the mean of these.

    Args:
        maps: ``[N, T, V]``.
        emotions: not used: the plane is one for all.
        training: what the class means are of.
        clip: radius of the ball, as a multiple of the largest distance of a class mean from its centre.
    """
    means = training.class_means.reshape(training.emotions, -1)
    centre = means.mean(axis=0)
    _, sizes, axes = np.linalg.svd(means - centre, full_matrices=False)
    axes = axes[sizes > 1e-9 * max(sizes[0], 1e-300)]
    radius = clip * np.linalg.norm(means - centre, axis=1).max()
    kept = _clipped((np.reshape(maps, (len(maps), -1)) - centre) @ axes.T, radius)
    return np.asarray((centre + kept @ axes).reshape(np.shape(maps)))


def near_class_mean(maps: Maps, emotions: Codes, training: TrainingMaps, *, clip: float = 0.3) -> Doubles:
    """The class mean and the map's own deviation from it, clipped to a multiple of the class mean's size."""
    means = training.class_means[emotions].reshape(len(maps), -1)
    radius = clip * np.linalg.norm(means, axis=1, keepdims=True)
    own = _clipped(np.reshape(maps, (len(maps), -1)) - means, radius)
    return np.asarray((means + own).reshape(np.shape(maps)))


def joint_set(maps: Maps, emotions: Codes, training: TrainingMaps, *, joints: int = 3) -> Doubles:
    """1 at all samples of the joints with the largest sum of relevance, 0 elsewhere: a set, without their order."""
    totals = np.asarray(maps).sum(axis=1, dtype=float)
    chosen = np.argsort(-totals, axis=1, kind="stable")[:, :joints]
    shown = np.zeros_like(totals)
    np.put_along_axis(shown, chosen, 1.0, axis=1)
    return np.repeat(shown[:, None], np.shape(maps)[1], axis=1)


def coarse_phases(maps: Maps, emotions: Codes, training: TrainingMaps, *, bins: int = 2) -> Doubles:
    """The mean of each of a few equal pieces of the gait cycle, at all samples of the piece.

    Raises:
        InputError: the samples cannot be cut into so many equal pieces.
    """
    cycles, samples, joints = np.shape(maps)
    if bins < 1 or samples % bins:
        raise InputError(f"phase bins: expected a number that divides {samples} samples (got {bins})")
    pieces = np.reshape(maps, (cycles, bins, samples // bins, joints)).mean(axis=2, dtype=float)
    return np.repeat(pieces, samples // bins, axis=1)


MECHANISMS: Mapping[str, Mechanism] = {
    "coarse_phases": coarse_phases,
    "joint_set": joint_set,
    "projection": projection,
    "near_class_mean": near_class_mean,
    **{f"similar_maps_{groups}": partial(similar_maps, groups=groups) for groups in (4, 3, 2)},
    "class_mean": class_mean,
}
"""Mechanisms by name, from those that show most of the single walk to the one that shows its emotion alone."""

RELEASED = "class_mean"
"""The mechanism of ``released_maps`` among the releases, and of what ``stgcn-affect explain --release`` writes."""


def shown_maps(maps: Maps, emotions: Codes, training: TrainingMaps) -> Doubles:
    """What may be shown of maps ``[N, T, V]``, by the mechanism ``RELEASED``; ``emotions`` are what they are for."""
    return MECHANISMS[RELEASED](maps, emotions, training)


def training_maps(explained: ExplainedModel, choice: MethodChoice) -> TrainingMaps:
    """The maps of a model's training cycles by one method, each for its predicted emotion."""
    model, index = explained.model, explained.train
    batch = explained.training_batch
    predicted = np.asarray(emotion_probabilities(model.network, batch, model.layout).argmax(axis=1), np.int64)
    weights = lead(torch.from_numpy(predicted), model.emotions, batch=len(index))
    maps = explained.map_maker(choice, weights)(batch)
    cycles = explained.cycles
    return TrainingMaps(maps, predicted, cycles.subject[index], cycles.take_ids[index], len(model.emotions))


def _shapes(maps: Maps) -> Doubles:
    """Maps without their size, ``[N, T, V]`` to ``[N, T V]``: over their mean magnitude."""
    flat = np.reshape(np.asarray(maps, np.float64), (len(maps), -1))
    return np.asarray(flat / np.maximum(np.abs(flat).mean(axis=1, keepdims=True), 1e-12))


def _clipped(points: Doubles, radius: Doubles | float) -> Doubles:
    """Rows ``[N, F]``, those outside of a ball about 0 moved to its surface."""
    norms = np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-300)
    return np.asarray(points * np.minimum(1.0, radius / norms))


def _k_means(points: Doubles, clusters: int) -> Codes:
    from sklearn.cluster import KMeans

    return np.asarray(KMeans(clusters, n_init=10, random_state=0).fit_predict(points), np.int64)
