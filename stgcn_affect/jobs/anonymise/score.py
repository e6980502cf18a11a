"""Score anonymised walks as they are read back from their files; the work of stgcn-affect anonymise --score."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.fold import FoldData
from stgcn_affect.data.walk import Walk
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.attacks import check_attackable
from stgcn_affect.evaluation.inputs import raw_features
from stgcn_affect.evaluation.other_mechanisms import OTHER_MECHANISMS, TrainingWalks, other_mechanism, training_walks
from stgcn_affect.evaluation.plausibility import plausibility
from stgcn_affect.evaluation.written import judge_written
from stgcn_affect.jobs.anonymise.inputs import MEAN_BODY, labelled_walks, mechanism_bodies, walks_data
from stgcn_affect.jobs.anonymise.kept import METHOD, keep_scores
from stgcn_affect.jobs.anonymise.read_back import READABLE, read_back
from stgcn_affect.jobs.run_data import Progress
from stgcn_affect.motion.clip import Clip
from stgcn_affect.release.anonymise import TargetBody, anonymise_walk, clip_of_cycle
from stgcn_affect.release.card import Mechanism
from stgcn_affect.release.ground import HEIGHT_M
from stgcn_affect.training.model import Model, predict_walk

Floats = npt.NDArray[np.floating]


def score_anonymised(
    run: Path,
    source: Path,
    *,
    kind: str = "npz",
    mechanism: Mechanism = MEAN_BODY,
    seed: int = 0,
    layout: str | None = None,
    fps_hz: float | None = None,
    permutations: int = 1000,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Anonymise recordings by the method and by the mechanisms it is compared with, and judge the files of each.

    Subjects of the model's training part are the seen ones; those that no part of the model names count as unseen, like
    its test subjects. The scores are kept beside the model, so that the cards of later files say whether the mechanism
    passed.

    Args:
        run: folder of a finished run, whose first model is used, or a model file.
        source: a manifest, or a data set as prepare takes it, that names subjects and emotions.
        kind: the format that is written and read back.
        mechanism: the target body and the cadence of the method.
        seed: of random bodies, noise and limits.
        layout: the skeleton of the recordings, where they do not say it.
        fps_hz: their frames a second, where they do not say it.
        permutations: draws behind the p values.
        progress: watches recordings go by.

    Raises:
        InputError: no recordings with subject and emotion, or too few seen or unseen subjects with two emotions.
    """
    if kind not in READABLE:
        raise InputError(f"--score: expected a format that can be read back, {', '.join(READABLE)} (got {kind!r})")
    rng = np.random.default_rng(seed)
    model, bodies = mechanism_bodies(run, mechanism, rng)
    walks, left_out = labelled_walks(model, source, layout, fps_hz)
    if not walks:
        raise InputError(
            f"{source}: expected recordings with a subject, a gait cycle and one of the model's emotions,"
            f" {', '.join(model.emotions)} (got none{f'; {left_out[0][1]}' if left_out else ''})"
        )
    data = walks_data(model, walks, name=source.stem)
    check_attackable(data.cycles, data.split, f"{source}, --score")
    targets = [next(bodies) for _ in walks]
    known = training_walks(data, harmonics=model.network.decoder.harmonics)
    predictions = [predict_walk([model], walk) for walk in walks]
    makers: dict[str, Callable[[int], Clip]] = {
        METHOD: lambda i: anonymise_walk(model, walks[i], targets[i], cadence=mechanism.cadence)
    }
    for name in OTHER_MECHANISMS:
        makers[name] = _maker(name, model, walks, targets, [found.emotion for found in predictions], known, rng)
    sizes = [len(walk) for walk in walks]
    written = {}
    for name, make in makers.items():
        rows: Iterable[int] = range(len(walks))
        rows = rows if progress is None else progress(rows, len(walks), name)
        written[name] = read_back((partial(make, i) for i in rows), sizes, model, kind=kind)
        if written[name].unreadable == len(walks):
            raise InputError(f"--score: expected written walks with gait cycles (got none in {len(walks)} files)")
    judged = judge_written(
        {name: one.rows for name, one in written.items()},
        _raw_rows(walks),
        np.stack([found.probabilities for found in predictions]).repeat(sizes, axis=0),
        data,
        permutations=permutations,
        seed=seed,
    )
    true = _targets(data, mechanism, known)
    for name, one in written.items():
        pairs = [(again, own) for again, own in zip(one.walks, walks, strict=True) if again is not None]
        measures = _mean_of([_measures(again, model) | _distances(again, own, true) for again, own in pairs])
        judged["mechanisms"][name] |= {"plausibility": measures, "unreadable": one.unreadable}
    judged["raw"]["plausibility"] = _mean_of([_measures(walk, model) for walk in walks])
    judged |= {
        "data": {"name": data.cycles.name, "walks": len(walks), "cycles": sum(sizes), "parts": _sizes(data)}
        | {"left_out": left_out},
        "mechanism": mechanism._asdict(),
        "digest": model.digest,
    }
    keep_scores(run, judged)
    return judged


def _maker(
    name: str,
    model: Model,
    walks: Sequence[Walk],
    targets: Sequence[TargetBody],
    predicted: Sequence[str],
    known: TrainingWalks,
    rng: np.random.Generator,
) -> Callable[[int], Clip]:
    """The clip that another mechanism makes of walk i, on the same bones as the method's."""

    def make(i: int) -> Clip:
        found = other_mechanism(name, walks[i].strides, predicted[i], known, rng)
        return clip_of_cycle(found.positions, found.stride_time_s, targets[i].lengths, model)

    return make


def _measures(walk: Walk, model: Model) -> dict[str, float]:
    return plausibility(walk, harmonics=model.network.decoder.harmonics)._asdict()


def _distances(again: Walk, walk: Walk, true: Mapping[str, Floats]) -> dict[str, float]:
    """Mean distance of joints from the subject's own walk and from the target's true one, in cm of a body of 1.70 m."""
    written, own = again.strides.positions.mean(axis=0), walk.strides.positions.mean(axis=0)
    found = {"mpjpe_own_cm": own}
    if walk.clip.emotion in true:
        found["mpjpe_target_cm"] = true[walk.clip.emotion]
    return {name: 100 * HEIGHT_M * float(np.linalg.norm(written - one, axis=-1).mean()) for name, one in found.items()}


def _targets(data: FoldData, mechanism: Mechanism, known: TrainingWalks) -> dict[str, Floats]:
    """Emotion to the target's true mean cycle: that of the subject, or of all training subjects for nobody's body."""
    own = data.cycles.select(data.cycles.subject == mechanism.identity)
    if len(own):
        return {name: own.positions[own.emotion == name].mean(axis=0) for name in np.unique(own.emotion).tolist()}
    return {name: one.positions for name, one in known.of_emotion.items()}


def _raw_rows(walks: Sequence[Walk]) -> Floats:
    return np.concatenate([raw_features(*walk.strides) for walk in walks])


def _mean_of(measures: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of each measure over the walks that have it."""
    names = list(dict.fromkeys(name for one in measures for name in one))
    return {name: float(np.nanmean([one[name] for one in measures if name in one])) for name in names}


def _sizes(data: FoldData) -> dict[str, int]:
    return {part: len(names) for part, names in data.parts.items()}
