"""Make joints of a file's markers: choose the person, and take the mean of each joint's markers."""

from collections.abc import Sequence

import numpy as np

from stgcn_affect.errors import InputError, listed
from stgcn_affect.motion.guess_layout import keep_joints
from stgcn_affect.motion.joint_names import embedded_layouts
from stgcn_affect.motion.readers.marker_names import JOINT_STAND_INS, STAND_INS
from stgcn_affect.motion.readers.marker_person import Floats, MarkerPoints, Parts, Person, wanted_key
from stgcn_affect.skeleton.layout import ROLES, Layout

_COUNTS = {2: "two", 3: "three", 4: "four"}


def marker_joints(points: MarkerPoints, layout: Layout | None, source: str) -> tuple[Floats, Layout, tuple[str, ...]]:
    """The joints of one person, each the mean of the markers that the layout names for it.

    Of points with one name, those that were never seen give way. Other spellings of a marker count (R.ASIS for RASI).
    What precedes a name, as in "Ana:LASI" or "Ana_LASI", is a person; a layout may name one ("A:LASI"), and which of
    several points of one name it means ("LKNE#2"). For some markers that are not there others stand (SACR for LPSI and
    RPSI; three corners of the head are enough), which is said. A joint is missing (NaN) where a marker of it is.

    Args:
        points: the file's points.
        layout: the joints and their markers; None for the embedded layout whose markers are there.
        source: the file, for messages.

    Returns:
        ``[T, V, 3]``, the layout, and which markers stand for others, a sentence each.

    Raises:
        InputError: markers that are not there, several people, or several points with data for one marker.
    """
    layouts = [known for known in embedded_layouts() if known.markers] if layout is None else [layout]
    people = [person for known in layouts for person in _people_of(points, known)]
    chosen = _chosen(points, people, layout, source)
    means = [_mean(points.places, chosen.joints[j], head=j in chosen.heads) for j in chosen.layout.joints]
    positions = np.stack([mean for mean, _ in means], axis=1)
    apart = [joint for v, joint in enumerate(chosen.layout.joints) if np.isnan(positions[:, v]).any(axis=-1).all()]
    if apart:
        raise InputError(
            f"{source}: expected frames in which all markers of a joint are seen (got none for {listed(apart)})"
        )
    remarks = list(chosen.notes)
    others = [p.name for p in people if p.layout is chosen.layout and not p.used & chosen.used and _half(p)]
    if others:
        read = chosen.name or "who has no prefix"
        remarks.append(f"{_counted([chosen.name, *others])}, are in the file: {read} is read")
    worked_out = sum(frames for _, frames in means)
    if worked_out:
        remarks.append(f"head: from three of its four markers in {worked_out} of {len(positions)} frames")
    return positions, chosen.layout, tuple(remarks)


def fewer_joints(points: MarkerPoints, layout: Layout) -> Layout | None:
    """The layout of the joints whose markers are there; None for all of them, where legs or pelvis lack, or where a
    marker is there twice.

    An arm without shoulder or elbow does not count, nor what one side alone has.
    """
    best = max(_people_of(points, layout), key=lambda person: len(person.joints))
    there = {role for role, players in layout.roles.items() if set(players) <= set(best.joints)}
    for role in (f"{side}_{part}" for part in ("shoulder", "elbow", "wrist", "toe") for side in "lr"):
        above = {"elbow": "shoulder", "wrist": "elbow"}.get(role[2:], "")
        pair = {role, f"{'r' if role[0] == 'l' else 'l'}{role[1:]}"}
        if not pair <= there or (above and f"{role[:2]}{above}" not in there):
            there -= pair
    if best.whole or best.twins or not there >= set(ROLES):
        return None
    return keep_joints(layout, {joint for role in there for joint in layout.roles[role]})


