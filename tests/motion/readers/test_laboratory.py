"""The tables that laboratories' programs write, with a walking figure in them."""

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.skeleton.layout import load_layout
from walking_figure import FIGURE, markers, walking_figure, write_nexus, write_qualisys, write_trc

PLUG_IN = walking_figure("plug_in_gait18", seconds=4.0, fps_hz=100)
LABELS, PLACES = markers(PLUG_IN)
WRITERS = {"trc": write_trc, "tsv": write_qualisys, "csv": write_nexus}


def strides(clip):
    mended, _ = check_clip(clip)
    return [cycle.stride_time_s for cycle in cut_cycles(mended)[0]]


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("prefix", ["", "Ana:"])
def test_markers_make_the_joints_that_they_make_in_a_c3d(tmp_path, ending, prefix):
    path = WRITERS[ending](tmp_path / f"w.{ending}", [prefix + label for label in LABELS], PLACES)
    (clip,) = read_clips(path)
    assert clip.layout.name == "plug_in_gait18"
    assert clip.fps_hz == pytest.approx(100)
    assert clip.attributes == {"unit": "millimetres", "up_axis": "+y" if ending == "trc" else "+z"}
    assert np.ptp(clip.positions[..., 1]) == pytest.approx(np.ptp(PLUG_IN.positions[..., 1]), abs=1e-4)
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)


@pytest.mark.parametrize("unit", ["mm", "cm", "m"])
def test_the_unit_of_a_trc_is_the_files_own(tmp_path, unit):
    (clip,) = read_clips(write_trc(tmp_path / "w.trc", LABELS, 0.4 * PLACES, unit=unit))
    assert clip.positions[0, 0] == pytest.approx(0.4 * PLUG_IN.positions[0, 0], abs=2e-3)


def test_a_trc_of_a_pose_estimator(tmp_path):
    walk = walking_figure("halpe26", fps_hz=60, seconds=3.0)
    (clip,) = read_clips(write_trc(tmp_path / "w.trc", walk.layout.joints, walk.positions, fps_hz=60, unit="m"))
    assert clip.layout.name == "halpe26"
    assert clip.positions == pytest.approx(walk.positions, abs=1e-4)
    some = [v for v, joint in enumerate(walk.layout.joints) if not joint.endswith(("Eye", "Ear", "Head"))]
    names = [walk.layout.joints[v] for v in some]
    (clip,) = read_clips(write_trc(tmp_path / "v.trc", names, walk.positions[:, some], fps_hz=60, unit="m"))
    assert clip.layout.roles["l_toe"] == ("LBigToe",)
    assert clip.remarks == ("the skeleton has no head: features and maps do without",)


def figure_as(names):
    """Places of the figure's roles under other names: ``{name: (role, metres away)}``."""
    walk = walking_figure(FIGURE, seconds=4.0, fps_hz=100)
    places = [walk.positions[:, FIGURE.index(role)] + np.array(away) for role, away in names.values()]
    return list(names), np.stack(places, axis=1).astype(float)


SIDES = (("r", "R", -1), ("l", "L", 1))
CORTEX = {
    f"{prefix}{side}.{name}": (role.format(s), (x * 0.12 if role == "pelvis" else 0, 0, z))
    for s, side, x in SIDES
    for prefix, name, role, z in (
        ("", "ASIS", "pelvis", 0.1), ("", "PSIS", "pelvis", -0.1), ("", "GTR", "{}_hip", 0), ("", "Knee", "{}_knee", 0),
        ("", "Ankle", "{}_ankle", 0), ("", "Heel", "{}_ankle", -0.05), ("", "MT1", "{}_toe", 0),
        ("", "MT5", "{}_toe", 0),
        ("V_", "Knee_JC", "{}_knee", 0), ("V_", "MT2", "{}_knee", 0),
    )
}  # fmt: skip
OPENCAP = {"Neck": ("neck", (0, 0, 0)), "midHip": ("pelvis", (0, 0, 0)), "C7_study": ("neck", (0, 0, 0))} | {
    name.format(s=s if s == "r" else "L", side=side): (f"{s}_{role}", (0, 0, 0))
    for s, side, _ in SIDES
    for name, role in (
        ("{side}Shoulder", "shoulder"), ("{side}Elbow", "elbow"), ("{side}Wrist", "wrist"), ("{side}Hip", "hip"),
        ("{side}Knee", "knee"), ("{side}Ankle", "ankle"), ("{side}BigToe", "toe"), ("{s}.ASIS_study", "hip"),
        ("{s}.PSIS_study", "hip"), ("{s}_knee_study", "knee"), ("{s}_ankle_study", "ankle"), ("{s}_toe_study", "toe"),
        ("{s}_shoulder_study", "shoulder"),
    )
}  # fmt: skip


def test_markers_of_legs_from_cortex(tmp_path):
    (clip,) = read_clips(write_trc(tmp_path / "w.trc", *figure_as(CORTEX)))
    assert clip.layout.name == "plug_in_gait9"
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)


def test_joints_and_markers_of_opencap(tmp_path):
    (clip,) = read_clips(write_trc(tmp_path / "w.trc", *figure_as(OPENCAP), unit="m"))
    assert (clip.layout.roles["pelvis"], clip.layout.roles["r_elbow"]) == (("midHip",), ("RElbow",))
    assert clip.remarks == ("the skeleton has no head: features and maps do without",)
    markers_alone = {name: place for name, place in OPENCAP.items() if name.endswith("study")}
    (clip,) = read_clips(write_trc(tmp_path / "v.trc", *figure_as(markers_alone), unit="m"))
    assert clip.layout.lacking == "head, elbows, wrists"
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)


