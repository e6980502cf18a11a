import os
import pickle
from collections import OrderedDict
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stgcn_affect.errors import InputError
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.readers.pyskl import load_plain_pickle, read_pyskl
from stgcn_affect.skeleton.layout import load_layout
from walking_figure import walking_figure

CONTENT = {
    "names": ["a", ("b", None, True)],
    "bytes": b"x\xff",
    "half": np.arange(6, dtype=np.float16).reshape(2, 3),
    "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "strided": np.arange(12.0).reshape(2, 6)[:, ::2],
    "big-endian": np.arange(3, dtype=">i4"),
    "words": np.array(["ab", "c"]),
    "none": np.zeros((0, 3)),
    "number": np.float32(1.5),
}


class Trap:
    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def dump(path, content, protocol=4):
    path.write_bytes(pickle.dumps(content, protocol=protocol))
    return path


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_plain_data_come_back(tmp_path, protocol):
    content = CONTENT if protocol > 2 else {key: value for key, value in CONTENT.items() if key != "none"}
    loaded = load_plain_pickle(dump(tmp_path / "a.pkl", content, protocol))
    assert list(loaded) == list(content)
    for key, value in content.items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(loaded[key], value)
            assert loaded[key].dtype == value.dtype
        else:
            assert loaded[key] == value


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_code_is_named_and_does_not_run(tmp_path, protocol):
    mark = tmp_path / "ran"
    path = dump(tmp_path / "a.pkl", {"annotations": [Trap(os.system, f"touch {mark}")]}, protocol)
    with pytest.raises(InputError, match=r"a\.pkl: .* a pickle can run code, .*\(got (posix|nt)\.system\)"):
        load_plain_pickle(path)
    assert not mark.exists()
    with path.open("rb") as file:
        pickle.load(file)
    assert mark.exists(), "the trap is one"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (Trap(eval, "1"), "builtins.eval"),
        (Trap(getattr, "a", "b"), "builtins.getattr"),
        (OrderedDict(), "collections.OrderedDict"),
        (np.array([{}], dtype=object), "an array of 'O8'"),
        (np.zeros(2, dtype=[("a", "f4")]), "an array of 'V4'"),
        ({1, 2}, "builtins.set|an object of 'set'"),
        (np.ndarray, "an object of 'type'"),
        (np.array([1, 2], dtype="M8[s]"), "an array of 'M8'"),
    ],
)
def test_everything_else_is_refused_by_name(tmp_path, content, name):
    with pytest.raises(InputError, match=rf"\(got ({name})\)"):
        load_plain_pickle(dump(tmp_path / "a.pkl", content))


def test_the_stand_ins_cannot_be_changed(tmp_path):
    for name in (b"numpy\ndtype", b"numpy\nndarray", b"_codecs\nencode", b"numpy.core.multiarray\nscalar"):
        (tmp_path / "a.pkl").write_bytes(b"c" + name + b"\n(N(dVx\nI1\nstb.")  # a state for the class itself
        with pytest.raises(InputError, match="expected a whole pickle"):
            load_plain_pickle(tmp_path / "a.pkl")
    assert load_plain_pickle(dump(tmp_path / "b.pkl", np.arange(3))).tolist() == [0, 1, 2]


@given(st.binary(max_size=60))
def test_garbage_never_gives_anything_but_an_input_error(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "garbage.pkl"
    path.write_bytes(content)
    with suppress(InputError):
        load_plain_pickle(path)


def test_a_file_that_is_cut_off(tmp_path):
    path = dump(tmp_path / "a.pkl", CONTENT)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(InputError, match=r"a\.pkl: expected a whole pickle"):
        load_plain_pickle(path)


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
