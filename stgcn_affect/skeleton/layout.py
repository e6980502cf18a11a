"""Skeleton layouts: which joints there are, how they hang together, and what part each one plays in a walk."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout_checks import check_layout
from stgcn_affect.skeleton.roles import OPTIONAL_ROLES, ROLES

__all__ = ["OPTIONAL_ROLES", "ROLES", "Layout", "layout_names", "load_layout"]

Array = np.ndarray[Any, Any]


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
        markers: joint to the markers whose mean stands for it, in files that hold markers (C3D); empty, or for all
            joints. A marker named twice counts twice.

    Raises:
        InputError: the tree, the mirror pairs or the roles are wrong; the message names the joint.
    """

    name: str
    joints: tuple[str, ...]
    parents: tuple[int, ...]
    mirror: tuple[tuple[str, str], ...]
    roles: Mapping[str, tuple[str, ...]]
    rest: Array | None = None
    markers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_layout(self)

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
            raise InputError(f"layout {self.name}: expected a joint, one of {', '.join(self.joints)} (got {joint!r})")
        return self.joints.index(joint)

    def role_indices(self, role: str) -> tuple[int, ...]:
        """Indices of the joints that play a role. Raises InputError where none does."""
        if role not in self.roles:
            raise InputError(f"layout {self.name}: expected a role, one of {', '.join(self.roles)} (got {role!r})")
        return tuple(self.index(j) for j in self.roles[role])

    def role_position(self, positions: Array, role: str) -> Array:
        """Where a role is: ``[..., V, 3]`` to ``[..., 3]``, the mean of the joints that play it."""
        mean: Array = np.asarray(positions)[..., self.role_indices(role), :].mean(axis=-2)
        return mean

    def to_dict(self) -> dict[str, Any]:
        """Plain containers, as in a layout YAML; ``from_dict`` reads them back."""
        markers = {"markers": {joint: list(names) for joint, names in self.markers.items()}} if self.markers else {}
        return {
            "name": self.name,
            "joints": {j: (None if p < 0 else self.joints[p]) for j, p in zip(self.joints, self.parents, strict=True)},
            "mirror": [list(pair) for pair in self.mirror],
            "roles": {role: list(joints) for role, joints in self.roles.items()},
            "rest": None if self.rest is None else np.asarray(self.rest, float).round(6).tolist(),
            **markers,
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], source: str = "") -> "Layout":
        """Build a layout from the containers of a layout YAML. Raises InputError that names ``source``."""
        _check_keys(content, source or "layout")
        name = str(content["name"])
        source = source or f"layout {name}"
        tree, roles, rest = content["joints"], content["roles"], content.get("rest")
        names = tuple(map(str, tree))
        for joint, parent in tree.items():
            if parent is not None and str(parent) not in names:
                raise InputError(f"{source}: the parent of joint {joint!r} must be a joint or null (got {parent!r})")
        try:
            positions = None if rest is None else np.asarray(rest, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise InputError(f"{source}: rest must be a list of [x, y, z] per joint (got {rest!r:.60})") from error
        try:
            return cls(
                name=name,
                joints=names,
                parents=tuple(-1 if p is None else names.index(str(p)) for p in tree.values()),
                mirror=tuple((str(a), str(b)) for a, b in content.get("mirror") or ()),
                roles=_names_by_key(roles),
                rest=positions,
                markers=_names_by_key(content.get("markers") or {}),
            )
        except InputError as error:
            raise InputError(f"{source}: {str(error).removeprefix(f'layout {name}: ')}") from error


def load_layout(name_or_path: str | Path) -> Layout:
    """Read a layout by the name of an embedded one, or from a YAML file of the user's.

    Raises:
        InputError: neither an embedded name nor a readable file, or a wrong layout.
    """
    path = Path(name_or_path)
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise InputError(f"{path}: expected a layout file (got no file of this name)")
        text, source = path.read_text(encoding="utf-8", errors="replace"), str(path)
    else:
        embedded = resources.files("stgcn_affect.skeleton") / "layouts" / f"{name_or_path}.yaml"
        if not embedded.is_file():
            raise InputError(
                f"layout: expected the path of a .yaml file or one of {', '.join(layout_names())}"
                f" (got {str(name_or_path)!r})"
            )
        text, source = embedded.read_text(encoding="utf-8"), f"layout {name_or_path}"
    try:
        content = yaml.load(text, Loader=_OnceLoader)
    except yaml.YAMLError as error:
        raise InputError(f"{source}: expected valid YAML (got {' '.join(str(error).split())})") from error
    return Layout.from_dict(content, source)


def layout_names() -> list[str]:
    """Names of the embedded layouts, sorted."""
    folder = resources.files("stgcn_affect.skeleton") / "layouts"
    return sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml"))


class _OnceLoader(yaml.SafeLoader):
    """YAML's safe loader that refuses a key given twice, where YAML's own keeps the last and drops a joint."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        counts = Counter(str(key.value) for key, _ in node.value)
        for key, count in counts.items():
            if count > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} {count} times", node.start_mark)
        return super().construct_mapping(node, deep)


def _names_by_key(content: Mapping[Any, Any]) -> dict[str, tuple[str, ...]]:
    """One name or a list of names for each key."""
    return {str(k): tuple(map(str, v)) if isinstance(v, list | tuple) else (str(v),) for k, v in content.items()}


def _check_keys(content: Any, source: str) -> None:
    if not isinstance(content, Mapping):
        raise InputError(f"{source}: expected a mapping with name, joints, mirror and roles (got {content!r:.60})")
    unknown = set(content) - {"name", "joints", "mirror", "roles", "rest", "markers"}
    missing = {"name", "joints", "roles"} - set(content)
    if unknown or missing:
        found = f"missing: {sorted(missing) or 'none'}; unknown: {sorted(map(str, unknown)) or 'none'}"
        raise InputError(f"{source}: expected the keys name, joints, mirror, roles, rest and markers (got {found})")
    tree, roles, mirror = content["joints"], content["roles"], content.get("mirror") or []
    if not isinstance(tree, Mapping) or not tree:
        raise InputError(f"{source}: joints must map each joint to its parent, the root to null (got {tree!r:.60})")
    if not isinstance(roles, Mapping):
        raise InputError(f"{source}: roles must map each role to a joint or to a list of joints (got {roles!r:.60})")
    if not isinstance(content.get("markers") or {}, Mapping):
        found = f"{content['markers']!r:.60}"
        raise InputError(f"{source}: markers must map each joint to a marker or to a list of markers (got {found})")
    if not isinstance(mirror, list | tuple):
        raise InputError(f"{source}: mirror must be a list of pairs [left joint, right joint] (got {mirror!r:.60})")
    for pair in mirror:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise InputError(f"{source}: each mirror entry must be a pair [left joint, right joint] (got {pair!r:.60})")
