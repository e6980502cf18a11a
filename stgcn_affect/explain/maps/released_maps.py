"""Maps that may be shown: mechanisms that keep a single walk's relevance map from naming its subject.

A relevance map of one walk names its subject. A mechanism makes of such maps those that are shown, with the help of the
maps of training subjects. ``RELEASED`` is the one that is used; docs/experiments.md says how it was chosen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.explain.maps.average import average_map
from stgcn_affect.explain.maps.cycle_maps import Maps
from stgcn_affect.stats import Codes, Doubles, Names, Takes


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

    def _rows(self, emotion: int) -> npt.NDArray[np.bool_]:
        rows = self.predicted == emotion
        return rows if rows.any() else np.ones(len(rows), np.bool_)

    def _average(self, rows: npt.NDArray[np.bool_]) -> Doubles:
        return average_map(self.maps[rows], subjects=self.subjects[rows], takes=self.takes[rows])


Mechanism = Callable[[Maps, Codes, TrainingMaps], Doubles]
"""Maps ``[N, T, V]`` with the codes of their predicted emotions ``[N]`` to the maps that are shown, ``[N, T', V]``."""


def class_mean(maps: Maps, predicted: Codes, training: TrainingMaps) -> Doubles:
    """The mean map of the predicted emotion over training subjects: it depends on the walk by its emotion alone.

    It is the k-Same release of Newton, Sweeney and Malin ("Preserving privacy by de-identifying face images", IEEE
    TKDE 2005) with everybody in the mean who is classified alike.
    """
    return np.asarray(training.class_means[predicted])


RELEASED: Mechanism = class_mean
"""The mechanism of ``released_maps`` among the releases, and of what ``stgcn-affect explain --release`` writes."""
