"""One recording explained: its emotion, calibrated, and its joint map beside that of the subjects a run never saw."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.subject_baseline import Strides, mean_over_groups, replace_baseline
from stgcn_affect.errors import InputError
from stgcn_affect.explain.explained_model import ExplainedModel
from stgcn_affect.explain.maps.average import average_map, normalise_together
from stgcn_affect.explain.maps.ranking import rank_joints
from stgcn_affect.explain.maps.stride_time import stride_time_share
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.explain.check import check_arguments
from stgcn_affect.jobs.explain.choice import chosen_block, trusted_choice
from stgcn_affect.jobs.explain.identity import IDENTITY
from stgcn_affect.jobs.explain.maps import Choice, map_maker, model_scale, target_weights, unseen_maps
from stgcn_affect.jobs.explain.pictures import draw_recording
from stgcn_affect.jobs.explain.record import write_maps
from stgcn_affect.jobs.run_data import models_of_run
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import Cycle, cut_cycles
from stgcn_affect.motion.gait_events import gait_events
from stgcn_affect.motion.map_layout import map_layout
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.skeleton.layout import Layout, load_layout
from stgcn_affect.training.checkpoint import Model
from stgcn_affect.training.confidence import outlier_score, probabilities
from stgcn_affect.training.predict import emotion_logits

Map = npt.NDArray[np.floating]


class Recording(NamedTuple):
    """The cycles of one file on a model's layout, and in words what was done to get them."""

    clip: Clip
    cycles: list[Cycle]
    words: list[str]

    @property
    def walk(self) -> Strides:
        """All cycles."""
        times = np.array([cycle.stride_time_s for cycle in self.cycles], np.float32)
        return Strides(np.stack([cycle.positions for cycle in self.cycles]), times)

    def batch(self, own: Strides | None = None, average: Strides | None = None) -> CycleBatch:
        """The cycles, with the average baseline for the subject's own; nobody knows their emotion or subject."""
        walk = self.walk if own is None or average is None else replace_baseline(self.walk, own, average)
        unknown = torch.zeros(len(self.cycles), dtype=torch.int64)
        return CycleBatch(torch.from_numpy(walk.positions), torch.from_numpy(walk.stride_time_s), unknown, unknown)


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
    others: Sequence[Path] = (),
) -> dict[str, Any]:
    """Read a recording, say its emotion, and draw its map beside the average one of the run's unseen subjects.

    Args:
        run: folder of a finished run.
        file: of one walk, in any format that is read.
        out: folder of the pictures and tables.
        method: of ``METHODS``; None: the one that the run's own table trusts, or else the package's.
        block: for that method; None: its best.
        target: an emotion, or two joined by a minus; None: the likeliest.
        layout: of the file, where it does not say.
        fps_hz: of the file, where it does not say.
        others: recordings of the same subject, where the run's protocol compares walks with others.

    Raises:
        InputError: no finished run; a file that cannot be read, holds more than one walk or no gait cycle, or lacks
            joints of the model; an unknown method, block or emotion; others where none are
            asked for, or none where they are.
    """
    models = models_of_run(run)
    if target == IDENTITY and IDENTITY not in models[0].model.emotions:
        raise InputError(
            f"--target {IDENTITY}: expected no recording beside it, for it explains seen subjects (got {file})"
        )
    check_arguments(models[0], method, block, target)
    model = models[0].model
    _check_others(model, file, others)
    read = partial(read_recording, wanted=model.layout, layout=layout, fps_hz=fps_hz)
    recording = read(file)
    subjects_own = mean_over_groups([read(other).walk for other in others]) if others else None
    batches = [recording.batch(subjects_own, one.average) for one in models]
    chosen = trusted_choice(run, models[0], method, block)
    chance = np.mean([_probabilities(*one) for one in zip(models, batches, strict=True)], axis=(0, 1))
    said = model.emotions[int(chance.argmax())]
    about = target or said
    usual, subjects, asked = _usual(models, chosen, about)
    pairs = list(zip(models, batches, strict=True))
    own = np.mean([_map(one, batch, chosen, about, asked) for one, batch in pairs], axis=0)
    normalised = normalise_together({"recording": own, "average": usual})
    scores = [outlier_score(one.model.network, batch) for one, batch in pairs]
    weights = target_weights(about, batches[0], model.emotions)
    cycle = np.mean([one.positions for one in recording.cycles], axis=0, dtype=float).astype(np.float32)
    results = {
        "file": str(file),
        "compared_with": [str(other) for other in others],
        "cycles": len(recording.cycles),
        "stride_time_s": [round(one.stride_time_s, 4) for one in recording.cycles],
        "notes": recording.words,
        "probabilities": dict(zip(model.emotions, map(float, chance), strict=True)),
        "calibrated_on": _temperature_fitted_on(models),
        "emotion": said,
        "unlike_training": _outliers(scores, [one.model.outlier_threshold for one in models]),
        "explained": {"target": about, "method": chosen.method, "block": chosen_block(chosen), "models": len(models)}
        | {"average_of_subjects": subjects},
        "stride_time_share": float(stride_time_share(model.network, batches[0], model.layout, target=weights).mean()),
        "ranking": rank_joints(
            normalised.maps["recording"][None],
            model.layout.joints,
            subjects=np.array(["recording"]),
            takes=np.array([0]),
        ),
        "events": gait_events(cycle, model.layout).lines(),
    }
    write_maps(out, maps=normalised.maps, cycles={"recording": cycle}, layout=model.layout, scale=normalised.scale)
    draw_recording(out, results, maps=normalised.maps, cycle=cycle, layout=model.layout)
    write_whole(json.dumps(results, indent=1) + "\n", path=out / "results.json")
    return results