def _chosen(points: MarkerPoints, people: Sequence[Person], layout: Layout | None, source: str) -> Person:
    """The one person who has the markers of all joints; with a layout of the user's, one without a prefix first."""
    distinct: list[Person] = []
    for person in sorted((person for person in people if person.whole), key=lambda person: len(person.notes)):
        if not any(person.used & other.used for other in distinct):
            distinct.append(person)
    distinct.sort(key=people.index)
    if layout is not None:
        distinct = [person for person in distinct if not person.name] or distinct
    if len(distinct) > 1:
        names = [person.name for person in distinct]
        raise InputError(
            f"{source}: expected one person, or a layout of your own whose markers name one, such as"
            f" '{next(filter(None, names))}:LASI' (got {_counted(names)})"
        )
    if not distinct:
        raise _unmade(points, people, layout, source)
    return distinct[0]


def _people_of(points: MarkerPoints, layout: Layout) -> list[Person]:
    """Each person, and everyone's markers together where none is there for two."""
    markers = [marker for names in (layout.markers or {j: (j,) for j in layout.joints}).values() for marker in names]
    others = [keys for groups in (*STAND_INS.values(), *JOINT_STAND_INS.values()) for keys in groups]
    wanted = {wanted_key(marker) for marker in markers}.union(*(others if layout.markers else ()))
    found = {name: of for name, of in points.people.items() if not name or wanted & set(of)}
    people = [Person(points, layout, name, of) for name, of in found.items()]
    together: dict[str, list[tuple[str, int]]] = {}
    for key in wanted:
        owners = {frozenset(v for _, v in of[key]): of[key] for of in found.values() if key in of}
        owners = {places: of for places, of in owners.items() if points.seen[list(places)].any()}
        if len(owners) > 1:
            return people
        if owners:
            together[key] = next(iter(owners.values()))
    return [*people, Person(points, layout, "", found[""] | together)]


def _unmade(points: MarkerPoints, people: Sequence[Person], layout: Layout | None, source: str) -> InputError:
    """What to say where no person has all markers: which lack, and where most do, which names the file has."""
    best = max(people, key=lambda person: len(person.joints))
    if best.twins and (layout is not None or _half(best)):
        return InputError(f"{source}: {best.twins[0]}")
    expected = f"expected the markers of the layout {best.layout.name}"
    expected += " or of one of your own" if layout is None else ""
    whose = f" of {best.name:.40}" if best.name else ""
    lacking = [f"missing{whose}: {listed(best.missing, 120)}"] if best.joints else []
    names = [] if _half(best) else [f"got {listed(points.names(), 120) or 'no markers'}"]
    return InputError(f"{source}: {expected} ({'; '.join([*lacking, *names])})")


def _half(person: Person) -> bool:
    return 2 * len(person.joints) >= person.layout.num_joints


def _counted(names: Sequence[str]) -> str:
    words = [name or "one without a prefix" for name in names]
    return f"{_COUNTS.get(len(words), len(words))} people, {listed(words[:-1])} and {words[-1]}"


def _mean(places: Floats, parts: Parts, *, head: bool) -> tuple[Floats, int]:
    """``[T, 3]``, the mean of markers, each the mean of its points; and in how many frames a corner was worked out.

    Where one corner of a head is not seen, it is the fourth of a parallelogram with the others, moved by as much as it
    stands away from there in the frames that show all four.
    """
    unseen = np.full(places[:, 0].shape, np.nan)
    corners = np.stack([unseen if part is None else places[:, part].mean(axis=1) for part in parts])
    gone = np.isnan(corners).any(axis=-1)
    alone = gone & (gone.sum(axis=0) == 1) & head
    filled = corners.copy()
    for i in np.flatnonzero(alone.any(axis=1)):
        beside = [j for j in range(4) if j not in (i, 3 - i)]
        guess = corners[beside].sum(axis=0) - corners[3 - i]
        whole = ~gone.any(axis=0)
        away = (corners[i] - guess)[whole].mean(axis=0) if whole.any() else 0.0
        filled[i, alone[i]] = (guess + away)[alone[i]]
    return filled.mean(axis=0), 0 if None in parts else int(alone.sum())
