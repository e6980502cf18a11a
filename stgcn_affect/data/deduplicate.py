"""Join the prepared clips of a set: one layout, and copies of a take merged or left out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.prepare_clip import PreparedClip
from stgcn_affect.data.splits import take_ids
from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError, shortened
from stgcn_affect.skeleton.layout import Layout

SAME = 2e-3
"""Largest root mean square distance of the joints of two copies of a cycle, in body heights: under 4 mm for an adult.

The nearest two takes of one actor in Emotion-Gait lie five times as far apart."""


def copied_takes(
    positions: npt.NDArray[np.float32], take: npt.NDArray[np.int64], *, tolerance: float = SAME
) -> list[tuple[int, ...]]:
    """Groups of takes that share a cycle, directly or through others.

    Args:
        positions: ``[N, T, V, 3]`` cycles in body heights.
        take: ``[N]`` a number per take.
        tolerance: root mean square distance over phases and joints up to which two cycles are the same.

    Returns:
        sorted groups of two or more take numbers; empty where all takes differ.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    flat = positions.reshape(len(positions), -1).astype(np.float32)
    if len(flat) < 2:
        return []
    radius = tolerance * np.sqrt(positions.shape[1] * positions.shape[2])
    pairs = _near_pairs(flat, radius)
    first, second = take[pairs[:, 0]], take[pairs[:, 1]]
    numbers, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    edges = codes.reshape(2, -1)
    links = coo_array((np.ones(edges.shape[1]), (edges[0], edges[1])), shape=(len(numbers),) * 2)
    count, group = connected_components(links, directed=False)
    groups = [tuple(int(n) for n in numbers[group == g]) for g in range(count)]
    return sorted(g for g in groups if len(g) > 1)


