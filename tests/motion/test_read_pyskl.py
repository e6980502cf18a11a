import pickle

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.read_pyskl import read_pyskl
from stgcn_affect.skeleton.layout import load_layout


@pytest.fixture
def positions(walk_clip):
    return walk_clip(seconds=1.0).positions


def write(path, *annotations):
    path.write_bytes(pickle.dumps({"split": {"train": ["a"]}, "annotations": list(annotations)}))
    return path


def test_annotations_become_clips(tmp_path, layout, positions):
    person = np.stack([np.zeros_like(positions), positions])
    path = write(
        tmp_path / "a.pkl",
        {"frame_dir": "S001C001P007R002A058", "label": 57, "keypoint": person.astype(np.float32), "total_frames": 60},
        {"frame_dir": "b", "label": "sad", "keypoint": 100 * person[1:], "fps": 25, "subject": "ana", "take": "2"},
    )
    first, second = read_pyskl(path, layout=layout, fps_hz=30)
    assert (first.subject, first.emotion, first.take) == ("P007", "", "S001C001P007R002A058")
    assert first.attributes == {"unit": "metres", "up_axis": "+y", "label": "57"}
    assert (second.subject, second.emotion, second.take, second.source) == ("ana", "sad", "2", f"{path}:b")
    assert first.positions == pytest.approx(positions, abs=1e-5)
    assert second.positions == pytest.approx(positions, abs=1e-5)
    assert second.fps_hz == 30


def test_frames_without_the_person_are_cut_off_or_missing(tmp_path, layout, positions):
    padded = np.concatenate([positions, np.zeros((9, 16, 3))])[None]
    padded[0, 20] = 0
    (clip,) = read_pyskl(write(tmp_path / "a.pkl", {"keypoint": padded, "fps": 30}), layout=layout)
    assert clip.num_frames == 60
    assert np.flatnonzero(np.isnan(clip.positions).any(axis=(1, 2))).tolist() == [20]


def test_25_joints_are_those_of_kinect(tmp_path):
    rest = np.asarray(load_layout("kinect25").rest)
    (clip,) = read_pyskl(write(tmp_path / "a.pkl", {"keypoint": np.stack([rest, rest])[None], "fps": 30}))
    assert clip.layout.name == "kinect25"


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        ({"keypoint": np.ones((1, 5, 17, 2))}, r"a\.pkl:0: keypoint must be in 3-D.*2-D keypoints.*\[1, 5, 17, 2\]"),
        ({"keypoint": np.ones((5, 16, 3))}, r"\[M, T, V, 3\] of numbers \(got \[5, 16, 3\]\)"),
        ({"frame_dir": "x"}, r"a\.pkl:x: keypoint must be an array .*\(got NoneType\)"),
        ({"keypoint": np.zeros((2, 5, 16, 3))}, "must hold a person in two frames"),
        ({"keypoint": np.ones((1, 5, 17, 3))}, r"must have 16 joints for the layout emotion_gait16 \(got 17\)"),
        ({"keypoint": np.ones((1, 5, 16, 3))}, r"frames a second, .*\(got None\)"),
    ],
)
def test_a_broken_annotation_is_explained(tmp_path, layout, annotation, words):
    with pytest.raises(InputError, match=words):
        read_pyskl(write(tmp_path / "a.pkl", annotation), layout=layout)


def test_other_pickles_and_layouts_are_explained(tmp_path):
    path = tmp_path / "a.pkl"
    path.write_bytes(pickle.dumps({"x": 1}))
    with pytest.raises(InputError, match=r"a\.pkl: expected pyskl's annotations.*\(got the keys x\)"):
        read_pyskl(path)
    with pytest.raises(InputError, match=r"expected a layout for 17 joints \(got none\)"):
        read_pyskl(write(path, {"keypoint": np.ones((1, 5, 17, 3))}))
