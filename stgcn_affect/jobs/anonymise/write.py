"""Write anonymised walks of recordings; the work of stgcn-affect anonymise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stgcn_affect.data.collection import read_row
from stgcn_affect.data.walk import Walk, cut_walk
from stgcn_affect.errors import InputError
from stgcn_affect.files import write_csv, write_whole
from stgcn_affect.jobs.anonymise.inputs import MEAN_BODY, mechanism_bodies, recordings
from stgcn_affect.jobs.run_data import Progress
from stgcn_affect.motion.clip import Clip, Unreadable
from stgcn_affect.release.anonymise import TargetBody, anonymise_walk
from stgcn_affect.release.card import Mechanism, card_text
from stgcn_affect.release.motion_files import WRITERS, write_motion
from stgcn_affect.reporting.tables import counted
from stgcn_affect.training.model import Model

CARD = "card.md"


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
        written = f"{counted(len(self.sources), 'walk')} written, of {counted(cycles, 'gait cycle')}"
        yield f"{written}; what lies between cycles is left out"
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
    key = write_csv(rows, path=_key_path(out))
    beside = write_whole(card, path=out / CARD)
    return Anonymised(sources, left_out, [out, beside, key], mechanism.real_body)


def _key_path(out: Path) -> Path:
    return out.with_name(f"{out.name}.key.csv")


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
    if not out.suffix and _key_path(out).exists():
        raise InputError(f"--out {out}: expected no key of earlier walks beside it (got {_key_path(out)})")
