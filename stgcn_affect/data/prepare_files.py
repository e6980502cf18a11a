"""Read and examine the files of a collection, on several cores where that pays."""

from collections.abc import Iterator
from functools import partial
from itertools import chain

from stgcn_affect.data.collection import Collection, each, read_row
from stgcn_affect.data.manifest import ManifestRow
from stgcn_affect.data.prepare_clip import PreparedClip, prepare_clip
from stgcn_affect.skeleton.layout import Layout


def prepare_files(
    collection: Collection, *, samples: int = 64, keep_unlabelled: bool = False, jobs: int | None = None
) -> Iterator[PreparedClip]:
    """Read every file of a collection and examine its clips, in the order of the collection.

    Args:
        collection: the files.
        samples: phase samples per cycle.
        keep_unlabelled: as in ``examine``.
        jobs: processes at most, as in ``each``; the results are the same for any number.

    Raises:
        InputError: fewer than one process.
    """
    call = partial(_prepare_row, layout=collection.layout, samples=samples, keep_unlabelled=keep_unlabelled)
    return chain.from_iterable(each(call, collection.rows, files=collection.files, jobs=jobs))


def _prepare_row(row: ManifestRow, *, layout: Layout | None, samples: int, keep_unlabelled: bool) -> list[PreparedClip]:
    return [prepare_clip(clip, samples=samples, keep_unlabelled=keep_unlabelled) for clip in read_row(row, layout)]
