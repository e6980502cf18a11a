"""A plain standing figure for a layout that has no rest pose, made from the roles of its joints alone."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout

_MIDDLE = {"pelvis": (0.0, 0.93), "spine": (0.0, 1.18), "neck": (0.0, 1.44), "head": (0.0, 1.62)}
_LEFT = {
    "shoulder": (0.18, 1.40),
    "elbow": (0.22, 1.12),
    "wrist": (0.23, 0.88),
    "hip": (0.09, 0.90),
    "knee": (0.10, 0.50),
    "ankle": (0.10, 0.08),
    "toe": (0.12, 0.02),
}
_FIGURE = _MIDDLE | {
    f"{side}_{part}": ((x if side == "l" else -x), y) for part, (x, y) in _LEFT.items() for side in "lr"
}
_STEP, _FAN = 0.07, 0.5


def front_view(graph: SkeletonGraph) -> npt.NDArray[np.float64]:
    """``[V, 2]`` (right, up) in metres: the rest pose from the front, or a standing figure where there is none."""
    rest = graph.layout.rest
    return _standing(graph) if rest is None else np.asarray(rest[:, :2], dtype=float)


def _standing(graph: SkeletonGraph) -> npt.NDArray[np.float64]:
    """Joints with a role stand where it stands in a human; those between two of them, between; the rest go on."""
    layout = graph.layout
    known = {layout.index(joints[0]): _FIGURE[role] for role, joints in layout.roles.items() if len(joints) == 1}
    flat = np.zeros((layout.num_joints, 2))
    fixed = sorted(known)
    flat[fixed] = [known[v] for v in fixed]
    free = [v for v in range(layout.num_joints) if v not in known]
    if free:
        bones = (graph.hops == 1).astype(float)
        laplacian = np.diag(bones.sum(axis=1)) - bones
        flat[free] = np.linalg.solve(laplacian[np.ix_(free, free)], -laplacian[np.ix_(free, fixed)] @ flat[fixed])
    for v in layout.topological:
        if v in free and not _leads_to(layout, v, fixed):
            flat[v] = _next_place(layout, flat, v)
    return flat


def _leads_to(layout: Layout, joint: int, fixed: list[int]) -> bool:
    """Whether a fixed joint hangs below a joint, or none stands above it (a root outside the body)."""
    above, below = joint, [joint]
    while above >= 0 and above not in fixed:
        above = layout.parents[above]
    for v in below:
        below.extend(c for p, c in layout.bones if p == v)
    return above < 0 or any(v in fixed for v in below)


def _next_place(layout: Layout, flat: npt.NDArray[np.float64], joint: int) -> npt.NDArray[np.float64]:
    """One step beyond the parent, in the direction of the limb, siblings fanned out."""
    parent = layout.parents[joint]
    grandparent = layout.parents[parent]
    along = flat[parent] - flat[grandparent] if grandparent >= 0 else np.array([0.0, -1.0])
    length = float(np.linalg.norm(along))
    along = along / length if length > 0 else np.array([0.0, -1.0])
    siblings = [c for p, c in layout.bones if p == parent]
    turn = _FAN * (siblings.index(joint) - (len(siblings) - 1) / 2)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ along
    place: npt.NDArray[np.float64] = flat[parent] + _STEP * turned
    return place
