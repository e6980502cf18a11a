"""Clips in, a cache of gait cycles out, made once for the same inputs and settings."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stgcn_affect.data.deduplicate import deduplicate
from stgcn_affect.data.prepare_clip import PreparedClip, Unreadable, prepare_clip
from stgcn_affect.data.store import (
    CACHE_FORMAT,
    CycleStore,
    check_replaceable,
    open_store,
    read_meta,
    read_skipped,
    write_store,
)
from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip


@dataclass(frozen=True)
class Report:
    """What a cache holds and what is not in it.

    Args:
        folder: the cache; None where nothing was written.
        reused: it was there already, made of the same inputs with the same settings.
        name: of the set.
        cycles: how many.
        takes: how many.
        subjects: their names, sorted.
        emotions: the number of cycles of each, by sorted name; "" where unknown.
        skipped: (source, reason) of every clip left out.
        notes: what comparing the clips found, one sentence each.
    """

    folder: Path | None
    reused: bool
    name: str
    cycles: int
    takes: int
    subjects: tuple[str, ...]
    emotions: dict[str, int]
    skipped: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    def words(self) -> list[str]:
        """Lines for people."""
        emotions = ", ".join(f"{emotion or 'unknown'} {count}" for emotion, count in self.emotions.items())
        lines = [
            f"{self.name}: {_count(self.cycles, 'cycle')} of {_count(self.takes, 'take')}, "
            f"{_count(len(self.subjects), 'subject')} x"
            f" {_count(len(set(self.emotions) - {''}), 'emotion')} ({emotions})"
        ]
        if self.skipped:
            reasons = Counter(reason for _, reason in self.skipped).most_common()
            shown = "; ".join(f"{count} x {reason}" for reason, count in reasons[:5])
            rest = sum(count for _, count in reasons[5:])
            lines.append(f"left out: {_count(len(self.skipped), 'clip')} ({shown}{f'; {rest} others' if rest else ''})")
        return lines + [f"note: {note}" for note in self.notes]


def prepare_clips(
    clips: Iterable[Clip | Unreadable],
    out: str | Path,
    *,
    name: str,
    settings: Mapping[str, Any],
    inputs_digest: str,
    samples: int = 64,
    keep_unlabelled: bool = False,
    truth: Callable[[], Mapping[str, Any]] | None = None,
) -> Report:
    """Check clips, cut them into cycles, and write a cache; nothing is read where the cache is there already.

    Args:
        clips: read one after the other, from files or from a generator; bad ones are skipped and reported.
        out: the folder of the cache; an older cache there is replaced.
        name: of the set.
        settings: what else made the clips what they are, as JSON's types; kept with the cache.
        inputs_digest: stands for the clips: the SHA-256 of their files, or of what a generator makes them from.
        samples: phase samples per cycle.
        keep_unlabelled: also use clips whose subject or emotion is unknown.
        truth: gives what is known about synthetic walkers, as JSON's types.

    Raises:
        InputError: no clip gives a cycle, skeletons differ, or the cache cannot be written there.
    """
    return build_cache(
        (prepare_clip(clip, samples=samples, keep_unlabelled=keep_unlabelled) for clip in clips),
        out,
        name=name,
        settings=settings,
        inputs_digest=inputs_digest,
        samples=samples,
        keep_unlabelled=keep_unlabelled,
        truth=truth,
    )


def build_cache(
    prepared: Iterable[PreparedClip],
    out: str | Path,
    *,
    name: str,
    settings: Mapping[str, Any],
    inputs_digest: str,
    samples: int,
    keep_unlabelled: bool,
    truth: Callable[[], Mapping[str, Any]] | None = None,
) -> Report:
    """As ``prepare_clips``, for clips that are read and examined elsewhere, with these ``samples`` and
    ``keep_unlabelled``; none is asked for where the cache is there already.

    Raises:
        InputError: as ``prepare_clips`` does, or clips that were examined with another number of samples.
    """
    out = Path(out)
    settings = {**settings, "samples": samples, "keep_unlabelled": keep_unlabelled}
    made_of = [CACHE_FORMAT, name, settings, inputs_digest]
    digest = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()
    ready = _ready(out, digest)
    if ready is not None:
        return ready
    check_replaceable(out)
    deduplicated = deduplicate(prepared)
    store = deduplicated.store(name=name, settings=settings, digest=digest, truth=truth() if truth else {})
    if store.positions.shape[1] != samples:
        raise InputError(
            f"{name}: expected clips that were examined with {samples} samples a cycle (got {store.positions.shape[1]})"
        )
    report = describe(store, folder=out, reused=False, skipped=deduplicated.skipped, notes=deduplicated.notes)
    counts = {
        "cycles": report.cycles,
        "takes": report.takes,
        "subjects": len(report.subjects),
        "emotions": report.emotions,
    }
    write_store(store, out, skipped=deduplicated.skipped, facts={"counts": counts, "notes": list(deduplicated.notes)})
    return report


def describe(
    store: CycleStore,
    *,
    folder: Path | None,
    reused: bool,
    skipped: tuple[tuple[str, str], ...],
    notes: tuple[str, ...],
) -> Report:
    """Count what a store holds."""
    return Report(
        folder=folder,
        reused=reused,
        name=store.name,
        cycles=len(store),
        takes=len(set(store.take_ids.tolist())),
        subjects=tuple(sorted(set(store.subject.tolist()) - {""})),
        emotions=dict(sorted(Counter(store.emotion.tolist()).items())),
        skipped=skipped,
        notes=notes,
    )


def _ready(out: Path, digest: str) -> Report | None:
    """The report of the cache at ``out`` if it is whole and has this digest."""
    try:
        meta = read_meta(out)
        if meta.get("digest") != digest:
            return None
        store = open_store(out)
        return describe(store, folder=out, reused=True, skipped=read_skipped(out), notes=tuple(meta.get("notes", ())))
    except InputError:
        return None


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
