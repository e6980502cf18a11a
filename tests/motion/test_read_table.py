import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.read_table import read_table


def table(path, clip, *, title="{}_{}", time="time", separator=",", joints=None, cells=lambda rows: rows):
    joints = joints or clip.layout.joints
    heading = [time] * bool(time) + [title.format(joint, axis) for joint in joints for axis in "xyz"]
    rows = [
        [f"{t / clip.fps_hz:.6f}"] * bool(time) + [f"{value:.6f}" for value in frame.ravel()]
        for t, frame in enumerate(clip.positions)
    ]
    lines = cells([heading, *rows] if title else rows)
    path.write_text("\n".join(separator.join(line) for line in lines) + "\n")
    return path


@pytest.fixture
def clip(walk_clip):
    return walk_clip(seconds=1.0, fps_hz=50)


@pytest.mark.parametrize(
    ("title", "separator"), [("{}_{}", ","), ("{}.{}", ";"), ("{} {}", "\t"), ("Body:{}{}", ","), ("{}-{}", ",")]
)
def test_headings(tmp_path, clip, title, separator):
    read = read_table(table(tmp_path / "w.csv", clip, title=title, separator=separator))
    assert read.positions == pytest.approx(clip.positions, abs=1e-5)
    assert read.fps_hz == pytest.approx(50, rel=1e-3)
    assert read.layout.name == "emotion_gait16"


def test_camel_case_headings_of_a_given_layout(tmp_path, layout, clip):
    joints = [joint.title().replace("_", "") for joint in layout.joints]
    path = table(
        tmp_path / "w.csv",
        clip,
        title="{}{}",
        joints=joints,
        cells=lambda rows: [[cell[:-1] + cell[-1].upper() for cell in rows[0]], *rows[1:]],
        time="",
    )
    assert read_table(path, layout=layout, fps_hz=25).positions == pytest.approx(clip.positions, abs=1e-5)


def test_columns_in_any_order_beside_others(tmp_path, layout, clip):
    path = table(tmp_path / "w.csv", clip, cells=lambda rows: [["7", *row[::-1]] for row in rows])
    text = path.read_text()
    path.write_text("frame" + text[1:])
    assert read_table(path, layout=layout).positions == pytest.approx(clip.positions, abs=1e-5)


def test_a_table_without_heading(tmp_path, layout, clip):
    path = table(tmp_path / "w.csv", clip, title="", time="")
    assert read_table(path, layout=layout, fps_hz=50).positions == pytest.approx(clip.positions, abs=1e-5)
    with pytest.raises(InputError, match=r"w\.csv: expected a layout"):
        read_table(path, fps_hz=50)
    with pytest.raises(InputError, match="column 'time' in seconds, or the frames a second"):
        read_table(path, layout=layout)


def test_milliseconds_and_empty_cells(tmp_path, layout, clip):
    def cells(rows):
        rows[3][5] = " "
        return [rows[0], *([str(20 * t), *row[1:]] for t, row in enumerate(rows[1:]))]

    read = read_table(table(tmp_path / "w.csv", clip, time="Time (ms)", cells=cells), layout=layout)
    assert read.fps_hz == pytest.approx(50)
    assert np.argwhere(np.isnan(read.positions)).tolist() == [[2, 1, 1]]


def change(line, column, cell):
    def cells(rows):
        rows[line - 1][column] = cell
        return rows

    return cells


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (change(4, 5, "abc"), r"line 4, column 'spine_y' must be a number \(got 'abc'\)"),
        (lambda rows: [*rows[:5], rows[5][:-1], *rows[6:]], r"line 6 must have 49 columns, as the first \(got 48\)"),
        (change(1, 4, "spin_x"), r"expected one joint 'spine'.*\(got 0"),
        (change(9, 0, "9.0"), r"column 'time' must rise in even steps"),
        (lambda rows: [], r"\(got an empty file\)"),
        (lambda rows: rows[:2], r"at least two frames|even steps"),
    ],
)
def test_a_broken_table_is_explained(tmp_path, layout, clip, cells, words):
    with pytest.raises(InputError, match=words) as caught:
        read_table(table(tmp_path / "w.csv", clip, cells=cells), layout=layout)
    assert "w.csv" in str(caught.value)


def test_a_wrong_number_of_columns(tmp_path, layout):
    path = tmp_path / "w.csv"
    path.write_text("1,2,3\n4,5,6\n")
    with pytest.raises(InputError, match=r"expected 48 columns .*emotion_gait16.*\(got 3 columns\)"):
        read_table(path, layout=layout, fps_hz=30)


def test_a_file_that_is_no_text(tmp_path, layout):
    path = tmp_path / "w.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="expected a text file"):
        read_table(path, layout=layout)
