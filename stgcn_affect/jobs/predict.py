"""Predict the emotion of many recordings, in several processes, and write what was found as two tables."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

from joblib import cpu_count

from stgcn_affect.data.collection import MANIFEST, each, read_row
from stgcn_affect.data.guess.proposal import find_recordings
from stgcn_affect.data.manifest import ManifestRow, is_manifest, read_manifest
from stgcn_affect.data.prediction import Prediction
from stgcn_affect.data.walk import Walk, cut_walk
from stgcn_affect.errors import InputError, shortened
from stgcn_affect.motion.camera import from_camera
from stgcn_affect.motion.clip import Clip, Unreadable
from stgcn_affect.release.released import is_released, load_released
from stgcn_affect.reporting.predictions import RecordingPrediction, cycles_path, write_predictions
from stgcn_affect.skeleton.layout import Layout, load_layout
from stgcn_affect.training.checkpoint import load_model

PART = 16
"""Files that a process reads, and predicts in one batch, before it takes others."""

MANY = 64
"""Recordings from which on several processes pay: each takes seconds to start."""


class Predictor(Protocol):
    """What a run, a model file and a released folder have in common."""

    @property
    def layout(self) -> Layout:
        """The skeleton of the cycles."""

    @property
    def emotions(self) -> tuple[str, ...]:
        """Q names, in the order of the probabilities."""

    def predict_many(self, walks: Sequence[Walk]) -> list[Prediction]:
        """Predict the emotion of each walk."""


def predict_files(
    model: str | Path,
    inputs: Sequence[Path],
    out: Path,
    *,
    layout: str | None = None,
    fps_hz: float | None = None,
    quality: str = "",
    jobs: int | None = None,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] | None = None,
) -> list[RecordingPrediction]:
    """Predict the emotion of every recording and write ``out`` and ``cycles_path(out)``.

    Args:
        model: as for ``open_predictor``.
        inputs: recordings, folders of them, and manifests, whose layouts and frame rates count.
        out: the table of recordings, a .csv.
        layout: the layout of recordings that do not say it.
        fps_hz: their frame rate, where they do not say it.
        quality: "camera" for poses from one camera, "mocap" for others; "" where the layout says.
        jobs: processes at most; None: one for each core where there are many recordings. The numbers are the same.
        progress: watches recordings go by: these, and about how many there are.

    Returns:
        one for each recording, in the order of the inputs; also those that were left out.

    Raises:
        InputError: no such model, one that judges a walk beside others of its subject, a folder without recordings, no
            place for the tables; and, after they were written, where not one recording could be predicted.
    """
    if out.suffix.lower() != ".csv":
        raise InputError(f"--out: expected the name of a .csv (got {out})")
    predictor = open_predictor(str(model))
    skeleton = None if layout is None else load_layout(layout)
    rows = [replace(row, fps_hz=row.fps_hz or fps_hz, quality=row.quality or quality) for row in _rows(inputs, out)]
    waiting = iter(rows)
    parts = list(iter(lambda: list(islice(waiting, PART)), []))
    call = partial(_predict_part, model=str(model), began=time.time_ns(), layout=skeleton)
    processes = jobs or (cpu_count() if len(rows) >= MANY else 1)
    done = chain.from_iterable(each(call, parts, files=[], jobs=processes))
    found = list(done if progress is None else progress(done, len(rows)))
    try:
        write_predictions(found, predictor.emotions, out=out)
    except OSError as error:
        raise InputError(f"{out}: expected a file that can be written (got {error.strerror})") from error
    if all(one.prediction is None for one in found):
        why = shortened(found[0].left_out, 200)
        raise InputError(f"{out}: expected a recording with a gait cycle (got none in {len(found)}; the first: {why})")
    return found


def open_predictor(model: str) -> Predictor:
    """The folder of a finished run or of a released encoder, a model file, or "demo", ready to predict.

    Raises:
        InputError: no such model, or one that judges a walk beside others of its subject.
    """
    if is_released(model):
        return load_released(model)
    found = load_model(model)
    if any(one.average_baseline is not None for one in found.members):
        raise InputError(
            f"{model}: expected a model that judges a walk by itself (got one that compares it with others of its"
            " subject, protocol.subject_baseline: stgcn-affect explain RUN_DIR FILE --others FILE ... predicts so)"
        )
    return found


@lru_cache(maxsize=1)
def _opened(model: str, began: int) -> Predictor:
    """The model, once in each process for the call that began then."""
    return open_predictor(model)


def _rows(inputs: Sequence[Path], out: Path) -> list[ManifestRow]:
    """One row for each file, each file once; tables that an earlier call wrote are passed over in a folder."""
    own = {path.resolve() for path in (out, cycles_path(out))}
    rows: dict[Path, ManifestRow] = {}
    for path in inputs:
        manifest = path / MANIFEST if path.is_dir() else path
        if is_manifest(manifest):
            found = read_manifest(manifest)
        elif path.is_dir():
            found = [ManifestRow(file) for file in find_recordings(path)[0] if file.resolve() not in own]
        else:
            found = [ManifestRow(path)]
        for row in found:
            rows.setdefault(row.path.resolve(), row)
    if not rows:
        raise InputError(f"{inputs[0]}: expected one recording or more (got none)")
    return list(rows.values())


def _predict_part(
    rows: Sequence[ManifestRow], *, model: str, began: int, layout: Layout | None
) -> list[RecordingPrediction]:
    """Read some files and predict all their walks in one batch."""
    predictor = _opened(model, began)
    found = [one for row in rows for one in _walks(row, layout, predictor.layout)]
    walks = [walk for _, walk in found if walk is not None]
    predictions = iter(predictor.predict_many(walks))
    return [about if walk is None else _with_prediction(about, walk, next(predictions)) for about, walk in found]


def _walks(
    row: ManifestRow, layout: Layout | None, wanted: Layout
) -> Iterator[tuple[RecordingPrediction, Walk | None]]:
    """Each clip of a file with its walk; None in the place of one that is left out, and why."""
    try:
        clips = read_row(row, layout)
    except Exception as error:
        clips = [Unreadable(str(row.path), _unexpected(error))]
    for clip in clips:
        if isinstance(clip, Unreadable):
            yield RecordingPrediction(clip.source, left_out=clip.reason), None
            continue
        about = _about(clip)
        try:
            yield about, cut_walk(clip, wanted)
        except InputError as error:
            yield replace(about, left_out=str(error).removeprefix(f"{clip.source}:").strip()), None
        except Exception as error:
            yield replace(about, left_out=_unexpected(error)), None


def _about(clip: Clip) -> RecordingPrediction:
    return RecordingPrediction(
        clip.source,
        duration_s=clip.duration_s,
        fps_hz=clip.fps_hz,
        skeleton=clip.layout.name,
        from_camera=from_camera(clip),
    )


def _with_prediction(about: RecordingPrediction, walk: Walk, prediction: Prediction) -> RecordingPrediction:
    times = tuple(float(cycle.stride_time_s) for cycle in walk.cycles)
    return replace(about, prediction=prediction, stride_time_s=times, notes=walk.notes)


def _unexpected(error: Exception) -> str:
    """A defect of ours costs one recording of many, and is named as such."""
    return shortened(f"a defect of this package, please report it: {type(error).__name__}: {error}", 300)
