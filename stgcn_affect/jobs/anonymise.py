"""Write anonymised walks of recordings; the work of stgcn-affect anonymise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from stgcn_affect.data.collection import FEATURES, MANIFEST, Collection, open_collection, read_row
from stgcn_affect.data.manifest import ManifestRow
from stgcn_affect.data.walk import Walk, cut_walk
from stgcn_affect.errors import InputError, listed
from stgcn_affect.files import write_csv, write_whole
from stgcn_affect.jobs.run_data import Progress, models_of_run
from stgcn_affect.motion.clip import Clip, Unreadable
from stgcn_affect.motion.readers.formats import SUFFIXES
from stgcn_affect.release.anonymise import TargetBody, anonymise_walk, kept_identity, subject_identity, target_body
from stgcn_affect.release.card import MEAN, RANDOM, Mechanism, card_text
from stgcn_affect.release.motion_files import WRITERS, write_motion
from stgcn_affect.skeleton.layout import load_layout
from stgcn_affect.training.checkpoint import model_paths, read_model
from stgcn_affect.training.identity import identity_statistics
from stgcn_affect.training.model import Model

CARD = "card.md"

MEAN_BODY = Mechanism()
"""The usual mechanism: the mean body at its cadence."""


@dataclass(frozen=True, eq=False)
class Source:
    """A walk that was anonymised.

    Args:
        file: the name of what was written.
        walk: the recording's.
    """

    file: str
    walk: Walk


@dataclass(frozen=True, eq=False)
class Anonymised:
    """What was written.

    Args:
        sources: in the order of the files' names.
        left_out: of the other recordings, (source, reason).
        paths: the card and the key, where there is one, behind the file or the folder of the walks.
        real_body: whether the walks have the body of a person.
    """

    sources: Sequence[Source]
    left_out: Sequence[tuple[str, str]]
    paths: Sequence[Path]
    real_body: bool

    def lines(self) -> Iterator[str]:
        """What was written and left out, a line each."""
        cycles = sum(len(one.walk) for one in self.sources)
        yield f"{len(self.sources)} walks written, of {cycles} gait cycles; what lies between cycles is left out"
        for one in self.sources:
            yield from (f"{one.walk.clip.source}: {note}" for note in one.walk.notes)
        yield from (f"{source}: left out: {reason}" for source, reason in self.left_out)
        if self.real_body:
            yield "these files have the body of a real person: hand them on only if that person agreed"
        yield from map(str, self.paths)


def anonymise(
    run: Path,
    source: Path,
    out: Path,
    *,
    kind: str = "",
    mechanism: Mechanism = MEAN_BODY,
    seed: int | None = None,
    layout: str | None = None,
    fps_hz: float | None = None,
    passed: bool | None = None,
    progress: Progress | None = None,
) -> Anonymised:
    """Write the anonymised walk of a file, or those of a folder or a manifest.

    A folder gets neutral names in random order, and a key beside it, ``OUT.key.csv``, that says which is which.

    Args:
        run: folder of a finished run, whose first model is used, or a model file.
        source: a motion file, a folder of them, or a data set as prepare takes it.
        out: a file for one walk; else a new or empty folder.
        kind: one of ``WRITERS``; "": that of the file's ending, or BVH.
        mechanism: the target body and the cadence.
        seed: of the order and of random bodies; None: from the operating system, so that nobody can work it out.
        layout: the skeleton of the recordings, where they do not say it.
        fps_hz: their frames a second, where they do not say it.
        passed: whether the mechanism passed the rule, for the card; None: it was not tested.
        progress: watches recordings go by.

    Raises:
        InputError: no model, no recordings, no walk among them, an unknown format or subject, or a place that is taken.
    """
    kind = _format(out, kind)
    _check_free(out, source)
    model, bodies = mechanism_bodies(run, mechanism, rng := np.random.default_rng(seed))
    collection = recordings(source, layout=layout, fps_hz=fps_hz)
    found: list[tuple[Walk, Clip]] = []
    left_out: list[tuple[str, str]] = []
    rows = collection.rows if progress is None else progress(collection.rows, len(collection.rows), "recordings")
    for row in rows:
        for part in read_row(row, collection.layout):
            made = _anonymised(part, model, next(bodies), mechanism)
            if isinstance(made, Unreadable):
                left_out.append((made.source, made.reason))
            else:
                found.append(made)
    if not found:
        raise InputError(
            f"{source}: expected a walk with a gait cycle (got none: {left_out[0][1] if left_out else ''})"
        )
    card = card_text(mechanism, passed=passed, emotions=model.emotions, joints=model.layout.num_joints)
    if out.suffix:
        return _write_one(found, left_out, out, card, mechanism)
    return _write_all([found[i] for i in rng.permutation(len(found))], left_out, out, kind, card, mechanism)


def mechanism_bodies(run: Path, mechanism: Mechanism, rng: np.random.Generator) -> tuple[Model, Iterator[TargetBody]]:
    """The model, and the target body of each recording in turn. Raises InputError as ``anonymise`` does."""
    model = model_of(run)
    if mechanism.identity == RANDOM:
        return model, (target_body(model, kept_identity(model).draw(rng)) for _ in iter(int, 1))
    if mechanism.identity == MEAN:
        fixed = target_body(model)
    else:
        fixed = target_body(model, _identity_of(run, mechanism.identity))
    return model, iter(lambda: fixed, None)


def model_of(run: Path) -> Model:
    """The first model of a run, or a model file, with the statistics of its identities.

    A file from before they were kept gets them of the run's cycles. Raises InputError where these are gone.
    """
    model = read_model(model_paths(run)[0] if run.is_dir() else run)
    if model.identity is not None or not run.is_dir():
        return model
    first = models_of_run(run)[0]
    train = first.batch(first.train)
    return replace(model, identity=identity_statistics(model.network, train, model.layout))


def _identity_of(run: Path, subject: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
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
    if held or _is_manifest(source):
        return open_collection(source, layout=skeleton)
    if not source.exists():
        raise InputError(f"{source}: expected a motion file, a folder of them or a manifest (got nothing there)")
    paths = [source] if source.is_file() else sorted(p for p in source.rglob("*") if p.suffix.lower() in SUFFIXES)
    if not paths:
        raise InputError(f"{source}: expected motion files ending in {', '.join(SUFFIXES)} (got none)")
    rows = tuple(ManifestRow(path, take=path.stem, fps_hz=fps_hz) for path in paths)
    return Collection(name=source.stem, rows=rows, layout=skeleton)


def _is_manifest(source: Path) -> bool:
    """Whether a file is a CSV whose columns are those of a manifest."""
    if source.suffix.lower() != ".csv" or not source.is_file():
        return False
    with source.open(encoding="utf-8-sig", errors="replace") as file:
        return {"path", "subject", "emotion"} <= {cell.strip() for cell in file.readline().split(",")}


def _anonymised(
    part: Clip | Unreadable, model: Model, body: TargetBody, mechanism: Mechanism
) -> tuple[Walk, Clip] | Unreadable:
    if isinstance(part, Unreadable):
        return part
    try:
        walk = cut_walk(part, model.layout)
        return walk, anonymise_walk(model, walk, body, cadence=mechanism.cadence)
    except InputError as error:
        return Unreadable(part.source, str(error).removeprefix(f"{part.source}: "))


def _write_one(
    found: Sequence[tuple[Walk, Clip]],
    left_out: Sequence[tuple[str, str]],
    out: Path,
    card: str,
    mechanism: Mechanism,
) -> Anonymised:
    if len(found) > 1:
        raise InputError(f"--out {out}: expected a folder for {len(found)} walks (got the name of one file)")
    walk, clip = found[0]
    written = write_motion(clip, out)
    beside = write_whole(card, path=out.with_suffix(".card.md"))
    return Anonymised([Source(out.name, walk)], left_out, [written, beside], mechanism.real_body)


def _write_all(
    found: Sequence[tuple[Walk, Clip]],
    left_out: Sequence[tuple[str, str]],
    out: Path,
    kind: str,
    card: str,
    mechanism: Mechanism,
) -> Anonymised:
    """Write in the order of the neutral names, so that the times of the files say nothing either."""
    digits = len(str(len(found)))
    sources = []
    for number, (walk, clip) in enumerate(found, start=1):
        name = f"walk_{number:0{digits}d}.{kind}"
        write_motion(clip, out / name)
        sources.append(Source(name, walk))
    rows = [("file", "source", "subject", "emotion", "take", "cycles", "notes")]
    rows += [
        (one.file, clip.source, clip.subject, clip.emotion, clip.take, str(len(one.walk)), "; ".join(one.walk.notes))
        for one in sources
        for clip in [one.walk.clip]
    ]
    key = write_csv(rows, path=out.with_name(f"{out.name}.key.csv"))
    beside = write_whole(card, path=out / CARD)
    return Anonymised(sources, left_out, [out, beside, key], mechanism.real_body)


def _format(out: Path, kind: str) -> str:
    ending = out.suffix.lower().removeprefix(".")
    if kind and kind not in WRITERS:
        raise InputError(f"--format: expected one of {', '.join(WRITERS)} (got {kind!r})")
    if ending and ending not in WRITERS:
        raise InputError(f"--out {out}: expected a folder, or a file of {', '.join(WRITERS)} (got {out.suffix!r})")
    if kind and ending and kind != ending:
        raise InputError(f"--out {out}: expected a name ending in .{kind}, as --format says (got {out.suffix!r})")
    return kind or ending or "bvh"


def _check_free(out: Path, source: Path) -> None:
    if out.suffix and source.is_dir():
        raise InputError(f"--out {out}: expected a folder for the walks of the folder {source} (got a file's name)")
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise InputError(f"--out {out}: expected a new file or a new or empty folder (got one that is there)")
