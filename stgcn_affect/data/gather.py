"""Many examined clips as one set: one layout, no copies under two labels, no copies under two takes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stgcn_affect.data.duplicates import copied_takes
from stgcn_affect.data.examine import Examined
from stgcn_affect.data.splits import take_ids
from stgcn_affect.data.store import CycleStore
from stgcn_affect.errors import InputError
from stgcn_affect.skeleton.layout import Layout


@dataclass(frozen=True, eq=False)
class Gathered:
    """The clips of a set, and what was found in comparing them.

    Args:
        clips: every clip, used or left out, in the order of reading.
        notes: one sentence per group of copied takes.
    """

    clips: tuple[Examined, ...]
    notes: tuple[str, ...] = ()

    @property
    def used(self) -> list[Examined]:
        """The clips that gave cycles."""
        return [clip for clip in self.clips if not clip.left_out]

    @property
    def skipped(self) -> tuple[tuple[str, str], ...]:
        """(source, reason) of the others."""
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


def gather(clips: Iterable[Examined]) -> Gathered:
    """Compare the clips of a set with each other.

    Takes that hold the same cycle become one take, so that no split can part them. If they are labelled as different
    walkers or emotions, none of the labels can be trusted, and all of them are left out; a copy without a label gives
    way to one with.

    Raises:
        InputError: two clips have different skeletons; both files are named.
    """
    clips = list(clips)
    used = [i for i, clip in enumerate(clips) if not clip.left_out]
    if not used:
        return Gathered(tuple(clips))
    layout = common_layout([clips[i] for i in used])
    numbers = take_ids(*zip(*((*clips[i].label, clips[i].take) for i in used), strict=True))
    cycles = [
        (c.positions[:, _order(c.clip.layout, layout)], n)
        for i, n in zip(used, numbers, strict=True)
        for c in clips[i].cycles
    ]
    groups = copied_takes(np.stack([x for x, _ in cycles]), np.array([n for _, n in cycles], np.int64))
    notes = [_resolve(clips, [i for i, n in zip(used, numbers, strict=True) if n in group]) for group in groups]
    return Gathered(tuple(clips), tuple(notes))


def common_layout(clips: Sequence[Examined]) -> Layout:
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


def check_usable(gathered: Gathered, name: str) -> None:
    """Raises InputError where nothing is left to use, with the commonest reasons."""
    if not gathered.used:
        reasons = Counter(reason for _, reason in gathered.skipped).most_common(3)
        words = ", ".join(f"{count} x {reason}" for reason, count in reasons) or "no clips"
        raise InputError(f"{name}: expected clips of known walkers and emotions with gait cycles in them (got {words})")


def _tree(layout: Layout) -> dict[str, str]:
    return {j: layout.joints[p] if p >= 0 else "" for j, p in zip(layout.joints, layout.parents, strict=True)}


def _order(layout: Layout, wanted: Layout) -> list[int]:
    return [layout.index(joint) for joint in wanted.joints]


def _resolve(clips: list[Examined], members: list[int]) -> str:
    """Mend one group of copies in place and say what was done."""
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
            reason = f"holds the same cycle as {clips[labelled[0]].source}, whose walker and emotion are known"
            clips[i] = replace(clips[i], cycles=(), left_out=reason)
    return f"the same cycle in several clips, kept together as one take: {names}"
