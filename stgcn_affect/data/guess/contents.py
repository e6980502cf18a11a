"""Guess how a recording is read, from its contents: reader, layout, unit, vertical axis and frame rate."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from stgcn_affect.data.guess.guess import Guess, Sureness, unknown
from stgcn_affect.errors import InputError, listed
from stgcn_affect.motion.clip import Clip, Unreadable, readable
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.joint_names import embedded_layouts, plain_name
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.readers.columns import Table, plane_columns
from stgcn_affect.motion.readers.formats import Recording, open_recording
from stgcn_affect.motion.readers.table import table_joints
from stgcn_affect.motion.readers.unread import body_parameters, two_dimensions
from stgcn_affect.skeleton.layout import Layout, layout_names

_RATES_HZ = (24, 25, 30, 50, 60, 100, 120, 200, 240)
_STRIDE_S = (0.8, 1.6)
"""Range of stride times that a hint about the frame rate takes for possible."""

_LABELS = ("subject", "emotion", "take")

FEWEST_UNNAMED = 12
"""Joints without names that a table must have to be taken for motion."""


class Contents(NamedTuple):
    """What is guessed of one file from its contents.

    Args:
        guesses: for "reader", "layout", "unit", "up_axis" and "fps_hz"; of a file of many clips also for "subject",
            "emotion" and "take".
        no_recording: why the file holds no motion that can be read; "" where it may hold some.
    """

    guesses: dict[str, Guess]
    no_recording: str = ""


def guess_contents(path: Path, *, layout: Layout | None = None) -> Contents:
    """Guess how one file is read; it is parsed once.

    A layout or a frame rate that the file holds is sure. For a file without a layout, the embedded ones are tried: one
    that gives an upright body with bones of constant length fits. A frame rate that the file does not hold is never
    filled in; the explanation gives the length of a stride in frames as a hint.

    Args:
        path: the file.
        layout: the skeleton, where the user names it.
    """
    try:
        recording = open_recording(path)
    except InputError as error:
        return Contents({}, _reason(error, path))
    if isinstance(recording.contents, Table) and (reason := _no_joints(recording.contents)):
        return Contents({}, reason)
    if isinstance(recording.contents, dict) and (reason := body_parameters(recording.contents)):
        return Contents({}, reason)
    reader = Guess(recording.format.name, "sure", f"the ending {path.suffix}")
    try:
        parts = recording.parts(layout=layout)
    except InputError as error:
        found, read = _search(recording, layout, _reason(error, path))
        if read is None:
            fields = ("unit", "up_axis", "fps_hz", *(_LABELS if recording.format.many_clips else ()))
            return Contents({"reader": reader, "layout": found, **dict.fromkeys(fields, unknown("not read"))})
        reader, clips = _all_read(reader, read), readable(read)
        guesses = {
            "reader": reader,
            "layout": found,
            **_body(recording, clips[0]),
            "fps_hz": _rate(recording, clips[0]),
        }
        return Contents(guesses | _own_labels(recording, clips))
    clips = readable(parts)
    reader = _all_read(reader, parts)
    clip = clips[0]
    found = Guess(clip.layout.name, *_layout_source(recording, layout, clip))
    guesses = {
        "reader": reader,
        "layout": found,
        **_body(recording, clip),
        "fps_hz": _rate(recording, clip, rate=clip.fps_hz),
    }
    return Contents(guesses | _own_labels(recording, clips))


def _reason(error: InputError, path: Path) -> str:
    return str(error).removeprefix(f"{path}: ")


def _no_joints(table: Table) -> str:
    """Why a table holds no motion; "" where it may hold some."""
    names, columns = table.places()
    if table.points is None and not table_joints(table):
        if flat := plane_columns(table.heading):
            return two_dimensions(f"x and y alone of {listed(flat, 60)}")
        return f"a table without joints in its columns: {listed(table.heading, 80)}"
    if table.points is not None and not names and len(columns) < FEWEST_UNNAMED:
        return f"a table of {table.width} columns without a heading"
    return ""


def _all_read(reader: Guess, parts: Sequence[Clip | Unreadable]) -> Guess:
    """The guess of the reader, which is in doubt where some clips of a file of many cannot be read."""
    failed = [part for part in parts if isinstance(part, Unreadable)]
    if not failed:
        return reader
    where = f"{len(failed)} of its {len(parts)} clips cannot be read"
    why = f"{where}; {Path(failed[0].source).name}: {failed[0].reason}"
    return Guess(reader.value, "unsure", why)


def _own_labels(recording: Recording, clips: Sequence[Clip]) -> dict[str, Guess]:
    """In a file of many clips each may have labels of its own; the file's fields stay empty."""
    if not recording.format.many_clips:
        return {}
    guesses = {}
    for field in _LABELS:
        count = sum(bool(getattr(clip, field)) for clip in clips)
        sure: Sureness = "likely" if count == len(clips) else "unsure" if count else "unknown"
        guesses[field] = Guess("", sure, f"{count} of {len(clips)} clips in the file have their own")
    return guesses


