"""Unlabelled test-time adaptation: a subject's own cycles, without labels and without a gradient, adapt the decision.

A rung between an unseen subject and one beside its own labelled takes: all cycles of a tested subject are used at once,
to classify these very cycles (transductive), but no label of theirs. Two ways, alone or together:

- feature means: the mean latent of the subject is moved to that of the training subjects. It is the normalisation by
  speaker of emotional speech (Busso et al. 2013), and for images the adaptation of feature statistics to the test data
  (Schneider et al. 2020). It assumes that the subject shows the emotions about equally often: of somebody who is always
  sad it takes the sadness away.
- prototypes: each emotion's prototype is the mean of the training subjects' and of the subject's own latents that the
  head gives that emotion, each by its probability; a cycle gets the emotion of the nearest one. After T3A (Iwasawa &
  Matsuo 2021), with class means (Snell et al. 2017) for the head's weights, and probabilities for pseudo-labels.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Latents = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Head = Callable[[Latents], Latents]
"""Latents ``[n, D]`` to class probabilities ``[n, Q]``."""

FEATURE_MEANS, PROTOTYPES, BOTH = "feature_means", "prototypes", "feature_means+prototypes"
ADAPTATIONS = (FEATURE_MEANS, PROTOTYPES, BOTH)
"""Ways to adapt; ``BOTH`` makes the prototypes of moved latents."""


class LatentStatistics(NamedTuple):
    """What adaptation keeps of the training subjects.

    Shapes:
        - means: ``[Q, D]``, each emotion's mean latent.
        - variance: the mean squared distance of a latent from its emotion's mean, a coordinate.
    """

    means: Latents
    variance: float

    @classmethod
    def fit(cls, z: npt.NDArray[np.floating], emotion: Codes) -> "LatentStatistics":
        """Fit on training subjects.

        Args:
            z: ``[n, D]`` latents.
            emotion: ``[n]`` codes from 0; every emotion occurs.
        """
        z = np.asarray(z, np.float64)
        means = np.stack([z[emotion == code].mean(axis=0) for code in range(int(emotion.max()) + 1)])
        return cls(means, float(np.square(z - means[emotion]).mean()))

    @property
    def centre(self) -> Latents:
        """``[D]``, the mean of the emotions' means: each emotion counts alike."""
        return np.asarray(self.means.mean(axis=0))


class Adapted(NamedTuple):
    """Latents and probabilities of N cycles after adaptation, ``[N, D]`` and ``[N, Q]``."""

    z: Latents
    probabilities: Latents


def adapt(
    kind: str,
    z: npt.NDArray[np.floating],
    subjects: npt.NDArray[np.str_],
    statistics: LatentStatistics,
    head: Head,
    *,
    prior: float = 1.0,
) -> Adapted:
    """Adapt each subject's latents, or its emotions' prototypes, to all of its cycles.

    Args:
        kind: one of ``ADAPTATIONS``.
        z: ``[N, D]`` latents of cycles whose emotions are not known.
        subjects: ``[N]`` whose cycles these are: known, or all cycles of one recording.
        statistics: of the training subjects.
        head: the classifier of the latents.
        prior: how many cycles of the subject the training mean of an emotion counts as; feature means have no prior.
    """
    moved = np.array(z, np.float64)
    if kind != PROTOTYPES:
        for name in np.unique(subjects):
            mine = subjects == name
            moved[mine] += statistics.centre - moved[mine].mean(axis=0)
    found = np.array(head(moved), np.float64)
    if kind != FEATURE_MEANS:
        first = found.copy()
        for name in np.unique(subjects):
            mine = subjects == name
            prototypes = own_prototypes(moved[mine], first[mine], statistics, prior=prior)
            found[mine] = nearest_prototype(moved[mine], prototypes, statistics.variance)
    return Adapted(moved, found)


def own_prototypes(z: Latents, probabilities: Latents, statistics: LatentStatistics, *, prior: float) -> Latents:
    """The prototypes ``[Q, D]`` of one subject: training means with its own latents, by their probabilities.

    Shapes:
        - z: ``[n, D]``; probabilities: ``[n, Q]``
    """
    weight = prior + probabilities.sum(axis=0)
    return np.asarray((prior * statistics.means + probabilities.T @ z) / weight[:, None])


def nearest_prototype(z: Latents, prototypes: Latents, variance: float) -> Latents:
    """Probabilities ``[n, Q]`` of the prototypes under equal normal distributions about them.

    Shapes:
        - z: ``[n, D]``; prototypes: ``[Q, D]``
    """
    squared = np.square(z[:, None] - prototypes).sum(axis=2)
    logits = -(squared - squared.min(axis=1, keepdims=True)) / (2 * max(variance, 1e-12))
    odds = np.exp(logits)
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))
