"""Guess how a recording is read, from its contents: reader, layout, unit, vertical axis and frame rate."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stgcn_affect.data.guess.guess import Guess, Sureness, unknown
from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.joint_names import embedded_layouts
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.readers.columns import parse_table
from stgcn_affect.motion.readers.formats import FORMATS, read_clips
from stgcn_affect.motion.readers.table import table_joints
from stgcn_affect.skeleton.layout import Layout

_RATES_HZ = (24, 25, 30, 50, 60, 100, 120, 200, 240)
_STRIDE_S = (0.8, 1.6)
"""Range of stride times that a hint about the frame rate takes for possible."""


def no_recording(path: Path) -> str:
    """The reason why a file with the ending of a recording holds no motion; "" where it may hold some."""
    if path.suffix.lower() != ".csv":
        return ""
    try:
        table = parse_table(path)
    except InputError as error:
        return str(error).removeprefix(f"{path}: ")
    if table.heading and not table_joints(table):
        return f"a table without joints in its columns: {', '.join(table.heading)[:80]}"
    if not table.heading and (table.width % 3 or table.width < 3 * 12):
        return f"a table of {table.width} columns without a heading"
    return ""


def guess_contents(path: Path, *, layout: Layout | None = None) -> dict[str, Guess]:
    """Guesses for "reader", "layout", "unit", "up_axis" and "fps_hz" of one file.

    A layout or a frame rate that the file holds is sure. For a file without a layout, the embedded ones are tried: one
    that gives an upright body with bones of constant length fits. A frame rate that the file does not hold is never
    filled in; the explanation gives the length of a stride in frames as a hint.

    Args:
        path: the file.
        layout: the skeleton, where the user names it.
    """
    reader = Guess(FORMATS[path.suffix.lower()].name, "sure", f"the ending {path.suffix}")
    try:
        clip = read_clips(path, layout=layout)[0]
    except InputError as error:
        found, read = _search(path, layout, str(error).removeprefix(f"{path}: "))
        if read is None:
            nothing = dict.fromkeys(("unit", "up_axis", "fps_hz"), unknown("not read"))
            return {"reader": reader, "layout": found, **nothing}
        return {"reader": reader, "layout": found, **_body(read), "fps_hz": _rate(path, read)}
    found = Guess(clip.layout.name, *_layout_source(path, layout))
    return {"reader": reader, "layout": found, **_body(clip), "fps_hz": _rate(path, clip, rate=clip.fps_hz)}


def _rate(path: Path, clip: Clip, *, rate: float | None = None) -> Guess:
    """The file's rate, which some readers need the layout for."""
    if rate is None:
        try:
            rate = read_clips(path, layout=clip.layout)[0].fps_hz
        except InputError:
            return unknown(f"the file does not say it{_stride_time_hint(clip)}")
    why = "Emotion-Gait has 30 frames a second" if path.suffix.lower() == ".h5" else "the file says it"
    return Guess(f"{rate:.6g}", "sure", why)


def _layout_source(path: Path, layout: Layout | None) -> tuple[Sureness, str]:
    if layout is not None:
        return "sure", "you named it"
    if path.suffix.lower() == ".bvh":
        return "likely", "the file's own skeleton, roles guessed from its names: see the picture of --check"
    return "sure", "the names of the joints or markers in the file"


def _search(path: Path, layout: Layout | None, error: str) -> tuple[Guess, Clip | None]:
    """Read with each layout that fits, as if at 30 frames a second, and find the one that gives a body."""
    readable: list[Clip] = []
    for candidate in (layout,) if layout is not None else (None, *embedded_layouts()):
        try:
            clip = read_clips(path, layout=candidate, fps_hz=30.0)[0]
        except InputError:
            continue
        if candidate is None or layout is not None:
            return Guess(clip.layout.name, *_layout_source(path, layout)), clip
        readable.append(clip)
    bodies = [clip for clip in readable if _is_body(clip)]
    if not bodies:
        return unknown(error), None
    best = max(bodies, key=lambda clip: clip.layout.num_joints)
    joints, others = best.layout.num_joints, [clip.layout.name for clip in bodies if clip is not best]
    if _names_joints(path):
        return Guess(best.layout.name, "likely", f"its {joints} joints are all in the file, which has others"), best
    why = f"{joints} joints; in this order they make an upright body with constant bones"
    return Guess(best.layout.name, "unsure", why + (f", as for {', '.join(others)}" if others else "")), best


def _names_joints(path: Path) -> bool:
    if path.suffix.lower() == ".csv":
        return bool(parse_table(path).heading)
    if path.suffix.lower() == ".npz":
        with np.load(path, allow_pickle=False) as fields:
            return "joints" in fields.files
    return path.suffix.lower() == ".c3d"


def _is_body(clip: Clip) -> bool:
    """No quality finding about bones, and the head above the pelvis above the ankles, on average."""
    mended, findings = check_clip(clip)
    if mended is None or any("bones whose length varies" in finding for finding in findings):
        return False
    roles = ("head", "pelvis", "l_knee", "l_ankle")
    heights = [float(np.nanmean(clip.layout.role_position(clip.positions, role)[:, 1])) for role in roles]
    return heights == sorted(heights, reverse=True)


def _body(clip: Clip) -> dict[str, Guess]:
    unit, up = clip.attributes.get("unit", "unknown"), clip.attributes.get("up_axis", "")
    head = Guess(up, "likely", "from the feet to the head") if up else unknown("not read")
    if clip.source.split(":")[0].endswith(".h5"):
        return {"unit": Guess(unit, "sure", "Emotion-Gait has relative sizes"), "up_axis": head}
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
