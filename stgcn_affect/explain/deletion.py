"""Delete parts of cycles one after another and watch the decision go."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from scipy.integrate import trapezoid

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.explain.callables import Predict
from stgcn_affect.explain.deletion_order import Order
from stgcn_affect.explain.replacement import Replacement


class Curves(NamedTuple):
    """What is left of a decision while more and more is deleted.

    Shapes: fraction ``[K]`` of the units that are deleted, from 0 to 1; probability ``[N, K]`` of the target class; hit
    ``[N, K]``, whether it is still the most probable one.
    """

    fraction: npt.NDArray[np.float64]
    probability: npt.NDArray[np.float64]
    hit: npt.NDArray[np.float64]

    def area(self) -> npt.NDArray[np.float64]:
        """The area under each cycle's probability, ``[N]``, by trapezoids; between 0 and 1."""
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
