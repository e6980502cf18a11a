"""Skeleton layouts: joints, their tree, mirror pairs, roles and markers, checked when one is made."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from stgcn_affect.errors import InputError, listed

_LEGS, _ARMS = ("hip", "knee", "ankle"), ("shoulder", "elbow", "wrist")

ROLES: tuple[str, ...] = ("pelvis", *(f"{side}_{part}" for part in _LEGS for side in "lr"))
"""The roles that every layout must fill: gait can be seen from pelvis and legs alone."""

UPPER_ROLES: tuple[str, ...] = ("neck", "head", *(f"{side}_{part}" for part in _ARMS for side in "lr"))
"""The roles of head and arms; what needs one of them does without where a layout has none."""

OPTIONAL_ROLES: tuple[str, ...] = (*UPPER_ROLES, "spine", "l_toe", "r_toe")
"""Roles that a layout may fill."""

BODY_ROLES: tuple[str, ...] = (*ROLES[:1], *UPPER_ROLES, *ROLES[1:])
"""The roles of a whole body, in the order of the features."""

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Layout:
    """A rooted tree of named joints, and the roles that they play.

    Args:
        name: what messages and checkpoints call the layout.
        joints: V joint names, in file order.
        parents: V indices into ``joints``; -1 marks the one root.
        mirror: pairs (left joint, right joint); a joint in no pair is its own mirror image.
        roles: role name to one joint, or to several whose mean is the role (COCO's pelvis is the middle of the hips).
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
        """Number of joints, V."""
        return len(self.joints)

    @cached_property
    def root(self) -> int:
        """Index of the root joint."""
        return self.parents.index(-1)

    @cached_property
    def bones(self) -> tuple[tuple[int, int], ...]:
        """The V-1 bones as pairs (parent, child) of joint indices, in the joints' order."""
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
            raise InputError(f"layout {self.name}: expected a joint, one of {listed(self.joints)} (got {joint!r})")
        return self.joints.index(joint)

    def has(self, *roles: str) -> bool:
        """Whether some joint plays each of these roles."""
        return all(self.roles.get(role) for role in roles)

    @cached_property
    def lacking(self) -> str:
        """What the layout has not of a whole body, such as "head, arms"; "" where nothing lacks."""
        arms = [part for part in _ARMS if not self.has(f"l_{part}", f"r_{part}")]
        middle = [role for role in ("head", "neck") if not self.has(role)]
        return ", ".join(middle + (["arms"] if len(arms) == len(_ARMS) else [f"{part}s" for part in arms]))

    def role_indices(self, role: str) -> tuple[int, ...]:
        """Indices of the joints that play a role. Raises InputError where none does."""
        if role not in self.roles:
            raise InputError(f"layout {self.name}: expected a role, one of {', '.join(self.roles)} (got {role!r})")
        return self._indices_by_role[role]

    @cached_property
    def _indices_by_role(self) -> dict[str, tuple[int, ...]]:
        return {role: tuple(map(self.index, joints)) for role, joints in self.roles.items()}

    def role_position(self, positions: Array, role: str) -> Array:
        """Position of a role: ``[..., V, 3]`` to ``[..., 3]``, the mean over the joints that play it."""
        indices = self.role_indices(role)
        if len(indices) == 1:
            return np.asarray(positions)[..., indices[0], :]
        mean: Array = np.asarray(positions)[..., indices, :].mean(axis=-2)
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


def check_layout(layout: Layout) -> None:
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


def _wrong(layout: Layout, what: str) -> InputError:
    return InputError(f"layout {layout.name}: {what}")


def _check_tree(layout: Layout) -> None:
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


def _partners(layout: Layout) -> dict[str, str]:
    partner: dict[str, str] = {}
    for pair in layout.mirror:
        for joint, other in (pair, pair[::-1]):
            layout.index(joint)
            if joint in partner or joint == other:
                raise _wrong(layout, f"joint {joint!r} stands in more than one mirror pair (got {list(pair)})")
            partner[joint] = other
    return partner


def _check_mirrored_parents(layout: Layout, partner: dict[str, str]) -> None:
    for pair in layout.mirror:
        above_left, above_right = (_parent(layout, joint) for joint in pair)
        if (partner.get(above_left, above_left) if above_left else None) != above_right:
            left, right = pair
            raise _wrong(
                layout,
                f"mirror pair ({left!r}, {right!r}) is not symmetric: their parents must mirror each other"
                f" (got {above_left!r} and {above_right!r})",
            )


def _parent(layout: Layout, joint: str) -> str | None:
    parent = layout.parents[layout.index(joint)]
    return None if parent < 0 else layout.joints[parent]


def _check_roles(layout: Layout) -> None:
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


def _check_mirrored_roles(layout: Layout, partner: dict[str, str]) -> None:
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


def _check_markers(layout: Layout) -> None:
    for joint in layout.markers:
        if joint not in layout.joints:
            raise _wrong(layout, f"markers must stand for joints (got {joint!r}, which is none)")
    for joint in layout.joints:
        if layout.markers and not layout.markers.get(joint):
            raise _wrong(layout, f"joint {joint!r} needs a marker, as the others have (got none)")


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
    """YAML's safe loader, which also refuses a key given twice: otherwise the last one counts and a joint is lost."""

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
