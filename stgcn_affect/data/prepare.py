"""Build the cache of a data set: read, check and cut its clips once for the same inputs and settings."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from stgcn_affect.data.collection import Collection, each, read_row
from stgcn_affect.data.deduplicate import PreparedSet, deduplicate, first_reason
from stgcn_affect.data.manifest import ManifestRow
from stgcn_affect.data.prepare_clip import PreparedClip, prepare_clip
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
from stgcn_affect.motion.camera import LESS_SURE
from stgcn_affect.motion.clip import Clip, Unreadable
from stgcn_affect.settings import CYCLE_SAMPLES
from stgcn_affect.skeleton.layout import Layout


@dataclass(frozen=True)
class CacheReport:
    """The counts of a cache, and the clips that were left out.

    Args:
        folder: the cache; None where nothing was written.
        reused: it was there already, made from the same inputs with the same settings.
        name: the name of the set.
        cycles: the number of cycles.
        takes: the number of takes.
        subjects: their names, sorted.
        emotions: the number of cycles of each, by sorted name; "" where unknown.
        skipped: (source, reason) of every clip left out.
        notes: the copies among the clips, one sentence each.
        from_camera: the number of cycles that are poses from one camera.
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
    from_camera: int = 0

    def lines(self) -> list[str]:
        """A summary, one line each: the counts, the reasons for leaving clips out, the notes."""
        emotions = ", ".join(f"{emotion or 'unknown'} {count}" for emotion, count in self.emotions.items())
        lines = [
            f"{self.name}: {_count(self.cycles, 'cycle')} of {_count(self.takes, 'take')}, "
            f"{_count(len(self.subjects), 'subject')} x"
            f" {_count(len(set(self.emotions) - {''}), 'emotion')} ({emotions})"
        ]
        if self.skipped:
            reasons = Counter(first_reason(reason) for _, reason in self.skipped).most_common()
            shown = "; ".join(f"{count} x {reason}" for reason, count in reasons[:5])
            rest = sum(count for _, count in reasons[5:])
            lines.append(f"left out: {_count(len(self.skipped), 'clip')} ({shown}{f'; {rest} others' if rest else ''})")
        if self.from_camera:
            lines.append(f"from one camera: {self.from_camera} of {_count(self.cycles, 'cycle')}; {LESS_SURE}")
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


class ClipSource(NamedTuple):
    """Where clips come from, as ``build_cache`` and ``prepare_store`` take it.

    Args:
        clips: read one after the other, from files or from a generator; bad ones are left out and reported. Clips that
            ``prepare_files`` has prepared are taken as they are.
        name: the name of the set.
        settings: all else that the clips depend on, as JSON's types; kept with the cycles.
        inputs_digest: the digest of the clips: the SHA-256 of their files, or of the settings of a generator.
        truth: gives the known factors of synthetic walkers, as JSON's types.
    """

    clips: Iterable[Clip | Unreadable | PreparedClip]
    name: str
    settings: Mapping[str, Any]
    inputs_digest: str
    truth: Callable[[], Mapping[str, Any]] | None = None


def collection_source(
    collection: Collection,
    *,
    samples: int = CYCLE_SAMPLES,
    keep_unlabelled: bool = False,
    jobs: int | None = None,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] | None = None,
) -> ClipSource:
    """The clips of a collection, prepared in several processes where that pays.

    Args:
        collection: the files.
        samples: phase samples per cycle.
        keep_unlabelled: as in ``prepare_clip``.
        jobs: processes at most, as in ``each``.
        progress: watches the clips go by: the clips and about how many there are.

    Raises:
        InputError: fewer than one process, or a file that cannot be opened.
    """
    clips = prepare_files(collection, samples=samples, keep_unlabelled=keep_unlabelled, jobs=jobs)
    return ClipSource(
        clips if progress is None else progress(clips, collection.count()),
        name=collection.name,
        settings={"layout": collection.layout.name if collection.layout else None},
        inputs_digest=collection.digest(),
    )


def prepare_store(
    source: ClipSource, *, samples: int = CYCLE_SAMPLES, keep_unlabelled: bool = False
) -> tuple[CycleStore, PreparedSet]:
    """Check clips and cut them into cycles, in memory: the cycles, and the clips with what was left out and why.

    Args:
        source: the source of the clips.
        samples: phase samples per cycle.
        keep_unlabelled: also use clips whose subject or emotion is unknown.

    Raises:
        InputError: no clip gives a cycle, skeletons differ, or clips were prepared with another number of samples.
    """
    found = deduplicate(
        clip if isinstance(clip, PreparedClip) else prepare_clip(clip, samples=samples, keep_unlabelled=keep_unlabelled)
        for clip in source.clips
    )
    settings = {**source.settings, "samples": samples, "keep_unlabelled": keep_unlabelled}
    digest = _digest(source, settings)
    store = found.store(
        name=source.name, settings=settings, digest=digest, truth=source.truth() if source.truth else {}
    )
    if store.positions.shape[1] != samples:
        raise InputError(
            f"{source.name}: expected clips that were prepared with {samples} samples a cycle"
            f" (got {store.positions.shape[1]})"
        )
    return store, found


def build_cache(
    source: ClipSource, out: str | Path, *, samples: int = CYCLE_SAMPLES, keep_unlabelled: bool = False
) -> CacheReport:
    """Check clips, cut them into cycles, and write a cache; no clip is read where the same cache is there already.

    Args:
        source: the source of the clips; those that ``prepare_files`` has prepared had the same ``samples`` and
            ``keep_unlabelled``.
        out: the folder of the cache; an older cache there is replaced.
        samples: phase samples per cycle.
        keep_unlabelled: also use clips whose subject or emotion is unknown.

    Raises:
        InputError: as ``prepare_store`` does, or the cache cannot be written there.
    """
    out = Path(out)
    ready = _ready(out, _digest(source, {**source.settings, "samples": samples, "keep_unlabelled": keep_unlabelled}))
    if ready is not None:
        return ready
    check_replaceable(out)
    store, found = prepare_store(source, samples=samples, keep_unlabelled=keep_unlabelled)
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
        from_camera=int(store.from_camera.sum()),
    )


def _prepare_row(row: ManifestRow, *, layout: Layout | None, samples: int, keep_unlabelled: bool) -> list[PreparedClip]:
    return [prepare_clip(clip, samples=samples, keep_unlabelled=keep_unlabelled) for clip in read_row(row, layout)]


def _digest(source: ClipSource, settings: Mapping[str, Any]) -> str:
    made_of = [CACHE_FORMAT, source.name, settings, source.inputs_digest]
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


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
