"""A walking figure with a known stride time on any embedded layout, faults to plant in it, and writers of its files.

``walking_figure`` gives a clip whose left heel strikes at 0, 1, 2 ... stride times and the right one between.
``missing``, ``frozen``, ``moved`` and ``wavering`` plant a fault in joints of a clip. ``write_table``,
``write_long_table``, ``write_bvh``, ``write_c3d``, ``write_trc``, ``write_qualisys`` and ``write_nexus`` write the file
that a recorder would have written. With ``times``
the figure is seen at any moments, so that jitter and lost frames are exact: the same moments go to ``write_table``.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.map_layout import map_layout
from stgcn_affect.skeleton.layout import Layout, load_layout

Numbers = npt.NDArray[np.floating[Any]]

_PLACES = {
    "pelvis": (None, (0, 0.95, 0)),
    "spine": ("pelvis", (0, 1.2, 0)),
    "neck": ("spine", (0, 1.47, 0)),
    "head": ("neck", (0, 1.65, 0.02)),
    **{f"{s}_shoulder": ("neck", (x * 0.19, 1.42, 0)) for s, x in (("l", 1), ("r", -1))},
    **{f"{s}_elbow": (f"{s}_shoulder", (x * 0.22, 1.13, 0)) for s, x in (("l", 1), ("r", -1))},
    **{f"{s}_wrist": (f"{s}_elbow", (x * 0.22, 0.88, 0)) for s, x in (("l", 1), ("r", -1))},
    **{f"{s}_hip": ("pelvis", (x * 0.09, 0.93, 0)) for s, x in (("l", 1), ("r", -1))},
    **{f"{s}_knee": (f"{s}_hip", (x * 0.09, 0.5, 0)) for s, x in (("l", 1), ("r", -1))},
    **{f"{s}_ankle": (f"{s}_knee", (x * 0.09, 0.08, 0)) for s, x in (("l", 1), ("r", -1))},
    **{f"{s}_toe": (f"{s}_ankle", (x * 0.09, 0.02, 0.16)) for s, x in (("l", 1), ("r", -1))},
}
"""The joint above, and the place in metres of a standing figure: x left, y up, z forward."""

_JOINTS = tuple(_PLACES)
FIGURE = Layout(
    name="figure",
    joints=_JOINTS,
    parents=tuple(-1 if above is None else _JOINTS.index(above) for above, _ in _PLACES.values()),
    mirror=tuple((joint, f"r{joint[1:]}") for joint in _JOINTS if joint.startswith("l_")),
    roles={joint: (joint,) for joint in _JOINTS},
    rest=np.array([place for _, place in _PLACES.values()], np.float32),
)
"""The figure's own layout: one joint for each role, named as the role."""


def walking_figure(
    layout: Layout | str = "kinect25",
    *,
    seconds: float = 4.8,
    fps_hz: float = 30.0,
    stride_time_s: float = 1.1,
    times: Sequence[float] | Numbers | None = None,
    noise_m: float = 0.0,
    seed: int = 0,
    speed: float = 1.2,
    **about: Any,
) -> Clip:
    """A figure that walks along +z: left heel strikes at 0, 1, 2 ... stride times, right ones between.

    Args:
        layout: an embedded layout, its name, or ``FIGURE``.
        seconds: how long.
        fps_hz: frames a second.
        stride_time_s: seconds from one left heel strike to the next.
        times: ``[T]`` seconds at which the figure is seen, in place of even frames.
        noise_m: standard deviation of the noise of each coordinate.
        seed: of the noise.
        speed: metres a second.
        about: fields of ``Clip``.
    """
    moments = np.arange(round(seconds * fps_hz)) / fps_hz if times is None else np.asarray(times, float)
    body = np.tile(np.asarray(FIGURE.rest, float), (len(moments), 1, 1))
    for side, shift in (("l", 0.0), ("r", np.pi)):
        phase = 2 * np.pi * moments / stride_time_s + shift
        thigh = 0.42 * np.cos(phase)
        shank = thigh - 0.1 - 0.9 * np.maximum(0, -np.sin(phase)) ** 2
        _swing(body, [f"{side}_{part}" for part in ("hip", "knee", "ankle", "toe")], (thigh, shank, shank))
        arm = -0.6 * thigh
        _swing(body, [f"{side}_{part}" for part in ("shoulder", "elbow", "wrist")], (arm, arm + 0.25))
    body[..., 1] += 0.02 * np.cos(4 * np.pi * moments / stride_time_s)[:, None]
    body[..., 2] += speed * moments[:, None]
    clip = Clip(positions=body, fps_hz=fps_hz, layout=FIGURE, **about)
    clip, _ = map_layout(clip, load_layout(layout) if isinstance(layout, str) else layout)
    noise = np.random.default_rng(seed).normal(scale=noise_m, size=clip.positions.shape) if noise_m else 0.0
    return replace(clip, positions=clip.positions + noise)


