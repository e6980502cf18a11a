"""Files that hold no motion in 3-D are told what they are and what to export."""

import json

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.readers.formats import SUFFIXES, read_clips
from stgcn_affect.motion.readers.unread import WHAT_IT_IS, body_parameters, instead
from walking_figure import walking_figure, write_trc

OPENPOSE = {"version": 1.3, "people": [{"person_id": [-1], "pose_keypoints_2d": [1.0, 2.0, 0.9] * 25}]}
COCO = {"annotations": [{"image_id": 1, "keypoints": [1, 2, 2] * 17}]}
ALPHAPOSE = [{"image_id": "1.jpg", "keypoints": [1, 2, 0.9] * 17}]


def test_no_ending_that_is_read_is_among_them():
    assert not set(WHAT_IT_IS) & set(SUFFIXES)


@pytest.mark.parametrize("ending", WHAT_IT_IS)
def test_each_says_what_to_export_in_one_short_line(tmp_path, ending):
    path = tmp_path / f"walk{ending.upper()}"
    path.write_text("")
    with pytest.raises(InputError, match=r"expected a file ending in \.bvh") as told:
        read_clips(path)
    assert WHAT_IT_IS[ending] in str(told.value)
    assert len(WHAT_IT_IS[ending]) < 200
    assert any(form in WHAT_IT_IS[ending] for form in ("BVH", "CSV", ".trc"))


@pytest.mark.parametrize("content", [OPENPOSE, COCO, ALPHAPOSE])
def test_key_points_in_a_picture(tmp_path, content):
    path = tmp_path / "walk.json"
    path.write_text(json.dumps(content))
    assert instead(path).startswith("2-D key points, no motion in 3-D: triangulate")


@pytest.mark.parametrize("text", ["{}", "[]", "[1]", "broken", '{"frames": [1, 2]}'])
def test_other_json(tmp_path, text):
    path = tmp_path / "walk.json"
    path.write_text(text)
    assert instead(path).startswith("JSON, of which there is no common form")


def test_parameters_of_a_body(tmp_path):
    path = tmp_path / "walk.npz"
    np.savez(path, poses=np.zeros((9, 156)), trans=np.zeros((9, 3)), betas=np.zeros(16), mocap_framerate=120.0)
    with pytest.raises(InputError, match=r"\(got poses, trans, betas.*\); parameters of a SMPL body \(AMASS\)"):
        read_clips(path)
    assert body_parameters(["poses", "fps"]) == ""
    assert body_parameters(["poses", "trans", "positions"]) == ""


def test_tables_and_arrays_of_two_dimensions(tmp_path):
    heading = ",".join(f"{joint}_{part}" for joint in ("left_hip", "right_hip") for part in ("x", "y", "score"))
    (tmp_path / "flat.csv").write_text(f"frame,{heading}\n0,1,2,.9,3,4,.9\n1,1,2,.9,3,4,.9\n")
    with pytest.raises(InputError, match=r"in 3-D \(got x and y alone of left_hip, right_hip\); 2-D key points"):
        read_clips(tmp_path / "flat.csv")
    np.save(tmp_path / "flat.npy", np.zeros((50, 17, 2)))
    with pytest.raises(InputError, match=r"in 3-D \(got the shape \[50, 17, 2\]\); 2-D key points"):
        read_clips(tmp_path / "flat.npy", layout="coco17", fps_hz=30)
    walk = walking_figure("halpe26", seconds=1.0)
    path = write_trc(tmp_path / "flat.trc", walk.layout.joints, walk.positions * [1, 1, 0], unit="m")
    with pytest.raises(InputError, match="the same z for all joints at all times"):
        read_clips(path)
