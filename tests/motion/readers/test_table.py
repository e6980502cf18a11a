import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Clip
from stgcn_affect.motion.readers.table import read_table
from stgcn_affect.skeleton.layout import load_layout


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
    with pytest.raises(InputError, match="column 'time' in seconds, or fps_hz, the frames a second"):
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
        (
            lambda rows: [rows[0], *([*row[:5], "abc", *row[6:40], *["?!"] * 9] for row in rows[1:])],
            r"line 2, column 'spine_y' must be a number \(got 'abc'\)",
        ),
        (
            lambda rows: [*rows[:20], *(row[:-1] for row in rows[20:])],
            r"line 1 must have 48 columns, as 31 of 51 lines \(got 49\)",
        ),
        (change(1, 4, "spin_x"), r"expected one joint 'spine'.*\(got 0"),
        (lambda rows: [rows[0], *rows[:0:-1]], r"column 'time' must rise from row to row \(got steps of -0.02 to"),
        (lambda rows: [rows[0], *(["7.5", *row[1:]] for row in rows[1:])], r"column 'time' must rise"),
        (lambda rows: [], r"\(got an empty file\)"),
        (lambda rows: rows[:2], r"two rows or more \(got a single row\)"),
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


@pytest.fixture
def kinect_clip(walk_clip):
    clip = walk_clip(seconds=1.0, fps_hz=50)
    layout = load_layout("kinect20")
    role_of = {joint: role for role, joints in layout.roles.items() for joint in joints}
    ends = {"HandLeft": "l_wrist", "HandRight": "r_wrist", "FootLeft": "l_ankle", "FootRight": "r_ankle"}
    places = [
        clip.layout.role_position(clip.positions, (ends | role_of)[j].replace("toe", "ankle")) for j in layout.joints
    ]
    return Clip(positions=np.stack(places, axis=1), fps_hz=50, layout=layout)


def snake(joint):
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in joint).strip("_")


@pytest.mark.parametrize(
    "title",
    [
        lambda joint, axis: joint + axis.upper(),
        lambda joint, axis: f"{snake(joint)}.{axis}",
        lambda joint, axis: f"{axis}_{snake(joint)}",
        lambda joint, axis: f"{joint}_{axis.upper()}",
        lambda joint, axis: f"{joint}_Pos{axis.upper()}",
        lambda joint, axis: f"{joint} ({axis}) [m]",
        lambda joint, axis: f"Body0:{snake(joint)}_{axis}_m",
    ],
)
def test_kinect_headings(tmp_path, kinect_clip, title):
    heading = ["Frame", "Timestamp", *(title(j, a) for j in kinect_clip.layout.joints for a in "xyz"), "TrackingState"]
    rows = [[t, 20 * t, *frame.ravel(), "tracked"] for t, frame in enumerate(kinect_clip.positions)]
    path = tmp_path / "w.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in [heading, *rows]))
    read = read_table(path)
    assert read.layout.name == "kinect20"
    assert read.positions == pytest.approx(kinect_clip.positions, abs=1e-5)
    assert read.fps_hz == pytest.approx(50)


def long_table(path, clip, *, columns="frame,joint,x,y,z", start=0, step=1, leave_out=(), number=False):
    rows = [
        {"frame": start + step * t, "time": t / clip.fps_hz, "joint": v if number else joint, "note": "ok"}
        | dict(zip("xyz", clip.positions[t, v].tolist(), strict=True))
        for t in range(clip.num_frames)
        for v, joint in enumerate(clip.layout.joints)
        if (t, v) not in leave_out
    ]
    rows.reverse()
    path.write_text("\n".join([columns, *(",".join(str(row[c.lower()]) for c in columns.split(",")) for row in rows)]))
    return path


@pytest.mark.parametrize("columns", ["frame,joint,x,y,z", "Z,Joint,note,Y,X,Frame", "time,joint,x,y,z"])
@pytest.mark.parametrize(("start", "step"), [(0, 1), (7, 1), (100, 4)])
def test_long_tables(tmp_path, clip, columns, start, step):
    read = read_table(long_table(tmp_path / "w.csv", clip, columns=columns, start=start, step=step), fps_hz=50)
    assert read.layout.name == "emotion_gait16"
    assert read.positions == pytest.approx(clip.positions, abs=1e-5)


def test_long_tables_keep_gaps_and_the_time(tmp_path, clip):
    out = {(4, 2), *((9, v) for v in range(16))}
    read = read_table(long_table(tmp_path / "w.csv", clip, columns="frame,time,joint,x,y,z", leave_out=out))
    assert read.fps_hz == pytest.approx(50)
    assert {tuple(place) for place in np.argwhere(np.isnan(read.positions).any(axis=-1)).tolist()} == out


def test_long_tables_with_numbered_joints(tmp_path, layout, clip):
    path = long_table(tmp_path / "w.csv", clip, number=True)
    assert read_table(path, layout=layout, fps_hz=50).positions == pytest.approx(clip.positions, abs=1e-5)
    with pytest.raises(InputError, match=r"joints counted from 0 to 20, in the order of .*bandai21.*\(got 0, 1, 2"):
        read_table(path, layout=load_layout("bandai21"), fps_hz=50)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2,head", "2,neck", r"line \d+ expected each joint once in a frame, one subject a table \(got 'neck' again\)"),
        ("2,head", "2.5,head", "column 'frame' must be a whole number"),
        ("2,head", "1e9,head", "'frame' must count frames"),
        ("frame,", "page,", "expected a column 'frame' or 'time'"),
        ("head", "hat", r"expected one joint 'head', .*\(got 0 of that name"),
    ],
)
def test_broken_long_tables_are_explained(tmp_path, layout, clip, old, new, words):
    path = long_table(tmp_path / "w.csv", clip)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(InputError, match=words):
        read_table(path, layout=layout, fps_hz=50)


def test_frames_that_a_wide_table_leaves_out_are_missing(tmp_path, layout, clip):
    def cells(rows):
        return [["frame", *rows[0]], *([str(10 + t), *row] for t, row in enumerate(rows[1:]) if t not in (5, 6))]

    read = read_table(table(tmp_path / "w.csv", clip, time="", cells=cells), layout=layout, fps_hz=50)
    assert read.num_frames == clip.num_frames
    assert np.flatnonzero(np.isnan(read.positions).all(axis=(1, 2))).tolist() == [5, 6]


def test_columns_without_joints_are_named(tmp_path, layout):
    path = tmp_path / "w.csv"
    path.write_text("time,speed\n0,1\n1,1\n")
    with pytest.raises(InputError, match=r"expected columns such as HipX, HipY, HipZ .*\(got 'time, speed'"):
        read_table(path, layout=layout)
