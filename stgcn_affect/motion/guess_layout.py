"""Guess a layout from the names of joints: the roles that they play and, where a file has no tree, the usual one."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError, listed
from stgcn_affect.skeleton.layout import OPTIONAL_ROLES, ROLES, Layout

SIDES = {"left": "l", "lft": "l", "lt": "l", "l": "l", "right": "r", "rgt": "r", "rt": "r", "r": "r"}
"""Words for a side, in small letters."""

_NAMES: dict[str, tuple[str, ...]] = {
    "pelvis": ("hips", "pelvis", "hip", "hipcenter", "midhip", "midhips", "spinebase", "root"),
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
    "neck": ("neck", "neck1", "lowerneck", "upperneck", "necktwist1", "shouldercenter", "spineshoulder", "midshoulder"),
    "head": ("head",),
    "shoulder": ("upperarm", "uparm", "humerus", "uarm", "arm", "shldr", "shoulder"),
    "elbow": ("elbow", "forearm", "lowerarm", "lowarm", "farm", "radius"),
    "wrist": ("wrist", "hand"),
    "hip": ("upperleg", "upleg", "thigh", "femur", "hip", "hipjoint"),
    "knee": ("knee", "lowerleg", "lowleg", "shin", "calf", "tibia", "leg"),
    "ankle": ("ankle", "foot"),
    "toe": ("toebase", "toe", "toes", "ball", "bigtoe", "footindex", "foot"),
}
"""Names of each role's joint without their side, the most specific first: where there is an "arm", the "shoulder" is a
collar bone."""

_OTHERS: dict[str, tuple[str, ...]] = {
    "heel": ("heel", "calcaneus", "calc"),
    "smalltoe": ("smalltoe",),
    "hand": ("hand",),
    "eye": ("eye",),
    "ear": ("ear",),
}
"""Names of parts without a role."""

_STAND_INS: dict[str, tuple[str, ...]] = {
    "pelvis": ("l_hip", "r_hip"),
    "neck": ("l_shoulder", "r_shoulder"),
    "head": ("l_ear", "r_ear"),
}
"""What a role's place is the middle of where no joint is named like it."""

_ABOVE: dict[str, tuple[str, ...]] = {
    "spine": ("pelvis",),
    "neck": ("spine", "pelvis"),
    "head": ("neck", "spine", "pelvis"),
    "shoulder": ("neck", "spine", "pelvis"),
    "elbow": ("shoulder",),
    "wrist": ("elbow",),
    "hip": ("pelvis",),
    "knee": ("hip",),
    "ankle": ("knee",),
    "toe": ("ankle",),
    "heel": ("ankle",),
    "smalltoe": ("ankle",),
    "hand": ("wrist",),
    "eye": ("head",),
    "ear": ("head",),
    "nose": ("head",),
}
"""The parts above each part of a body, the nearest first: the usual tree."""


