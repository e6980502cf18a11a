"""Deletion curves: replace joints one after another and watch the predicted probability."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.explain.maps.cycle_maps import Maps, Predict
from stgcn_affect.explain.maps.ranking import Part, part_of
from stgcn_affect.features.signals import circular_derivative
from stgcn_affect.motion.cycles import average_cycle
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.stats import Names

Floats = npt.NDArray[np.floating]
KINDS = ("mean_path", "own_mean_pose")


class Replacement(NamedTuple):
    """The values that replace deleted parts of N cycles.

    Shapes:
        - positions: ``[N, T, V, 3]`` body heights, possibly a view that repeats one cycle
        - stride_time_s: ``[N]``
    """

    positions: npt.NDArray[np.float32]
    stride_time_s: npt.NDArray[np.float32]


def replacement(
    kind: str,
    positions: Floats,
    *,
    subjects: Names,
    training_positions: Floats,
    training_stride_time_s: Floats,
) -> Replacement:
    """Compute the values that replace the joints of N cycles; a deleted stride time always becomes the training mean.

    - ``mean_path``: the mean over training cycles of that joint at that phase. The joint then moves as in the average
      walk, which shows no emotion, and is still one that the network knows (a joint at zero is not).
    - ``own_mean_pose``: where that joint is on average over all given cycles of this subject. This removes the
      movement, and the posture by which the subject's emotions differ, but not the body. A check on the first kind.

    A joint is replaced in the positions that the network is given, so the directions of all bones that meet there
    change: where the network retargets, by bone directions from the root outwards, joints below follow it.

    Args:
        kind: one of ``KINDS``.
        positions: ``[N, T, V, 3]`` the explained cycles, pelvis-centred body heights.
        subjects: ``[N]`` their subjects.
        training_positions: ``[M, T, V, 3]`` of training subjects.
        training_stride_time_s: ``[M]``.

    Raises:
        InputError: an unknown kind, or no training cycle.
    """
    mean_path = average_cycle(training_positions)
    if kind == "mean_path":
        paths = np.broadcast_to(mean_path, np.shape(positions))
    elif kind == "own_mean_pose":
        names, subject = np.unique(subjects, return_inverse=True)
        poses = np.stack([np.mean(positions[subject == i], axis=(0, 1), dtype=float) for i in range(len(names))])
        paths = np.broadcast_to(poses.astype(np.float32)[subject][:, None], np.shape(positions))
    else:
        raise InputError(f"replacement: expected one of {', '.join(KINDS)} (got {kind!r})")
    stride_time = np.float32(np.mean(training_stride_time_s, dtype=float))
    return Replacement(paths, np.full(len(positions), stride_time, np.float32))


Doubles = npt.NDArray[np.float64]
Order = npt.NDArray[np.int64]
"""``[N, U]``, every row a permutation of the units, first deleted first."""


def unit_scores(maps: Maps, *, bins: int = 1, part: Part = "signed", stride_time: Floats | None = None) -> Doubles:
    """Scores of the units ``[N, U]``: the sum of the map over each.

    By default the signed sum: what is measured is the probability of one class, so a joint of
    relevance against it is to be deleted late, and for maps that share out a logit the sum is the unit's part of it.
    For maps without a meaningful sign take the magnitude. One order for all cycles is that of an average map,
    ``average[None]`` repeated.

    Args:
        maps: ``[N, T, V]``.
        bins: pieces that the cycle is cut into.
        part: what of the map counts.
        stride_time: ``[N]`` relevance of stride time in the map's unit, if it is to be deleted as one more unit.

    Raises:
        InputError: the samples cannot be cut into so many equal pieces, or an unknown part.
    """
    scores = _per_unit(part_of(np.asarray(maps, np.float64), part), bins)
    if stride_time is None:
        return scores
    own = np.asarray(part_of(np.asarray(stride_time), part), np.float64)
    return np.asarray(np.hstack([scores, own[:, None]]), np.float64)


def motion_energy(positions: Floats, layout: Layout, *, bins: int = 1) -> Doubles:
    """Mean squared velocity relative to the pelvis, ``[N, T, V, 3]`` to ``[N, V * bins]``; per cycle, not per second.

    It gives an order without any model: large movements first.

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


