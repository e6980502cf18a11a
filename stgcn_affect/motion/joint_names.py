"""Find joints by name: those of a layout among a file's, and the roles that a file's joints play."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError, listed
from stgcn_affect.skeleton.layout import OPTIONAL_ROLES, ROLES, Layout, layout_names, load_layout

SIDES = {"left": "l", "lft": "l", "lt": "l", "l": "l", "right": "r", "rgt": "r", "rt": "r", "r": "r"}
"""Words for a side, in small letters."""

_NAMES: dict[str, tuple[str, ...]] = {
    "pelvis": ("hips", "pelvis", "hip", "hipcenter", "spinebase", "root"),
    "spine": (
        "spine",
        "spine1",
        "spinemid",
        "chest",
        "upperback",
        "lowerback",
        "abdomen",
        "ab",
        "torso",
        "waist",
        "l3",
        "thorax",
    ),
    "neck": ("neck", "neck1", "lowerneck", "upperneck", "necktwist1", "shouldercenter", "spineshoulder"),
    "head": ("head",),
    "shoulder": ("upperarm", "uparm", "humerus", "uarm", "arm", "shldr", "shoulder"),
    "elbow": ("elbow", "forearm", "lowerarm", "lowarm", "farm", "radius"),
    "wrist": ("wrist", "hand"),
    "hip": ("upperleg", "upleg", "thigh", "femur", "hip", "hipjoint"),
    "knee": ("knee", "lowerleg", "lowleg", "shin", "calf", "tibia", "leg"),
    "ankle": ("ankle", "foot"),
    "toe": ("toebase", "toe", "toes", "ball", "foot"),
}
"""Names of each role's joint without their side, the most specific first: where there is an "arm", the "shoulder" is a
collar bone."""


def pick_joints(names: Sequence[str], layout: Layout, source: str) -> npt.NDArray[np.intp]:
    """Index in the file of each joint of the layout, ``[V]``.

    Names are compared without case, namespaces ("mixamorig:") and signs between words; a file may have more joints.

    Raises:
        InputError: a joint of the layout is not in the file, or twice.
    """
    plain = [plain_name(name) for name in names]
    picked = []
    for joint in layout.joints:
        places = [v for v, name in enumerate(names) if name == joint]
        places = places or [v for v, name in enumerate(plain) if name == plain_name(joint)]
        if len(places) != 1:
            raise InputError(
                f"{source}: expected one joint {joint!r}, as the layout {layout.name} has it"
                f" (got {len(places)} of that name among {listed(names)})"
            )
        picked.append(places[0])
    return np.array(picked)


def plain_name(name: str) -> str:
    """A name without namespace, case and separators: "mixamorig:Left_UpLeg" to "leftupleg"."""
    return "".join(letter for letter in name.split(":")[-1].lower() if letter.isalnum())


def need_layout(layout: Layout | None, names: Sequence[str] | None, source: str) -> Layout:
    """The given layout, or the embedded one that has exactly the joints ``names``.

    Raises:
        InputError: neither; a file of positions alone does not hold the tree of its joints.
    """
    if layout is not None:
        return layout
    wanted = {plain_name(name) for name in names or ()}
    for embedded in embedded_layouts():
        if wanted == {plain_name(joint) for joint in embedded.joints}:
            return embedded
    raise InputError(
        f"{source}: expected a layout, which says what the joints are and how they hang together: one of"
        f" {', '.join(layout_names())}, or a YAML file of your own (got {_none_for(names)})"
    )


@cache
def embedded_layouts() -> tuple[Layout, ...]:
    """All layouts that come with the package, by name."""
    return tuple(map(load_layout, layout_names()))


def _none_for(names: Sequence[str] | None) -> str:
    return f"none, and the joints {listed(names)}" if names else "none"


def guess_layout(
    joints: Sequence[str],
    parents: Sequence[int],
    *,
    name: str,
    source: str = "",
    rest: npt.NDArray[np.floating] | None = None,
) -> Layout:
    """A layout for joints that come with their tree but without roles.

    Knows the names of Mixamo, CMU, Vicon, Rokoko, Xsens, Motive, Bandai-Namco, Biped and Poser skeletons.

    Args:
        joints: V names.
        parents: V indices, -1 for the root.
        name: what to call the layout.
        source: the file, for messages.
        rest: rest positions ``[V, 3]`` in metres.

    Raises:
        InputError: no joint for a role that every layout needs, or a tree that is none; names the role and the joints.
    """
    sides = split_sides(joints)
    number: dict[tuple[str, str], int] = {}
    for v, label in enumerate(sides):
        number.setdefault(label, v)
    roles: dict[str, int] = {}
    for role in ROLES + OPTIONAL_ROLES:
        side, part = role.split("_") if "_" in role else ("", role)
        match = next((number[side, known] for known in _NAMES[part] if (side, known) in number), None)
        if match is not None and match not in roles.values():
            roles[role] = match
        elif role in ROLES:
            raise InputError(
                f"{source or name}: expected a joint for the role {role!r}, named like {', '.join(_NAMES[part])}; a"
                f" layout of your own can say which one it is (got {listed(joints)})"
            )
    _check_limbs(joints, parents, roles, source or name)
    return Layout(
        name=name,
        joints=tuple(joints),
        parents=tuple(parents),
        mirror=tuple((joints[v], joints[number["r", core]]) for (side, core), v in number.items() if side == "l"),
        roles={role: (joints[v],) for role, v in roles.items()},
        rest=rest,
    )


def split_sides(joints: Sequence[str]) -> list[tuple[str, str]]:
    """For each joint its side ("l", "r" or "") and its name without the side, in small letters.

    Words that all joints share are left out. A joint has a side only where the other side has the same joint: the "L5"
    of Xsens is a vertebra.
    """
    rows = [_words(joint) for joint in joints]
    common = set.intersection(*map(set, rows)) if len(rows) > 1 else set()
    rows = [[word for word in row if word not in common] for row in rows]
    whole = ["".join(row) for row in rows]
    guesses = [_split(row, set(whole)) for row in rows]
    other = {"l": "r", "r": "l"}
    return [
        (side, core) if side and (other[side], core) in guesses else ("", name)
        for (side, core), name in zip(guesses, whole, strict=True)
    ]


def _words(joint: str) -> list[str]:
    """The words of a name in small letters: "mixamorig:LeftUpLeg" to left, up, leg; "spine_01" to spine, 1."""
    own = re.split(r"[:|]", joint)[-1]
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+", own)
    return [str(int(word)) if word.isdigit() else word.lower() for word in words]


def _split(words: list[str], names: set[str]) -> tuple[str, str]:
    name = "".join(words)
    side = next((SIDES[word] for word in words if word in SIDES), "")
    if side:
        return side, "".join(word for word in words if word not in SIDES)
    if (name.startswith("l") and f"r{name[1:]}" in names) or (name.startswith("r") and f"l{name[1:]}" in names):
        return name[0], name[1:]
    return "", name


def _check_limbs(joints: Sequence[str], parents: Sequence[int], roles: dict[str, int], source: str) -> None:
    """Raise InputError unless knees hang below hips, ankles below knees, and so on for the arms."""
    for upper, lower in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist")):
        for side in "lr":
            above, below = roles[f"{side}_{upper}"], roles[f"{side}_{lower}"]
            v = below
            while v >= 0 and v != above:
                v = parents[v]
            if v < 0:
                raise InputError(
                    f"{source}: expected {joints[below]!r}, by its name the {side}_{lower}, to hang below"
                    f" {joints[above]!r}, by its name the {side}_{upper}; a layout of your own can say what is what"
                    f" (got {joints[parents[below]]!r} above it)"
                )
