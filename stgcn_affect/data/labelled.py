"""The labelled cycles of a cache: those whose subject and emotion are known, as training and evaluation use them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from stgcn_affect.data.mapped import NAMES, NUMBERS
from stgcn_affect.data.store import ACTED_EMOTION, PERCEIVED_EMOTION, CycleStore, open_store
from stgcn_affect.data.subject_baseline import with_baselines
from stgcn_affect.errors import InputError, listed
from stgcn_affect.settings import ACTED, PERCEIVED


def with_further(cycles: CycleStore, further: CycleStore) -> CycleStore:
    """Cycles, and behind them those of other subjects, whose names get the prefix "further ".

    Args:
        cycles: N cycles of the data.
        further: M cycles on the same skeleton, with baselines where ``cycles`` have them.
    """
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(cycles, name), getattr(further, name)]) for name in (*NUMBERS, *NAMES)
    }
    columns["subject"] = np.concatenate([cycles.subject, np.char.add("further ", further.subject)])
    positions = np.concatenate([cycles.positions, further.positions])
    baseline = None
    if cycles.baseline is not None and further.baseline is not None:
        baseline = with_further(cycles.baseline, further.baseline)
    return replace(cycles, positions=positions, **columns, baseline=baseline)


def open_labelled(
    cache: str | Path, *, labels: str = ACTED, emotions: Sequence[str] = (), subject_baseline: str = ""
) -> CycleStore:
    """Open a cache and keep its labelled cycles.

    Args:
        cache: the folder of a cache.
        labels: ``ACTED``, or ``PERCEIVED`` to put the emotion that raters saw in the place of the acted one; cycles
            without a rating are left out.
        emotions: those to keep; all where none is named.
        subject_baseline: ``OTHER_TAKES``, or an emotion, to put each subject's baseline beside its cycles
            (``with_baselines``); "" for none. Baselines may be of emotions that are not kept.

    Raises:
        InputError: no cache, no ratings, an emotion that no cycle has, no baseline, fewer than two emotions or
            subjects.
    """
    return labelled(open_store(cache), labels=labels, emotions=emotions, subject_baseline=subject_baseline)


def labelled(
    cycles: CycleStore, *, labels: str = ACTED, emotions: Sequence[str] = (), subject_baseline: str = ""
) -> CycleStore:
    """The labelled cycles of a store; arguments and errors as of ``open_labelled``."""
    if labels == PERCEIVED:
        cycles = _as_perceived(cycles)
    cycles = cycles.select(np.flatnonzero((cycles.subject != "") & (cycles.emotion != "")))
    if subject_baseline:
        cycles = _with_baselines(cycles, subject_baseline)
    found = set(np.unique(cycles.emotion).tolist())
    for emotion in emotions:
        if emotion not in found:
            raise InputError(
                f"{cycles.name}: expected emotions (data.emotions) of the data, {listed(sorted(found)) or 'none'}"
                f" (got {emotion!r})"
            )
    if emotions:
        cycles = cycles.select(np.flatnonzero(np.isin(cycles.emotion, list(emotions))))
    subjects, kinds = len(np.unique(cycles.subject)), len(np.unique(cycles.emotion))
    if subjects < 2 or kinds < 2:
        raise InputError(
            f"{cycles.name}: expected two or more subjects and emotions with labels (got {subjects} and {kinds})"
        )
    return cycles


def describe_cycles(cycles: CycleStore) -> dict[str, Any]:
    """The block ``dataset`` of ``results.json``: name, digest, emotions, and numbers of subjects, takes and cycles.

    ``labels`` is there where the emotions are those that raters saw. ``from_camera`` counts the cycles that are poses
    from one camera, where there are some. Every table and page that shows a score of the data says so by them.
    """
    facts: dict[str, Any] = {
        "name": cycles.name,
        "subjects": len(np.unique(cycles.subject)),
        "takes": len(np.unique(cycles.take_ids)),
        "cycles": len(cycles),
        "emotions": np.unique(cycles.emotion).tolist(),
        "digest": cycles.digest,
    }
    if ACTED_EMOTION in next(iter(cycles.attributes.values()), {}):
        facts["labels"] = PERCEIVED
    camera = cycles.select(np.flatnonzero(cycles.from_camera))
    if len(camera):
        facts["from_camera"] = {"subjects": len(np.unique(camera.subject)), "cycles": len(camera)}
    if "generator_version" in cycles.truth:
        facts["generator_version"] = cycles.truth["generator_version"]
    return facts


def _as_perceived(cycles: CycleStore) -> CycleStore:
    """Cycles with the emotion that raters saw; the acted one goes into the attributes, and into the name of the take.

    Two takes that were acted differently may be seen alike, and stay two takes.
    """
    perceived = cycles.attribute(PERCEIVED_EMOTION)
    if not (perceived != "").any():
        raise InputError(f"{cycles.name}: expected rated emotions (data.labels=perceived) (got a data set without any)")
    acted = dict(zip(cycles.source.tolist(), cycles.emotion.tolist(), strict=True))
    attributes = {source: {**facts, ACTED_EMOTION: acted[source]} for source, facts in cycles.attributes.items()}
    take = np.array([f"{emotion} {take}" for emotion, take in zip(cycles.emotion, cycles.take, strict=True)], np.str_)
    return replace(cycles, emotion=perceived, take=take, attributes=attributes)


def _with_baselines(cycles: CycleStore, of: str) -> CycleStore:
    try:
        return with_baselines(cycles, of=of)
    except InputError as error:
        raise InputError(f"subject baseline (protocol.subject_baseline): {error}") from error
