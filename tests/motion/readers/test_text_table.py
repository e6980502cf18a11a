import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.motion.readers.table import read_table
from stgcn_affect.motion.readers.text_table import parse_table
from stgcn_affect.skeleton.layout import load_layout
from walking_figure import walking_figure, write_table


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_comma_between_semicolons_is_decimal(tmp_path, separator):
    walk = walking_figure("kinect25", seconds=2.0)
    path = write_table(tmp_path / "w.csv", walk, separator=separator)
    path.write_text(path.read_text().replace(".", ","))
    clip = read_table(path)
    assert clip.positions == pytest.approx(walk.positions, abs=1e-4)
    assert clip.fps_hz == pytest.approx(30, rel=1e-2)


def test_words_and_lists_keep_their_commas(tmp_path):
    (tmp_path / "w.csv").write_text("HipX;HipY;HipZ;note\n1,5;-0,25;1,5e-1;one,two\n,5;2;3;1,2,3\n")
    table = parse_table(tmp_path / "w.csv")
    assert table.rows == [["1.5", "-0.25", "1.5e-1", "one,two"], [".5", "2", "3", "1,2,3"]]


def numbered(path, clip, *, first=0, lead=lambda t: [f"{10 + t / 30:.3f}"], more=(), separator="\t"):
    rows = []
    for t, frame in enumerate(clip.positions):
        joints = [[f"{first + v:.1f}", *(f"{x:.5f}" for x in place), *more] for v, place in enumerate(frame)]
        rows.append(separator.join([*lead(t), *(cell for joint in joints for cell in joint)]))
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.mark.parametrize("layout", [None, "kinect25"])
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"first": 1},
        {"more": ("2",)},
        {"more": ("2", "0.9"), "separator": ","},
        {"lead": lambda t: [str(t), f"{t / 30:.3f}"]},
        {"lead": lambda t: [str(1_000_000 + round(t * 333_333.3))]},
    ],
)
def test_a_kinect_table_with_numbers_of_joints(tmp_path, how, layout):
    walk = walking_figure("kinect25", seconds=2.0)
    (clip,) = read_clips(numbered(tmp_path / "w.csv", walk, **how), layout=layout)
    assert clip.layout.name == "kinect25"
    assert clip.positions == pytest.approx(walk.positions, abs=1e-4)
    assert clip.fps_hz == pytest.approx(30, rel=1e-2)


def test_numbers_of_joints_that_make_no_kinect_need_a_layout(tmp_path):
    walk = walking_figure("body25", seconds=2.0)
    path = numbered(tmp_path / "w.csv", walk)
    with pytest.raises(InputError, match="expected a layout"):
        read_clips(path)
    (clip,) = read_clips(path, layout="body25")
    assert clip.positions == pytest.approx(walk.positions, abs=1e-4)


def test_a_column_of_times_before_joints_without_heading(tmp_path):
    walk = walking_figure("emotion_gait16", seconds=2.0, fps_hz=50)
    rows = [",".join([f"{t / 50:.2f}", *(f"{x:.5f}" for x in frame.ravel())]) for t, frame in enumerate(walk.positions)]
    (tmp_path / "w.csv").write_text("\n".join(rows) + "\n")
    clip = read_table(tmp_path / "w.csv", layout=load_layout("emotion_gait16"))
    assert clip.positions == pytest.approx(walk.positions, abs=1e-4)
    assert clip.fps_hz == pytest.approx(50)


def test_other_encodings(tmp_path):
    walk = walking_figure("kinect25", seconds=1.0)
    path = write_table(tmp_path / "w.csv", walk)
    path.write_text(path.read_text(), encoding="utf-16")
    assert np.isfinite(read_table(path).positions).all()


def test_a_text_is_no_table(tmp_path):
    (tmp_path / "README.txt").write_text("These walks, recorded in 2020, are of 3 people.\nThey walk.\n")
    with pytest.raises(InputError, match=r"README\.txt: expected a table of positions \(got a text without numbers"):
        parse_table(tmp_path / "README.txt")
