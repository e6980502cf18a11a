"""Write clips as motion files that hold the motion, the joints and the frame rate, and nothing else."""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from stgcn_affect.errors import InputError
from stgcn_affect.files import csv_text, write_whole
from stgcn_affect.motion.clip import Clip
from stgcn_affect.release.bvh import bvh_text
from stgcn_affect.visual.animation import walk_gif


def write_motion(clip: Clip, path: str | Path) -> Path:
    """Write a clip in the format that the file's ending says, one of ``WRITERS``; an older file is replaced.

    Subject, emotion, take, source, attributes and remarks of the clip are not written.

    Args:
        clip: in metres, y up.
        path: of the file.

    Raises:
        InputError: another ending; C3D without the extra ``c3d``; a bone that changes its length, in BVH.
    """
    path = Path(path)
    kind = path.suffix.lower().removeprefix(".")
    if kind not in WRITERS:
        raise InputError(
            f"{path}: expected a file ending in {', '.join(f'.{name}' for name in WRITERS)}"
            f" (got {path.suffix or 'no suffix'!r})"
        )
    return write_whole(WRITERS[kind](clip), path=path)


def _csv(clip: Clip) -> str:
    """A row per frame: time in seconds, and three columns in metres per joint."""
    header = ["time", *(f"{joint}_{axis}" for joint in clip.layout.joints for axis in "xyz")]
    flat = clip.positions.reshape(clip.num_frames, -1).tolist()
    rows = [[f"{frame / clip.fps_hz:.9f}", *(f"{value:.6f}" for value in row)] for frame, row in enumerate(flat)]
    return csv_text([header, *rows])


def _npz(clip: Clip) -> bytes:
    content = BytesIO()
    np.savez(content, positions=clip.positions, fps_hz=clip.fps_hz, joints=np.array(clip.layout.joints))
    return content.getvalue()


def _c3d(clip: Clip) -> bytes:
    """Points named as the joints, in millimetres."""
    try:
        import ezc3d
    except ImportError as error:
        raise InputError(f"C3D files need the package ezc3d: pip install 'stgcn_affect[c3d]' (got: {error})") from error
    file = ezc3d.c3d()
    point = file["parameters"]["POINT"]
    point["LABELS"]["value"] = list(clip.layout.joints)
    point["UNITS"]["value"] = ["mm"]
    point["RATE"]["value"] = [clip.fps_hz]
    places = 1000.0 * clip.positions.astype(float)
    file["data"]["points"] = np.concatenate([places, np.ones((*places.shape[:2], 1))], axis=-1).transpose(2, 1, 0)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "walk.c3d"
        file.write(str(path))
        return path.read_bytes()


def _gif(clip: Clip) -> bytes:
    """The walk on the spot, seen from three quarters, in real time: one stride where the clip says how long it is."""
    seconds = min(clip.duration_s, float(clip.attributes.get("stride_time_s", clip.duration_s)))
    shown = clip.positions[: round(seconds * clip.fps_hz)]
    pelvis = clip.layout.role_position(shown, "pelvis") * [1.0, 0.0, 1.0]
    return walk_gif([shown - pelvis[:, None]], layout=clip.layout, cycle_s=seconds, frames=round(20 * seconds))


WRITERS: Mapping[str, Callable[[Clip], bytes | str]] = {
    "bvh": bvh_text,
    "c3d": _c3d,
    "csv": _csv,
    "npz": _npz,
    "gif": _gif,
}
"""Format to the function that makes the contents of a file of a clip."""
