"""Read a BVH file, which brings its own skeleton."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stgcn_affect.motion.axes import METRES_PER, guess_unit, package_clip_axes, to_package_axes, turn_upright, up_axis
from stgcn_affect.motion.bvh import Bvh, parse_bvh
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.guess_roles import guess_layout
from stgcn_affect.motion.heading import face_forward, heading, turn_to_front
from stgcn_affect.motion.joints import pick_joints
from stgcn_affect.motion.kinematics import bvh_positions
from stgcn_affect.motion.normalise import centre
from stgcn_affect.motion.retarget import retarget
from stgcn_affect.motion.scale import body_height, bone_lengths
from stgcn_affect.skeleton.layout import Layout


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
    bvh = parse_bvh(path)
    everything = bvh_positions(bvh)
    if layout is None:
        layout = _own_layout(bvh, everything, path)
    positions, attributes = package_clip_axes(everything[:, pick_joints(bvh.joints, layout, str(path))], layout)
    return Clip(
        positions=positions,
        fps_hz=fps_hz or bvh.fps_hz,
        layout=layout,
        source=str(path),
        attributes=attributes,
    )


def _own_layout(bvh: Bvh, positions: npt.NDArray[np.float64], path: Path) -> Layout:
    whole = guess_layout(bvh.joints, bvh.parents, name=f"bvh{len(bvh.joints)}", source=str(path))
    (pelvis,) = whole.role_indices("pelvis")
    above = 0
    while above != pelvis and bvh.parents.count(above) == 1:
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
    rise = layout.role_position(standing, "head")[1] - (feet[0][1] + feet[1][1]) / 2
    if rise < 0.8 * body_height(walk, layout):
        mean = face_forward(centre(walk, layout), layout).mean(axis=0)
        mirrored = mean[layout.mirror_permutation] * np.array([-1.0, 1.0, 1.0])
        standing = retarget((mean + mirrored) / 2, layout, bone_lengths(walk, layout))
    floor = np.array([1.0, 0.0, 1.0]) * layout.role_position(standing, "pelvis") + [0.0, standing[:, 1].min(), 0.0]
    return np.asarray(standing - floor, np.float32)
