"""A BVH file of any length, to measure how fast such files are read."""

import numpy as np
import numpy.typing as npt

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip

END = "End Site\n{\nOFFSET 0 0 0\n}\n"


def bvh_text(clip: Clip, *, frames: int) -> str:
    """A clip as BVH in centimetres, its frames repeated until there are enough.

    Every joint has positions, from its parent, and three rotations of zero: as many channels as the largest files have.

    Raises:
        InputError: the layout has no rest pose, whose bones become the offsets.
    """
    layout = clip.layout
    if layout.rest is None:
        raise InputError(f"{layout.name}: expected a layout with a rest pose (got none)")
    positions, rest = 100.0 * clip.positions.astype(float), 100.0 * np.asarray(layout.rest, float)
    columns: list[npt.NDArray[np.float64]] = []

    def block(v: int) -> str:
        parent = layout.parents[v]
        above = parent >= 0
        columns.extend([positions[:, v] - (positions[:, parent] if above else 0.0), np.zeros((clip.num_frames, 3))])
        offset = " ".join(f"{value:.4f}" for value in rest[v] - (rest[parent] if above else 0.0))
        inner = "".join(block(child) for child, of in enumerate(layout.parents) if of == v) or END
        return (
            f"{'JOINT' if above else 'ROOT'} {layout.joints[v]}\n{{\nOFFSET {offset}\n"
            "CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation\n"
            f"{inner}}}\n"
        )

    tree = block(layout.root)
    lines = [" ".join(f"{value:.4f}" for value in row) for row in np.concatenate(columns, axis=1)]
    body = "\n".join(lines[i % len(lines)] for i in range(frames))
    return f"HIERARCHY\n{tree}MOTION\nFrames: {frames}\nFrame Time: {1 / clip.fps_hz:.8f}\n{body}\n"
