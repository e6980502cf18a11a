import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.readers.array import read_array


@pytest.fixture
def positions(walk_clip):
    return walk_clip(seconds=1.0).positions


@pytest.mark.parametrize("flat", [False, True])
def test_npy(tmp_path, layout, positions, flat):
    np.save(tmp_path / "w.npy", positions.reshape(60, -1) if flat else positions)
    clip = read_array(tmp_path / "w.npy", layout=layout, fps_hz=60)
    assert clip.positions == pytest.approx(positions, abs=1e-6)
    assert (clip.fps_hz, clip.source) == (60, str(tmp_path / "w.npy"))


def test_npz_with_all_fields_needs_nothing_else(tmp_path, layout, positions):
    np.savez(
        tmp_path / "w.npz",
        positions=100 * positions[:, ::-1],
        fps_hz=120,
        joints=np.array(layout.joints[::-1]),
        subject="anna",
        emotion="sad",
        take="2",
    )
    clip = read_array(tmp_path / "w.npz")
    assert clip.positions == pytest.approx(positions, abs=1e-5)
    assert clip.layout.joints == layout.joints
    assert (clip.fps_hz, clip.subject, clip.emotion, clip.take) == (120, "anna", "sad", "2")
    assert clip.attributes == {"unit": "centimetres", "up_axis": "+y"}
    assert read_array(tmp_path / "w.npz", fps_hz=60).fps_hz == 60


def test_an_only_array_of_that_shape_needs_no_name(tmp_path, layout, positions):
    np.savez(tmp_path / "w.npz", poses=positions.reshape(60, 48), scores=np.ones((60, 16)), fps=25)
    clip = read_array(tmp_path / "w.npz", layout=layout)
    assert clip.positions == pytest.approx(positions, abs=1e-6)
    assert clip.fps_hz == 25


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"motion": np.zeros(3)}, r"expected an array 'positions', or one alone .*\(got motion \[3\]\)"),
        (
            {"first": np.ones((5, 48)), "second": np.ones((5, 16, 3)), "fps": 30},
            r"\(got first \[5, 48\], second \[5, 16, 3\], fps \[\]",
        ),
        (
            {"positions": np.zeros((5, 15, 3))},
            r"positions must have shape \[T, 16, 3\] or \[T, 48\] \(got \[5, 15, 3\]\)",
        ),
        ({"positions": np.zeros((0, 48))}, r"\(got \[0, 16, 3\]\)"),
        ({"positions": np.array(["a"])}, r"positions must be numbers \(got <U1\)"),
        ({"positions": np.zeros((5, 48)), "fps_hz": [1, 2]}, r"fps_hz must be one number \(got \[1, 2\]\)"),
        ({"positions": np.zeros((5, 48))}, "fps_hz, the frames a second, is not in the file"),
        (
            {"positions": np.ones((5, 48)), "fps_hz": 30, "take": ["a", "b"]},
            r"take must be one word \(got \['a', 'b'\]\)",
        ),
    ],
)
def test_a_broken_file_is_explained(tmp_path, layout, fields, words):
    np.savez(tmp_path / "w.npz", **fields)
    with pytest.raises(InputError, match=words) as caught:
        read_array(tmp_path / "w.npz", layout=layout)
    assert "w.npz" in str(caught.value)


def test_pickles_and_garbage_are_refused(tmp_path, layout):
    np.save(tmp_path / "w.npy", np.array([{}], dtype=object), allow_pickle=True)
    (tmp_path / "v.npz").write_bytes(b"PK\x03\x04 nothing")
    (tmp_path / "e.npy").write_bytes(b"")
    for name in ("w.npy", "v.npz", "e.npy"):
        with pytest.raises(InputError, match=f"{name}: expected a NumPy file without pickled objects"):
            read_array(tmp_path / name, layout=layout)
