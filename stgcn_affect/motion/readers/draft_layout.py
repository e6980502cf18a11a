"""Write a layout to start from, as YAML, for a recording whose joints no embedded layout has."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from stgcn_affect.errors import InputError, listed
from stgcn_affect.motion.guess_layout import estimated, guess_roles, split_sides, usual_parent, without
from stgcn_affect.motion.readers.bvh import Bvh
from stgcn_affect.motion.readers.c3d import C3d
from stgcn_affect.motion.readers.columns import Table
from stgcn_affect.motion.readers.formats import open_recording
from stgcn_affect.motion.readers.table import table_joints
from stgcn_affect.skeleton.layout import OPTIONAL_ROLES, ROLES, Layout, layout_names


class Draft(NamedTuple):
    """A layout to start from.

    Args:
        text: the YAML.
        unsure: what to look at in it, one sentence each.
        layout: the layout that the text holds; None where it has gaps to fill in, marked with "?".
    """

    text: str
    unsure: tuple[str, ...]
    layout: Layout | None


def draft_layout(path: str | Path) -> Draft:
    """A layout for the joints of a recording, with the roles that their names say.

    Raises:
        InputError: a file that cannot be read, or one that names no joints.
    """
    recording = open_recording(path)
    names, parents = _joints(recording.contents)
    try:
        clip = recording.clips(fps_hz=30.0)[0]
    except InputError as error:
        if not names:
            raise InputError(f"{path}: expected names of joints, for a layout to start from (got: {error})") from error
        return _with_gaps(Path(path), names, parents)
    layout = clip.layout
    used = {name for players in (layout.markers or {j: (j,) for j in layout.joints}).values() for name in players}
    left_out = [name for name in names if name not in used]
    unsure = [*estimated(layout), *without(layout)] if layout.name not in layout_names() else []
    if left_out and layout.name not in layout_names():
        unsure.append(f"in the file and not in the layout: {listed(left_out)}")
    known = f"The joints are those of the embedded layout {layout.name}: no file is needed."
    head = known if layout.name in layout_names() else "Its roles are guessed from the names of the joints."
    return Draft(_yaml(path, [head, *unsure], layout.to_dict()), tuple(unsure or [head]), layout)


def _joints(contents: Any) -> tuple[list[str], Sequence[int] | None]:
    """The names of the joints or markers in a parsed file, and their tree where it has one."""
    if isinstance(contents, Bvh):
        return list(contents.joints), contents.parents
    if isinstance(contents, C3d):
        return contents.points.names(), None
    if isinstance(contents, Table):
        return table_joints(contents), None
    named = contents.get("joints") if isinstance(contents, dict) else None
    return ([] if named is None else [str(name) for name in np.ravel(named)]), None


def _with_gaps(path: Path, names: list[str], parents: Sequence[int] | None) -> Draft:
    """The layout as far as names say it, and "?" for the rest."""
    names = list(dict.fromkeys(names))
    roles = guess_roles(names)
    sides = split_sides(names)
    place = {label: v for v, label in reversed(list(enumerate(sides)))}
    above: dict[str, str | None] = dict.fromkeys(names, "?")
    if parents is not None:
        above = {name: names[p] if p >= 0 else None for name, p in zip(names, parents, strict=True)}
    else:
        above |= {joint: roles.get(usual_parent(role, roles), "?") for role, joint in roles.items()}
        above |= {roles["pelvis"]: None} if "pelvis" in roles else {}
    missing = [role for role in ROLES if role not in roles]
    unsure = [f"no joint is named like the role {role}: fill it in" for role in missing]
    loose = [name for name, up in above.items() if up == "?"]
    unsure += [f"joint above unknown: {listed(loose)}: fill it in, or take the line out"] if loose else []
    pairs = [(v, place.get(("r", core), -1)) for (side, core), v in place.items() if side == "l"]
    asked = [role for role in (*ROLES, *OPTIONAL_ROLES) if role in roles or role in missing]
    content = {
        "name": path.stem,
        "joints": above,
        "mirror": [[names[left], names[right]] for left, right in pairs if right >= 0],
        "roles": {role: [roles.get(role, "?")] for role in asked},
    }
    return Draft(_yaml(path, unsure, content), tuple(unsure), None)


def _yaml(path: str | Path, words: Sequence[str], content: dict[str, Any]) -> str:
    """A layout's YAML with a joint, a pair and a role a line, below what there is to say of it."""
    lines = [f"# A layout to start from, made of the joints in {Path(path).name}."]
    lines += [f"# Unsure: {sentence}" if sentence[0].islower() else f"# {sentence}" for sentence in words]
    lines.append(f"name: {_cell(content['name'])}")
    lines.append("joints:  # joint: the joint above it; null for the one root")
    lines += [f"  {_cell(joint)}: {_cell(above)}" for joint, above in content["joints"].items()]
    lines.append("mirror:  # left joint, right joint")
    lines += [f"  - [{', '.join(map(_cell, pair))}]" for pair in content["mirror"]]
    for key, comment in (
        ("roles", "a role: the joint, or the joints whose mean it is"),
        ("markers", "a joint: its markers"),
    ):
        if content.get(key):
            lines.append(f"{key}:  # {comment}")
            lines += [f"  {_cell(name)}: [{', '.join(map(_cell, players))}]" for name, players in content[key].items()]
    return "\n".join(lines) + "\n"


def _cell(value: str | None) -> str:
    """A name as YAML: quoted where it is no plain word."""
    if value is None:
        return "null"
    plain = value.replace("_", "").isalnum() and not value.isdigit() and value.lower() not in _RESERVED
    return value if plain else "'" + value.replace("'", "''") + "'"


_RESERVED = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")