def guess_layout(
    joints: Sequence[str],
    parents: Sequence[int],
    *,
    name: str,
    source: str = "",
    rest: npt.NDArray[np.floating] | None = None,
) -> Layout:
    """A layout for joints that come with their tree but without roles.

    Knows the names of Mixamo, CMU, Vicon, Rokoko, Xsens, Motive, Bandai-Namco, Biped, Poser and Kinect skeletons and of
    OpenPose, Halpe, COCO and MediaPipe. The middle of the hips is the pelvis where no joint is named like one, and the
    middle of the shoulders the neck. Head and arms may lack.

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
    number = _first_places(sides)
    roles: dict[str, tuple[str, ...]] = {role: (joints[v],) for role, v in _roles(number).items()}
    for role, others in _STAND_INS.items():
        places = [roles[other][0] if other in roles else _named(number, other, joints) for other in others]
        if role not in roles and all(places):
            roles[role] = tuple(map(str, places))
    lacking = next((role for role in ROLES if role not in roles), None)
    if lacking is not None:
        raise _no_role(lacking, joints, source or name)
    _check_limbs(joints, parents, {role: joints.index(players[0]) for role, players in roles.items()}, source or name)
    return Layout(
        name=name,
        joints=tuple(joints),
        parents=tuple(parents),
        mirror=tuple((joints[v], joints[number["r", core]]) for (side, core), v in number.items() if side == "l"),
        roles=roles,
        rest=rest,
    )


def guess_roles(names: Sequence[str]) -> dict[str, str]:
    """The joint of each role that one of the names says."""
    return {role: names[v] for role, v in _roles(_first_places(split_sides(names))).items()}


def usual_parent(part: str, parts: Collection[str]) -> str:
    """The role among ``parts`` that a role hangs on in the usual tree; "" where there is none."""
    return next((up for up in _uppers(part) if up in parts), "")


def guess_tree(names: Sequence[str], *, source: str = "joints") -> Layout:
    """A layout for joints that come without a tree: those that play a role, on the usual tree.

    Its joints are named as in the file. Where no joint is named like a pelvis, a neck or a head, one of this name is
    added, the middle of the hips, shoulders or ears; ``markers`` says for each joint of which joints of the file it is
    made.

    Args:
        names: the joints of the file.
        source: the file, for messages.

    Raises:
        InputError: no joint for a role that every layout needs; names the role and the joints.
    """
    number = _first_places(split_sides(names))
    parts = guess_roles(names)
    for part in ("heel", "smalltoe", "eye", "ear", "hand"):
        pair = {side: _named(number, f"{side}_{part}", names) for side in "lr"}
        if all(pair.values()) and not set(pair.values()) & set(parts.values()):
            parts |= {f"{side}_{part}": found for side, found in pair.items()}
    parts |= {"nose": names[number["", "nose"]]} if ("", "nose") in number else {}
    markers: dict[str, tuple[str, ...]] = {joint: (joint,) for joint in parts.values()}
    for role, others in _STAND_INS.items():
        if role not in parts and all(other in parts for other in others):
            parts[role] = role if role not in markers else f"mid_{role}"
            markers[parts[role]] = tuple(parts[other] for other in others)
    lacking = next((role for role in ROLES if role not in parts), None)
    if lacking is not None:
        raise _no_role(lacking, names, source)
    above = {part: usual_parent(part, parts) for part in parts}
    order = ["pelvis"]
    for part in order:
        order.extend(below for below, up in above.items() if up == part)
    joints = tuple(parts[part] for part in order)
    return Layout(
        name=f"joints{len(joints)}",
        joints=joints,
        parents=(-1, *(order.index(above[part]) for part in order[1:])),
        mirror=tuple((parts[part], parts[f"r{part[1:]}"]) for part in order if part.startswith("l_")),
        roles={role: (parts[role],) for role in (*ROLES, *OPTIONAL_ROLES) if role in order},
        markers={joint: markers[joint] for joint in joints},
    )


def keep_joints(layout: Layout, joints: Collection[str]) -> Layout:
    """The layout of some of its joints, each below the nearest of them that it hung below.

    Raises:
        InputError: what is left has no root, or a role that every layout needs is not played.
    """
    kept = [v for v in range(layout.num_joints) if layout.joints[v] in joints]

    def above(v: int) -> int:
        up = layout.parents[v]
        while up >= 0 and up not in kept:
            up = layout.parents[up]
        return kept.index(up) if up >= 0 else -1

    roles = {role: tuple(joint for joint in players if joint in joints) for role, players in layout.roles.items()}
    return replace(
        layout,
        name=re.sub(r"\d*$", str(len(kept)), layout.name, count=1),
        joints=tuple(layout.joints[v] for v in kept),
        parents=tuple(above(v) for v in kept),
        mirror=tuple(pair for pair in layout.mirror if set(pair) <= set(joints)),
        roles={role: players for role, players in roles.items() if players},
        rest=None if layout.rest is None else layout.rest[kept],
        markers={joint: names for joint, names in layout.markers.items() if joint in joints},
    )


def estimated(layout: Layout) -> list[str]:
    """Which roles of a guessed layout are the middle of joints, one sentence each."""
    words = []
    for role in _STAND_INS:
        players = layout.roles.get(role, ())
        made_of = players if len(players) > 1 else layout.markers.get(players[0], ()) if players else ()
        if len(made_of) > 1:
            words.append(f"no joint is named like a {role}: the middle of {' and '.join(made_of)} stands for it")
    return words


def without(layout: Layout) -> list[str]:
    """What a layout has not of a whole body, in a sentence, or none."""
    return [f"the skeleton has no {layout.lacking}: features and maps do without"] if layout.lacking else []


def _first_places(sides: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    number: dict[tuple[str, str], int] = {}
    for v, label in enumerate(sides):
        number.setdefault(label, v)
    return number


def _roles(number: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """The joint of each role that one is named like; of paired roles both or none."""
    roles: dict[str, int] = {}
    for role in (*ROLES, *OPTIONAL_ROLES):
        side, part = role.split("_") if "_" in role else ("", role)
        match = next((number[side, known] for known in _NAMES[part] if (side, known) in number), None)
        if match is not None and match not in roles.values():
            roles[role] = match
    other = {"l": "r", "r": "l"}
    return {role: v for role, v in roles.items() if role[1] != "_" or f"{other[role[0]]}{role[1:]}" in roles}


def _named(number: Mapping[tuple[str, str], int], part: str, joints: Sequence[str]) -> str:
    """The joint of a part that is no role, such as "l_ear"; "" where there is none."""
    side, core = part.split("_")
    return next((joints[number[side, name]] for name in _OTHERS.get(core, ()) if (side, name) in number), "")


def _uppers(part: str) -> list[str]:
    side, core = part.split("_") if "_" in part else ("", part)
    sided = [(f"{side}_{above}", above) for above in _ABOVE.get(core, ())]
    return [name for pair in sided for name in (pair if side else pair[1:])]


def _no_role(role: str, joints: Sequence[str], source: str) -> InputError:
    part = role.split("_")[-1]
    return InputError(
        f"{source}: expected a joint for the role {role!r}, named like {', '.join(_NAMES[part])}; a"
        f" layout of your own can say which one it is (got {listed(joints)})"
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
            above, below = roles.get(f"{side}_{upper}"), roles.get(f"{side}_{lower}")
            if above is None or below is None:
                continue
            v = below
            while v >= 0 and v != above:
                v = parents[v]
            if v < 0:
                raise InputError(
                    f"{source}: expected {joints[below]!r}, by its name the {side}_{lower}, to hang below"
                    f" {joints[above]!r}, by its name the {side}_{upper}; a layout of your own can say what is what"
                    f" (got {joints[parents[below]]!r} above it)"
                )
