"""What makes a layout right: one rooted tree, mirror pairs that mirror each other, every role filled."""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.roles import OPTIONAL_ROLES, ROLES

if TYPE_CHECKING:
    from stgcn_affect.skeleton.layout import Layout


def check_layout(layout: "Layout") -> None:
    """Raise InputError that names the joint if the tree, mirror pairs, roles, markers or the rest pose are wrong."""
    _check_tree(layout)
    partner = _partners(layout)
    _check_mirrored_parents(layout, partner)
    _check_roles(layout)
    _check_mirrored_roles(layout, partner)
    _check_markers(layout)
    rest = layout.rest
    if rest is not None and rest.shape != (layout.num_joints, 3):
        raise _wrong(layout, f"rest positions must have shape [{layout.num_joints}, 3] (got {list(rest.shape)})")
    if rest is not None and not np.isfinite(rest).all():
        v = int(np.argwhere(~np.isfinite(rest))[0, 0])
        raise _wrong(layout, f"the rest position of joint {layout.joints[v]!r} must be finite (got {rest[v].tolist()})")


def _wrong(layout: "Layout", what: str) -> InputError:
    return InputError(f"layout {layout.name}: {what}")


def _check_tree(layout: "Layout") -> None:
    joints, parents = layout.joints, layout.parents
    for joint, count in Counter(joints).items():
        if count > 1:
            raise _wrong(layout, f"joint {joint!r} must be named once (got it {count} times)")
    if len(parents) != len(joints) or not joints:
        raise _wrong(layout, f"expected one parent for each of {len(joints)} joints (got {len(parents)})")
    for joint, parent in zip(joints, parents, strict=True):
        if not -1 <= parent < len(joints):
            raise _wrong(layout, f"joint {joint!r} has an unknown parent (got {parent})")
    roots = [j for j, p in zip(joints, parents, strict=True) if p == -1]
    if len(roots) > 1:
        raise _wrong(layout, f"expected one root, a joint without a parent (got {', '.join(map(repr, roots))})")
    for start in range(len(joints)):
        path, v = [start], parents[start]
        while v != -1 and v not in path:
            path.append(v)
            v = parents[v]
        if v != -1:
            loop = [joints[u] for u in [*path[path.index(v) :], v]]
            raise _wrong(layout, f"joint {loop[0]!r} is its own ancestor, a cycle (got {' < '.join(loop)})")


def _partners(layout: "Layout") -> dict[str, str]:
    partner: dict[str, str] = {}
    for pair in layout.mirror:
        for joint, other in (pair, pair[::-1]):
            layout.index(joint)
            if joint in partner or joint == other:
                raise _wrong(layout, f"joint {joint!r} stands in more than one mirror pair (got {list(pair)})")
            partner[joint] = other
    return partner


def _check_mirrored_parents(layout: "Layout", partner: dict[str, str]) -> None:
    for pair in layout.mirror:
        above_left, above_right = (_parent(layout, joint) for joint in pair)
        if (partner.get(above_left, above_left) if above_left else None) != above_right:
            left, right = pair
            raise _wrong(
                layout,
                f"mirror pair ({left!r}, {right!r}) is not symmetric: their parents must mirror each other"
                f" (got {above_left!r} and {above_right!r})",
            )


def _parent(layout: "Layout", joint: str) -> str | None:
    parent = layout.parents[layout.index(joint)]
    return None if parent < 0 else layout.joints[parent]


def _check_roles(layout: "Layout") -> None:
    for role in layout.roles:
        if role not in ROLES + OPTIONAL_ROLES:
            raise _wrong(layout, f"unknown role: expected one of {', '.join(ROLES + OPTIONAL_ROLES)} (got {role!r})")
    for role in ROLES:
        if not layout.roles.get(role):
            played = ", ".join(r for r in layout.roles if layout.roles[r])
            raise _wrong(layout, f"no joint plays the role {role!r} (got joints for: {played or 'no role'})")
    for role, players in layout.roles.items():
        for joint in players:
            if joint not in layout.joints:
                raise _wrong(layout, f"role {role!r} must be played by one of the joints (got {joint!r})")


def _check_mirrored_roles(layout: "Layout", partner: dict[str, str]) -> None:
    for role, players in layout.roles.items():
        other = layout.roles.get(f"r{role[1:]}", ())
        if role.startswith("l_") and other:
            for joint in players:
                if partner.get(joint, other[0]) not in other:
                    raise _wrong(
                        layout,
                        f"roles {role!r} and 'r{role[1:]}' must be played by mirror images: joint {joint!r} is paired"
                        f" with {partner[joint]!r} (got {', '.join(map(repr, other))})",
                    )


def _check_markers(layout: "Layout") -> None:
    for joint in layout.markers:
        if joint not in layout.joints:
            raise _wrong(layout, f"markers must stand for joints (got {joint!r}, which is none)")
    for joint in layout.joints:
        if layout.markers and not layout.markers.get(joint):
            raise _wrong(layout, f"joint {joint!r} needs a marker, as the others have (got none)")
