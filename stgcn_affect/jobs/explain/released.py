"""What may be released of an explanation, of one recording or of a run: nothing that names a subject."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.averages import average_cycle_of
from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.attribution.target import target_weights
from stgcn_affect.explain.maps.average import MIN_SUBJECTS, normalise_together
from stgcn_affect.explain.maps.dataset_maps import model_scale
from stgcn_affect.explain.maps.explained_model import ExplainedModel
from stgcn_affect.explain.maps.released_maps import RELEASED, shown_maps, training_maps
from stgcn_affect.jobs.explain.write_recording import write_recording


def check_released_target(target: str | None, emotions: Sequence[str]) -> None:
    """Raise InputError for a target that no map is released for: a difference of emotions, or identity."""
    if target is not None and target not in emotions:
        raise InputError(
            f"--release: expected one emotion as --target ({', '.join(emotions)}), or none (got {target!r})"
        )


def check_enough_subjects(models: Sequence[ExplainedModel]) -> None:
    """Raise InputError where an average over the unseen subjects with an emotion would be of too few to be shown."""
    cycles, unseen = models[0].cycles, np.concatenate([one.test for one in models])
    for emotion in models[0].model.emotions:
        subjects = len(np.unique(cycles.subject[unseen][cycles.emotion[unseen] == emotion]))
        if subjects < MIN_SUBJECTS:
            raise InputError(
                f"--release: expected {MIN_SUBJECTS} unseen subjects or more with {emotion}, since an average of fewer"
                f" names them (got {subjects})"
            )


def release_explanation(
    pairs: Sequence[tuple[ExplainedModel, CycleBatch]],
    predicted: Mapping[str, Any],
    choice: MethodChoice,
    target: str,
    out: Path,
) -> dict[str, Any]:
    """Write the released map of a recording to ``out``, on the average cycle of training subjects.

    It is the mean over the models of what each may show. The recording's file, cycles, stride times and gait events are
    not written.

    Args:
        pairs: the run's models, and the recording's cycles as each sees them.
        predicted: what is written of the prediction.
        choice: the method and the block.
        target: the emotion that is explained.
        out: the folder.

    Raises:
        InputError: fewer than ``MIN_SUBJECTS`` training subjects with the emotion.
    """
    model, cycles = pairs[0][0].model, pairs[0][0].cycles
    train = np.unique(np.concatenate([explained.train for explained, _ in pairs]))
    rows = train[cycles.emotion[train] == target]
    subjects = len(np.unique(cycles.subject[rows]))
    if subjects < MIN_SUBJECTS:
        raise InputError(
            f"--release: expected {MIN_SUBJECTS} training subjects or more with {target}, to stand for the recording's"
            f" (got {subjects})"
        )
    shown = np.mean([_shown(explained, batch, choice, target) for explained, batch in pairs], axis=0)
    normalised = normalise_together({"released": shown})
    cycle = average_cycle_of(cycles.select(rows))
    about_recording = {
        "identifies_subject": [],
        **predicted,
        "explained": {
            "target": target,
            "method": choice.method,
            "block": choice.used_block,
            "models": len(pairs),
            "released_by": RELEASED,
            "training_subjects": len(np.unique(cycles.subject[train])),
        },
    }
    return write_recording(out, about_recording, normalised, cycle, model.layout, shown="released", walked="average")


def _shown(explained: ExplainedModel, batch: CycleBatch, choice: MethodChoice, target: str) -> npt.NDArray[np.floating]:
    """What may be shown of the mean map of the cycles, ``[T, V]``, over the model's constant."""
    emotions = explained.model.emotions
    own = explained.map_maker(choice, target_weights(target, batch.emotion, emotions))(batch)
    code = np.array([emotions.index(target)])
    shown = shown_maps(own.mean(axis=0, keepdims=True, dtype=float), code, training_maps(explained, choice))[0]
    return np.asarray(shown / model_scale(explained, choice, None))