def _rate(recording: Recording, clip: Clip, *, rate: float | None = None) -> Guess:
    """The file's rate, which some readers need the layout for."""
    if rate is None:
        try:
            rate = recording.clips(layout=clip.layout)[0].fps_hz
        except InputError:
            return unknown(f"the file does not say it{_stride_time_hint(clip)}")
    why = "Emotion-Gait has 30 frames a second" if recording.path.suffix.lower() == ".h5" else "the file says it"
    return Guess(f"{rate:.6g}", "sure", why)


def _layout_source(recording: Recording, layout: Layout | None, clip: Clip) -> tuple[Sureness, str]:
    suffix = recording.path.suffix.lower()
    if layout is not None:
        return "sure", "you named it"
    if suffix == ".bvh":
        return "likely", "the file's own skeleton, roles guessed from its names: see the picture of --check"
    if suffix == ".pkl":
        return "likely", f"{clip.layout.num_joints} joints, as in NTU RGB+D"
    if clip.layout.name not in layout_names():
        return "likely", "roles guessed from the names in the file: see the picture of --check"
    if clip.layout.markers and clip.remarks:
        return "likely", listed(clip.remarks)
    names = {plain_name(name) for name in _names(recording)}
    if not clip.layout.markers and names > {plain_name(joint) for joint in clip.layout.joints}:
        return "likely", f"its {clip.layout.num_joints} joints are all in the file, which has others"
    return "sure", "the names of the joints or markers in the file"


def _search(recording: Recording, layout: Layout | None, error: str) -> tuple[Guess, list[Clip | Unreadable] | None]:
    """Try each layout that fits, as if at 30 frames a second, and find the one that gives a body."""
    tries: list[list[Clip | Unreadable]] = []
    for candidate in (layout,) if layout is not None else (None, *embedded_layouts()):
        if candidate is not None and candidate.markers and layout is None:
            continue  # the reader has tried it, and told several people apart
        try:
            parts = recording.parts(layout=candidate, fps_hz=30.0)
        except InputError:
            continue
        if candidate is None or layout is not None:
            clip = readable(parts)[0]
            return Guess(clip.layout.name, *_layout_source(recording, layout, clip)), parts
        tries.append(parts)
    bodies = [(parts, clip.layout) for parts in tries if _is_body(clip := readable(parts)[0])]
    if not bodies:
        return unknown(error), None
    found, best = max(bodies, key=lambda body: body[1].num_joints)
    others = [other.name for parts, other in bodies if parts is not found]
    why = f"{best.num_joints} joints; in this order they make an upright body with constant bones"
    return Guess(best.name, "unsure", why + (f", as for {', '.join(others)}" if others else "")), found


def _names(recording: Recording) -> list[str]:
    """The names of joints in a table or an array; none where it has none."""
    contents = recording.contents
    if isinstance(contents, Table):
        return table_joints(contents)
    return [str(name) for name in np.ravel(contents["joints"])] if isinstance(contents, dict) else []


def _is_body(clip: Clip) -> bool:
    """No quality finding about bones, and the head above the pelvis above the ankles, on average."""
    mended, findings = check_clip(clip)
    if mended is None or any("bones whose length varies" in finding for finding in findings):
        return False
    roles = [role for role in ("head", "pelvis", "l_knee", "l_ankle") if clip.layout.has(role)]
    heights = [float(np.nanmean(clip.layout.role_position(clip.positions, role)[:, 1])) for role in roles]
    return heights == sorted(heights, reverse=True)


def _body(recording: Recording, clip: Clip) -> dict[str, Guess]:
    unit, up = clip.attributes.get("unit", "unknown"), clip.attributes.get("up_axis", "")
    head = Guess(up, "likely", "from the feet to the head") if up else unknown("not read")
    if clip.source.split(":")[0].endswith(".h5"):
        return {"unit": Guess(unit, "sure", "Emotion-Gait has relative sizes"), "up_axis": head}
    if getattr(recording.contents, "unit", ""):
        return {"unit": Guess(unit, "sure", "the file says it"), "up_axis": head}
    if unit == "unknown":
        return {"unit": unknown("no unit gives the body a believable height"), "up_axis": head}
    return {"unit": Guess(unit, "likely", "with it the body has a believable height"), "up_axis": head}


def _stride_time_hint(clip: Clip) -> str:
    """The length of a stride in frames, where strides can be cut, and the rates that would fit it."""
    strides: Sequence[float] = ()
    for rate in _RATES_HZ:
        moved = Clip(positions=clip.positions, fps_hz=rate, layout=clip.layout, source=clip.source)
        mended, _ = check_clip(moved)
        cycles = cut_cycles(mended)[0] if mended is not None else []
        if len(cycles) > len(strides):
            strides = [cycle.stride_time_s * rate for cycle in cycles]
    if not strides:
        return ""
    frames = float(np.median(strides))
    fitting = [f"{frames / hz:.2f} s at {hz}" for hz in _RATES_HZ if _STRIDE_S[0] <= frames / hz <= _STRIDE_S[1]]
    return (
        f"; a hint: a stride takes about {frames:.0f} frames, {', '.join(fitting)} frames a second" if fitting else ""
    )
