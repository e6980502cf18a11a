"""A data set's path in, its cache or a report in words out."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from stgcn_affect.data.collection import open_collection
from stgcn_affect.data.examine import Unreadable, examine
from stgcn_affect.data.gather import gather
from stgcn_affect.data.prepare import Report, describe, prepare_clips
from stgcn_affect.motion.clip import Clip
from stgcn_affect.skeleton.layout import Layout

Clips = Iterable[Clip | Unreadable]
Progress = Callable[[Clips, int], Clips]
"""Takes the clips and about how many there are, and passes them on; a progress bar, for example."""


def prepare_data(
    root: str | Path,
    out: str | Path,
    *,
    layout: Layout | str | Path | None = None,
    samples: int = 64,
    keep_unlabelled: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Make the cache of a data set, or find that it is there already.

    Args:
        root: a manifest, a folder with one, an Emotion-Gait folder or its ``features.h5``.
        out: the folder of the cache.
        layout: the skeleton, or its name or YAML file, where neither the files nor the manifest say it.
        samples: phase samples per cycle.
        keep_unlabelled: also use clips whose walker or emotion is unknown.
        progress: watches the clips go by.

    Raises:
        InputError: no data set, nothing usable in it, skeletons that differ, or no place for the cache.
    """
    collection = open_collection(root, layout=layout)
    collection.check_outside(Path(out))
    clips = _watched(collection.clips(), collection.count(), progress)
    return prepare_clips(
        clips,
        out,
        name=collection.name,
        settings={"layout": collection.layout.name if collection.layout else None},
        inputs_digest=collection.digest(),
        samples=samples,
        keep_unlabelled=keep_unlabelled,
    )


def check_data(
    root: str | Path,
    *,
    layout: Layout | str | Path | None = None,
    progress: Progress | None = None,
) -> Iterator[str]:
    """What ``prepare_data`` would do, in words: a line per clip, then a summary. Writes nothing.

    Raises:
        InputError: as ``prepare_data`` does; after the lines of the clips where nothing in them is usable.
    """
    collection = open_collection(root, layout=layout)
    clips = _watched(collection.clips(), collection.count(), progress)
    gathered = gather(examine(clip) for clip in clips)
    yield from (clip.words() for clip in gathered.clips)
    store = gathered.store(name=collection.name, settings={}, digest="", truth={})
    yield from describe(store, folder=None, reused=False, skipped=gathered.skipped, notes=gathered.notes).words()


def _watched(clips: Iterator[Clip | Unreadable], count: int, progress: Progress | None) -> Clips:
    return clips if progress is None else progress(clips, count)
