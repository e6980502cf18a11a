import pickle

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Unreadable
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.readers.plain_pickle import load_plain_pickle
from stgcn_affect.motion.readers.pyskl import pyskl_clips, read_pyskl
from stgcn_affect.skeleton.layout import load_layout
from walking_figure import walking_figure


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


def people(*persons):
    """``[M, T, 25, 3]`` of persons ``[T', 25, 3]``, each padded with zeros at its end."""
    frames = max(map(len, persons))
    return np.stack([np.concatenate([p, np.zeros((frames - len(p), 25, 3))]) for p in persons])


@pytest.mark.parametrize("still", [10, 100, 150])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_of_several_persons_the_one_who_walks_is_read(tmp_path, still, place):
    walker = walking_figure("kinect25", seconds=5.0).positions.astype(float)
    ghost = np.repeat(walker[:1] + np.array((1.5, 0, 0)), still, axis=0)
    ghost += np.random.default_rng(0).normal(scale=0.01, size=ghost.shape)
    persons = [ghost, ghost[: still // 2] - (3, 0, 0)]
    persons.insert(place, walker)
    (clip,) = read_pyskl(write(tmp_path / "a.pkl", {"keypoint": people(*persons), "fps": 30}))
    assert [cycle.stride_time_s for cycle in cut_cycles(clip)[0]] == pytest.approx([1.1] * 3, abs=0.01)
    assert clip.remarks == (f"3 persons: person {place}, counted from 0, is read (in 150 of 150 frames)",)


def test_of_two_walkers_the_one_with_more_frames_is_read(tmp_path):
    walker = walking_figure("kinect25", seconds=5.0).positions
    (clip,) = read_pyskl(write(tmp_path / "a.pkl", {"keypoint": people(walker[:90], walker), "fps": 30}))
    assert clip.num_frames == 150
    (clip,) = read_pyskl(write(tmp_path / "b.pkl", {"keypoint": people(walker[:90]), "fps": 30}))
    assert clip.remarks == ()


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


def test_a_broken_annotation_costs_itself_alone(tmp_path, layout, positions):
    good = {"keypoint": positions[None], "fps": 30}
    broken = [{"frame_dir": "flat", "keypoint": np.ones((1, 5, 16, 2))}, "no dictionary", {**good, "fps": "fast"}]
    path = write(tmp_path / "a.pkl", {**good, "frame_dir": "x"}, *broken, {**good, "frame_dir": "y"})
    parts = pyskl_clips(path, load_plain_pickle(path), layout=layout)
    assert [part.source for part in parts] == [f"{path}:{name}" for name in ("x", "flat", "2", "3", "y")]
    assert [isinstance(part, Unreadable) for part in parts] == [False, True, True, True, False]
    reasons = ("keypoint must be in 3-D", "expected a dictionary with a keypoint (got str)", "expected fps_hz")
    assert all(part.reason.startswith(reason) for part, reason in zip(parts[1:4], reasons, strict=True))
    assert [clip.take for clip in read_pyskl(path, layout=layout)] == ["x", "y"]
    with pytest.raises(InputError, match=r"a\.pkl:flat: keypoint must .*; none of its 3 clips can be read"):
        read_pyskl(write(path, *broken), layout=layout)


def test_a_joint_at_the_origin_is_missing(tmp_path, layout, positions):
    keypoint = positions + np.array((0, 0, 3), np.float32)
    keypoint[20:30, 5] = 0
    (clip,) = read_pyskl(write(tmp_path / "a.pkl", {"keypoint": keypoint[None], "fps": 30}), layout=layout)
    assert np.argwhere(np.isnan(clip.positions).any(axis=2)).tolist() == [[t, 5] for t in range(20, 30)]
