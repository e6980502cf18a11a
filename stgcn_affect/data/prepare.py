"""Build the cache of a data set: read, check and cut its clips once for the same inputs and settings."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from stgcn_affect.data.collection import Collection, each, read_row
from stgcn_affect.data.deduplicate import deduplicate
from stgcn_affect.data.manifest import ManifestRow
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
from stgcn_affect.settings import CYCLE_SAMPLES
from stgcn_affect.skeleton.layout import Layout


@dataclass(frozen=True)
class CacheReport:
    """The counts of a cache, and the clips that were left out.

    Args:
        folder: the cache; None where nothing was written.
        reused: it was there already, made from the same inputs with the same settings.
        name: of the set.
        cycles: how many.
        takes: how many.
        subjects: their names, sorted.
        emotions: the number of cycles of each, by sorted name; "" where unknown.
        skipped: (source, reason) of every clip left out.
        notes: the copies among the clips, one sentence each.
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

    def lines(self) -> list[str]:
        """A summary, one line each: the counts, the reasons for leaving clips out, the notes."""
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


def prepare_files(
    collection: Collection, *, samples: int = CYCLE_SAMPLES, keep_unlabelled: bool = False, jobs: int | None = None
) -> Iterator[PreparedClip]:
    """Read every file of a collection and prepare its clips, in the order of the collection.

    Args:
        collection: the files.
        samples: phase samples per cycle.
        keep_unlabelled: as in ``prepare_clip``.
        jobs: processes at most, as in ``each``; the results are the same for any number.

    Raises:
        InputError: fewer than one process.
    """
    call = partial(_prepare_row, layout=collection.layout, samples=samples, keep_unlabelled=keep_unlabelled)
    return chain.from_iterable(each(call, collection.rows, files=collection.files, jobs=jobs))


def build_cache(
    clips: Iterable[Clip | Unreadable | PreparedClip],
    out: str | Path,
    *,
    name: str,
    settings: Mapping[str, Any],
    inputs_digest: str,
    samples: int = CYCLE_SAMPLES,
    keep_unlabelled: bool = False,
    truth: Callable[[], Mapping[str, Any]] | None = None,
) -> CacheReport:
    """Check clips, cut them into cycles, and write a cache; no clip is read where the same cache is there already.

    Args:
        clips: read one after the other, from files or from a generator; bad ones are left out and reported. Clips that
            ``prepare_files`` has prepared are taken as they are: give it the same ``samples`` and ``keep_unlabelled``.
        out: the folder of the cache; an older cache there is replaced.
        name: of the set.
        settings: all else that the clips depend on, as JSON's types; kept with the cache.
        inputs_digest: of the clips: the SHA-256 of their files, or of the settings of a generator.
        samples: phase samples per cycle.
        keep_unlabelled: also use clips whose subject or emotion is unknown.
        truth: gives the known factors of synthetic walkers, as JSON's types.

    Raises:
        InputError: no clip gives a cycle, skeletons differ, clips were prepared with another number of samples, or the
            cache cannot be written there.
    """
    out = Path(out)
    settings = {**settings, "samples": samples, "keep_unlabelled": keep_unlabelled}
    made_of = [CACHE_FORMAT, name, settings, inputs_digest]
    digest = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()
    ready = _ready(out, digest)
    if ready is not None:
        return ready
    check_replaceable(out)
    found = deduplicate(
        clip if isinstance(clip, PreparedClip) else prepare_clip(clip, samples=samples, keep_unlabelled=keep_unlabelled)
        for clip in clips
    )
    store = found.store(name=name, settings=settings, digest=digest, truth=truth() if truth else {})
    if store.positions.shape[1] != samples:
        raise InputError(
            f"{name}: expected clips that were prepared with {samples} samples a cycle (got {store.positions.shape[1]})"
        )
    report = describe_store(store, folder=out, reused=False, skipped=found.skipped, notes=found.notes)
    counts = {
        "cycles": report.cycles,
        "takes": report.takes,
        "subjects": len(report.subjects),
        "emotions": report.emotions,
    }
    write_store(store, out, skipped=found.skipped, facts={"counts": counts, "notes": list(found.notes)})
    return report


def describe_store(
    store: CycleStore,
    *,
    folder: Path | None,
    reused: bool,
    skipped: tuple[tuple[str, str], ...],
    notes: tuple[str, ...],
) -> CacheReport:
    """The report of a store."""
    return CacheReport(
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


def _prepare_row(row: ManifestRow, *, layout: Layout | None, samples: int, keep_unlabelled: bool) -> list[PreparedClip]:
    return [prepare_clip(clip, samples=samples, keep_unlabelled=keep_unlabelled) for clip in read_row(row, layout)]


def _ready(out: Path, digest: str) -> CacheReport | None:
    """The report of the cache at ``out`` if it is whole and has this digest."""
    try:
        meta = read_meta(out)
        if meta.get("digest") != digest:
            return None
        store = open_store(out)
        return describe_store(
            store, folder=out, reused=True, skipped=read_skipped(out), notes=tuple(meta.get("notes", ()))
        )
    except InputError:
        return None


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