def test_a_trc_with_spaces_and_one_whose_rows_end_early(tmp_path):
    path = write_trc(tmp_path / "w.trc", LABELS, PLACES)
    lines = [" ".join(line.split()) for line in path.read_text().splitlines()]
    (tmp_path / "spaces.trc").write_text("\n".join(lines) + "\n")
    (clip,) = read_clips(tmp_path / "spaces.trc")
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)
    cut = path.read_text().splitlines()
    cut[-1] = "\t".join(cut[-1].split("\t")[:20])
    path.write_text("\n".join(cut) + "\n")
    (clip,) = read_clips(path)
    assert np.isnan(clip.positions[-1]).any()
    assert any(remark.startswith("line 406 ends early") for remark in clip.remarks)


def test_missing_markers_are_empty_cells_or_zeros(tmp_path):
    gone = PLACES.copy()
    gone[50:80, LABELS.index("LKNE")] = np.nan
    knee = PLUG_IN.layout.index("l_knee")
    for ending, write in WRITERS.items():
        for value in (np.nan, 0.0):
            path = write(tmp_path / f"w.{ending}", LABELS, np.nan_to_num(gone, nan=value))
            (clip,) = read_clips(path)
            assert np.flatnonzero(np.isnan(clip.positions).any(axis=(1, 2))).tolist() == list(range(50, 80))
            assert np.isnan(clip.positions[50:80, knee]).all()


def test_a_qualisys_file_with_columns_of_frames_and_times(tmp_path):
    (clip,) = read_clips(write_qualisys(tmp_path / "w.tsv", LABELS, PLACES, heading=True))
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_nexus_file_with_other_parts_and_blank_lines(tmp_path, separator):
    before = f"\n\nDevices\n1000\n{separator}{separator}Force\nFrame{separator}Sub Frame{separator}Fx\n"
    before += f"{separator}{separator}N\n1{separator}0{separator}5\n1{separator}1{separator}6\n\n"
    path = write_nexus(tmp_path / "w.csv", LABELS, PLACES, separator=separator, before=before)
    path.write_text(path.read_text() + f"\nModel Outputs\n100\n{separator}{separator}Ana:LHipAngles\n")
    (clip,) = read_clips(path)
    assert (clip.num_frames, clip.fps_hz) == (400, 100)
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)


def test_lost_frames_stay_lost(tmp_path):
    path = write_nexus(tmp_path / "w.csv", LABELS, PLACES)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:105] + lines[125:]) + "\n")
    (clip,) = read_clips(path)
    assert clip.num_frames == 400
    assert np.isnan(clip.positions[100:120]).all()


def test_motive(tmp_path):
    walk = walking_figure("bandai21", fps_hz=120, seconds=3.0)
    names = [f"Skeleton:{joint}" for joint in walk.layout.joints if joint != "joint_Root"]
    kept = [walk.layout.index(name.split(":")[1]) for name in names]
    rows = [
        [
            "Format Version", "1.23", "Take Name", "walk", "Export Frame Rate", "120.000000", "Length Units", "Meters"
        ],
        ["", "Type", *["Bone"] * 7 * len(names)],
        ["", "Name", *(name for name in names for _ in range(7))],
        ["", "ID", *["1"] * 7 * len(names)],
        ["", "", *(["Rotation"] * 4 + ["Position"] * 3) * len(names)],
        ["Frame", "Time (Seconds)", *["X", "Y", "Z", "W", "X", "Y", "Z"] * len(names)],
    ]  # fmt: skip
    for t, frame in enumerate(walk.positions[:, kept]):
        cells = [f"{value:.5f}" for place in frame for value in (0, 0, 0, 1, *place)]
        rows.append([str(t), f"{t / 120:.6f}", *cells])
    (tmp_path / "w.csv").write_text("\n".join(",".join(row) for row in rows) + "\n")
    (clip,) = read_clips(tmp_path / "w.csv")
    assert clip.fps_hz == pytest.approx(120)
    assert clip.layout.name == "bandai21"
    assert strides(clip) == pytest.approx([1.1], abs=0.01)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("w.csv", "Model Outputs\n100\n,,A:LHipAngles\nFrame,Sub Frame,X,Y,Z\n", "trajectories .*got Model Outputs"),
        ("w.csv", "Trajectories\n100\n,,A:LASI\n", r"below 'Trajectories' \(got no frame\)"),
        ("w.tsv", "NO_OF_FRAMES\t1\nDATA_INCLUDED\t6D\nBODY_NAMES\tfoot\n1\t2\t3\n", r"3D marker .*\(got 6D\)"),
        ("w.trc", "PathFileType\t4\n1\t2\n", r"the line 'Frame#, Time, .* \(got none\)"),
        ("w.trc", "PathFileType\t4\nFrame#\tTime\tLASI\n", "a row of numbers for each frame"),
    ],
)
def test_exports_without_markers_say_what_to_export(tmp_path, name, text, words):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=words):
        read_clips(tmp_path / name)


def test_a_layout_of_the_users_picks_its_markers(tmp_path):
    layout = load_layout("plug_in_gait18")
    path = write_trc(tmp_path / "w.trc", LABELS, PLACES)
    (clip,), (own,) = read_clips(path), read_clips(path, layout=layout)
    assert own.positions == pytest.approx(clip.positions, abs=1e-6)
    with pytest.raises(InputError, match="expected one joint 'SpineBase'"):
        read_clips(path, layout="kinect25")
