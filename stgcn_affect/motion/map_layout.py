"""Map a walk from one skeleton layout to another: joints are matched by their roles, never by their names."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError, listed
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.normalise import body_height, heading
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]

_GOES_ON_AFTER = ("l_wrist", "r_wrist", "head")
"""What lies beyond these goes on in the direction of the limb; a foot does not: it turns."""


def map_layout(clip: Clip, layout: Layout) -> tuple[Clip, list[str]]:
    """Map a clip to another layout, and say in words which joints were dropped or estimated.

    A joint that alone plays a role is put where that role is in the clip. Joints between such joints are placed on the
    way from one to the other as in the layout's rest pose (evenly where it has none); hands and crowns beyond the last
    of them continue the limb. What else there is (eyes, heels, and head and arms that the clip has not) stands beside
    its neighbours as in the rest pose, turned and scaled with the body: it says nothing about the walk. A toe is never
    guessed.

    Args:
        clip: ``[T, V, 3]`` on its own layout.
        layout: the wanted one; where it is the clip's, the clip is returned as it is.

    Raises:
        InputError: toes that the clip has not, or joints beyond others where the layout has no rest pose, by name.
    """
    own = clip.layout
    if (own.joints, own.parents) == (layout.joints, layout.parents):
        return clip, []
    placed = np.full((clip.num_frames, layout.num_joints, 3), np.nan, dtype=np.float32)
    known = _by_role(clip, layout, placed)
    between = _between(layout, placed, known)
    beyond = _beyond(layout, placed, known | between)
    beside = _beside(clip, layout, placed, known | between | beyond)
    lacking = [joint for v, joint in enumerate(layout.joints) if v not in known | between | beyond | beside]
    if lacking:
        raise InputError(
            f"{clip.source or 'clip'}: expected a walk that can be put on the layout {layout.name}; nothing in the"
            f" layout {own.name} says where these joints are: {listed(lacking)}"
            f" (got joints {listed(own.joints)})"
        )
    words = []
    if estimated := [layout.joints[v] for v in sorted(between | beyond)]:
        words.append(f"put on the layout {layout.name}: joints estimated from their neighbours: {', '.join(estimated)}")
    if beside:
        words.append(_beside_words(layout, beside))
    if dropped := _dropped(own, layout):
        words.append(f"put on the layout {layout.name}: joints of {own.name} left out: {', '.join(dropped)}")
    return replace(clip, positions=placed, layout=layout), words


def _by_role(clip: Clip, layout: Layout, placed: Floats) -> set[int]:
    """Place the joints that alone play a role of the clip's layout."""
    known = set()
    for role, joints in layout.roles.items():
        if len(joints) == 1 and role in clip.layout.roles:
            v = layout.index(joints[0])
            placed[:, v] = clip.layout.role_position(clip.positions, role)
            known.add(v)
    return known


def _between(layout: Layout, placed: Floats, known: set[int]) -> set[int]:
    """Place what has known joints on two or more sides: the mean of its neighbours, nearer ones counting more."""
    inner = {v for v in range(layout.num_joints) if v not in known and _sides(layout, v, known) > 1}
    if not inner:
        return inner
    free, fixed = sorted(inner), sorted(known)
    conductance = np.zeros((layout.num_joints, layout.num_joints))
    for parent, child in layout.bones:
        conductance[parent, child] = conductance[child, parent] = 1.0 / _rest_length(layout, parent, child)
    there = sorted(inner | known)
    kept = conductance[np.ix_(there, there)]
    laplacian = np.diag(kept.sum(axis=1)) - kept
    rows, columns = [there.index(v) for v in free], [there.index(v) for v in fixed]
    weights = np.linalg.solve(laplacian[np.ix_(rows, rows)], -laplacian[np.ix_(rows, columns)])
    placed[:, free] = np.einsum("vf,tfc->tvc", weights, placed[:, fixed])
    return inner


def _beyond(layout: Layout, placed: Floats, known: set[int]) -> set[int]:
    """Place what lies beyond wrists and head, along the bone that leads there, as long as in the rest pose."""
    ends = {layout.index(layout.roles[role][0]) for role in _GOES_ON_AFTER if len(layout.roles[role]) == 1}
    goes_on: set[int] = set()
    for v in layout.topological:
        parent = layout.parents[v]
        if v in known or parent < 0 or not (parent in goes_on or (parent in ends and parent in known)):
            continue
        before = layout.parents[parent]
        if before < 0:
            continue
        share = _rest_length(layout, parent, v) / _rest_length(layout, before, parent)
        placed[:, v] = placed[:, parent] + share * (placed[:, parent] - placed[:, before])
        goes_on.add(v)
    return goes_on


def _beside(clip: Clip, layout: Layout, placed: Floats, known: set[int]) -> set[int]:
    """Place what is left beside the nearest in the rest pose of head, neck, pelvis and the joint above it."""
    toes = {v for role in ("l_toe", "r_toe") if layout.has(role) for v in layout.role_indices(role)}
    free = [v for v in layout.topological if v not in known | (set() if clip.layout.has("l_toe", "r_toe") else toes)]
    rest = layout.rest
    if rest is None or not free:
        return set()
    size = body_height(clip.positions, clip.layout) / body_height(rest[None], layout)
    ahead, up = heading(clip.positions, clip.layout), np.array([0.0, 1.0, 0.0])
    axes = np.stack([np.cross(up, ahead), np.broadcast_to(up, ahead.shape), ahead], axis=1)
    trunk = [role for role in ("head", "neck", "pelvis") if layout.has(role) and clip.layout.has(role)]
    stands = [(layout.role_position(rest, role), clip.layout.role_position(clip.positions, role)) for role in trunk]
    for v in free:
        above = layout.parents[v]
        there = above >= 0 and np.isfinite(placed[:, above]).any()
        around = [*stands, (rest[above], placed[:, above])] if there else stands
        from_rest, near = min(around, key=lambda place: float(np.linalg.norm(place[0] - rest[v])))
        placed[:, v] = near + size * np.einsum("tij,i->tj", axes, rest[v] - from_rest)
    return set(free)


def _beside_words(layout: Layout, beside: set[int]) -> str:
    names = [layout.joints[v] for v in sorted(beside)]
    parts = sorted({role for role, joints in layout.roles.items() if len(joints) == 1 and joints[0] in names})
    sentence = f"put on the layout {layout.name}: joints that stand as in its rest pose: {', '.join(names)}"
    return sentence + (f"; the recording has no {listed(parts)}: do not rely on what is said of them" if parts else "")


def _sides(layout: Layout, joint: int, known: set[int]) -> int:
    """In how many directions from a joint there is a known one."""
    return sum(_reaches(layout, neighbour, joint, known) for neighbour in _neighbours(layout, joint))


def _reaches(layout: Layout, joint: int, come_from: int, known: set[int]) -> bool:
    onward = (n for n in _neighbours(layout, joint) if n != come_from)
    return joint in known or any(_reaches(layout, n, joint, known) for n in onward)


def _neighbours(layout: Layout, joint: int) -> list[int]:
    return [c if p == joint else p for p, c in layout.bones if joint in (p, c)]


def _rest_length(layout: Layout, parent: int, child: int) -> float:
    if layout.rest is None:
        return 1.0
    return max(float(np.linalg.norm(layout.rest[child] - layout.rest[parent])), 1e-3)


def _dropped(own: Layout, layout: Layout) -> list[str]:
    used = {joint for role, joints in own.roles.items() if role in layout.roles for joint in joints}
    return [joint for joint in own.joints if joint not in used]
