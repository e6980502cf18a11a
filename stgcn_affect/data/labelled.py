"""The labelled cycles of a cache: those whose subject and emotion are known, as training and evaluation use them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stgcn_affect.data.store import CycleStore, open_store
from stgcn_affect.data.subject_baseline import with_baselines
from stgcn_affect.errors import InputError, listed


def open_labelled(cache: str | Path, *, emotions: Sequence[str] = (), subject_baseline: str = "") -> CycleStore:
    """Open a cache and keep its labelled cycles.

    Args:
        cache: the folder of a cache.
        emotions: those to keep; all where none is named.
        subject_baseline: ``OTHER_TAKES``, or an emotion, to put each subject's baseline beside its cycles
            (``with_baselines``); "" for none. Baselines may be of emotions that are not kept.

    Raises:
        InputError: no cache, an emotion that no cycle has, no baseline, fewer than two emotions or subjects.
    """
    return labelled(open_store(cache), emotions=emotions, subject_baseline=subject_baseline)


def labelled(cycles: CycleStore, *, emotions: Sequence[str] = (), subject_baseline: str = "") -> CycleStore:
    """The labelled cycles of a store; arguments and errors as of ``open_labelled``."""
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

    ``from_camera`` counts those of them that are poses from one camera, where there are some; every table and page that
    shows a score of the data says so by it.
    """
    facts: dict[str, Any] = {
        "name": cycles.name,
        "subjects": len(np.unique(cycles.subject)),
        "takes": len(np.unique(cycles.take_ids)),
        "cycles": len(cycles),
        "emotions": np.unique(cycles.emotion).tolist(),
        "digest": cycles.digest,
    }
    camera = cycles.select(np.flatnonzero(cycles.from_camera))
    if len(camera):
        facts["from_camera"] = {"subjects": len(np.unique(camera.subject)), "cycles": len(camera)}
    if "generator_version" in cycles.truth:
        facts["generator_version"] = cycles.truth["generator_version"]
    return facts


def _with_baselines(cycles: CycleStore, of: str) -> CycleStore:
    try:
        return with_baselines(cycles, of=of)
    except InputError as error:
        raise InputError(f"subject baseline (protocol.subject_baseline): {error}") from error
