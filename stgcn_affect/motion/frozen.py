"""Find joints that stay at one spot while the body moves, and recordings whose frames are repeated."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.motion.gaps import LONGEST_GAP_S, Flags, runs, seen, stretches
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]

STILL = 1e-6
"""Steps of a joint that stays at one spot, in body heights; a sensor never gives one place twice."""

LONGEST_REST_S = 1.5
"""How long a foot may stay at one spot: longer than the foot of a slow subject stands. In swing its bones tell."""

LONGEST_TURN_S = 0.25
"""How long a limb may seem to rest where it turns, in files whose pelvis is held still and whose numbers are short."""

_LIMBS = ("elbow", "wrist", "knee", "ankle")


def frozen(
    positions: Floats, height: float, layout: Layout, fps_hz: float
) -> tuple[Flags, list[tuple[int, str]], list[str]]:
    """``[T, V]``: frames of joints that are frozen, (joint, words) for joints, and words about whole frames.

    Where the pelvis is held still (as in centred files), trunk joints may rest with it, so only limbs are looked at.
    """
    still = np.linalg.norm(np.diff(positions, axis=0), axis=-1) < STILL * height
    there = seen(positions)
    whole = (still | ~(there[1:] & there[:-1])).all(axis=1) & still.any(axis=1)
    found, words, lines = np.zeros(there.shape, bool), [], []
    repeated = [run for run in runs(whole) if len(run) > LONGEST_GAP_S * fps_hz]
    for run in repeated:
        found[run + 1] = True
    if repeated:
        lines.append(
            f"the whole body stays at one spot for {stretches(repeated, fps_hz)}, as where frames are repeated"
        )
    moving = ~whole
    for v, longest_s in _suspects(still, moving, layout).items():
        held = [run for run in runs(still[:, v] & moving) if len(run) > longest_s * fps_hz or len(run) == len(still)]
        for run in held:
            found[run + 1, v] = True
        if held:
            words.append((v, f"frozen for {stretches(held, fps_hz)}, while the body moves"))
    return found, words, lines


def _suspects(still: Flags, moving: Flags, layout: Layout) -> dict[int, float]:
    """The joints that may be frozen, and how long each may rest, in seconds."""
    pelvis = list(layout.role_indices("pelvis"))
    if still[moving][:, pelvis].all(axis=1).sum() > moving.sum() / 2:
        roles = [role for part in _LIMBS for side in "lr" if layout.has(role := f"{side}_{part}")]
        return {v: LONGEST_TURN_S for role in roles for v in layout.role_indices(role) if v not in pelvis}
    feet = {v for side in "lr" for v in layout.role_indices(f"{side}_ankle")}
    for v in layout.topological:
        if layout.parents[v] in feet:
            feet.add(v)
    for side in "lr":
        feet |= set(layout.role_indices(f"{side}_toe")) if layout.roles.get(f"{side}_toe") else set()
    return {v: LONGEST_REST_S if v in feet else LONGEST_GAP_S for v in range(layout.num_joints)}
