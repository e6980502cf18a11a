"""Make the joints of a layout of the named points of a file: joints, markers, or both."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError, listed
from stgcn_affect.motion.axes import guess_unit, turn_upright, up_axis
from stgcn_affect.motion.gaps import without_origin
from stgcn_affect.motion.guess_layout import estimated, guess_tree, without
from stgcn_affect.motion.joint_names import embedded_layouts, need_layout, pick_joints, plain_name
from stgcn_affect.motion.normalise import body_height, over_what_is_there
from stgcn_affect.motion.readers.marker_names import PELVIS, marker_key, readings, suffixed
from stgcn_affect.motion.readers.marker_person import MarkerPoints
from stgcn_affect.motion.readers.markers import fewer_joints, marker_joints
from stgcn_affect.motion.readers.unread import two_dimensions
from stgcn_affect.skeleton.layout import Layout, load_layout

Floats = npt.NDArray[np.floating]
Joints = tuple[Floats, Layout, tuple[str, ...]]
"""``[T, V, 3]``, the layout, and what was done, a sentence each."""

_COUNTED = re.compile(r"(.*?)[\s_.:#-]*(\d+)")

COUNTED_LAYOUTS = {33: "mediapipe33", 25: "kinect25", 20: "kinect20"}
"""The layout that so many joints with numbers in place of names have, where they stand upright in it."""


def named_joints(names: Sequence[str], places: Floats, layout: Layout | None, source: str) -> Joints:
    """The joints of a layout, which is guessed where none is given (``guessed_joints``).

    Joints with numbers in place of names are those of a layout in its order.

    Args:
        names: M names, or none for places in the layout's order.
        places: ``[T, M, 3]``, NaN, or 0, 0, 0 for a while, where a point was not seen.
        layout: the joints; one with markers takes the mean of those that it names for each joint.
        source: the file, for messages.

    Raises:
        InputError: no layout is given and none fits, or a joint or marker of it is not there.
    """
    places = without_origin(places)
    if not np.isfinite(places).any():
        raise InputError(f"{source}: expected places of joints (got empty cells or 0, 0, 0 in every row)")
    flat = np.flatnonzero(over_what_is_there(np.nanstd, places.reshape(-1, 3), axis=0) == 0)
    if len(flat) == 1 and places.shape[1] > 1:
        axis = "xyz"[flat[0]]
        raise InputError(f"{source}: {two_dimensions(f'the same {axis} for all joints at all times')}")
    if layout is not None and set(names) >= set(layout.joints) and not layout.markers:
        return places[:, pick_joints(names, layout, source)], layout, ()
    numbers = joint_numbers(names)
    if not names or numbers is not None:
        return _counted(numbers, places, layout, source)
    points = MarkerPoints(names, places)
    if layout is None:
        return _without_unseen(points, source)
    if layout.markers:
        return _of_markers(points, layout, source)
    return places[:, pick_joints(names, layout, source)], layout, ()


def guessed_joints(points: MarkerPoints, source: str) -> Joints:
    """The joints of the first layout that fits a file's points.

    That is an embedded one all of whose joints are in the file, the one with most joints; one for markers, without arms
    or head where their markers lack; the usual tree over the joints whose names say their role.

    Raises:
        InputError: none fits; names the markers that lack, or the joints in the file.
    """
    names, places = points.names(), points.places
    plain = {plain_name(name) for name in names}
    fitting = [known for known in embedded_layouts() if {plain_name(joint) for joint in known.joints} <= plain]
    if fitting:
        layout = max(fitting, key=lambda known: known.num_joints)
        more = len(plain) - layout.num_joints
        left_out = [f"{more} points beside the {layout.num_joints} joints of {layout.name}: left out"] * bool(more)
        return places[:, pick_joints(points.labels, layout, source)], layout, tuple(left_out)
    try:
        return marker_joints(points, None, source)
    except InputError as error:
        of_markers = error
    tree = _tree(names)
    for known in embedded_layouts():
        fewer = fewer_joints(points, known) if known.markers else None
        if fewer is not None and not (tree and _names_more(tree, fewer)):
            positions, layout, said = marker_joints(points, fewer, source)
            return positions, layout, (*said, *without(layout))
    if tree is None:
        if any(marker_key(own) in PELVIS for name in names for _, own in (*readings(name), *suffixed(name))):
            raise of_markers
        tree = need_layout(None, names, source)
    positions, layout, _ = _of_markers(points, tree, source)
    return positions, layout, (*estimated(layout), *without(layout))


def _tree(names: Sequence[str]) -> Layout | None:
    try:
        return guess_tree(names)
    except InputError:
        return None


def _names_more(tree: Layout, fewer: Layout) -> bool:
    """Whether a file names joints, a pelvis among them, for more roles than its markers make (OpenCap has both)."""
    return len(tree.markers[tree.roles["pelvis"][0]]) == 1 and len(tree.roles) > len(fewer.roles)


def _without_unseen(points: MarkerPoints, source: str) -> Joints:
    """As ``guessed_joints``, without points that were never seen if there is a layout for the others."""
    never = [name for name, seen in zip(points.labels, points.seen, strict=True) if not seen]
    if not never:
        return guessed_joints(points, source)
    labels = [name for name, seen in zip(points.labels, points.seen, strict=True) if seen]
    try:
        positions, layout, remarks = guessed_joints(MarkerPoints(labels, points.places[:, points.seen]), source)
    except InputError:
        return guessed_joints(points, source)
    return positions, layout, (f"never seen in the file, and left out: {listed(never)}", *remarks)


def joint_numbers(names: Sequence[str]) -> list[int] | None:
    """The places from 0 on of joints that are counted from 0 or from 1 ("0", "joint_12", "x7"); None for names."""
    matches = [_COUNTED.fullmatch(name.strip()) for name in names]
    found = [match for match in matches if match is not None]
    if not found or len(found) < len(names) or len({match[1].lower() for match in found}) != 1:
        return None
    numbers = [int(match[2]) for match in found]
    return [number - min(numbers) for number in numbers] if min(numbers) in (0, 1) else None


def _counted(numbers: list[int] | None, places: Floats, layout: Layout | None, source: str) -> Joints:
    count = places.shape[1]
    in_order = numbers is not None and sorted(numbers) == list(range(count))
    if layout is None and in_order and count in COUNTED_LAYOUTS:
        likely, positions = load_layout(COUNTED_LAYOUTS[count]), places[:, np.argsort(numbers or ())]
        if _stands(positions, likely):
            return (
                positions,
                likely,
                (f"joints have numbers in place of names: taken for those of {likely.name}",),
            )
    layout = need_layout(layout, None, source)
    if numbers is None:
        if count != layout.num_joints:
            raise InputError(
                f"{source}: expected {layout.num_joints * 3} columns for the joints of the layout {layout.name}, or a"
                f" heading that names them (got {count * 3} columns)"
            )
        return places, layout, ()
    if not in_order or count != layout.num_joints:
        raise InputError(
            f"{source}: expected joints counted from 0 to {layout.num_joints - 1}, in the order of the layout"
            f" {layout.name}, or their names (got {listed(sorted(numbers))})"
        )
    return places[:, np.argsort(numbers)], layout, ()


def _stands(positions: Floats, layout: Layout) -> bool:
    """Whether head, pelvis, knees and ankles of either side come one below the other, in a body of a likely height."""
    if not np.isfinite(positions).any():
        return False
    upright = turn_upright(positions, up_axis(positions, layout))
    for side in "lr":
        joints = [layout.role_indices(role) for role in ("head", "pelvis", f"{side}_knee", f"{side}_ankle")]
        levels = [float(over_what_is_there(np.nanmedian, upright[:, those, 1])) for those in joints]
        if levels != sorted(levels, reverse=True):
            return False
    return bool(guess_unit(body_height(upright, layout)))


def _of_markers(points: MarkerPoints, layout: Layout, source: str) -> Joints:
    """The mean of the points that the layout names for each joint, by their exact names where all are there once."""
    labels = list(points.labels)
    wanted = [layout.markers[joint] for joint in layout.joints]
    if any(labels.count(name) != 1 for names in wanted for name in names):
        return marker_joints(points, layout, source)
    means = [points.places[:, [labels.index(name) for name in names]].mean(axis=1) for names in wanted]
    return np.stack(means, axis=1), layout, ()
