"""Find joints by name: those of a layout among a file's, and the embedded layout that a file's joints are."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError, listed
from stgcn_affect.skeleton.layout import Layout, layout_names, load_layout


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