def _swing(body: Numbers, chain: list[str], angles: Sequence[Numbers]) -> None:
    """Hang a chain of joints below its first, each bone turned forwards by an angle ``[T]``."""
    for above, below, angle in zip(chain, chain[1:], angles, strict=False):
        parent, child = FIGURE.index(above), FIGURE.index(below)
        x, y, z = (_PLACES[below][1][axis] - _PLACES[above][1][axis] for axis in range(3))
        cos, sin = np.cos(angle), np.sin(angle)
        bone = np.stack([np.full_like(angle, x), cos * y + sin * z, cos * z - sin * y], axis=-1)
        body[:, child] = body[:, parent] + bone


def span(clip: Clip, start_s: float, end_s: float) -> slice:
    """The frames from one moment to another."""
    return slice(round(start_s * clip.fps_hz), round(end_s * clip.fps_hz))


def missing(clip: Clip, joints: Sequence[str], start_s: float, end_s: float, value: float = np.nan) -> Clip:
    """Joints that are not there for a while: NaN, or another value that a recorder writes for it."""
    return _changed(clip, joints, start_s, end_s, lambda part: np.full_like(part, value))


def frozen(clip: Clip, joints: Sequence[str], start_s: float, end_s: float) -> Clip:
    """Joints that stay for a while where they were first."""
    return _changed(clip, joints, start_s, end_s, lambda part: np.broadcast_to(part[:1], part.shape))


def moved(clip: Clip, joints: Sequence[str], start_s: float, end_s: float, by_m: Sequence[float]) -> Clip:
    """Joints that stand for a while elsewhere by ``by_m`` ``[3]``."""
    return _changed(clip, joints, start_s, end_s, lambda part: part + np.asarray(by_m))


def drifting(
    clip: Clip, joints: Sequence[str], start_s: float, end_s: float, by_m: Sequence[float], *, back: bool
) -> Clip:
    """Joints that glide elsewhere by ``by_m`` ``[3]`` and stay there, or, ``back``, are back at the end."""
    share = np.clip((np.arange(clip.num_frames) / clip.fps_hz - start_s) / (end_s - start_s), 0, 1)
    away = 0.5 - 0.5 * np.cos((2 if back else 1) * np.pi * share)
    whole = (0, clip.num_frames / clip.fps_hz)
    return _changed(clip, joints, *whole, lambda part: part + away[:, None, None] * np.asarray(by_m))


def wavering(clip: Clip, joints: Sequence[str], start_s: float, end_s: float, by_m: float, hz: float = 1.3) -> Clip:
    """Joints that waver to and fro for a while, as a tracker's guesses do."""
    wave = np.sin(2 * np.pi * hz * np.arange(clip.num_frames) / clip.fps_hz)[span(clip, start_s, end_s)]
    return _changed(clip, joints, start_s, end_s, lambda part: part + by_m * wave[:, None, None] * [0.5, -0.6, 0.6])


def _changed(clip: Clip, joints: Sequence[str], start_s: float, end_s: float, change: Any) -> Clip:
    positions = clip.positions.copy()
    frames, where = span(clip, start_s, end_s), [clip.layout.index(joint) for joint in joints]
    positions[frames, where] = change(positions[frames, where])
    return replace(clip, positions=positions)


