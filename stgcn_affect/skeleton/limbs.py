"""The limbs of a skeleton: which joints are head, trunk, arms and legs, whatever they are called."""

from collections.abc import Iterable

import numpy as np

from stgcn_affect.skeleton.graph import SkeletonGraph
from stgcn_affect.skeleton.layout import Layout

LIMBS: tuple[str, ...] = ("head", "trunk", "left_arm", "right_arm", "left_leg", "right_leg")
"""Names of the limbs, in the order in which ``limb_groups`` gives them."""

_CORES = {
    "head": ("head",),
    "left_arm": ("l_shoulder", "l_elbow", "l_wrist"),
    "right_arm": ("r_shoulder", "r_elbow", "r_wrist"),
    "left_leg": ("l_hip", "l_knee", "l_ankle"),
    "right_leg": ("r_hip", "r_knee", "r_ankle"),
}


def limb_groups(layout: Layout) -> dict[str, tuple[str, ...]]:
    """Assign every joint to exactly one limb, by the roles and the tree alone, not by names.

    An arm is what lies between shoulder and wrist, a leg what lies between hip and ankle, the trunk what lies on the
    way from the pelvis to both shoulders, or to the neck or the head where there are none. What is left hangs on or
    between them: fingers go with their arm, collar bones with the arm that they carry, a neck above the shoulders with
    the head. A neck that carries the arms itself (Emotion-Gait's) is trunk.

    Returns:
        Limb to its joints, in the order of ``LIMBS``; in a limb the joints nearer to the pelvis come first. A limb
        that a layout has no joint for is left out (COCO has no trunk: hips and shoulders are joints of the limbs; a
        skeleton of legs alone has neither head nor arms).
    """
    graph = SkeletonGraph(layout)
    limb_of = _cores(graph)
    for piece in _pieces(graph, [v for v in range(graph.num_joints) if v not in limb_of]):
        beside = {limb for v in piece for u, limb in limb_of.items() if graph.hops[v, u] == 1}
        limb = next((name for name in LIMBS if name != "trunk" and name in beside), "trunk")
        limb_of |= dict.fromkeys(piece, limb)
    order = sorted(limb_of, key=lambda v: (int(graph.centre_hops[v]), v))
    groups = {limb: tuple(layout.joints[v] for v in order if limb_of[v] == limb) for limb in LIMBS}
    return {limb: joints for limb, joints in groups.items() if joints}


def _cores(graph: SkeletonGraph) -> dict[int, str]:
    """The joints whose limb follows from the roles; the trunk last, so that it takes no joint of a limb."""
    layout = graph.layout
    players = {role: layout.role_indices(role) for role in layout.roles}
    limb_of: dict[int, str] = {}
    for limb, roles in _CORES.items():
        ends = [v for role in roles for v in players.get(role, ())]
        for v in _between(graph, ends, ends):
            limb_of.setdefault(v, limb)
    tops = [("l_shoulder", "r_shoulder"), ("neck",), ("head",), ("pelvis",)]
    top = next(roles for roles in tops if layout.has(*roles))
    ways = [set(_between(graph, players["pelvis"], players[role])) for role in top]
    for v in set.intersection(*ways) | set(players["pelvis"]):
        limb_of.setdefault(v, "trunk")
    return limb_of


def _between(graph: SkeletonGraph, starts: Iterable[int], ends: Iterable[int]) -> list[int]:
    """Joints on the way from any start to any end, both ends among them."""
    hops, ends = graph.hops, list(ends)
    on_way = np.zeros(graph.num_joints, dtype=bool)
    for a in starts:
        for b in ends:
            on_way |= hops[a] + hops[b] == hops[a, b]
    return [int(v) for v in np.flatnonzero(on_way)]


def _pieces(graph: SkeletonGraph, joints: list[int]) -> list[list[int]]:
    """Joints sorted into pieces that hang together by bones."""
    pieces: list[list[int]] = []
    for v in joints:
        touching = [piece for piece in pieces if (graph.hops[v, piece] == 1).any()]
        pieces = [piece for piece in pieces if piece not in touching]
        pieces.append([u for piece in touching for u in piece] + [v])
    return pieces
