"""The text of a BVH file: its tree of joints and their channels."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError


@dataclass(frozen=True, eq=False)
class Bvh:
    """What a BVH file says, V joints in file order; end sites are left out.

    Args:
        joints: names.
        parents: indices, -1 for the root.
        offsets: ``[V, 3]``, from the parent, in the file's unit.
        channels: for each joint its channels in file order, such as ``("Xposition", "Zrotation")``.
        motion: ``[T, C]``: the channels of all joints, side by side; degrees and the file's unit.
        fps_hz: frames a second.
    """

    joints: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: npt.NDArray[np.float64]
    channels: tuple[tuple[str, ...], ...]
    motion: npt.NDArray[np.float64]
    fps_hz: float


def parse_bvh(path: Path) -> Bvh:
    """Read a BVH file.

    Position channels may stand on any joint (pybvh takes them on the root alone), rotation channels in any order.

    Raises:
        InputError: the file is no BVH, or is cut off; names the line or the number of values.
    """
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    head, *rest = re.split(r"(?:^|(?<=\}))[ \t]*MOTION\b", text, maxsplit=1, flags=re.MULTILINE)
    if not rest or not head.lstrip().startswith("HIERARCHY"):
        raise InputError(f"{path}: a BVH file has the parts HIERARCHY and MOTION (got {text[:30]!r})")
    joints, parents, offsets, channels = _hierarchy(head, path)
    width = sum(map(len, channels))
    motion, fps_hz = _motion(rest[0], width, path)
    return Bvh(tuple(joints), tuple(parents), np.array(offsets), tuple(channels), motion, fps_hz)


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


def _motion(tail: str, width: int, path: Path) -> tuple[npt.NDArray[np.float64], float]:
    start = re.match(r"\s*Frames:\s*(\d+)\s+Frame\s+Time:\s*([0-9.eE+-]+)", tail)
    if not start:
        raise InputError(f"{path}: expected 'Frames: N' and 'Frame Time: S' after MOTION (got {tail.strip()!r:.60})")
    try:
        frames, frame_time = int(start[1]), float(start[2])
        values = np.array(tail[start.end() :].split(), dtype=float)
    except ValueError as error:
        raise InputError(f"{path}: MOTION must hold numbers only (got {error})") from error
    if frame_time <= 0:
        raise InputError(f"{path}: Frame Time must be a positive number of seconds (got {frame_time})")
    if len(values) != frames * width or not frames:
        raise InputError(
            f"{path}: expected {frames} frames of {width} channels, {frames * width} numbers (got {len(values)})"
        )
    rate = 1 / frame_time
    # 30 frames a second are usually written as 0.033333, which is not 30 once inverted.
    return values.reshape(frames, width), float(round(rate)) if abs(rate - round(rate)) < 1e-4 * rate else rate
