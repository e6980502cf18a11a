"""Tables and arrays of joints that name no layout."""

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.motion.cycles import cut_cycles
from stgcn_affect.motion.quality import check_clip
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.motion.readers.named_points import joint_numbers, named_joints
from walking_figure import FIGURE, walking_figure, write_long_table, write_table

BVH_NAMES = {
    "pelvis": "Hips", "spine": "Spine", "neck": "Neck", "head": "Head",
    **{f"{s}_{role}": f"{side}{name}" for s, side in (("l", "Left"), ("r", "Right")) for role, name in {
        "shoulder": "Arm", "elbow": "ForeArm", "wrist": "Hand", "hip": "UpLeg", "knee": "Leg", "ankle": "Foot",
        "toe": "ToeBase",
    }.items()},
}  # fmt: skip


def strides(clip):
    mended, _ = check_clip(clip)
    return [cycle.stride_time_s for cycle in cut_cycles(mended)[0]]


def walk_of(names):
    """Some joints of the figure under other names: names and places."""
    walk = walking_figure(FIGURE, seconds=4.0, fps_hz=50)
    return list(names.values()), walk.positions[:, [FIGURE.index(role) for role in names]]


def table(path, names, places):
    lines = [",".join(["time", *(f"{name}.{axis}" for name in names for axis in "xyz")])]
    lines += [",".join([f"{t / 50:.2f}", *(f"{x:.5f}" for x in frame.ravel())]) for t, frame in enumerate(places)]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_names_of_a_bvh_make_the_usual_tree(tmp_path):
    (clip,) = read_clips(table(tmp_path / "w.csv", *walk_of(BVH_NAMES)))
    parents = {joint: clip.layout.joints[p] for joint, p in zip(clip.layout.joints, clip.layout.parents, strict=True)}
    assert (parents["LeftUpLeg"], parents["LeftToeBase"], parents["RightHand"]) == ("Hips", "LeftFoot", "RightForeArm")
    assert {role: players[0] for role, players in clip.layout.roles.items()} == BVH_NAMES
    assert clip.remarks == ()
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)


LEGS = {f"{s}_{part}": f"{side}_{part}" for s, side in (("l", "left"), ("r", "right")) for part in (
    "hip", "knee", "ankle", "toe")}  # fmt: skip
SHOULDERS = {"l_shoulder": "left_shoulder", "r_shoulder": "right_shoulder"}


def test_legs_are_enough(tmp_path):
    (clip,) = read_clips(table(tmp_path / "w.csv", *walk_of(LEGS)))
    assert clip.layout.lacking == "head, neck, arms"
    assert clip.remarks == (
        "no joint is named like a pelvis: the middle of left_hip and right_hip stands for it",
        "the skeleton has no head, neck, arms: features and maps do without",
    )
    hips = [clip.layout.index(f"{side}_hip") for side in ("left", "right")]
    assert clip.positions[:, clip.layout.root] == pytest.approx(clip.positions[:, hips].mean(axis=1), abs=1e-5)
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)


def test_a_neck_is_the_middle_of_the_shoulders(tmp_path):
    (clip,) = read_clips(table(tmp_path / "w.csv", *walk_of(LEGS | SHOULDERS)))
    assert clip.layout.lacking == "head, elbows, wrists"
    assert clip.layout.markers["neck"] == ("left_shoulder", "right_shoulder")
    assert "no joint is named like a neck: the middle of left_shoulder and right_shoulder stands for it" in clip.remarks
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)


def test_the_size_of_a_body_without_a_head_is_found(tmp_path):
    for names in (LEGS, LEGS | SHOULDERS):
        labels, places = walk_of(names)
        (clip,) = read_clips(table(tmp_path / "w.csv", labels, 1000 * places))
        assert clip.attributes == {"unit": "millimetres", "up_axis": "+y"}


def test_zeros_for_what_was_not_seen_are_missing(tmp_path):
    labels, places = walk_of(LEGS)
    places = places.copy()
    places[20:40, labels.index("left_knee")] = 0
    places[:5] = 0
    (clip,) = read_clips(table(tmp_path / "w.csv", labels, places))
    gone = np.isnan(clip.positions[:, clip.layout.index("left_knee")]).any(axis=-1)
    assert np.flatnonzero(gone).tolist() == [*range(5), *range(20, 40)]
    assert np.isnan(clip.positions[:5]).all()


