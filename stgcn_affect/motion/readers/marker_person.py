"""Find the points of one person in a file of markers, by the names that a layout has for its joints."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import listed
from stgcn_affect.motion.readers.marker_names import (
    HEAD,
    JOINT_STAND_INS,
    SPELLINGS,
    STAND_INS,
    is_marker,
    marker_key,
    plain_marker,
    readings,
    suffixed,
)
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.floating]
Parts = list[tuple[int, ...] | None]
"""The markers of a joint, each as the points whose mean it is; None for a corner of the head that is not there."""

BODY = 10
"""How many markers have the same word behind them where it is a person."""

FEW = 0.1
"""Of points with one name, one that is seen in fewer frames than this share of another's gives way to it."""

_NUMBERED = re.compile(r"(.+)#(\d+)")


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
    def readings(self) -> list[list[tuple[str, str]]]:
        """The ways to read each label as a person and a marker; a person may stand behind the markers of a body only.

        Words behind a few markers say which of two it is, as in LKNE_med.
        """
        behind = [suffixed(label) for label in self.labels]
        often = Counter(person for found in behind for person in {person.casefold() for person, _ in found})
        return [
            readings(label) + [(person, name) for person, name in found if often[person.casefold()] >= BODY]
            for label, found in zip(self.labels, behind, strict=True)
        ]

    @cached_property
    def people(self) -> dict[str, dict[str, list[tuple[str, int]]]]:
        """For each person, "" among them, and each ``marker_key``: names (as ``plain_marker``) and points."""
        people: dict[str, dict[str, list[tuple[str, int]]]] = {"": {}}
        same = {"": ""}
        for v, label in enumerate(self.labels):
            for person, name in self.readings[v] if label not in self.outputs else ():
                markers = people.setdefault(same.setdefault(person.casefold(), person), {})
                markers.setdefault(marker_key(name), []).append((plain_marker(name), v))
        return people

    def names(self) -> list[str]:
        """The labels of markers, without points that were never named and without outputs of a model."""
        return [label for label in self.labels if label not in self.outputs and is_marker(label)]


@dataclass(eq=False)
class Person:
    """The points that make the joints of a layout if they are those of one person.

    Args:
        points: all points of the file.
        layout: the joints.
        name: what stands before the person's markers, or behind them; "" for nothing.
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
        keys = [wanted_key(marker) for marker in markers]
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
        for others in STAND_INS.get(wanted_key(marker), ()) if self.layout.markers else ():
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
        for person, name in [*readings(marker), *suffixed(marker)]:
            found = people.get(person.casefold(), {}).get(marker_key(name)) if person else None
            if found:
                return found, name
        return [], marker

    def _one(self, marker: str, found: Sequence[int]) -> int | None:
        """The point that a name of several means: the one with clearly more data, which is said, or the fullest of
        those that are the same where both are seen. None where points with comparable data differ, which is kept in
        ``twins``.
        """
        if len(found) == 1:
            return found[0]
        there = np.asarray(np.isfinite(self.points.places[:, found]).all(axis=-1))
        frames = there.sum(axis=0)
        most = int(np.argmax(frames))
        enough = [i for i in range(len(found)) if frames[i] >= FEW * frames[most]]
        for i in enough:
            both = there[:, i] & there[:, most]
            own, fullest = (self.points.places[both, found[k]] for k in (i, most))
            if not both.any() or not np.array_equal(own, fullest):
                self._differ(marker, [found[k] for k in enough])
                return None
        fewer = sorted({int(count) for count in frames if count < frames[most]}, reverse=True)
        if fewer:
            self.notes.append(
                f"{marker}: of {len(found)} points of that name the one with data in {frames[most]} frames is read, not"
                f" {listed([f'that with {count}' for count in fewer])}"
            )
        return found[most]

    def _differ(self, marker: str, found: Sequence[int]) -> None:
        said = [self.points.descriptions[v].strip() if self.points.descriptions else "" for v in found]
        which = [f"point {v + 1}{f' {text:.40}' if text else ''}" for v, text in zip(found, said, strict=True)]
        self.twins.append(
            f"expected one marker {marker!r} with data (got {len(found)}: {listed(which)}); in the markers of a"
            f" layout of your own, {marker}#1, {marker}#2 ... says which, counted in the file's order"
            f"{', or its description does' if any(said) else ''}"
        )


def wanted_key(marker: str) -> str:
    """As ``marker_key``, without the person and the number that a layout may put around a name."""
    numbered = _NUMBERED.fullmatch(marker)
    plain = numbered[1] if numbered else marker
    keys = [marker_key(name) for _, name in [*readings(plain), *suffixed(plain)]]
    return next((key for key in keys if key in SPELLINGS), keys[0])


def _same_person(other: str, marker: str) -> str:
    """Another marker of the person whom a marker of the layout names: SACR and "A:LPSI" to "A:SACR"."""
    name = _NUMBERED.sub(r"\1", marker)
    if marker_key(name) in SPELLINGS:
        return other
    people = [person for person, own in [*readings(name)[1:], *suffixed(name)] if marker_key(own) in SPELLINGS]
    return f"{people[0]}:{other}" if people else other


def _capitals(keys: Sequence[str]) -> str:
    return listed(dict.fromkeys(key.upper() for key in keys))
