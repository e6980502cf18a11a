"""Skeleton layouts: which joints there are, how they hang together, and what part each one plays in a walk."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from stgcn_affect.errors import InputError

Array = np.ndarray[Any, Any]

_PAIRED = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")

ROLES: tuple[str, ...] = ("pelvis", "neck", "head", *(f"{side}_{part}" for part in _PAIRED for side in "lr"))
"""The roles that every layout must fill."""

OPTIONAL_ROLES: tuple[str, ...] = ("spine", "l_toe", "r_toe")
"""Roles that a layout may fill."""


@dataclass(frozen=True, eq=False)
class Layout:
    """A rooted tree of named joints with the part that each plays.

    Args:
        name: what messages and checkpoints call the layout.
        joints: V joint names, in file order.
        parents: V indices into ``joints``; -1 marks the one root.
        mirror: pairs (left joint, right joint); a joint in no pair is its own mirror image.
        roles: role name to one joint, or to several whose mean plays it (COCO's pelvis is the middle of the hips).
        rest: rest positions ``[V, 3]`` in metres, or None where the layout does not say.

    Raises:
        InputError: the tree, the mirror pairs or the roles are wrong; the message names the joint.
    """

    name: str
    joints: tuple[str, ...]
    parents: tuple[int, ...]
    mirror: tuple[tuple[str, str], ...]
    roles: Mapping[str, tuple[str, ...]]
    rest: Array | None = None

    def __post_init__(self) -> None:
        _check_tree(self)
        _check_mirror(self)
        _check_roles(self)
        if self.rest is not None and self.rest.shape != (self.num_joints, 3):
            raise _wrong(self, f"rest positions must have shape [{self.num_joints}, 3] (got {list(self.rest.shape)})")

    @property
    def num_joints(self) -> int:
        """V."""
        return len(self.joints)

    @cached_property
    def root(self) -> int:
        """Index of the root joint."""
        return self.parents.index(-1)

    @cached_property
    def bones(self) -> tuple[tuple[int, int], ...]:
        """V-1 pairs (parent, child) in the joints' order."""
        return tuple((p, v) for v, p in enumerate(self.parents) if p >= 0)

    @cached_property
    def topological(self) -> tuple[int, ...]:
        """Joint indices, every parent before its children."""
        order = [self.root]
        for v in order:
            order.extend(c for c, p in enumerate(self.parents) if p == v)
        return tuple(order)

    @cached_property
    def mirror_permutation(self) -> Array:
        """``[V]`` integers: ``positions[:, mirror_permutation]`` swaps left and right joints."""
        order = np.arange(self.num_joints)
        for left, right in self.mirror:
            i, j = self.index(left), self.index(right)
            order[i], order[j] = j, i
        return order

    def index(self, joint: str) -> int:
        """Index of a joint by name. Raises InputError for a name that the layout does not have."""
        if joint not in self.joints:
            raise _wrong(self, f"there is no joint {joint!r} (joints: {', '.join(self.joints)})")
        return self.joints.index(joint)

    def role_indices(self, role: str) -> tuple[int, ...]:
        """Indices of the joints that play a role. Raises InputError where none does."""
        if role not in self.roles:
            raise _wrong(self, f"no joint plays the role {role!r}")
        return tuple(self.index(j) for j in self.roles[role])

    def role_position(self, positions: Array, role: str) -> Array:
        """Where a role is: ``[..., V, 3]`` to ``[..., 3]``, the mean of the joints that play it."""
        mean: Array = np.asarray(positions)[..., self.role_indices(role), :].mean(axis=-2)
        return mean

    def to_dict(self) -> dict[str, Any]:
        """Plain containers, as in a layout YAML; ``from_dict`` reads them back."""
        return {
            "name": self.name,
            "joints": {j: (None if p < 0 else self.joints[p]) for j, p in zip(self.joints, self.parents, strict=True)},
            "mirror": [list(pair) for pair in self.mirror],
            "roles": {role: list(joints) for role, joints in self.roles.items()},
            "rest": None if self.rest is None else np.asarray(self.rest, float).round(6).tolist(),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], source: str = "layout") -> "Layout":
        """Build a layout from the containers of a layout YAML. Raises InputError that names ``source``."""
        if not isinstance(content, Mapping):
            raise InputError(f"{source}: expected a mapping with name, joints, mirror and roles (got {content!r:.60})")
        unknown = set(content) - {"name", "joints", "mirror", "roles", "rest"}
        missing = {"name", "joints", "roles"} - set(content)
        if unknown or missing:
            found = f"missing: {sorted(missing) or 'none'}; unknown: {sorted(map(str, unknown)) or 'none'}"
            raise InputError(f"{source}: expected the keys name, joints, mirror, roles and rest ({found})")
        tree = content["joints"]
        if not isinstance(tree, Mapping) or not tree:
            raise InputError(f"{source}: joints must map each joint to its parent, the root to null (got {tree!r:.60})")
        names = tuple(str(j) for j in tree)
        for joint, parent in tree.items():
            if parent is not None and str(parent) not in names:
                raise InputError(f"{source}: joint {joint!r} has the unknown parent {parent!r}")
        roles = content["roles"]
        if not isinstance(roles, Mapping):
            raise InputError(
                f"{source}: roles must map each role to a joint or to a list of joints (got {roles!r:.60})"
            )
        mirror = content.get("mirror") or []
        for pair in mirror:
            if not isinstance(pair, list | tuple) or len(pair) != 2:
                raise InputError(f"{source}: each mirror entry must be a pair [left joint, right joint] (got {pair!r})")
        rest = content.get("rest")
        return cls(
            name=str(content["name"]),
            joints=names,
            parents=tuple(-1 if p is None else names.index(str(p)) for p in tree.values()),
            mirror=tuple((str(a), str(b)) for a, b in mirror),
            roles={str(r): tuple(map(str, j)) if isinstance(j, list | tuple) else (str(j),) for r, j in roles.items()},
            rest=None if rest is None else np.asarray(rest, dtype=np.float32),
        )


