"""What anonymise reads: the model with its target bodies, and the recordings."""

from collections.abc import Iterator, Sequence
from itertools import chain, count, repeat
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.collection import FEATURES, MANIFEST, Collection, open_collection, read_row
from stgcn_affect.data.fold import FoldData, fold_data
from stgcn_affect.data.guess.proposal import find_recordings
from stgcn_affect.data.manifest import ManifestRow, is_manifest
from stgcn_affect.data.splits import Split
from stgcn_affect.data.store import CycleStore
from stgcn_affect.data.walk import Walk, cut_walk
from stgcn_affect.errors import InputError, listed
from stgcn_affect.jobs.run_data import models_of_run
from stgcn_affect.motion.clip import Unreadable
from stgcn_affect.release.anonymise import TargetBody, kept_identity, subject_identity, target_body
from stgcn_affect.release.card import MEAN, RANDOM, Mechanism
from stgcn_affect.skeleton.layout import load_layout
from stgcn_affect.training.checkpoint import model_paths, read_model
from stgcn_affect.training.model import Model, with_identity

MEAN_BODY = Mechanism()
"""The usual mechanism: the mean body at its cadence."""


def mechanism_bodies(run: Path, mechanism: Mechanism, rng: np.random.Generator) -> tuple[Model, Iterator[TargetBody]]:
    """The model, and the target body of each recording in turn. Raises InputError as ``anonymise`` does."""
    model = model_of(run)
    if mechanism.identity == RANDOM:
        return model, (target_body(model, kept_identity(model).draw(rng)) for _ in count())
    if mechanism.identity == MEAN:
        fixed = target_body(model)
    else:
        fixed = target_body(model, _identity_of(run, mechanism.identity))
    return model, repeat(fixed)


def model_of(run: Path) -> Model:
    """The first model of a run, or a model file, with the statistics of its identities.

    A file from before they were kept gets them of the run's cycles. Raises InputError where these are gone.
    """
    model = read_model(model_paths(run)[0] if run.is_dir() else run)
    if model.identity is not None or not run.is_dir():
        return model
    first = models_of_run(run)[0]
    return with_identity(model, first.batch(first.train))


def _identity_of(run: Path, subject: str) -> npt.NDArray[np.float32]:
    if not run.is_dir():
        raise InputError(
            f"--identity: expected {MEAN} or {RANDOM} for a model file, which keeps no subject's body (got {subject!r})"
        )
    first = models_of_run(run)[0]
    names = np.unique(first.cycles.subject).tolist()
    if subject not in names:
        raise InputError(f"--identity: expected {MEAN}, {RANDOM} or one of {listed(names)} (got {subject!r})")
    own = first.batch(np.flatnonzero(first.cycles.subject == subject))
    return subject_identity(first.model, own)


def recordings(source: Path, *, layout: str | None = None, fps_hz: float | None = None) -> Collection:
    """The recordings of a manifest, of a data set as prepare takes it, of a folder of motion files, or of one file.

    Raises:
        InputError: nothing there, or a folder without motion files.
    """
    skeleton = load_layout(layout) if layout else None
    held = source.is_dir() and any((source / name).is_file() for name in (MANIFEST, FEATURES))
    if held or is_manifest(source):
        return open_collection(source, layout=skeleton)
    if not source.exists():
        raise InputError(f"{source}: expected a motion file, a folder of them or a manifest (got nothing there)")
    paths = [source] if source.is_file() else find_recordings(source)[0]
    rows = tuple(ManifestRow(path, take=path.stem, fps_hz=fps_hz) for path in paths)
    return Collection(name=source.stem, rows=rows, layout=skeleton)


def labelled_walks(
    model: Model, source: Path, layout: str | None, fps_hz: float | None
) -> tuple[list[Walk], list[tuple[str, str]]]:
    """Walks whose subject and emotion are known to the manifest and the model, and (source, reason) of all others."""
    collection = recordings(source, layout=layout, fps_hz=fps_hz)
    walks: list[Walk] = []
    left_out: list[tuple[str, str]] = []
    for part in chain.from_iterable(read_row(row, collection.layout) for row in collection.rows):
        if isinstance(part, Unreadable):
            left_out.append((part.source, part.reason))
        elif not part.subject or part.emotion not in model.emotions:
            known = f"expected a subject and one of {', '.join(model.emotions)}"
            left_out.append((part.source, f"{known} (got {part.subject!r} and {part.emotion!r})"))
        else:
            try:
                walks.append(cut_walk(part, model.layout))
            except InputError as error:
                left_out.append((part.source, str(error).removeprefix(f"{part.source}: ")))
    return walks, left_out


def walks_data(model: Model, walks: Sequence[Walk], *, name: str) -> FoldData:
    """The cycles of all walks, with the model's subjects in the parts of its split and all others unseen."""
    clips = [walk.clip for walk in walks for _ in walk.cycles]
    cycles = [cycle for walk in walks for cycle in walk.cycles]
    takes = [f"{number}" for number, walk in enumerate(walks) for _ in walk.cycles]
    store = CycleStore(
        positions=np.stack([cycle.positions for cycle in cycles]),
        stride_time_s=np.array([cycle.stride_time_s for cycle in cycles], np.float32),
        height_m=np.array([cycle.height_m for cycle in cycles], np.float32),
        subject=np.array([clip.subject for clip in clips]),
        emotion=np.array([clip.emotion for clip in clips]),
        take=np.array(takes),
        source=np.array([clip.source for clip in clips]),
        layout=model.layout,
        name=name,
    )
    train, validation = (np.isin(store.subject, list(model.parts[part])) for part in ("train", "validation"))
    known, held, unseen = (np.flatnonzero(rows) for rows in (train, validation, ~(train | validation)))
    split = Split(name, known, held, unseen, subjects=store.subject)
    hold_out = bool(model.config.get("protocol", {}).get("hold_out_take", False))
    return fold_data(store, split, hold_out_take=hold_out, seed=int(model.config.get("seed", 0)))
