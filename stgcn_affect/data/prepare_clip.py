"""Prepare one clip: check it, mend it and cut it into cycles."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.camera import CAMERA
from stgcn_affect.motion.clip import Clip, Unreadable
from stgcn_affect.motion.cycles import Cycle, cut_cycles
from stgcn_affect.motion.normalise import mean_pose
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.settings import CYCLE_SAMPLES
from stgcn_affect.skeleton.layout import Layout


@dataclass(frozen=True, eq=False)
class PreparedClip:
    """One clip after checking and cutting.

    Args:
        source: file, or ``file:key``.
        subject: name of the subject; "" where unknown.
        emotion: the acted emotion; "" where unknown.
        take: distinguishes the subject's clips of that emotion.
        cycles: its gait cycles, also where it is left out for an unknown label.
        findings: the parts that were mended or refused, one sentence each; the reason first where no cycle is left.
        left_out: why it is not used; "" where it is.
        attributes: further facts of the source.
        layout: its skeleton; None where the clip could not be read.
        pose: ``[V, 3]``, the mean pose (``mean_pose``); None where it could not be read or a joint is never there.
        fps_hz: frames a second.
        seconds: the duration.
    """

    source: str
    subject: str = ""
    emotion: str = ""
    take: str = ""
    cycles: tuple[Cycle, ...] = ()
    findings: tuple[str, ...] = ()
    left_out: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    layout: Layout | None = None
    pose: npt.NDArray[np.float32] | None = None
    fps_hz: float = 0.0
    seconds: float = 0.0

    @property
    def label(self) -> tuple[str, str]:
        """Subject and emotion."""
        return self.subject, self.emotion

    def recording(self) -> str:
        """Skeleton, frame rate, duration, unit and axis as they were read: "bvh21: 21 joints ..."; "" if unreadable."""
        if self.layout is None:
            return ""
        camera = self.attributes.get("quality") == CAMERA
        unit, up = (self.attributes.get(key, "unknown") for key in ("unit", "up_axis"))
        return (
            f"{self.layout.name}: {self.layout.num_joints} joints, {self.fps_hz:.4g} frames a second,"
            f" {self.seconds:.1f} s, unit {unit}, {up} up{', one camera' if camera else ''}"
        )

    def summary(self) -> str:
        """One line: the source, and its labels, cycles and findings, or why it is left out and then the rest."""
        if self.left_out:
            others = [finding for finding in self.findings if finding not in self.left_out]
            cut = [self._cut()] if self.cycles else []
            return f"{self.source}: left out: " + "; ".join([self.left_out, *cut, *others])
        return f"{self.source}: " + "; ".join(
            [f"{self.subject}, {self.emotion}, take {self.take}, {self._cut()}", *self.findings]
        )

    def _cut(self) -> str:
        seconds = sum(cycle.stride_time_s for cycle in self.cycles) / len(self.cycles)
        return (
            f"{len(self.cycles)} cycles of {seconds:.2f} s" if len(self.cycles) > 1 else f"1 cycle of {seconds:.2f} s"
        )


def prepare_clip(
    clip: Clip | Unreadable, *, samples: int = CYCLE_SAMPLES, keep_unlabelled: bool = False
) -> PreparedClip:
    """Check a clip, mend what can be mended, and cut it into cycles.

    Args:
        clip: the clip, or why there is none.
        samples: phase samples per cycle.
        keep_unlabelled: use a clip whose subject or emotion is unknown; else it is left out, as it can neither be
            trained on nor scored.
    """
    if isinstance(clip, Unreadable):
        return PreparedClip(clip.source, left_out=clip.reason)
    cycles, reasons, details = _cut(clip, samples)
    left_out = ""
    if not cycles:
        left_out = "; ".join([*reasons, *details]) or "no gait cycle in it"
    elif not keep_unlabelled and not (clip.subject and clip.emotion):
        unknown = " and ".join(
            word for word, known in (("subject", clip.subject), ("emotion", clip.emotion)) if not known
        )
        left_out = f"unknown {unknown}"
    return PreparedClip(
        source=clip.source,
        subject=clip.subject,
        emotion=clip.emotion,
        take=clip.take,
        cycles=tuple(cycles),
        findings=(*details, *reasons) if cycles else (*reasons, *details),
        left_out=left_out,
        attributes=dict(clip.attributes),
        layout=clip.layout,
        pose=mean_pose(clip.positions, clip.layout),
        fps_hz=clip.fps_hz,
        seconds=clip.duration_s,
    )


def _cut(clip: Clip, samples: int) -> tuple[list[Cycle], list[str], list[str]]:
    """The cycles, why others or all were refused, and what else was found, a sentence each."""
    try:
        mended, found = check_clip(clip)
        if mended is None:
            return [], found[-1:], found[:-1]
        cycles, refused = cut_cycles(mended, samples=samples)
    except InputError as error:
        return [], [str(error).removeprefix(f"{clip.source}: ")], []
    return cycles, refused, found
