"""Make joints of a file's markers: find those of one person by name, and take the mean of each joint's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError, listed
from stgcn_affect.motion.joint_names import embedded_layouts
from stgcn_affect.motion.readers.marker_names import (
    HEAD,
    JOINT_STAND_INS,
    SPELLINGS,
    STAND_INS,
    is_marker,
    marker_key,
    plain_marker,
    readings,
)
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]
Parts = list[tuple[int, ...] | None]
"""The markers of a joint, each as the points whose mean it is; None for a corner of the head that is not there."""

_NUMBERED = re.compile(r"(.+)#(\d+)")
_COUNTS = {2: "two", 3: "three", 4: "four"}


@dataclass(frozen=True, eq=False)
class MarkerPoints:
    """The points of a file that holds markers.

    Args:
        labels: M names as the file writes them; several points may have one name.
        places: ``[T, M, 3]``, NaN where a point was not seen.
        descriptions: M texts about the points, or none.
        outputs: labels of points that a model computed (angles, forces, moments, powers).
    """

    labels: Sequence[str]
    places: Floats
    descriptions: Sequence[str] = ()
    outputs: frozenset[str] = frozenset()

    @cached_property
    def seen(self) -> npt.NDArray[np.bool_]:
        """``[M]``: whether a point was seen in any frame."""
        return np.asarray(np.isfinite(self.places).all(axis=-1).any(axis=0))

    @cached_property
    def people(self) -> dict[str, dict[str, list[tuple[str, int]]]]:
        """For each prefix, "" among them, and each ``marker_key``: names (as ``plain_marker``) and points."""
        people: dict[str, dict[str, list[tuple[str, int]]]] = {"": {}}
        same = {"": ""}
        for v, label in enumerate(self.labels):
            for person, name in readings(label) if label not in self.outputs else ():
                markers = people.setdefault(same.setdefault(person.casefold(), person), {})
                markers.setdefault(marker_key(name), []).append((plain_marker(name), v))
        return people

    def names(self) -> list[str]:
        """The labels of markers, without points that were never named and without outputs of a model."""
        return [label for label in self.labels if label not in self.outputs and is_marker(label)]


@dataclass(eq=False)
class _Person:
    """The points that make the joints of a layout if they are those of one person.

    Args:
        points: all points of the file.
        layout: the joints.
        name: the prefix.
        of: the person's points by ``marker_key``.
        joints: the markers of each joint that can be made.
        missing: markers that are not there, in the layout's order.
        notes: which markers stand for others.
        twins: for each marker with several points that have data, what to do.
        heads: joints whose markers are the corners of the head, in the order of ``HEAD``.
    """

    points: MarkerPoints
    layout: Layout
    name: str
    of: dict[str, list[tuple[str, int]]]
    joints: dict[str, Parts] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    twins: list[str] = field(default_factory=list)
    heads: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for joint in self.layout.joints:
            self._make(joint, self.layout.markers.get(joint, (joint,)))
        self.missing, self.notes = list(dict.fromkeys(self.missing)), list(dict.fromkeys(self.notes))

    @property
    def used(self) -> frozenset[int]:
        """The points of all joints."""
        return frozenset(v for parts in self.joints.values() for part in parts for v in part or ())

    @property
    def whole(self) -> bool:
        """Whether all joints can be made."""
        return len(self.joints) == self.layout.num_joints

    def _make(self, joint: str, markers: Sequence[str]) -> None:
        parts: Parts = [self._marker(marker) for marker in markers]
        gone = [marker for marker, part in zip(markers, parts, strict=True) if part is None]
        keys = [_key(marker) for marker in markers]
        if sorted(keys) == sorted(HEAD) and len(gone) <= 1:
            self.heads.add(joint)
            self.joints[joint] = [parts[keys.index(corner)] for corner in HEAD]
            self.notes += [f"{joint}: without {marker}, from the other three markers" for marker in gone]
        elif not gone:
            self.joints[joint] = parts
        elif not self._stand_in(joint, markers, keys, gone):
            self.missing += gone

    def _stand_in(self, joint: str, markers: Sequence[str], keys: Sequence[str], gone: Sequence[str]) -> bool:
        for others in JOINT_STAND_INS.get(frozenset(keys), ()) if self.layout.markers else ():
            parts: Parts = [self._marker(_same_person(other, markers[0])) for other in others]
            if None not in parts:
                self.joints[joint] = parts
                self.notes.append(f"{joint}: without {listed(gone)}, from {_capitals(others)}")
                return True
        return False

    def _marker(self, marker: str) -> tuple[int, ...] | None:
        """The point of a marker, or the points of those that stand for it."""
        point = self._point(marker)
        if point is not None:
            return (point,)
        for others in STAND_INS.get(_key(marker), ()) if self.layout.markers else ():
            points = [self._point(_same_person(other, marker)) for other in others]
            found = tuple(v for v in points if v is not None)
            if len(found) == len(points):
                self.notes.append(f"{_capitals(others)} in place of {marker}")
                return found
        return None

    def _point(self, marker: str) -> int | None:
        """The one point with data that is this marker, by its name or its description."""
        numbered = _NUMBERED.fullmatch(marker)
        entries, name = self._entries(numbered[1] if numbered else marker)
        plain = plain_marker(name)
        if numbered:
            twins = [v for spelled, v in entries if spelled == plain]
            return twins[int(numbered[2]) - 1] if 0 < int(numbered[2]) <= len(twins) else None
        key, text = marker_key(name), marker.strip().casefold()
        spellings = (key, *SPELLINGS.get(key, ())) if self.layout.markers else ()
        described = [v for v, words in enumerate(self.points.descriptions) if words.casefold() == text]
        named = ([v for spelled, v in entries if spelled == wanted] for wanted in (plain, *spellings))
        for points in (next(named), described, *named):
            found = [v for v in points if self.points.seen[v]]
            if found:
                return self._one(marker, found)
        return None

    def _entries(self, marker: str) -> tuple[list[tuple[str, int]], str]:
        """The points of a marker, and its name without a person: "A:LASI" is LASI of A, whoever this person is."""
        if marker_key(marker) in self.of:
            return self.of[marker_key(marker)], marker
        people = {name.casefold(): of for name, of in self.points.people.items()}
        for person, name in readings(marker):
            found = people.get(person.casefold(), {}).get(marker_key(name)) if person else None
            if found:
                return found, name
        return [], marker

    def _one(self, marker: str, found: Sequence[int]) -> int | None:
        """The first of points that are the same at all times; None where they differ, which is kept in ``twins``."""
        places = self.points.places
        if not all(np.array_equal(places[:, found[0]], places[:, v], equal_nan=True) for v in found[1:]):
            said = [self.points.descriptions[v].strip() if self.points.descriptions else "" for v in found]
            which = [f"point {v + 1}{f' {text:.40}' if text else ''}" for v, text in zip(found, said, strict=True)]
            self.twins.append(
                f"expected one marker {marker!r} with data (got {len(found)}: {listed(which)}); in the markers of a"
                f" layout of your own, {marker}#1, {marker}#2 ... says which, counted in the file's order"
                f"{', or its description does' if any(said) else ''}"
            )
            return None
        return found[0]


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


def _chosen(points: MarkerPoints, people: Sequence[_Person], layout: Layout | None, source: str) -> _Person:
    """The one person who has the markers of all joints; with a layout of the user's, one without a prefix first."""
    distinct: list[_Person] = []
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


