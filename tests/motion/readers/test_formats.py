import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.readers.formats import read_clips


def test_the_suffix_says_the_format_and_arguments_win(tmp_path, layout, walk_clip):
    positions = walk_clip(seconds=1.0).positions
    np.savez(tmp_path / "W.NPZ", positions=positions, fps_hz=30, subject="anna", emotion="sad", take="1")
    (tmp_path / "W.NPZ.npz").rename(tmp_path / "w.NPZ")
    (clip,) = read_clips(str(tmp_path / "w.NPZ"), layout="emotion_gait16", fps_hz=60, subject="ben", take="2")
    assert (clip.subject, clip.emotion, clip.take, clip.fps_hz) == ("ben", "sad", "2", 60)
    assert clip.layout.joints == layout.joints


@pytest.mark.parametrize(
    ("name", "how", "words"),
    [
        (
            "w.fbx",
            {},
            r"w\.fbx: expected a file ending in \.bvh, \.c3d, \.csv, \.tsv, \.txt, .* \(got '\.fbx': a 3-D scene",
        ),
        ("w", {}, r"\(got 'no suffix'\)"),
        ("w.bvh", {}, r"w\.bvh: expected a file \(got nothing of that name\)"),
        ("d.bvh", {}, r"d\.bvh: expected a file \(got a folder\)"),
        ("x.npy", {"fps_hz": -1}, r"x\.npy: fps_hz must be a positive number \(got -1\)"),
        ("x.npy", {"layout": "robot"}, "robot"),
    ],
)
def test_what_cannot_be_read_is_explained(tmp_path, name, how, words):
    (tmp_path / "d.bvh").mkdir()
    np.save(tmp_path / "x.npy", np.zeros((2, 48)))
    with pytest.raises(InputError, match=words):
        read_clips(tmp_path / name, **how)
