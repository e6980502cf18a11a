"""Anonymised walks, written to files, read again and cut into gait cycles, as whoever gets the files has them."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stgcn_affect.data.walk import Walk, cut_walk
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.attackers import Features
from stgcn_affect.evaluation.inputs import POSES, raw_features
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.readers.formats import SUFFIXES, read_clips
from stgcn_affect.release.anonymise import anonymised_clip, target_body
from stgcn_affect.release.motion_files import WRITERS, write_motion
from stgcn_affect.training.model import Model

log = logging.getLogger(__name__)

READABLE = tuple(kind for kind in WRITERS if f".{kind}" in SUFFIXES)
"""Formats that are written and read."""


class ReadBack(NamedTuple):
    """Walks that were read back from their files.

    Args:
        walks: None for a file in which no gait cycle is found.
        rows: ``[N, F]``, one for each recorded cycle, laid out like the input "raw"; those of a file without a gait
            cycle are the mean of all others, or a motionless point where there is no other.
    """

    walks: Sequence[Walk | None]
    rows: Features

    @property
    def unreadable(self) -> int:
        """How many files have no gait cycle that is found."""
        return sum(walk is None for walk in self.walks)


def read_back(makers: Iterable[Callable[[], Clip]], cycles: Sequence[int], model: Model, *, kind: str) -> ReadBack:
    """Write each clip, read it again and cut it into cycles, which are repeated in turn for the recorded ones.

    Args:
        makers: make the clips, on the model's layout.
        cycles: how many were recorded of each walk.
        model: whose layout the clips have.
        kind: one of ``READABLE``.
    """
    named = replace(model.layout, markers={})
    walks: list[Walk | None] = []
    with TemporaryDirectory() as folder:
        for make in makers:
            try:
                path = write_motion(make(), Path(folder) / f"walk.{kind}")
                walks.append(cut_walk(read_clips(path, layout=named)[0], model.layout))
            except InputError:
                walks.append(None)
    rows = [None if walk is None else _in_turn(walk, count) for walk, count in zip(walks, cycles, strict=True)]
    nothing = raw_features(np.zeros((1, POSES, model.layout.num_joints, 3)), np.ones(1))
    readable = [one for one in rows if one is not None] or [nothing]
    usual = np.concatenate(readable).mean(axis=0)
    filled = [np.repeat(usual[None], n, axis=0) if one is None else one for one, n in zip(rows, cycles, strict=True)]
    return ReadBack(walks, np.concatenate(filled))


def anonymised_release(model: Model, z_emotion: Features, walks: npt.NDArray[np.int64]) -> Features:
    """What the files of anonymised walks give away of the cycles of many recordings, ``[N, F]`` laid out like "raw".

    The walks have the mean body at its cadence and are read back from NPZ.

    Args:
        model: that keeps the statistics of its identities.
        z_emotion: ``[N, De]`` of the cycles.
        walks: ``[N]`` which recording each cycle is of.

    Raises:
        InputError: as ``target_body`` does.
    """
    body = target_body(model)
    members = [np.flatnonzero(walks == one) for one in np.unique(walks)]
    makers = [partial(anonymised_clip, model, z_emotion[rows].mean(axis=0, dtype=float), body) for rows in members]
    back = read_back(makers, [len(one) for one in members], model, kind="npz")
    if back.unreadable:
        log.warning("anonymised walks: %d of %d files have no gait cycle that is found", back.unreadable, len(members))
    found = np.empty_like(back.rows)
    found[np.concatenate(members)] = back.rows
    return found


def _in_turn(walk: Walk, count: int) -> Features:
    positions, times = walk.strides
    turn = np.arange(count) % len(positions)
    return raw_features(positions[turn], times[turn])