def read_recording(file: Path, wanted: Layout, *, layout: str | None = None, fps_hz: float | None = None) -> Recording:
    """The cycles of one walk on the wanted layout.

    Raises:
        InputError: a file that cannot be read, of more than one walk, without a cycle, or that lacks joints.
    """
    clips = read_clips(file, layout=None if layout is None else load_layout(layout), fps_hz=fps_hz)
    if len(clips) != 1:
        raise InputError(f"{file}: expected a recording of one walk (got {len(clips)} clips in it)")
    clip, words = map_layout(clips[0], wanted)
    mended, found = check_clip(clip)
    words += found
    cycles, refused = ([], []) if mended is None else cut_cycles(mended)
    if not cycles:
        raise InputError(f"{file}: expected one gait cycle or more (got none: {'; '.join([*words, *refused])})")
    return Recording(clip, cycles, [*words, *refused])


def _check_others(model: Model, file: Path, others: Sequence[Path]) -> None:
    of = model.config.get("protocol", {}).get("subject_baseline", "")
    if of and not others:
        raise InputError(
            f"{file}: expected recordings of the same subject after --others, for the run compares a walk with them"
            f" (protocol.subject_baseline={of}; got none)"
        )
    if others and not of:
        raise InputError(
            f"--others: expected a run that compares a walk with others of its subject, as protocol.subject_baseline"
            " makes it"
            f" (got one that judges {file} by itself)"
        )
    if file.resolve() in [other.resolve() for other in others]:
        raise InputError(f"--others: expected other recordings than the one that is judged (got {file})")


def _probabilities(explained: ExplainedModel, batch: CycleBatch) -> npt.NDArray[np.float64]:
    """Of the emotions, ``[N, Q]``; temperature-scaled where the model has a temperature."""
    model = explained.model
    return probabilities(emotion_logits(model.network, batch, model.layout), temperature=model.temperature)


def _temperature_fitted_on(models: Sequence[ExplainedModel]) -> dict[str, Any] | None:
    """How many validation subjects and cycles the temperatures were fitted on, and the temperatures themselves."""
    index = np.concatenate([one.validation for one in models])
    if not len(index):
        return None
    subjects = len(np.unique(models[0].cycles.subject[index]))
    temperatures = [one.model.temperature for one in models if one.model.temperature is not None]
    return {"subjects": subjects, "cycles": len(index), "temperatures": temperatures}


def _outliers(scores: Sequence[npt.NDArray[np.float32]], thresholds: Sequence[float]) -> dict[str, Any]:
    """How many cycles are outliers to most models, and the highest outlier score, in thresholds.

    Args:
        scores: ``[N]`` of every model.
        thresholds: of every model.
    """
    pairs = list(zip(scores, thresholds, strict=True))
    is_outlier = np.mean([score > threshold for score, threshold in pairs], axis=0) > 0.5
    over = np.mean([score / threshold for score, threshold in pairs], axis=0)
    return {"cycles": int(is_outlier.sum()), "farthest_over_border": float(over.max())}


def _map(explained: ExplainedModel, batch: CycleBatch, chosen: Choice, target: str, asked: str | None) -> Map:
    """The mean map of the cycles over the model's constant, ``[T, V]``, as that of the unseen subjects is."""
    weights = target_weights(target, batch, explained.model.emotions)
    maps = map_maker(explained, chosen, weights)(batch)
    return np.asarray(maps.mean(axis=0, dtype=float) / model_scale(explained, chosen, asked))


def _usual(models: Sequence[ExplainedModel], chosen: Choice, target: str) -> tuple[Map, int, str | None]:
    """The average map of unseen subjects, how many they are, and the target that it was made for.

    Of those cycles that have the emotion, each explained for its own; of all, if it is no emotion or nobody has it.
    """
    tested = np.concatenate([one.cycles.emotion[one.test] for one in models])
    asked = None if target in tested else target
    found = unseen_maps(models, chosen, target=asked, stride_time=False)
    rows = found.emotions == target if asked is None else np.ones(len(found.index), bool)
    usual = average_map(found.maps[rows], subjects=found.subjects[rows], takes=found.takes[rows])
    return usual, len(np.unique(found.subjects[rows])), asked
