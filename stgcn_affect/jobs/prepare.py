"""A data set's path in, its cache or a report in words out."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from stgcn_affect.data.collection import open_collection
from stgcn_affect.data.prepare import Report, build_cache
from stgcn_affect.data.prepare_files import prepare_files
from stgcn_affect.skeleton.layout import Layout

Progress = Callable[[Iterable[Any], int], Iterable[Any]]
"""Takes the examined clips and about how many there are, and passes them on; a progress bar, for example."""

MOST_LISTED = 20
"""Clips that a report names; a cache's ``skipped.csv`` has all."""


def prepare_data(
    root: str | Path,
    out: str | Path,
    *,
    layout: Layout | str | Path | None = None,
    samples: int = 64,
    keep_unlabelled: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Make the cache of a data set, or find that it is there already.

    Args:
        root: a manifest, a folder with one, an Emotion-Gait folder or its ``features.h5``, or a .pkl of pyskl's.
        out: the folder of the cache.
        layout: the skeleton, or its name or YAML file, where neither the files nor the manifest say it.
        samples: phase samples per cycle.
        keep_unlabelled: also use clips whose subject or emotion is unknown.
        jobs: processes at most; None for all cores where that pays. The cache is the same for any number.
        progress: watches the clips go by.

    Raises:
        InputError: no data set, nothing usable in it, skeletons that differ, or no place for the cache.
    """
    collection = open_collection(root, layout=layout)
    collection.check_outside(Path(out))
    prepared = prepare_files(collection, samples=samples, keep_unlabelled=keep_unlabelled, jobs=jobs)
    return build_cache(
        watched(prepared, collection.count(), progress),
        out,
        name=collection.name,
        settings={"layout": collection.layout.name if collection.layout else None},
        inputs_digest=collection.digest(),
        samples=samples,
        keep_unlabelled=keep_unlabelled,
    )


def watched(items: Iterator[Any], count: int, progress: Progress | None) -> Iterable[Any]:
    """Items as they are, or as a progress bar passes them on."""
    return items if progress is None else progress(items, count)


def report_lines(report: Report) -> list[str]:
    """What was left out, clip by clip, then the counts, then where the cache is."""
    lines = [f"left out: {source}: {reason}" for source, reason in report.skipped[:MOST_LISTED]]
    if len(report.skipped) > MOST_LISTED:
        lines.append(f"... and {len(report.skipped) - MOST_LISTED} more, in {report.folder}/skipped.csv")
    return [*lines, *report.words(), f"{'found as it was' if report.reused else 'written'}: {report.folder}"]
