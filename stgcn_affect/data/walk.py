"""Read one recording of a walk: checked, with its joints mapped by role, and cut into gait cycles."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.data.subject_baseline import Strides, replace_baseline
from stgcn_affect.errors import InputError
from stgcn_affect.motion.camera import from_camera, with_quality
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import Cycle, cut_cycles
from stgcn_affect.motion.map_layout import map_layout
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.skeleton.layout import Layout, load_layout


@dataclass(frozen=True, eq=False)
class Walk:
    """The N gait cycles of one recording.

    Args:
        clip: the recording on ``layout``, before its checks.
        cycles: in the order of time.
        notes: what was done to get the cycles, and what was left out, a sentence each.
    """

    clip: Clip
    cycles: tuple[Cycle, ...]
    notes: tuple[str, ...] = ()

    @property
    def layout(self) -> Layout:
        """The skeleton of the cycles."""
        return self.clip.layout

    @property
    def from_camera(self) -> bool:
        """Whether these are poses from one camera: whatever is found of them is less sure."""
        return from_camera(self.clip)

    @property
    def strides(self) -> Strides:
        """Positions ``[N, T, V, 3]`` in body heights and stride times ``[N]`` in seconds."""
        times = np.array([cycle.stride_time_s for cycle in self.cycles], np.float32)
        return Strides(np.stack([cycle.positions for cycle in self.cycles]), times)

    def batch(self, own: Strides | None = None, average: Strides | None = None) -> CycleBatch:
        """The cycles for a network; the codes of emotion and subject, which are unknown, are 0.

        Args:
            own: the subject's own baseline; with ``average``, the cycles become relative to it (``replace_baseline``).
            average: the baseline of the training subjects.
        """
        strides = self.strides if own is None or average is None else replace_baseline(self.strides, own, average)
        positions, stride_time_s = (torch.from_numpy(column) for column in strides)
        unknown = torch.zeros(len(self.cycles), dtype=torch.int64)
        return CycleBatch(positions, stride_time_s, unknown, unknown)

    def check_layout(self, layout: Layout) -> None:
        """Raise InputError unless the walk is on a model's layout."""
        if self.layout.joints != layout.joints:
            raise InputError(
                f"{self.clip.source}: expected a walk on the model's layout {layout.name},"
                f" as read_walk(file, layout=model.layout) gives it"
                f" (got {self.layout.name}, {self.layout.num_joints} joints)"
            )

    def __len__(self) -> int:
        return len(self.cycles)

    def __repr__(self) -> str:
        times = ", ".join(f"{cycle.stride_time_s:.2f}" for cycle in self.cycles[:8])
        more = ", ..." if len(self.cycles) > 8 else ""
        camera = ", from one camera" if self.from_camera else ""
        return (
            f"Walk({self.clip.source!r}: {len(self.cycles)} gait cycles of {times}{more} s on {self.layout.name},"
            f" {self.layout.num_joints} joints, {len(self.notes)} notes{camera})"
        )


def read_walk(
    file: str | Path,
    layout: Layout | str | Path | None = None,
    *,
    file_layout: Layout | str | Path | None = None,
    fps_hz: float | None = None,
    quality: str = "",
) -> Walk:
    """Read one walk, check it, map its joints by role and cut it into gait cycles.

    Args:
        file: a file of one walk, in any format that is read (BVH, C3D, CSV, NPZ, NPY, pyskl's pickles, HDF5).
        layout: the skeleton that is wanted, such as a model's ``layout``, or its name or YAML file. Default: that of
            the file.
        file_layout: the skeleton of the file, where the file does not say it: a layout, a name or a YAML file.
        fps_hz: frames a second of the file, where it does not say.
        quality: "camera" for poses from one camera, "mocap" for others; "" where the layout of the file says.

    Raises:
        InputError: another quality; a file that cannot be read, of more than one walk, without a gait cycle, or that
            lacks joints.
    """
    clips = read_clips(file, layout=file_layout, fps_hz=fps_hz)
    if len(clips) != 1:
        raise InputError(f"{file}: expected a recording of one walk (got {len(clips)} clips in it)")
    return cut_walk(with_quality(clips[0], quality), _loaded(layout))


def cut_walk(clip: Clip, layout: Layout | None = None) -> Walk:
    """Check a clip, map its joints by role and cut it into gait cycles.

    Args:
        clip: of one walk.
        layout: the skeleton that is wanted; None: that of the clip.

    Raises:
        InputError: a clip without a gait cycle, or that lacks joints.
    """
    clip, notes = map_layout(clip, clip.layout if layout is None else layout)
    mended, found = check_clip(clip)
    notes += found
    cycles, refused = ([], []) if mended is None else cut_cycles(mended)
    if not cycles:
        raise InputError(
            f"{clip.source or 'clip'}: expected one gait cycle or more (got none: {'; '.join([*notes, *refused])})"
        )
    return Walk(clip, tuple(cycles), (*notes, *refused))


def _loaded(layout: Layout | str | Path | None) -> Layout | None:
    return load_layout(layout) if isinstance(layout, str | Path) else layout
