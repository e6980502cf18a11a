"""Explain one recording: its emotion, temperature-scaled, and its map beside that of the run's unseen subjects."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.walk import read_walk
from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.attribution.target import target_weights
from stgcn_affect.explain.maps.average import average_map, normalise_together
from stgcn_affect.explain.maps.dataset_maps import model_scale, unseen_maps
from stgcn_affect.explain.maps.explained_model import ExplainedModel
from stgcn_affect.explain.maps.stride_time import stride_time_share
from stgcn_affect.jobs.explain.choice import check_arguments, run_choice
from stgcn_affect.jobs.explain.identity import IDENTITY
from stgcn_affect.jobs.explain.released import check_released_target, release_explanation
from stgcn_affect.jobs.explain.write_recording import write_recording
from stgcn_affect.jobs.run_data import models_of_run
from stgcn_affect.training.model import Model, batches_of_walk, predict_walk

Map = npt.NDArray[np.floating]

IDENTIFYING = (
    *("maps.npz", "maps.csv", "results.json", "walk.gif"),
    *(f"{name}.{ending}" for name in ("explanation", "beside_average") for ending in ("png", "svg")),
)
"""The files of the explanation of one recording that name its subject: the map, the average cycle, its times."""


def explain_file(
    run: Path,
    file: Path,
    out: Path,
    *,
    method: str | None = None,
    block: int | None = None,
    target: str | None = None,
    layout: str | None = None,
    fps_hz: float | None = None,
    quality: str = "",
    others: Sequence[Path] = (),
    release: bool = False,
) -> dict[str, Any]:
    """Predict the emotion of a recording, and draw its map beside the average map of the run's unseen subjects.

    Args:
        run: folder of a finished run.
        file: a file of one walk, in any format that is read.
        out: folder of the pictures and tables.
        method: one of ``METHODS``; None: the one that the run's own table trusts, or else the package's.
        block: for that method; None: its best.
        target: an emotion, or two joined by a minus; None: the likeliest.
        layout: the layout of the file, where it does not say.
        fps_hz: the frame rate of the file, where it does not say.
        quality: "camera" for poses from one camera, "mocap" for others; "" where the layout of the file says.
        others: recordings of the same subject, where the run's protocol compares walks with others.
        release: write only what does not name the subject (``release_explanation``).

    Raises:
        InputError: no finished run; a file that cannot be read, holds more than one walk or no gait cycle, or lacks
            joints of the model; an unknown method, block or emotion; others where the run needs none, or none where it
            does; with ``release`` a target that is no emotion.
    """
    models = models_of_run(run)
    model = models[0].model
    if target == IDENTITY and IDENTITY not in model.emotions:
        raise InputError(
            f"--target {IDENTITY}: expected no recording with it, as it explains seen subjects (got {file})"
        )
    check_arguments(model, method, block, target)
    if release:
        check_released_target(target, model.emotions)
    _check_others(model, file, others)
    read = partial(read_walk, layout=model.layout, file_layout=layout, fps_hz=fps_hz, quality=quality)
    walk, compared = read(file), [read(other) for other in others]
    prediction = predict_walk([one.model for one in models], walk, others=compared)
    batches = batches_of_walk([one.model for one in models], walk, others=compared)
    pairs = list(zip(models, batches, strict=True))
    choice = run_choice(run, model, method, block)
    about = target or prediction.emotion
    predicted = {
        "probabilities": dict(zip(model.emotions, prediction.probabilities.tolist(), strict=True)),
        "calibrated_on": _temperature_fitted_on(models),
        "emotion": prediction.emotion,
    }
    if release:
        return release_explanation(pairs, predicted, choice, about, out)
    average, subjects, pooled_target = _average(models, choice, about)
    own = np.mean([_map(one, batch, choice, about, pooled_target) for one, batch in pairs], axis=0)
    normalised = normalise_together({"recording": own, "average": average})
    weights = target_weights(about, pairs[0][1].emotion, model.emotions)
    share = stride_time_share(model.network, pairs[0][1], model.layout, target=weights)
    cycle = np.mean([one.positions for one in walk.cycles], axis=0, dtype=float).astype(np.float32)
    about_recording = {
        "identifies_subject": list(IDENTIFYING),
        "file": str(file),
        "compared_with": [str(other) for other in others],
        "cycles": len(walk.cycles),
        "stride_time_s": [round(one.stride_time_s, 4) for one in walk.cycles],
        "notes": list(walk.notes),
        "from_camera": walk.from_camera,
        **predicted,
        "unlike_training": {
            "cycles": int(prediction.is_outlier.sum()),
            "farthest_over_border": float(prediction.outlier_score.max()),
        },
        "explained": {
            "target": about,
            "method": choice.method,
            "block": choice.used_block,
            "models": len(models),
            "average_of_subjects": subjects,
        },
        "stride_time_share": float(share.mean()),
    }
    return write_recording(out, about_recording, normalised, cycle, model.layout, shown="recording", walked="recording")


def _check_others(model: Model, file: Path, others: Sequence[Path]) -> None:
    of = model.config.get("protocol", {}).get("subject_baseline", "")
    if of and not others:
        raise InputError(
            f"{file}: expected recordings of the same subject after --others, for the run compares a walk with them"
            f" (protocol.subject_baseline={of}; got none)"
        )
    if others and not of:
        raise InputError(
            "--others: expected a run that compares a walk with others of its subject, as protocol.subject_baseline"
            f" makes it (got one that classifies {file} by itself)"
        )
    if file.resolve() in [other.resolve() for other in others]:
        raise InputError(f"--others: expected other recordings than the explained one (got {file})")


def _temperature_fitted_on(models: Sequence[ExplainedModel]) -> dict[str, Any] | None:
    """How many validation subjects and cycles the temperatures were fitted on, and the temperatures themselves."""
    index = np.concatenate([one.validation for one in models])
    if not len(index):
        return None
    subjects = len(np.unique(models[0].cycles.subject[index]))
    temperatures = [one.model.temperature for one in models if one.model.temperature is not None]
    return {"subjects": subjects, "cycles": len(index), "temperatures": temperatures}


def _map(
    explained: ExplainedModel, batch: CycleBatch, choice: MethodChoice, target: str, pooled_target: str | None
) -> Map:
    """The mean map of the cycles over the model's constant, ``[T, V]``, as that of the unseen subjects is."""
    weights = target_weights(target, batch.emotion, explained.model.emotions)
    maps = explained.map_maker(choice, weights)(batch)
    return np.asarray(maps.mean(axis=0, dtype=float) / model_scale(explained, choice, pooled_target))


def _average(models: Sequence[ExplainedModel], choice: MethodChoice, target: str) -> tuple[Map, int, str | None]:
    """The average map of unseen subjects, how many they are, and the target that it was computed for.

    It is of the cycles that have the emotion, each explained for its own; of all cycles, where the target is a
    difference of emotions or no unseen subject has it.
    """
    unseen = np.concatenate([one.cycles.emotion[one.test] for one in models])
    pooled_target = None if target in unseen else target
    found = unseen_maps(models, choice, target=pooled_target, stride_time=False)
    rows = found.emotions == target if pooled_target is None else np.ones(len(found.index), bool)
    average = average_map(found.maps[rows], subjects=found.subjects[rows], takes=found.takes[rows])
    return average, len(np.unique(found.subjects[rows])), pooled_target