def write_table(
    path: Path,
    clip: Clip,
    *,
    times: Sequence[float] | Numbers | None = None,
    frames: Sequence[int] | Numbers | None = None,
    time: str = "time",
    frame: str = "frame",
    digits: int = 3,
    empty: str = "",
    separator: str = ",",
    title: str = "{joint}{axis}",
) -> Path:
    """A table with a row for each frame, as Kinect recorders write it.

    Args:
        path: the file.
        clip: what is written; the axis in the titles is a capital letter.
        times: ``[T]`` values of the column of times, in its own unit; None for even seconds.
        frames: ``[T]`` numbers of the frames; None for no column.
        time: title of the column of times; "" for none.
        frame: title of the column of frames.
        digits: decimals of a time.
        empty: cell of a missing value.
        separator: between cells.
        title: of a column of positions.
    """
    moments = np.arange(clip.num_frames) / clip.fps_hz if times is None else np.asarray(times, float)
    heading = [frame] * (frames is not None) + [time] * bool(time)
    heading += [title.format(joint=joint, axis=axis) for joint in clip.layout.joints for axis in "XYZ"]
    lines = [separator.join(heading)]
    for t, row in enumerate(clip.positions.reshape(clip.num_frames, -1)):
        cells = [] if frames is None else [str(int(frames[t]))]
        cells += [f"{moments[t]:.{digits}f}"] * bool(time)
        cells += [f"{value:.5f}" if np.isfinite(value) else empty for value in row]
        lines.append(separator.join(cells))
    path.write_text("\n".join(lines) + "\n")
    return path


def write_long_table(
    path: Path,
    clip: Clip,
    *,
    times: Sequence[float] | Numbers | None = None,
    frames: Sequence[int] | Numbers | None = None,
) -> Path:
    """A table with a row for each frame and joint, with columns for time and frame where they are given."""
    columns = {"time": times, "frame": frames}
    heading = [name for name, values in columns.items() if values is not None]
    lines = [",".join([*heading, "joint", "x", "y", "z"])]
    for t in range(clip.num_frames):
        start = [f"{values[t]:.6g}" for values in columns.values() if values is not None]
        for v, joint in enumerate(clip.layout.joints):
            if np.isfinite(clip.positions[t, v]).all():
                lines.append(",".join([*start, joint, *(f"{value:.5f}" for value in clip.positions[t, v])]))
    path.write_text("\n".join(lines) + "\n")
    return path


def write_bvh(path: Path, clip: Clip, *, said: int | None = None, more: str = "") -> Path:
    """A BVH in centimetres whose joints all have position channels.

    Args:
        path: the file.
        clip: what is written.
        said: the number after "Frames:"; None for the number of frames.
        more: text after the last frame.
    """
    layout, lines = clip.layout, ["HIERARCHY"]
    centimetres = clip.positions.astype(float) * 100
    offsets = centimetres.copy()
    for parent, child in layout.bones:
        offsets[:, child] -= centimetres[:, parent]
    order: list[int] = []

    def block(v: int, depth: int) -> None:
        order.append(v)
        inside = "  " * (depth + 1)
        rest = offsets[0, v] if depth else np.zeros(3)
        lines.extend(
            [
                "  " * depth + ("JOINT " if depth else "ROOT ") + layout.joints[v],
                "  " * depth + "{",
                inside + "OFFSET " + " ".join(f"{value:.4f}" for value in rest),
                inside + "CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation",
            ]
        )
        children = [child for parent, child in layout.bones if parent == v]
        for child in children:
            block(child, depth + 1)
        if not children:
            lines.append(inside + "End Site { OFFSET 0 0 0 }")
        lines.append("  " * depth + "}")

    block(layout.root, 0)
    lines += ["MOTION", f"Frames: {clip.num_frames if said is None else said}", f"Frame Time: {1 / clip.fps_hz:.6f}"]
    lines += [" ".join(f"{x:.4f} {y:.4f} {z:.4f} 0 0 0" for x, y, z in frame[order]) for frame in offsets]
    path.write_text("\n".join(lines) + "\n" + more)
    return path


def markers(clip: Clip) -> tuple[list[str], Numbers]:
    """The markers that the clip's layout names, and their places ``[T, markers, 3]``: each at its joint.

    A marker that several joints share stands at the first of them.
    """
    joint_of: dict[str, str] = {}
    for joint, names in clip.layout.markers.items():
        for name in names:
            joint_of.setdefault(name, joint)
    places = [clip.layout.index(joint) for joint in joint_of.values()]
    return list(joint_of), clip.positions[:, places].astype(float)