def _near_pairs(flat: npt.NDArray[np.float32], radius: float) -> npt.NDArray[np.int64]:
    """``[P, 2]`` pairs of rows at most ``radius`` apart.

    Projecting on orthonormal axes never lengthens a distance, so a search along a few axes misses no pair; the pairs
    that it finds are then measured in full.
    """
    from scipy.spatial import cKDTree

    centred = flat - flat.mean(0)
    sample = centred[:: max(1, len(flat) // 256)]
    axes = np.linalg.svd(sample, full_matrices=False)[2][:8]
    pairs = cKDTree(centred @ axes.T).query_pairs(radius * 1.001 + 1e-6, output_type="ndarray")
    distance = np.array([np.linalg.norm(flat[i] - flat[j]) for i, j in pairs])
    near: npt.NDArray[np.int64] = pairs[distance <= radius] if len(pairs) else pairs.reshape(0, 2)
    return near.astype(np.int64)


@dataclass(frozen=True, eq=False)
class PreparedSet:
    """All clips of a set after ``deduplicate``.

    Args:
        clips: every clip, used or left out, in the order of reading.
        notes: one sentence per group of copied takes.
    """

    clips: tuple[PreparedClip, ...]
    notes: tuple[str, ...] = ()

    @property
    def used(self) -> list[PreparedClip]:
        """The clips that gave cycles."""
        return [clip for clip in self.clips if not clip.left_out]

    @property
    def skipped(self) -> tuple[tuple[str, str], ...]:
        """(source, reason) of the clips that gave no cycles."""
        return tuple((clip.source, clip.left_out) for clip in self.clips if clip.left_out)

    def store(self, *, name: str, settings: dict[str, Any], digest: str, truth: Mapping[str, Any]) -> CycleStore:
        """The cycles of all used clips, in memory. Raises InputError where there are none, or layouts differ."""
        check_usable(self, name)
        cycles = [(cycle, clip) for clip in self.used for cycle in clip.cycles]
        layout = common_layout(self.used)
        clips = [clip for _, clip in cycles]
        return CycleStore(
            positions=np.stack([c.positions[:, _order(c.clip.layout, layout)] for c, _ in cycles]).astype(np.float32),
            stride_time_s=np.array([c.stride_time_s for c, _ in cycles], np.float32),
            height_m=np.array([c.height_m for c, _ in cycles], np.float32),
            subject=np.array([clip.subject for clip in clips], np.str_),
            emotion=np.array([clip.emotion for clip in clips], np.str_),
            take=np.array([clip.take for clip in clips], np.str_),
            source=np.array([clip.source for clip in clips], np.str_),
            layout=layout,
            name=name,
            settings=settings,
            digest=digest,
            truth=dict(truth),
            attributes={clip.source: clip.attributes for clip in self.used if clip.attributes},
        )


def deduplicate(clips: Iterable[PreparedClip]) -> PreparedSet:
    """Find copies among the clips of a set.

    Takes that hold the same cycle become one take, so that no split can separate them. If they are labelled as
    different subjects or emotions, none of the labels can be trusted, and all of them are left out; an unlabelled copy
    of a labelled take is left out.

    Raises:
        InputError: two clips have different skeletons; both files are named.
    """
    clips = list(clips)
    used = [i for i, clip in enumerate(clips) if not clip.left_out]
    if not used:
        return PreparedSet(tuple(clips))
    layout = common_layout([clips[i] for i in used])
    numbers = take_ids(*zip(*((*clips[i].label, clips[i].take) for i in used), strict=True))
    cycles = [
        (c.positions[:, _order(c.clip.layout, layout)], n)
        for i, n in zip(used, numbers, strict=True)
        for c in clips[i].cycles
    ]
    groups = copied_takes(np.stack([x for x, _ in cycles]), np.array([n for _, n in cycles], np.int64))
    notes = [_resolve(clips, [i for i, n in zip(used, numbers, strict=True) if n in group]) for group in groups]
    return PreparedSet(tuple(clips), tuple(notes))


def common_layout(clips: Sequence[PreparedClip]) -> Layout:
    """The layout of the first clip. Raises InputError where another clip's joints or bones differ; order may."""
    first = clips[0]
    layout = first.cycles[0].clip.layout
    bones = _tree(layout)
    for clip in clips[1:]:
        other = _tree(clip.cycles[0].clip.layout)
        if other != bones:
            joint = min(set(other.items()) ^ set(bones.items()))[0]
            raise InputError(
                f"{clip.source}: expected the same joints and bones as {first.source}, {len(bones)} joints "
                f"(got {len(other)} joints, joint {joint!r} differs)"
            )
    return layout


def check_usable(found: PreparedSet, name: str) -> None:
    """Raise InputError, with the most frequent reasons, where no clip is used."""
    if not found.used:
        reasons = Counter(first_reason(reason) for _, reason in found.skipped).most_common(3)
        words = ", ".join(f"{count} x {reason}" for reason, count in reasons) or "no clips"
        raise InputError(
            f"{name}: expected clips of known subjects and emotions with gait cycles in them (got {words})"
        )


def first_reason(reason: str) -> str:
    """Why a clip is left out, in a few words and without the details behind it."""
    return shortened(reason.partition("; ")[0], 120)


def _tree(layout: Layout) -> dict[str, str]:
    return {j: layout.joints[p] if p >= 0 else "" for j, p in zip(layout.joints, layout.parents, strict=True)}


def _order(layout: Layout, wanted: Layout) -> list[int]:
    return [layout.index(joint) for joint in wanted.joints]


def _resolve(clips: list[PreparedClip], members: list[int]) -> str:
    """Merge or leave out one group of copies, in place; returns the note about it."""
    labelled = [i for i in members if all(clips[i].label)] or members
    labels = {clips[i].label for i in labelled}
    names = ", ".join(clips[i].source for i in members)
    if len(labels) > 1:
        for i in members:
            other = next(clips[j] for j in labelled if clips[j].label != clips[i].label)
            reason = f"holds the same cycle as {other.source}, which is labelled {', '.join(other.label)}"
            clips[i] = replace(clips[i], cycles=(), left_out=reason)
        return f"the same cycle under different labels, all left out: {names}"
    for i in members:
        if i in labelled:
            clips[i] = replace(clips[i], take=clips[labelled[0]].take)
        else:
            reason = f"holds the same cycle as {clips[labelled[0]].source}, whose subject and emotion are known"
            clips[i] = replace(clips[i], cycles=(), left_out=reason)
    return f"the same cycle in several clips, kept together as one take: {names}"