def test_a_table_without_knees_needs_a_layout(tmp_path):
    names = {role: name for role, name in BVH_NAMES.items() if not role.endswith("knee")}
    with pytest.raises(InputError, match=r"w\.csv: expected a layout.*and the joints Hips, Spine"):
        read_clips(table(tmp_path / "w.csv", *walk_of(names)))


@pytest.mark.parametrize("title", ["{joint}_{axis}", "{axis}_{joint}", "{joint}.{axis}", "{joint} {axis}"])
@pytest.mark.parametrize("layout", ["mediapipe33", "body25", "halpe26", "coco17"])
def test_names_of_pose_estimators(tmp_path, layout, title):
    walk = walking_figure(layout, seconds=2.0)
    (clip,) = read_clips(write_table(tmp_path / "w.csv", walk, title=title))
    assert clip.layout.name == layout
    assert clip.positions == pytest.approx(walk.positions, abs=1e-4)


def test_capital_names_with_visibility_and_extra_points(tmp_path):
    walk = walking_figure("mediapipe33", seconds=2.0)
    heading = ["frame_number", "timestamp_ms"]
    heading += [f"{joint.upper()}_{part}" for joint in (*walk.layout.joints, "hat") for part in ("x", "y", "z", "v")]
    rows = [",".join(heading)]
    for t, frame in enumerate(walk.positions):
        places = [*frame, frame[0]]
        rows.append(",".join([str(t), f"{t * 1000 / 30:.1f}", *(f"{x:.5f}" for p in places for x in (*p, 0.9))]))
    (tmp_path / "w.csv").write_text("\n".join(rows) + "\n")
    (clip,) = read_clips(tmp_path / "w.csv")
    assert clip.layout.name == "mediapipe33"
    assert clip.positions == pytest.approx(walk.positions, abs=1e-4)
    assert clip.remarks == ("1 points beside the 33 joints of mediapipe33: left out",)


@pytest.mark.parametrize("title", ["landmark_{v}_{axis}", "{axis}{v}", "{v}_{axis}", "Pose_{v}_{axis}"])
@pytest.mark.parametrize("first", [0, 1])
def test_numbers_of_landmarks(tmp_path, title, first):
    walk = walking_figure("mediapipe33", seconds=2.0)
    heading = [title.format(v=v + first, axis=axis) for v in range(33) for axis in "xyz"]
    rows = [",".join(["time", *heading])]
    rows += [",".join([f"{t / 30:.4f}", *(f"{x:.5f}" for x in f.ravel())]) for t, f in enumerate(walk.positions)]
    (tmp_path / "w.csv").write_text("\n".join(rows) + "\n")
    (clip,) = read_clips(tmp_path / "w.csv")
    assert clip.positions == pytest.approx(walk.positions, abs=1e-4)
    assert clip.remarks == ("joints have numbers in place of names: taken for those of mediapipe33",)


def test_a_long_table_of_names(tmp_path):
    walk = walking_figure("body25", seconds=2.0)
    (clip,) = read_clips(write_long_table(tmp_path / "w.csv", walk, times=np.arange(60) / 30))
    assert clip.layout.name == "body25"


def test_an_array_with_names(tmp_path):
    names, places = walk_of(BVH_NAMES)
    np.savez(tmp_path / "w.npz", positions=places, joints=np.array(names), fps_hz=50)
    (clip,) = read_clips(tmp_path / "w.npz")
    assert strides(clip) == pytest.approx([1.1, 1.1], abs=0.01)


@pytest.mark.parametrize(
    ("names", "numbers"),
    [
        (["0", "1", "2"], [0, 1, 2]),
        (["joint_2", "joint_1"], [1, 0]),
        (["landmark_03", "landmark_00"], [3, 0]),
        (["x", "y"], None),
        (["a1", "b2"], None),
        (["7", "8"], None),
        ([], None),
    ],
)
def test_joint_numbers(names, numbers):
    assert joint_numbers(names) == numbers


def test_numbers_that_are_joints_of_the_users_layout_are_names(layout):
    places = np.arange(2 * 16 * 3, dtype=float).reshape(2, 16, 3) + 1
    names = [str(v) for v in range(16)]
    positions, _, _ = named_joints(names[::-1], places, layout, "f")
    assert positions[0, 0].tolist() == places[0, 15].tolist()
