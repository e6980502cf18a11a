"""In which order parts of a cycle are deleted: by a map, by chance, or by how much they move.

The parts, or units, of a cycle are its joints, each cut into ``bins`` equal pieces of the cycle (1: whole joints), unit
number ``v * bins + b``; where stride time is deleted too it is one more unit, the last.
"""

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.explain.callables import Maps
from stgcn_affect.explain.ranking import Part, part_of
from stgcn_affect.features.derivative import circular_derivative
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]
Doubles = npt.NDArray[np.float64]
Order = npt.NDArray[np.int64]
"""``[N, U]``, every row a permutation of the units, first deleted first."""


def unit_scores(maps: Maps, *, bins: int = 1, part: Part = "signed", tempo: Floats | None = None) -> Doubles:
    """Scores of the units ``[N, U]``: the sum of the map over each.

    By default the signed sum: what is measured is the probability of one class, so a joint that speaks against it is to
    be deleted late, and for maps that share out a logit the sum is what the unit gave to it. For maps without a sign
    that means anything take the magnitude. One order for all cycles is that of an average map, ``average[None]``
    repeated.

    Args:
        maps: ``[N, T, V]``.
        bins: pieces that the cycle is cut into.
        part: what of the map counts.
        tempo: ``[N]`` relevance of stride time in the map's unit, if it is to be deleted as one more unit.

    Raises:
        InputError: the samples cannot be cut into so many equal pieces, or an unknown part.
    """
    scores = _per_unit(part_of(np.asarray(maps, np.float64), part), bins)
    if tempo is None:
        return scores
    own = np.asarray(part_of(np.asarray(tempo), part), np.float64)
    return np.asarray(np.hstack([scores, own[:, None]]), np.float64)


def motion_energy(positions: Floats, layout: Layout, *, bins: int = 1) -> Doubles:
    """Mean squared velocity relative to the pelvis, ``[N, T, V, 3]`` to ``[N, V * bins]``; per cycle, not per second.

    It is what an order without any model would go by: big movements are seen first.

    Raises:
        InputError: the samples cannot be cut into so many equal pieces.
    """
    cycles = np.asarray(positions, np.float64)
    about_pelvis = cycles - layout.role_position(cycles, "pelvis")[:, :, None]
    velocity = circular_derivative(about_pelvis, np.ones(len(cycles)))
    return np.asarray(_per_unit((velocity**2).sum(axis=-1), bins) * bins / cycles.shape[1], np.float64)


def order_by(scores: Floats, *, seed: int = 0) -> Order:
    """Largest score first, ``[N, U]`` to ``[N, U]``; equal scores in random order, as their numbers mean nothing."""
    chance = np.random.default_rng(seed).random(np.shape(scores))
    return np.asarray(np.lexsort((chance, -np.asarray(scores)), axis=1), np.int64)


def random_order(cycles: int, units: int, *, seed: int = 0) -> Order:
    """A random order for each cycle, ``[N, U]``."""
    return order_by(np.zeros((cycles, units)), seed=seed)


def order_without_tempo_score(order: Order, scores: Floats, *, seed: int = 0) -> Order:
    """Order joints by scores that know no stride time, and delete that where ``order`` does.

    So that an order of joints by their motion is compared with one by a map for the joints alone.

    Args:
        order: ``[N, U + 1]`` with stride time as its last unit.
        scores: ``[N, U]``.
        seed: of the order of equal scores.
    """
    joints = order_by(scores, seed=seed)
    units = joints.shape[1]
    place = np.argmax(order == units, axis=1)[:, None]
    column = np.arange(units + 1)[None]
    shifted = np.take_along_axis(joints, np.clip(column - (column > place), 0, units - 1), axis=1)
    return np.where(column == place, units, shifted)


def _per_unit(values: Doubles | Floats, bins: int) -> Doubles:
    cycles, samples, joints = values.shape
    if bins < 1 or samples % bins:
        raise InputError(f"phase bins: expected a number that divides {samples} samples (got {bins})")
    cut = values.reshape(cycles, bins, samples // bins, joints).sum(axis=2)
    return np.asarray(cut.transpose(0, 2, 1).reshape(cycles, joints * bins), np.float64)
