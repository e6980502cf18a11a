"""One recording explained: its emotion, calibrated, and its joint map beside that of the walkers a run never saw."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.explain.average_map import average_map, normalise_together
from stgcn_affect.explain.calibration import probabilities, temperature
from stgcn_affect.explain.familiarity import familiarity
from stgcn_affect.explain.gait_events import gait_events
from stgcn_affect.explain.methods import METHODS, TRUSTED, TRUSTED_BLOCK
from stgcn_affect.explain.predict import emotion_logits
from stgcn_affect.explain.ranking import rank_joints
from stgcn_affect.explain.tempo import tempo_share
from stgcn_affect.files import write_whole
from stgcn_affect.jobs.explain_check import check_arguments
from stgcn_affect.jobs.explain_maps import Choice, map_maker, model_scale, target_weights, unseen_maps
from stgcn_affect.jobs.explain_pictures import draw_recording
from stgcn_affect.jobs.explain_record import write_maps
from stgcn_affect.jobs.explained_models import ExplainedModel, models_of_run
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import Cycle, cut_cycles
from stgcn_affect.motion.map_layout import map_layout
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.read import read_clips
from stgcn_affect.skeleton.layout import Layout, load_layout

Map = npt.NDArray[np.floating]


class Recording(NamedTuple):
    """The cycles of one file on a model's layout, and in words what was done to get them."""

    clip: Clip
    cycles: list[Cycle]
    words: list[str]

    def batch(self) -> CycleBatch:
        """The cycles as a batch; nobody knows their emotion or walker."""
        unknown = torch.zeros(len(self.cycles), dtype=torch.int64)
        return CycleBatch(
            positions=torch.from_numpy(np.stack([cycle.positions for cycle in self.cycles])),
            stride_time_s=torch.tensor([cycle.stride_time_s for cycle in self.cycles], dtype=torch.float32),
            emotion=unknown,
            subject=unknown,
        )


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
) -> dict[str, Any]:
    """Read a recording, say its emotion, and draw its map beside the average one of the run's unseen walkers.

    Args:
        run: folder of a finished run.
        file: of one walk, in any format that is read.
        out: folder of the pictures and tables.
        method: of ``METHODS``; None: the one that the run's own table trusts, or else the package's.
        block: for that method.
        target: an emotion, or two joined by a minus; None: the likeliest.
        layout: of the file, where it does not say.
        fps_hz: of the file, where it does not say.

    Raises:
        InputError: no finished run; a file that cannot be read, holds more than one walk or no gait cycle, or lacks
            joints of the model; an unknown method, block or emotion.
    """
    models = models_of_run(run)
    check_arguments(models[0], method, block, target)
    model = models[0].model
    recording = read_recording(file, model.layout, layout=layout, fps_hz=fps_hz)
    batch = recording.batch()
    chosen = _choice(run, models[0], method, block)
    chance = np.mean([_probabilities(one, batch) for one in models], axis=(0, 1))
    said = model.emotions[int(chance.argmax())]
    about = target or said
    own = np.mean([_map(one, batch, chosen, about) for one in models], axis=0)
    usual, walkers = _usual(models, chosen, about)
    normalised = normalise_together({"recording": own, "average": usual})
    known = familiarity(model.network, batch, models[0].batch(models[0].train))
    weights = target_weights(about, batch, model.emotions)
    cycle = np.mean([one.positions for one in recording.cycles], axis=0, dtype=float).astype(np.float32)
    results = {
        "file": str(file),
        "cycles": len(recording.cycles),
        "stride_time_s": [round(one.stride_time_s, 4) for one in recording.cycles],
        "notes": recording.words,
        "probabilities": dict(zip(model.emotions, map(float, chance), strict=True)),
        "calibrated_on": f"{len(models[0].validation)} cycles of validation walkers a model",
        "emotion": said,
        "unlike_training": {"cycles": int(known.strange.sum()), "distance": float(known.distance.mean())}
        | {"border": known.border},
        "explained": {"target": about, "method": chosen.method, "block": _block(chosen), "models": len(models)}
        | {"average_of_walkers": walkers},
        "stride_time_share": float(tempo_share(model.network, batch, model.layout, target=weights).mean()),
        "ranking": rank_joints(
            normalised.maps["recording"][None],
            model.layout.joints,
            walkers=np.array(["recording"]),
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
    if not file.is_file():
        raise InputError(f"{file}: expected a recording (got no file of this name)")
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


def _probabilities(explained: ExplainedModel, batch: CycleBatch) -> npt.NDArray[np.float64]:
    """Calibrated on the model's own validation walkers, ``[N, Q]``."""
    model, index = explained.model, explained.validation
    heat = 1.0
    if len(index):
        known = explained.batch(index)
        heat = temperature(emotion_logits(model.network, known, model.layout), known.emotion.numpy())
    return probabilities(emotion_logits(model.network, batch, model.layout), temperature=heat)


def _map(explained: ExplainedModel, batch: CycleBatch, chosen: Choice, target: str) -> Map:
    """The mean map of the cycles over the model's constant, ``[T, V]``."""
    weights = target_weights(target, batch, explained.model.emotions)
    maps = map_maker(explained, chosen, weights)(batch)
    return np.asarray(maps.mean(axis=0, dtype=float) / model_scale(explained, chosen, None))


def _usual(models: Sequence[ExplainedModel], chosen: Choice, target: str) -> tuple[Map, int]:
    """The average map of unseen walkers, of those cycles that have the emotion if it is one; and how many they are."""
    found = unseen_maps(models, chosen, target=None if target in models[0].model.emotions else target)
    rows = found.emotions == target if target in models[0].model.emotions else np.ones(len(found.index), bool)
    usual = average_map(found.maps[rows], walkers=found.walkers[rows], takes=found.takes[rows])
    return usual, len(np.unique(found.walkers[rows]))


def _choice(run: Path, explained: ExplainedModel, method: str | None, block: int | None) -> Choice:
    own = run / "explanations" / "results.json"
    name, best = TRUSTED, TRUSTED_BLOCK
    if own.is_file():
        trusted = json.loads(own.read_text(encoding="utf-8"))["trusted"]
        name, best = trusted["method"], trusted["block"] or 0
    highest = len(explained.model.network.emotion_encoder.blocks) - 1
    return Choice(method or name, min(best, highest) if block is None else block)


def _block(chosen: Choice) -> int | None:
    return chosen.block if METHODS[chosen.method].takes_block else None
