"""Files that hold no motion in 3-D that can be read: what each is, and what to export in its place."""

import json
from collections.abc import Collection
from pathlib import Path

_PROJECT = "a project file that its own program alone reads: export C3D, BVH or CSV from there"
_SCENE = "a 3-D scene: export BVH (Blender: File > Import it, then File > Export > Motion Capture (.bvh))"
_TWO_D = "2-D key points, no motion in 3-D: triangulate several cameras (Pose2Sim) or take 3-D landmarks of one"
_TWO_D += " (MediaPipe's world landmarks), and export TRC or CSV"
_XSENS = "Xsens MVN's own format: in MVN export BVH or C3D"
_SHEET = "a spreadsheet or data frame: save it as CSV"
_ANGLES = "OpenSim's angles or forces, no positions: take the .trc of its markers"
_SMPL = "parameters of a SMPL body (AMASS), no positions: run a body model (smplx) over them, and save its joints as an"
_SMPL += " .npz with positions [T, V, 3], joints (names) and fps_hz"
_VIDEO = "a video: run a pose estimator that gives 3-D (MediaPipe, OpenCap, Pose2Sim), and export CSV or TRC"

WHAT_IT_IS: dict[str, str] = {
    **dict.fromkeys((".mot", ".sto"), _ANGLES),
    **dict.fromkeys((".fbx", ".glb", ".gltf", ".dae", ".usd", ".usda", ".usdc", ".blend"), _SCENE),
    **dict.fromkeys((".mvn", ".mvnx"), _XSENS),
    **dict.fromkeys((".xlsx", ".xls", ".ods", ".parquet", ".feather"), _SHEET),
    **dict.fromkeys((".mp4", ".avi", ".mov", ".mkv", ".webm"), _VIDEO),
    **dict.fromkeys((".tak", ".qtm", ".x2d", ".x1d", ".vsk", ".v3d", ".tdf", ".htr", ".trb", ".cap"), _PROJECT),
    **dict.fromkeys((".asf", ".amc"), "Acclaim's skeleton and motion: convert the two to BVH (amc2bvh, Blender)"),
    ".json": "JSON, of which there is no common form for motion: export CSV, TRC, C3D or BVH",
    ".mat": "MATLAB's variables: export C3D or TSV from the program that recorded them, or a CSV from MATLAB",
    ".skeleton": "skeletons of NTU RGB+D: convert them to pyskl's .pkl in 3D, or to a CSV of Kinect v2's 25 joints",
    ".pose": "a format of pose-format: export CSV or an .npz with positions [T, V, 3], joints (names) and fps_hz",
}
"""By ending: what the file is, and what to export."""


def instead(path: Path) -> str:
    """What a file is that no reader reads and what to export in its place; "" for an ending that is not known.

    A .json is looked into: the key points of OpenPose, AlphaPose and COCO are 2-D.
    """
    suffix = path.suffix.lower()
    if suffix == ".json" and _has_key_points(path):
        return _TWO_D
    return WHAT_IT_IS.get(suffix, "")


def body_parameters(fields: Collection[str]) -> str:
    """What to do with the arrays of a SMPL body, such as AMASS has; "" for other arrays."""
    named = {field.lower() for field in fields}
    rotations = {"poses", "pose_body", "body_pose", "smpl_poses", "fullpose"} & named
    shape = {"betas", "trans", "transl", "smpl_trans", "root_orient", "global_orient"} & named
    return _SMPL if rotations and shape and "positions" not in named else ""


def two_dimensions(found: str) -> str:
    """What to say of places in a plane, which ``found`` shows."""
    return f"expected positions in 3-D (got {found}); {_TWO_D}"


def _has_key_points(path: Path) -> bool:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    entries = content if isinstance(content, list) else [content]
    for entry in entries[:1]:
        if isinstance(entry, dict):
            inside = [part for key in ("people", "annotations") for part in entry.get(key) or []][:1]
            keys = {key for part in (entry, *inside) if isinstance(part, dict) for key in part}
            return bool(keys & {"people", "pose_keypoints_2d", "keypoints"})
    return False
