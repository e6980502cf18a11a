"""What would become of each recording, in words, and a picture of each skeleton as it was understood."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from stgcn_affect.data.collection import open_collection
from stgcn_affect.data.deduplicate import check_usable, deduplicate
from stgcn_affect.data.prepare import describe
from stgcn_affect.data.prepare_clip import PreparedClip
from stgcn_affect.data.prepare_files import prepare_files
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.check_table import check_table
from stgcn_affect.jobs.prepare import Progress, watched
from stgcn_affect.skeleton.layout import Layout
from stgcn_affect.visual.skeleton_graph import layout_figure
from stgcn_affect.visual.style import save_figure


def check_data(
    root: str | Path,
    *,
    layout: Layout | str | Path | None = None,
    out: str | Path | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Iterator[str]:
    """What ``prepare_data`` would do, in words: a line per clip, tables, and where the pictures are.

    Args:
        root: as for ``prepare_data``.
        layout: as for ``prepare_data``.
        out: the folder of the pictures, one of each skeleton, on the mean pose of its first clip; None for none.
        jobs: processes at most; None for all cores where that pays.
        progress: watches the clips go by.

    Raises:
        InputError: as ``prepare_data`` does; after the lines of the clips where nothing in them is usable, or where
            their skeletons differ.
    """
    collection = open_collection(root, layout=layout)
    clips = list(watched(prepare_files(collection, jobs=jobs), collection.count(), progress))
    wrong: InputError | None = None
    try:
        deduplicated = deduplicate(clips)
        clips = list(deduplicated.clips)
    except InputError as error:
        wrong = error
    for clip in clips:
        yield clip.words() + (f" [{clip.seen()}]" if clip.layout else "")
    yield from check_table(clips)
    if out is not None:
        yield from (f"picture: {path}" for path in draw_layouts(clips, Path(out)))
    if wrong is not None:
        raise wrong
    check_usable(deduplicated, collection.name)
    store = deduplicated.store(name=collection.name, settings={}, digest="", truth={})
    yield from describe(
        store, folder=None, reused=False, skipped=deduplicated.skipped, notes=deduplicated.notes
    ).words()


def draw_layouts(clips: list[PreparedClip], out: Path) -> list[Path]:
    """Draw each skeleton among the clips once, on the mean pose of the first clip that has one; the paths."""
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
