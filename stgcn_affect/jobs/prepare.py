"""Prepare recordings: propose a manifest, check every clip, and build the cache of gait cycles."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from stgcn_affect.data.collection import each, open_collection
from stgcn_affect.data.deduplicate import check_usable, deduplicate
from stgcn_affect.data.guess.contents import guess_contents
from stgcn_affect.data.guess.proposal import check_places, find_recordings, propose, write_proposal
from stgcn_affect.data.prepare import CacheReport, build_cache, collection_source, describe_store, prepare_files
from stgcn_affect.data.prepare_clip import PreparedClip
from stgcn_affect.errors import InputError
from stgcn_affect.reporting.preparation import check_lines, proposal_lines
from stgcn_affect.settings import CYCLE_SAMPLES
from stgcn_affect.skeleton.layout import Layout, load_layout

Progress = Callable[[Iterable[Any], int], Iterable[Any]]
"""Passes items on, of which there are about so many; a progress bar, for example."""


def propose_manifest(
    folder: str | Path,
    manifest: str | Path,
    *,
    layout: Layout | str | Path | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Iterator[str]:
    """Guess a manifest for all recordings in a folder and in the folders in it.

    Beside the manifest, ``<its name>.guesses.csv`` holds for each file and field the guess, how sure it is and why.
    Neither file is ever overwritten.

    Args:
        folder: where the recordings are.
        manifest: the file to write.
        layout: the skeleton of recordings that have none of their own, or its name or YAML file.
        jobs: processes at most; None for all cores where that pays.
        progress: watches the files go by.

    Returns:
        a summary, line by line.

    Raises:
        InputError: no folder, no recordings in it, a file of that name is there, or it cannot be written.
    """
    folder, manifest = Path(folder), Path(manifest)
    check_places(folder, manifest)
    skeleton = load_layout(layout) if isinstance(layout, str | Path) else layout
    files, left_out = find_recordings(folder)
    contents = each(partial(guess_contents, layout=skeleton), files, files=files, jobs=jobs)
    proposal = propose(folder, manifest, files, list(_watched(contents, len(files), progress)), left_out=left_out)
    write_proposal(proposal, layout=layout.name if isinstance(layout, Layout) else str(layout or ""))
    return iter(proposal_lines(proposal))


def check_data(
    root: str | Path,
    *,
    layout: Layout | str | Path | None = None,
    out: str | Path | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Iterator[str]:
    """Report on every clip as ``prepare_data`` would use it, and draw each skeleton; no cache is written.

    Args:
        root: as for ``prepare_data``.
        layout: as for ``prepare_data``.
        out: the folder of the pictures, one of each skeleton, on the mean pose of its first clip; None for none.
        jobs: processes at most; None for all cores where that pays.
        progress: watches the clips go by.

    Returns:
        a line per clip, tables, the paths of the pictures, and the counts.

    Raises:
        InputError: as ``prepare_data`` does; after the lines of the clips where nothing in them is usable, or where
            their skeletons differ.
    """
    collection = open_collection(root, layout=layout)
    clips = list(_watched(prepare_files(collection, jobs=jobs), collection.count(), progress))
    wrong: InputError | None = None
    try:
        found = deduplicate(clips)
        clips = list(found.clips)
    except InputError as error:
        wrong = error
    yield from check_lines(clips)
    if out is not None:
        yield from (f"picture: {path}" for path in _draw_layouts(clips, Path(out)))
    if wrong is not None:
        raise wrong
    check_usable(found, collection.name)
    store = found.store(name=collection.name, settings={}, digest="", truth={})
    yield from describe_store(store, folder=None, reused=False, skipped=found.skipped, notes=found.notes).lines()


def prepare_data(
    root: str | Path,
    out: str | Path,
    *,
    layout: Layout | str | Path | None = None,
    samples: int = CYCLE_SAMPLES,
    keep_unlabelled: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> CacheReport:
    """Build the cache of a data set, or find that it is there already.

    Args:
        root: a manifest, a folder with one, an Emotion-Gait folder or its ``features.h5``, or a .pkl of pyskl's.
        out: the folder of the cache.
        layout: the skeleton, or its name or YAML file, where neither the files nor the manifest have it.
        samples: phase samples per cycle.
        keep_unlabelled: also use clips whose subject or emotion is unknown.
        jobs: processes at most; None for all cores where that pays. The cache is the same for any number.
        progress: watches the clips go by.

    Raises:
        InputError: no data set, nothing usable in it, skeletons that differ, or no place for the cache.
    """
    collection = open_collection(root, layout=layout)
    collection.check_outside(Path(out))
    how: dict[str, Any] = {"samples": samples, "keep_unlabelled": keep_unlabelled}
    return build_cache(collection_source(collection, **how, jobs=jobs, progress=progress), out, **how)


def _watched(items: Iterator[Any], count: int, progress: Progress | None) -> Iterable[Any]:
    return items if progress is None else progress(items, count)


def _draw_layouts(clips: list[PreparedClip], out: Path) -> list[Path]:
    """Draw each skeleton among the clips once, on the mean pose of the first clip that has one; the paths."""
    from stgcn_affect.visual.skeleton_graph import layout_figure
    from stgcn_affect.visual.style import save_figure

    first: dict[str, PreparedClip] = {}
    for clip in clips:
        if clip.layout is not None:
            kind = repr((clip.layout.name, clip.layout.joints, clip.layout.parents, dict(clip.layout.roles)))
            if kind not in first or (first[kind].pose is None and clip.pose is not None):
                first[kind] = clip
    paths: list[Path] = []
    for clip in first.values():
        if clip.layout is None:
            continue
        known = clip.pose is not None and bool(np.isfinite(clip.pose).all())
        where = f"the mean pose of {Path(clip.source).name}" if known else "its rest pose"
        title = f"{clip.layout.name}: {clip.layout.num_joints} joints, on {where}"
        figure = layout_figure(clip.layout, pose=clip.pose if known else None, title=title)
        again = sum(path.stem.startswith(f"layout_{clip.layout.name}") for path in paths)
        name = f"layout_{clip.layout.name}{f'_{again + 1}' if again else ''}.png"
        try:
            paths.append(save_figure(figure, path=out / name))
        except OSError as error:
            raise InputError(f"{out}: expected a folder for pictures that can be written (got {error})") from error
    return paths
