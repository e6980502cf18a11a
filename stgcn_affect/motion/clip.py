"""A clip: one subject's joint positions over time, in the package's axes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Concatenate, ParamSpec

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.normalise import body_height, sides_swapped
from stgcn_affect.skeleton.layout import Layout

_Others = ParamSpec("_Others")


@dataclass(frozen=True, eq=False)
class Clip:
    """Joint positions of one subject, y up, metres where the source has a unit (right-handed axes, x left, z forward).

    A clip may hold missing values (NaN) and may face anywhere: ``check_clip`` fills short gaps and sets faulty
    stretches of joints aside as NaN, ``cut_cycles`` cuts cycles from whole frames and takes care of the heading.

    Args:
        positions: ``[T, V, 3]``, V as in the layout; stored as float32.
        fps_hz: frames a second.
        layout: the joints' names and parents.
        subject: name of the subject; "" where unknown.
        emotion: the acted emotion; "" where unknown.
        take: distinguishes clips of one subject and emotion.
        source: file, or ``file:key``, for messages.
        periodic: the clip is exactly one period of a repeating walk, so time along it is circular.
        attributes: anything else that the source says, such as ``{"perceived_emotion": "sad"}``; readers note the
            file's "unit" here ("relative" where sizes have none) and its "up_axis", and "quality" ("camera") of poses
            from one camera.
        remarks: what the reader mended or left out, one sentence each; ``check_clip`` puts them before its findings.

    Raises:
        InputError: a shape that does not fit the layout, fewer than two frames, or a frame rate that is not positive.
    """

    positions: npt.NDArray[np.float32]
    fps_hz: float
    layout: Layout
    subject: str = ""
    emotion: str = ""
    take: str = ""
    source: str = ""
    periodic: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = f"{self.source or 'clip'}: positions"
        try:
            positions = np.asarray(self.positions, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise InputError(f"{where} must be an array of numbers (got {type(self.positions).__name__})") from error
        joints = self.layout.num_joints
        if positions.ndim != 3 or positions.shape[1:] != (joints, 3):
            raise InputError(
                f"{where} must have shape [T, {joints}, 3] for the layout {self.layout.name}"
                f" (got {list(positions.shape)})"
            )
        if len(positions) < 2:
            raise InputError(f"{where} must hold at least two frames (got {len(positions)})")
        if not (np.isfinite(self.fps_hz) and self.fps_hz > 0):
            raise InputError(f"{self.source or 'clip'}: fps_hz must be a positive number (got {self.fps_hz})")
        object.__setattr__(self, "positions", positions)
        object.__setattr__(self, "fps_hz", float(self.fps_hz))

    @property
    def num_frames(self) -> int:
        """Number of frames, T."""
        return len(self.positions)

    @property
    def duration_s(self) -> float:
        """Duration in seconds; a periodic clip counts the step back to its first frame."""
        return (self.num_frames - (not self.periodic)) / self.fps_hz

    @cached_property
    def body_height(self) -> float:
        """The body's length from the ankles to the head joint in the positions' unit (``normalise.body_height``)."""
        return body_height(self.positions, self.layout)

    @cached_property
    def sides_swapped(self) -> bool:
        """Whether the joints named left are the subject's right ones (``normalise.sides_swapped``)."""
        return sides_swapped(self.positions, self.layout)


@dataclass(frozen=True)
class Unreadable:
    """A recording that gives no clip, and why.

    Args:
        source: file, or ``file:key``.
        reason: what was expected and what was found.
    """

    source: str
    reason: str


def tried(
    make: Callable[Concatenate[str, _Others], Clip], source: str, *args: _Others.args, **kwargs: _Others.kwargs
) -> Clip | Unreadable:
    """``make(source, ...)``, or the reason of its InputError: of many clips in a file the faulty one alone is lost."""
    try:
        return make(source, *args, **kwargs)
    except InputError as error:
        return Unreadable(source, str(error).removeprefix(f"{source}:").strip())


def readable(clips: Sequence[Clip | Unreadable]) -> list[Clip]:
    """The clips of a file of many. Raises InputError, with the first one's reason, where none of them can be read."""
    found = [clip for clip in clips if isinstance(clip, Clip)]
    failed = [clip for clip in clips if isinstance(clip, Unreadable)]
    if failed and not found:
        more = f"; none of its {len(failed)} clips can be read" if len(failed) > 1 else ""
        raise InputError(f"{failed[0].source}: {failed[0].reason}{more}")
    return found