def _people_of(points: MarkerPoints, layout: Layout) -> list[_Person]:
    """Each person, and everyone's markers together where none is there for two."""
    markers = [marker for names in (layout.markers or {j: (j,) for j in layout.joints}).values() for marker in names]
    others = [keys for groups in (*STAND_INS.values(), *JOINT_STAND_INS.values()) for keys in groups]
    wanted = {_key(marker) for marker in markers}.union(*(others if layout.markers else ()))
    found = {name: of for name, of in points.people.items() if not name or wanted & set(of)}
    people = [_Person(points, layout, name, of) for name, of in found.items()]
    together: dict[str, list[tuple[str, int]]] = {}
    for key in wanted:
        owners = {frozenset(v for _, v in of[key]): of[key] for of in found.values() if key in of}
        owners = {places: of for places, of in owners.items() if points.seen[list(places)].any()}
        if len(owners) > 1:
            return people
        if owners:
            together[key] = next(iter(owners.values()))
    return [*people, _Person(points, layout, "", found[""] | together)]


def _unmade(points: MarkerPoints, people: Sequence[_Person], layout: Layout | None, source: str) -> InputError:
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


def _half(person: _Person) -> bool:
    return 2 * len(person.joints) >= person.layout.num_joints


def _key(marker: str) -> str:
    """As ``marker_key``, without the person and the number that a layout may put around a name."""
    numbered = _NUMBERED.fullmatch(marker)
    keys = [marker_key(name) for _, name in readings(numbered[1] if numbered else marker)]
    return next((key for key in keys if key in SPELLINGS), keys[0])


def _same_person(other: str, marker: str) -> str:
    """Another marker of the person whom a marker of the layout names: SACR and "A:LPSI" to "A:SACR"."""
    name = _NUMBERED.sub(r"\1", marker)
    if marker_key(name) in SPELLINGS:
        return other
    return next((f"{person}:{other}" for person, own in readings(name)[1:] if marker_key(own) in SPELLINGS), other)


def _capitals(keys: Sequence[str]) -> str:
    return listed(dict.fromkeys(key.upper() for key in keys))


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
