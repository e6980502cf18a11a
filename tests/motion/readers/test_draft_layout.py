"""A layout to start from, for recordings whose joints no embedded layout has."""

import pytest
import yaml

from stgcn_affect.errors import InputError
from stgcn_affect.motion.readers.draft_layout import draft_layout
from stgcn_affect.motion.readers.formats import read_clips
from stgcn_affect.skeleton.layout import Layout, load_layout
from walking_figure import FIGURE, walking_figure, write_bvh

LEGS = [f"{side}_{part}" for side in ("left", "right") for part in ("hip", "knee", "ankle")]


def table(path, names):
    walk = walking_figure(FIGURE, seconds=2.0)
    heading = [f"{name}_{axis}" for name in names for axis in "xyz"]
    roles = [f"{name[0]}_{name.split('_')[-1]}" if name in LEGS else "l_knee" for name in names]
    places = walk.positions[:, [FIGURE.index(role) for role in roles]]
    rows = [",".join(["time", *heading])]
    rows += [",".join([f"{t / 30:.4f}", *(f"{x:.4f}" for x in frame.ravel())]) for t, frame in enumerate(places)]
    path.write_text("\n".join(rows) + "\n")
    return path


def test_a_guessed_layout_reads_its_file_again(tmp_path):
    path = table(tmp_path / "w.csv", [*LEGS, "strange 1"])
    draft = draft_layout(path)
    assert draft.unsure == (
        "no joint is named like a pelvis: the middle of left_hip and right_hip stands for it",
        "the skeleton has no head, neck, arms: features and maps do without",
        "in the file and not in the layout: strange 1",
    )
    assert all(f"# Unsure: {sentence}\n" in draft.text for sentence in draft.unsure)
    (tmp_path / "own.yaml").write_text(draft.text)
    own = load_layout(tmp_path / "own.yaml")
    assert own.to_dict() == draft.layout.to_dict()
    assert read_clips(path, layout=own)[0].positions.tolist() == read_clips(path)[0].positions.tolist()


def test_what_no_name_says_is_a_gap(tmp_path):
    names = ["right_knee" if name == "right_knee" else name.replace("left_knee", "joint 7") for name in LEGS]
    draft = draft_layout(table(tmp_path / "w.csv", names))
    assert draft.layout is None
    assert draft.unsure[:2] == (
        "no joint is named like the role pelvis: fill it in",
        "no joint is named like the role l_knee: fill it in",
    )
    content = yaml.safe_load(draft.text)
    assert (content["joints"]["joint 7"], content["roles"]["l_knee"]) == ("?", ["?"])
    assert content["roles"]["l_hip"] == ["left_hip"]
    assert content["mirror"] == [["left_ankle", "right_ankle"], ["left_hip", "right_hip"]]
    with pytest.raises(InputError, match="must be"):
        Layout.from_dict(content, "w.yaml")


def test_the_tree_of_a_bvh_stays(tmp_path):
    walk = walking_figure("bandai21", seconds=1.0)
    path = write_bvh(tmp_path / "w.bvh", walk)
    path.write_text(path.read_text().replace("LowerLeg_L", "Box").replace("UpperLeg_L", "Cup"))
    draft = draft_layout(path)
    content = yaml.safe_load(draft.text)
    assert (content["joints"]["Box"], content["joints"]["Cup"]) == ("Cup", "Hips")
    assert "no joint is named like the role l_hip: fill it in" in draft.unsure
    assert not any("joint above unknown" in sentence for sentence in draft.unsure)


def test_an_embedded_layout_needs_no_file(tmp_path):
    (tmp_path / "w.csv").write_text(",".join(f"{joint}{a}" for joint in load_layout("kinect25").joints for a in "XYZ"))
    path = tmp_path / "w.csv"
    path.write_text(path.read_text() + ("\n" + ",".join(f"{v % 7}.5" for v in range(75))) * 3 + "\n")
    assert draft_layout(path).unsure == ("The joints are those of the embedded layout kinect25: no file is needed.",)


def test_without_names_there_is_nothing_to_start_from(tmp_path):
    (tmp_path / "w.csv").write_text("1,2,3\n" * 3)
    with pytest.raises(InputError, match="names of joints, for a layout to start from"):
        draft_layout(tmp_path / "w.csv")
