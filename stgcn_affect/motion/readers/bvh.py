"""Read BVH files: the hierarchy, the channels, forward kinematics, and the clip."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pybvh.rotations import euler_to_rotmat

from stgcn_affect.errors import InputError
from stgcn_affect.motion.axes import METRES_PER, guess_unit, package_clip_axes, to_package_axes, turn_upright, up_axis
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.guess_layout import estimated, guess_layout, without
from stgcn_affect.motion.joint_names import pick_joints
from stgcn_affect.motion.normalise import (
    UP_TO,
    body_height,
    bone_lengths,
    centre,
    face_forward,
    heading,
    highest_role,
    turn_to_front,
)
from stgcn_affect.motion.retarget import retarget
from stgcn_affect.skeleton.layout import Layout


@dataclass(frozen=True, eq=False)
class Bvh:
    """The contents of a BVH file, V joints in file order; end sites are left out.

    Args:
        joints: names.
        parents: indices, -1 for the root.
        offsets: ``[V, 3]``, from the parent, in the file's unit.
        channels: for each joint its channels in file order, such as ``("Xposition", "Zrotation")``.
        motion: ``[T, C]``: the channels of all joints, side by side; degrees and the file's unit.
        fps_hz: frames a second.
        remarks: where the number of frames is not the one that the file says, one sentence each.
    """

    joints: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: npt.NDArray[np.float64]
    channels: tuple[tuple[str, ...], ...]
    motion: npt.NDArray[np.float64]
    fps_hz: float
    remarks: tuple[str, ...] = ()


def parse_bvh(path: Path) -> Bvh:
    """Read a BVH file.

    Position channels may stand on any joint (pybvh takes them on the root alone), rotation channels in any order. A
    file that holds more or fewer whole frames than it says is read as far as it goes, without a last line that was cut
    off.

    Raises:
        InputError: the file is no BVH, or its lines of motion do not fit its channels; names the line or the numbers.
    """
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(f"{path}: expected a BVH file that can be read (got {error.strerror})") from error
    head, *rest = re.split(r"(?:^|(?<=\}))[ \t]*MOTION\b", text, maxsplit=1, flags=re.MULTILINE)
    if not rest or not head.lstrip().startswith("HIERARCHY"):
        raise InputError(f"{path}: a BVH file has the parts HIERARCHY and MOTION (got {text[:30]!r})")
    joints, parents, offsets, channels = _hierarchy(head, path)
    width = sum(map(len, channels))
    motion, fps_hz, remarks = _motion(rest[0], width, path)
    return Bvh(tuple(joints), tuple(parents), np.array(offsets), tuple(channels), motion, fps_hz, remarks)


def _hierarchy(head: str, path: Path) -> tuple[list[str], list[int], list[list[float]], list[tuple[str, ...]]]:
    joints: list[str] = []
    parents: list[int] = []
    offsets: list[list[float]] = []
    channels: list[tuple[str, ...]] = []
    open_blocks: list[int] = []
    entering = -1
    lines = [(n, part) for n, line in enumerate(head.splitlines(), start=1) for part in re.split("([{}])", line)]
    for number, line in lines:
        words = line.split()
        try:
            match words[:1]:
                case ["ROOT"] | ["JOINT"]:
                    joints.append(" ".join(words[1:]))
                    parents.append(open_blocks[-1] if words[0] == "JOINT" else -1)
                    offsets.append([])
                    channels.append(())
                    entering = len(joints) - 1
                case ["End"]:
                    entering = -1
                case ["{"]:
                    open_blocks.append(entering)
                case ["}"]:
                    open_blocks.pop()
                case ["OFFSET"] if open_blocks[-1] >= 0:
                    x, y, z = map(float, words[1:])
                    offsets[open_blocks[-1]] = [x, y, z]
                case ["CHANNELS"]:
                    channels[open_blocks[-1]] = _channels(words)
        except (IndexError, ValueError) as error:
            raise InputError(f"{path}: line {number} is no part of a BVH tree (got {line.strip()!r:.80})") from error
    if not joints or open_blocks:
        raise InputError(f"{path}: HIERARCHY needs a ROOT and a }} for each {{ (got {len(open_blocks)} left open)")
    for joint, offset in zip(joints, offsets, strict=True):
        if not offset:
            raise InputError(f"{path}: joint {joint!r} needs an OFFSET of three numbers (got none)")
    return joints, parents, offsets, channels


def _channels(words: list[str]) -> tuple[str, ...]:
    names = tuple(word[:1].upper() + word[1:].lower() for word in words[2:])
    known = {axis + kind for axis in "XYZ" for kind in ("position", "rotation")}
    if int(words[1]) != len(names) or not known.issuperset(names) or len(set(names)) < len(names):
        raise ValueError
    return names


def _motion(tail: str, width: int, path: Path) -> tuple[npt.NDArray[np.float64], float, tuple[str, ...]]:
    start = re.match(r"\s*Frames:\s*(\d+)\s+Frame\s+Time:\s*([0-9.eE+-]+)", tail)
    if not start:
        raise InputError(f"{path}: expected 'Frames: N' and 'Frame Time: S' after MOTION (got {tail.strip()!r:.60})")
    try:
        said, frame_time = int(start[1]), float(start[2])
        values = np.array(tail[start.end() :].split(), dtype=float)
    except ValueError as error:
        raise InputError(f"{path}: MOTION must hold numbers only (got {error})") from error
    if frame_time <= 0:
        raise InputError(f"{path}: Frame Time must be a positive number of seconds (got {frame_time})")
    frames = said
    remarks: tuple[str, ...] = ()
    if len(values) != said * width or not said:
        frames = _whole_frames(tail[start.end() :], width)
        if not frames:
            raise InputError(
                f"{path}: expected {said} frames of {width} channels, {said * width} numbers (got {len(values)})"
            )
        cut = " and a line that was cut off" if len(values) % width else ""
        remarks = (f"the file says {said} frames and holds {frames} whole ones{cut}: the whole ones are read",)
    rate = 1 / frame_time
    # 30 frames a second are usually written as 0.033333, which is not 30 once inverted.
    fps_hz = float(round(rate)) if abs(rate - round(rate)) < 1e-4 * rate else rate
    return values[: frames * width].reshape(frames, width), fps_hz, remarks


def _whole_frames(lines: str, width: int) -> int:
    """How many frames there are where each line holds one, but for a last line that was cut off; else 0."""
    counts = [len(line.split()) for line in lines.splitlines() if line.strip()]
    if counts and counts[-1] < width:
        counts.pop()
    return len(counts) if counts and set(counts) == {width} else 0


def bvh_positions(bvh: Bvh) -> npt.NDArray[np.float64]:
    """Forward kinematics: positions of all joints, ``[T, V, 3]``, in the file's axes and unit.

    A joint stands at its parent's place plus its own translation turned by its parent's rotation. The translation is
    its position channels where it has them (they replace the offset, axis by axis), else its offset. Rotations apply in
    the order of the channels, each about the axes that the ones before it have turned.
    """
    frames, joints = len(bvh.motion), len(bvh.joints)
    angles, orders, translations = _local(bvh)
    turned = np.asarray(euler_to_rotmat(angles, orders))
    positions = np.empty((frames, joints, 3))
    for v, parent in enumerate(bvh.parents):
        if parent < 0:
            positions[:, v] = translations[:, v]
            continue
        positions[:, v] = positions[:, parent] + np.einsum("tij,tj->ti", turned[:, parent], translations[:, v])
        turned[:, v] = turned[:, parent] @ turned[:, v]
    return positions


def _local(bvh: Bvh) -> tuple[npt.NDArray[np.float64], list[str], npt.NDArray[np.float64]]:
    """Angles ``[T, V, 3]`` in radians, the order of the axes they turn about, and translations ``[T, V, 3]``."""
    frames, joints = len(bvh.motion), len(bvh.joints)
    angles = np.zeros((frames, joints, 3))
    translations = np.broadcast_to(bvh.offsets, (frames, joints, 3)).copy()
    orders = []
    column = 0
    for v, names in enumerate(bvh.channels):
        order = ""
        for name in names:
            value = bvh.motion[:, column]
            if name.endswith("position"):
                translations[:, v, "XYZ".index(name[0])] = value
            else:
                angles[:, v, len(order)] = np.deg2rad(value)
                order += name[0]
            column += 1
        orders.append(order + "".join(axis for axis in "XYZ" if axis not in order))
    return angles, orders, translations


def read_bvh(path: Path, *, layout: Layout | None = None, fps_hz: float | None = None) -> Clip:
    """Read one clip; axes and unit are detected from the body and converted.

    Args:
        path: the file.
        layout: which joints to take, by name; by default all that the file has, with roles guessed from their names,
            without a root above the pelvis that carries nothing else (the origin of the scene).
        fps_hz: frames a second, where the file's own frame time is wrong.

    Raises:
        InputError: a file that is no BVH, a joint that is not there, a role that cannot be guessed.
    """
    return bvh_clip(path, parse_bvh(path), layout=layout, fps_hz=fps_hz)


def bvh_clip(path: Path, bvh: Bvh, *, layout: Layout | None = None, fps_hz: float | None = None) -> Clip:
    """The clip of what ``parse_bvh`` gave, as ``read_bvh`` gives it."""
    everything = bvh_positions(bvh)
    said: list[str] = []
    if layout is None:
        layout = _own_layout(bvh, everything, path)
        said = [*estimated(layout), *without(layout)]
    positions, attributes = package_clip_axes(everything[:, pick_joints(bvh.joints, layout, str(path))], layout)
    return Clip(
        positions=positions,
        fps_hz=fps_hz or bvh.fps_hz,
        layout=layout,
        source=str(path),
        attributes=attributes,
        remarks=(*bvh.remarks, *said),
    )


def _own_layout(bvh: Bvh, positions: npt.NDArray[np.float64], path: Path) -> Layout:
    whole = guess_layout(bvh.joints, bvh.parents, name=f"bvh{len(bvh.joints)}", source=str(path))
    pelvis = whole.role_indices("pelvis")
    above = 0
    while above not in pelvis and bvh.parents.count(above) == 1:
        above += 1
    joints = bvh.joints[above:]
    parents = [max(parent - above, -1) for parent in bvh.parents[above:]]
    layout = guess_layout(joints, parents, name=f"bvh{len(joints)}", source=str(path))
    rest = _rest_pose(bvh.offsets[above:], positions[:, above:], layout)
    return replace(layout, rest=rest)


def _rest_pose(
    offsets: npt.NDArray[np.float64], positions: npt.NDArray[np.float64], layout: Layout
) -> npt.NDArray[np.float32]:
    """The pose of the offsets where that stands upright, else the mean pose of the motion, made symmetric.

    In some files every bone lies along an axis of its own, and without rotations the body is a tangle.
    """
    pose = np.zeros_like(offsets)
    for v in layout.topological[1:]:
        pose[v] = pose[layout.parents[v]] + offsets[v]
    walk, _ = to_package_axes(positions, layout)
    axis = up_axis(positions, layout)
    scale = METRES_PER.get(guess_unit(body_height(turn_upright(positions, axis), layout)), 1.0)
    standing = turn_upright(pose, axis) * scale
    standing = turn_to_front(standing, heading(standing[None], layout)[0])
    feet = [layout.role_position(standing, f"{side}_ankle") for side in "lr"]
    top = highest_role(layout)
    rise = layout.role_position(standing, top)[1] - (feet[0][1] + feet[1][1]) / 2
    if rise < 0.8 * UP_TO[top] * body_height(walk, layout):
        mean = face_forward(centre(walk, layout), layout).mean(axis=0)
        mirrored = mean[layout.mirror_permutation] * np.array([-1.0, 1.0, 1.0])
        standing = retarget((mean + mirrored) / 2, layout, bone_lengths(walk, layout))
    floor = np.array([1.0, 0.0, 1.0]) * layout.role_position(standing, "pelvis") + [0.0, standing[:, 1].min(), 0.0]
    return np.asarray(standing - floor, np.float32)
