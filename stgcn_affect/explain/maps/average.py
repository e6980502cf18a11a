"""Average maps: nested means of raw maps over cycles, takes and subjects, normalised once at the end."""

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.explain.maps.cycle_maps import Maps
from stgcn_affect.stats import Doubles, Names, Takes, subject_means

MIN_SUBJECTS = 3
"""Subjects behind an average map that is shown without naming one of them, at least."""


class NormalisedMaps(NamedTuple):
    """Average maps normalised together, so that they may be compared side by side.

    Args:
        maps: name to ``[T, V]`` within -1 to 1.
        scale: what all of them were divided by: the largest magnitude among them, 0 where every map is flat.
    """

    maps: dict[str, npt.NDArray[np.float32]]
    scale: float


def model_constant(validation_maps: Maps) -> float:
    """The mean magnitude of one model's maps ``[N, T, V]``, which divides them before models are pooled.

    Models differ in the scale of their logits, so the one with the largest would dominate. The constant is taken on
    validation cycles: on the explained ones it would enlarge a model whose maps of them are flat.

    Raises:
        InputError: the maps are empty or zero everywhere: such a model cannot be brought to a scale.
    """
    constant = float(np.abs(validation_maps).mean(dtype=float)) if np.size(validation_maps) else 0.0
    if not constant > 0:
        raise InputError(f"maps of validation cycles: expected some that are not zero (got a mean of {constant:g})")
    return constant


def average_map(maps: Maps, *, subjects: Names, takes: Takes) -> Doubles:
    """Average raw maps over cycles, then takes, then subjects: ``[N, T, V]`` to ``[T, V]``, not normalised.

    Raises:
        InputError: no cycle, or not one subject and one take for each.
    """
    return np.asarray(subject_means(maps, subjects=subjects, takes=takes).values.mean(axis=0))


def emotion_maps(
    maps: Maps, *, emotions: Names, subjects: Names, takes: Takes, keep: npt.NDArray[np.bool_] | None = None
) -> dict[str, Doubles]:
    """The average map of each emotion, ``[T, V]``; an emotion without cycles is left out.

    Args:
        maps: ``[N, T, V]``.
        emotions: ``[N]`` names.
        subjects: ``[N]`` names.
        takes: ``[N]`` a number per take.
        keep: ``[N]`` which cycles to use, say those whose emotion was predicted rightly.
    """
    used = np.ones(len(maps), np.bool_) if keep is None else keep
    chosen = {str(name): used & (emotions == name) for name in np.unique(emotions)}
    return {
        name: average_map(maps[rows], subjects=subjects[rows], takes=takes[rows])
        for name, rows in chosen.items()
        if rows.any()
    }


def contrast_map(maps: Maps, first: str, second: str, *, emotions: Names, subjects: Names, takes: Takes) -> Doubles:
    """One emotion's map minus another's, ``[T, V]``, within subjects who have both, then averaged over them.

    What a subject does in every emotion, and what the model makes of it, drops out.

    Raises:
        InputError: no subject has cycles of both emotions.
    """
    sides = [
        subject_means(maps[rows], subjects=subjects[rows], takes=takes[rows])
        for rows in (emotions == first, emotions == second)
        if rows.any()
    ]
    both = np.intersect1d(sides[0].subjects, sides[1].subjects) if len(sides) == 2 else np.array([])
    if not len(both):
        found = ", ".join(map(str, np.unique(emotions)))
        raise InputError(f"contrast of {first} and {second}: expected a subject with cycles of both (got {found})")
    one, other = (side.values[np.isin(side.subjects, both)] for side in sides)
    return np.asarray((one - other).mean(axis=0))


def average_maps(
    maps: Maps,
    *,
    emotions: Names,
    subjects: Names,
    takes: Takes,
    right: npt.NDArray[np.bool_],
    min_subjects: int = 1,
) -> NormalisedMaps:
    """All average maps ``[T, V]`` of a run, normalised together.

    Names are ``angry`` for an emotion's map, ``angry right`` and ``angry wrong`` for the cycles that were predicted
    rightly and wrongly, and ``angry minus sad`` for contrasts within subjects who have both.

    Args:
        maps: ``[N, T, V]``.
        emotions: ``[N]`` names.
        subjects: ``[N]`` names.
        takes: ``[N]`` a number per take.
        right: ``[N]`` whether the predicted emotion is the cycle's.
        min_subjects: maps of fewer subjects are left out: of one subject it is no average, and names the subject.
    """

    def of_enough(keep: npt.NDArray[np.bool_]) -> dict[str, Doubles]:
        kept = emotion_maps(maps, emotions=emotions, subjects=subjects, takes=takes, keep=keep)
        return {k: one for k, one in kept.items() if len(set(subjects[keep & (emotions == k)])) >= min_subjects}

    found = of_enough(np.ones(len(maps), np.bool_))
    names = list(found)
    for word, keep in (("right", right), ("wrong", ~right)):
        found |= {f"{name} {word}": one for name, one in of_enough(keep).items()}
    for first, second in combinations(names, 2):
        both = np.intersect1d(subjects[emotions == first], subjects[emotions == second])
        if len(both) >= min_subjects:
            contrast = contrast_map(maps, first, second, emotions=emotions, subjects=subjects, takes=takes)
            found[f"{first} minus {second}"] = contrast
    return normalise_together(found)


def normalise_together(maps: Mapping[str, npt.NDArray[np.floating]]) -> NormalisedMaps:
    """Divide average maps ``[T, V]`` by one number, the largest magnitude in any of them.

    A map that is weak beside the others stays weak; with a scale of its own it would look strong.
    """
    scale = max((float(np.abs(values).max()) for values in maps.values()), default=0.0)
    divisor = scale if scale > 0 else 1.0
    return NormalisedMaps({name: np.asarray(values / divisor, np.float32) for name, values in maps.items()}, scale)
