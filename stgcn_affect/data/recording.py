"""One recording of a walk as gait cycles on a model's layout."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.subject_baseline import Strides, replace_baseline
from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import Cycle, cut_cycles
from stgcn_affect.motion.map_layout import map_layout
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.skeleton.layout import Layout, load_layout


class Recording(NamedTuple):
    """The N cycles of one file on a model's layout.

    Args:
        clip: on that layout, before its checks.
        cycles: in the order of time.
        notes: what was done to get them, and what was left out, a sentence each.
    """

    clip: Clip
    cycles: list[Cycle]
    notes: list[str]

    @property
    def walk(self) -> Strides:
        """All cycles."""
        times = np.array([cycle.stride_time_s for cycle in self.cycles], np.float32)
        return Strides(np.stack([cycle.positions for cycle in self.cycles]), times)

    def batch(self, own: Strides | None = None, average: Strides | None = None) -> CycleBatch:
        """The cycles for a network; the codes of emotion and subject, which are unknown, are 0.

        Args:
            own: the subject's own baseline; with ``average``, the cycles become relative to it (``replace_baseline``).
            average: the baseline of the training subjects.
        """
        walk = self.walk if own is None or average is None else replace_baseline(self.walk, own, average)
        unknown = torch.zeros(len(self.cycles), dtype=torch.int64)
        return CycleBatch(torch.from_numpy(walk.positions), torch.from_numpy(walk.stride_time_s), unknown, unknown)


def read_recording(file: Path, wanted: Layout, *, layout: str | None = None, fps_hz: float | None = None) -> Recording:
    """Read one walk, check it, map its joints by role and cut it into gait cycles.

    Args:
        file: of one walk, in any format that is read.
        wanted: the layout of the cycles.
        layout: of the file, where it does not say: a name or a YAML file.
        fps_hz: of the file, where it does not say.

    Raises:
        InputError: a file that cannot be read, of more than one walk, without a cycle, or that lacks joints.
    """
    clips = read_clips(file, layout=None if layout is None else load_layout(layout), fps_hz=fps_hz)
    if len(clips) != 1:
        raise InputError(f"{file}: expected a recording of one walk (got {len(clips)} clips in it)")
    clip, notes = map_layout(clips[0], wanted)
    mended, found = check_clip(clip)
    notes += found
    cycles, refused = ([], []) if mended is None else cut_cycles(mended)
    if not cycles:
        raise InputError(f"{file}: expected one gait cycle or more (got none: {'; '.join([*notes, *refused])})")
    return Recording(clip, cycles, [*notes, *refused])
