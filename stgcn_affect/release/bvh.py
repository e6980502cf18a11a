"""Write a clip as BVH: rotations of a skeleton whose bones keep their lengths."""

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.normalise import bone_lengths
from stgcn_affect.skeleton.layout import Layout

Floats = npt.NDArray[np.float64]

TOLERANCE_M = 1e-4
"""How far a bone's length may be from its median."""

_END_M = 0.05
_ORDER = "ZXY"


class _Node:
    """A joint of the file with its global rotation ``[T, 3, 3]`` and its offset ``[3]`` from its parent."""

    def __init__(self, name: str, offset: Floats, turned: Floats) -> None:
        self.name, self.offset, self.turned = name, offset, turned
        self.children: list[_Node] = []


def bvh_text(clip: Clip) -> str:
    """A clip as the text of a BVH file, in metres, y up: forward kinematics give its positions to 0.0001 m.

    Every joint has three rotations, the root three positions beside. BVH turns all children of a joint as one piece; as
    hips and spine do not move as one piece, each child of a joint with several hangs from a helper joint ("aux1",
    "l_aux2" ...) of no length that turns it the rest of the way.

    Args:
        clip: whose bones keep their lengths, without missing values.

    Raises:
        InputError: missing values, or a bone whose length changes.
    """
    positions, layout = clip.positions.astype(float), clip.layout
    _check(positions, layout)
    root = _tree(positions, layout)
    lines, columns = ["HIERARCHY"], [positions[:, layout.root]]
    _write(root, "ROOT", np.eye(3), lines, columns, depth=0)
    rows = np.concatenate(columns, axis=1)
    lines += ["MOTION", f"Frames: {len(rows)}", f"Frame Time: {1 / clip.fps_hz:.9f}"]
    lines += [" ".join(f"{value:.6f}" for value in row) for row in rows.tolist()]
    return "\n".join(lines) + "\n"


def _check(positions: Floats, layout: Layout) -> None:
    if not np.isfinite(positions).all():
        raise InputError("BVH: expected positions without missing values (got some)")
    parent, child = np.array(layout.bones).reshape(-1, 2).T
    lengths = np.linalg.norm(positions[:, child] - positions[:, parent], axis=-1)
    far = np.abs(lengths - np.median(lengths, axis=0))
    if far.size and far.max() > TOLERANCE_M:
        bone = int(far.max(axis=0).argmax())
        raise InputError(
            f"BVH: expected bones that keep their lengths to {TOLERANCE_M} m"
            f" (got {far.max():.4f} m at joint {layout.joints[child[bone]]!r})"
        )


def _tree(positions: Floats, layout: Layout) -> _Node:
    """All joints with their rotations, parents before children."""
    offsets = _offsets(positions, layout)
    still = np.broadcast_to(np.eye(3), (len(positions), 3, 3))
    nodes: dict[int, _Node] = {layout.root: _Node(layout.joints[layout.root], np.zeros(3), still)}
    for joint in layout.topological:
        node = nodes[joint]
        children = [v for v, parent in enumerate(layout.parents) if parent == joint]
        bones = positions[:, children] - positions[:, [joint]]
        if len(children) > 1:
            node.turned = _best_rotation(offsets[children], bones)
        for number, child in enumerate(children):
            turned = _swing(node.turned, offsets[child], bones[:, number]) @ node.turned
            made = nodes[child] = _Node(layout.joints[child], offsets[child], turned)
            if len(children) == 1:
                node.turned = turned
                node.children.append(made)
            else:
                node.children.append(_Node(_helper(child, layout), np.zeros(3), turned))
                node.children[-1].children.append(made)
    return nodes[layout.root]


def _helper(child: int, layout: Layout) -> str:
    """The name of the helper of a joint: those of a left and a right joint differ by their side alone."""
    joint = layout.joints[child]
    for number, pair in enumerate(layout.mirror):
        if joint in pair:
            return f"{'l' if joint == pair[0] else 'r'}_aux{layout.num_joints + number}"
    return f"aux{child}"


def _offsets(positions: Floats, layout: Layout) -> Floats:
    """``[V, 3]``: each joint from its parent, in the direction of the rest pose (else the mean pose)."""
    pose = positions.mean(axis=0) if layout.rest is None else np.asarray(layout.rest, float)
    offsets = np.zeros_like(pose)
    for (parent, child), length in zip(layout.bones, bone_lengths(positions, layout).tolist(), strict=True):
        bone = pose[child] - pose[parent]
        size = float(np.linalg.norm(bone))
        offsets[child] = length * (bone / size if size > 1e-9 else np.array([0.0, 1.0, 0.0]))
    return offsets


def _best_rotation(offsets: Floats, bones: Floats) -> Floats:
    """The rotation ``[T, 3, 3]`` that brings ``[n, 3]`` the nearest to ``[T, n, 3]`` (Kabsch 1976)."""
    u, _, vt = np.linalg.svd(np.einsum("tni,nj->tij", bones, offsets))
    sign = np.ones((len(bones), 3))
    sign[:, 2] = np.sign(np.linalg.det(u @ vt))
    return np.asarray((u * sign[:, None]) @ vt)


def _swing(turned: Floats, offset: Floats, bone: Floats) -> Floats:
    """The smallest rotation ``[T, 3, 3]`` that takes the turned offset ``[3]`` to the direction of ``[T, 3]``."""
    start, end = _unit(turned @ offset), _unit(bone)
    axis = np.cross(start, end)
    sine, cosine = np.linalg.norm(axis, axis=-1), (start * end).sum(axis=-1)
    aside = np.cross(start, np.eye(3)[np.abs(start).argmin(axis=-1)])
    axis = np.where(sine[:, None] > 1e-9, axis, aside)
    angle = np.where(end.any(axis=-1), np.arctan2(sine, cosine), 0.0)
    return np.asarray(Rotation.from_rotvec(_unit(axis) * angle[:, None]).as_matrix())


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def _write(node: _Node, kind: str, above: Floats, lines: list[str], columns: list[Floats], *, depth: int) -> None:
    """Append a joint and all below it to the lines of the hierarchy, and its angles to the columns of the motion."""
    pad = "  " * depth
    places = "Xposition Yposition Zposition " if kind == "ROOT" else ""
    turns = " ".join(f"{axis}rotation" for axis in _ORDER)
    lines += [f"{pad}{kind} {node.name}", f"{pad}{{", f"{pad}  OFFSET {_numbers(node.offset)}"]
    lines.append(f"{pad}  CHANNELS {6 if places else 3} {places}{turns}")
    local = np.broadcast_to(np.swapaxes(np.asarray(above), -1, -2) @ node.turned, node.turned.shape)
    columns.append(np.unwrap(Rotation.from_matrix(local).as_euler(_ORDER, degrees=True), period=360, axis=0))
    for child in node.children:
        _write(child, "JOINT", node.turned, lines, columns, depth=depth + 1)
    if not node.children:
        tip = _END_M * _unit(node.offset[None])[0]
        lines += [f"{pad}  End Site", f"{pad}  {{", f"{pad}    OFFSET {_numbers(tip)}", f"{pad}  }}"]
    lines.append(f"{pad}}}")


def _numbers(offset: Floats) -> str:
    return " ".join(f"{value:.6f}" for value in offset.tolist())