def write_c3d(path: Path, labels: Sequence[str], points: Numbers, *, fps_hz: float = 100.0) -> Path:
    """A C3D in millimetres, z up; points that are NaN get a negative residual, as unseen markers do.

    Args:
        path: the file.
        labels: names of the markers, with or without prefix.
        points: ``[T, markers, 3]`` in metres, y up, as ``markers`` gives them.
        fps_hz: frames a second.
    """
    import ezc3d

    seen = np.isfinite(points).all(axis=-1)
    placed = np.where(seen[..., None], points, 0.0)[..., [2, 0, 1]] * 1000
    file = ezc3d.c3d()
    file["parameters"]["POINT"]["LABELS"]["value"] = list(labels)
    file["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
    file["parameters"]["POINT"]["RATE"]["value"] = [fps_hz]
    file["data"]["points"] = np.concatenate([placed, np.ones((*placed.shape[:2], 1))], axis=-1).transpose(2, 1, 0)
    file["data"]["meta_points"]["residuals"] = np.where(seen, 0.0, -1.0).T[None]
    file.write(str(path))
    return path


def _cells(points: Numbers, t: int, scale: float) -> list[str]:
    return [f"{value:.4f}" if np.isfinite(value) else "" for value in (points[t] * scale).ravel()]


def write_trc(path: Path, labels: Sequence[str], points: Numbers, *, fps_hz: float = 100.0, unit: str = "mm") -> Path:
    """A TRC as OpenSim and Pose2Sim write it, y up; ``points`` ``[T, markers, 3]`` in metres, y up."""
    scale = {"mm": 1000.0, "cm": 100.0, "m": 1.0}[unit]
    count, frames = len(labels), len(points)
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{fps_hz:.2f}\t{fps_hz:.2f}\t{frames}\t{count}\t{unit}\t{fps_hz:.2f}\t1\t{frames}",
        "Frame#\tTime\t" + "".join(f"{label}\t\t\t" for label in labels),
        "\t\t" + "".join(f"X{v}\tY{v}\tZ{v}\t" for v in range(1, count + 1)),
        "",
    ]
    lines += ["\t".join([str(t + 1), f"{t / fps_hz:.3f}", *_cells(points, t, scale)]) for t in range(frames)]
    path.write_text("\n".join(lines) + "\n")
    return path


def write_qualisys(
    path: Path, labels: Sequence[str], points: Numbers, *, fps_hz: float = 100.0, heading: bool = False
) -> Path:
    """A TSV of Qualisys Track Manager, millimetres, z up; with ``heading`` also the columns Frame and Time."""
    placed = points[..., [2, 0, 1]]
    lines = [
        f"NO_OF_FRAMES\t{len(points)}",
        "NO_OF_CAMERAS\t8",
        f"NO_OF_MARKERS\t{len(labels)}",
        f"FREQUENCY\t{fps_hz:.0f}",
        "NO_OF_ANALOG\t0",
        "DESCRIPTION\t--",
        "TIME_STAMP\t2020-01-01, 00:00:00.000\t12.5",
        "DATA_INCLUDED\t3D",
        "EVENT\tstart\t1\t0.0",
        "\t".join(["MARKER_NAMES", *labels]),
    ]
    if heading:
        lines.append("\t".join(["TRAJECTORY_TYPES", *["Measured"] * len(labels)]))
        lines.append("\t".join(["Frame", "Time", *(f"{label} {axis}" for label in labels for axis in "XYZ")]))
    for t in range(len(points)):
        start = [str(t + 1), f"{t / fps_hz:.5f}"] * heading
        lines.append("\t".join([*start, *_cells(placed, t, 1000.0)]))
    path.write_text("\n".join(lines) + "\n")
    return path


def write_nexus(
    path: Path, labels: Sequence[str], points: Numbers, *, fps_hz: float = 100.0, separator: str = ",", before: str = ""
) -> Path:
    """A CSV of Vicon Nexus: the part Trajectories, millimetres, z up, behind other parts (``before``)."""
    placed = points[..., [2, 0, 1]]
    rows = [
        ["Trajectories"],
        [f"{fps_hz:.0f}"],
        ["", "", *(cell for label in labels for cell in (label, "", ""))],
        ["Frame", "Sub Frame", *["X", "Y", "Z"] * len(labels)],
        ["", "", *["mm"] * 3 * len(labels)],
        *([str(t + 1), "0", *_cells(placed, t, 1000.0)] for t in range(len(points))),
    ]
    path.write_text(before + "\n".join(separator.join(row) for row in rows) + "\n")
    return path