def order_without_stride_time_score(order: Order, scores: Floats, *, seed: int = 0) -> Order:
    """Order joints by scores without one for the stride time, which is deleted where ``order`` deletes it.

    So an order of joints by motion differs from a map's order in the joints alone.

    Args:
        order: ``[N, U + 1]`` with stride time as its last unit.
        scores: ``[N, U]``.
        seed: the seed of the order of equal scores.
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


class Curves(NamedTuple):
    """Deletion curves: probability and hit of each cycle by the fraction of deleted units.

    Shapes:
        - fraction: ``[K]`` of the units that are deleted, from 0 to 1
        - probability: ``[N, K]`` of the target class
        - hit: ``[N, K]``, whether the target class is still the most probable one
    """

    fraction: npt.NDArray[np.float64]
    probability: npt.NDArray[np.float64]
    hit: npt.NDArray[np.float64]

    def area(self) -> npt.NDArray[np.float64]:
        """The area under each cycle's probability, ``[N]``, by trapezoids; between 0 and 1."""
        from scipy.integrate import trapezoid

        return np.asarray(trapezoid(self.probability, self.fraction, axis=1), np.float64)


def deletion_curves(
    predict: Predict,
    cycles: CycleBatch,
    order: Order,
    replaced: Replacement,
    target: npt.NDArray[np.int64],
    *,
    bins: int = 1,
    steps: int | None = None,
    batch: int = 1024,
) -> Curves:
    """Delete units in the given order (Petsiuk, Das and Saenko, "RISE", BMVC 2018, with whole joints for pixels).

    Insertion, from all deleted to nothing, walks through the states of the reversed order backwards, so its curve is
    the deletion curve of the reversed order read from its end, and its area is the same.

    Args:
        predict: the released decision.
        cycles: N cycles.
        order: ``[N, U]`` as in ``deletion_order``: U = V * bins, or one more with stride time as the last unit.
        replaced: what deleted parts become.
        target: ``[N]`` codes of the classes that are watched: the predicted ones, or the true ones.
        bins: pieces of the cycle, as in the order.
        steps: how many steps from nothing to all deleted, as even as whole units allow; one per unit by default.
        batch: states, each a changed cycle, in memory at a time; one cycle's at least.

    Raises:
        InputError: an order that does not fit the cycles.
    """
    count, samples, joints, _ = cycles.positions.shape
    units = order.shape[1]
    if len(order) != count or units - joints * bins not in (0, 1) or samples % bins:
        raise InputError(
            f"deletion order: expected {count} rows of {joints} joints x {bins} bins, and stride time or not"
            f" (got {list(order.shape)} for {samples} samples)"
        )
    deleted_units = np.unique(np.linspace(0, units, (steps or units) + 1).round().astype(np.int64))
    rank = torch.from_numpy(np.argsort(order, axis=1))
    rows = max(1, batch // len(deleted_units))
    seen = []
    for start in range(0, count, rows):
        part = slice(start, start + rows)
        deleted = rank[part, None] < torch.from_numpy(deleted_units)[None, :, None]
        states = _states(
            CycleBatch(*(c[part] for c in cycles)), deleted, Replacement(*(r[part] for r in replaced)), bins
        )
        seen.append(np.asarray(predict(states), np.float64).reshape(*deleted.shape[:2], -1))
    probabilities = np.concatenate(seen)
    watched = np.asarray(target)[:, None]
    return Curves(
        fraction=deleted_units / units,
        probability=np.take_along_axis(probabilities, watched[..., None], axis=2)[..., 0],
        hit=(probabilities.argmax(axis=2) == watched).astype(np.float64),
    )


def _states(part: CycleBatch, deleted: torch.Tensor, replaced: Replacement, bins: int) -> CycleBatch:
    """The cycles in K states each, ``[n * K]``, from which units ``[n, K, U]`` are deleted."""
    n, k, units = deleted.shape
    samples, joints = part.positions.shape[1:3]
    pieces = deleted[..., : joints * bins].reshape(n, k, joints, bins)
    gone = pieces.repeat_interleave(samples // bins, dim=3).transpose(2, 3)[..., None]
    other = torch.from_numpy(np.ascontiguousarray(replaced.positions)).to(part.positions)
    positions = torch.where(gone.to(part.positions.device), other[:, None], part.positions[:, None])
    times = part.stride_time_s[:, None].expand(n, k)
    if units > joints * bins:
        other_time = torch.tensor(replaced.stride_time_s).to(part.stride_time_s)
        times = torch.where(deleted[..., -1].to(times.device), other_time[:, None], times)
    return CycleBatch(
        positions=positions.flatten(0, 1),
        stride_time_s=times.flatten(),
        emotion=part.emotion.repeat_interleave(k),
        subject=part.subject.repeat_interleave(k),
    )