def load_layout(name_or_path: str | Path) -> Layout:
    """Read a layout by the name of an embedded one, or from a YAML file of the user's.

    Raises:
        InputError: neither an embedded name nor a readable file, or a wrong layout.
    """
    path = Path(name_or_path)
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise InputError(f"{path}: no such layout file")
        text, source = path.read_text(encoding="utf-8"), str(path)
    else:
        embedded = resources.files("stgcn_affect.skeleton") / "layouts" / f"{name_or_path}.yaml"
        if not embedded.is_file():
            raise InputError(
                f"layout {str(name_or_path)!r}: expected the path of a .yaml file or one of {', '.join(layout_names())}"
            )
        text, source = embedded.read_text(encoding="utf-8"), f"layout {name_or_path}"
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(f"{source}: not valid YAML ({' '.join(str(error).split())})") from error
    return Layout.from_dict(content, source)


def layout_names() -> list[str]:
    """Names of the embedded layouts, sorted."""
    folder = resources.files("stgcn_affect.skeleton") / "layouts"
    return sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml"))


def _wrong(layout: Layout, what: str) -> InputError:
    return InputError(f"layout {layout.name}: {what}")


def _check_tree(layout: Layout) -> None:
    joints, parents = layout.joints, layout.parents
    for joint, count in Counter(joints).items():
        if count > 1:
            raise _wrong(layout, f"joint {joint!r} is named {count} times")
    if len(parents) != len(joints):
        raise _wrong(layout, f"{len(joints)} joints need as many parents (got {len(parents)})")
    for joint, parent in zip(joints, parents, strict=True):
        if not -1 <= parent < len(joints):
            raise _wrong(layout, f"joint {joint!r} has the unknown parent {parent}")
    roots = [j for j, p in zip(joints, parents, strict=True) if p == -1]
    if len(roots) > 1:
        raise _wrong(layout, f"expected one root, found {len(roots)}: {', '.join(map(repr, roots))}")
    for start in range(len(joints)):
        seen, v = set(), start
        while v != -1:
            if v in seen:
                raise _wrong(layout, f"joint {joints[v]!r} is its own ancestor (a cycle)")
            seen.add(v)
            v = parents[v]


def _check_mirror(layout: Layout) -> None:
    partner: dict[str, str] = {}
    for pair in layout.mirror:
        for joint, other in (pair, pair[::-1]):
            layout.index(joint)
            if joint in partner or joint == other:
                raise _wrong(layout, f"joint {joint!r} stands in more than one mirror pair")
            partner[joint] = other
    for left, right in layout.mirror:
        parents = [layout.parents[layout.index(joint)] for joint in (left, right)]
        above_left, above_right = (layout.joints[p] if p >= 0 else None for p in parents)
        if above_left is not None and partner.get(above_left, above_left) != above_right:
            raise _wrong(
                layout,
                f"mirror pair ({left!r}, {right!r}) is not symmetric: their parents {above_left!r} and {above_right!r}"
                " do not mirror each other",
            )


def _check_roles(layout: Layout) -> None:
    for role in layout.roles:
        if role not in ROLES + OPTIONAL_ROLES:
            raise _wrong(layout, f"unknown role {role!r} (roles: {', '.join(ROLES + OPTIONAL_ROLES)})")
    for role in ROLES:
        if role not in layout.roles:
            raise _wrong(layout, f"no joint plays the role {role!r}")
    for role in layout.roles:
        layout.role_indices(role)
