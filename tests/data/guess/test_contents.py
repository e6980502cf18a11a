import pickle

import numpy as np
import pytest

from stgcn_affect.data.guess.contents import guess_contents
from stgcn_affect.motion.readers.array import parse_array
from stgcn_affect.motion.readers.formats import FORMATS
from stgcn_affect.skeleton.layout import load_layout
from walking_figure import markers, walking_figure, write_c3d, write_trc


def said(path, **how):
    return {field: (guess.value, guess.sure) for field, guess in guess_contents(path, **how).guesses.items()}


def test_what_the_file_says_is_sure_and_what_the_body_says_is_likely(tmp_path, walk):
    clip = walk()
    joints = np.array(clip.layout.joints)
    np.savez(tmp_path / "a.npz", positions=clip.positions[..., [2, 0, 1]] * 100, fps_hz=60, joints=joints)
    assert said(tmp_path / "a.npz") == {
        "reader": ("NumPy", "sure"),
        "layout": ("emotion_gait16", "sure"),
        "unit": ("centimetres", "likely"),
        "up_axis": ("+z", "likely"),
        "fps_hz": ("60", "sure"),
    }


def test_a_bare_array_has_a_layout_that_makes_a_body_and_a_hint_at_its_rate(tmp_path, walk):
    clip = walk(strides=3)
    np.save(tmp_path / "a.npy", clip.positions)
    guesses = guess_contents(tmp_path / "a.npy").guesses
    assert (guesses["layout"].value, guesses["layout"].sure) == ("emotion_gait16", "unsure")
    assert (guesses["fps_hz"].value, guesses["fps_hz"].sure) == ("", "unknown")
    assert "a stride takes about 60 frames, 1.20 s at 50, 1.00 s at 60 frames a second" in guesses["fps_hz"].why


def test_an_order_of_joints_that_makes_no_body_is_unknown(tmp_path, walk):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "a.npy", walk().positions[:, rng.permutation(16)])
    assert said(tmp_path / "a.npy")["layout"] == ("", "unknown")
    np.save(tmp_path / "b.npy", rng.normal(size=(50, 13, 3)))
    assert said(tmp_path / "b.npy")["layout"] == ("", "unknown")


def test_a_file_with_more_joints_than_a_layout(tmp_path, walk):
    clip = walk()
    joints = np.array([*clip.layout.joints, "hat"])
    positions = np.concatenate([clip.positions, clip.positions[:, :1]], axis=1)
    np.savez(tmp_path / "a.npz", positions=positions, fps_hz=60, joints=joints)
    guesses = guess_contents(tmp_path / "a.npz").guesses
    assert (guesses["layout"].value, guesses["layout"].sure) == ("emotion_gait16", "likely")
    assert (guesses["fps_hz"].value, guesses["fps_hz"].sure) == ("60", "sure")


def test_a_layout_of_the_users(tmp_path, walk):
    clip = walk()
    np.save(tmp_path / "a.npy", clip.positions)
    found = said(tmp_path / "a.npy", layout=clip.layout)
    assert (found["layout"], found["fps_hz"]) == (("emotion_gait16", "sure"), ("", "unknown"))
    wrong = guess_contents(tmp_path / "a.npy", layout=load_layout("kinect20")).guesses
    assert wrong["layout"].sure == "unknown"
    assert "[T, 20, 3]" in wrong["layout"].why


def test_a_broken_file_says_what_is_wrong(tmp_path):
    (tmp_path / "a.bvh").write_text("broken")
    guesses, reason = guess_contents(tmp_path / "a.bvh")
    assert guesses == {}
    assert reason.startswith("a BVH file has the parts HIERARCHY and MOTION")


def test_a_file_is_parsed_once_however_many_layouts_are_tried(tmp_path, walk, monkeypatch):
    parsed = []

    def parse(path):
        parsed.append(path)
        return parse_array(path)

    monkeypatch.setitem(FORMATS, ".npy", FORMATS[".npy"]._replace(parse=parse))
    np.save(tmp_path / "a.npy", walk().positions)
    assert said(tmp_path / "a.npy")["layout"] == ("emotion_gait16", "unsure")
    assert parsed == [tmp_path / "a.npy"]


def test_markers_of_two_people_are_no_layout(tmp_path):
    pytest.importorskip("ezc3d")
    labels, places = markers(walking_figure("plug_in_gait18", fps_hz=100))
    both = np.concatenate([places, places + np.array((1.0, 0, 0))], axis=1)
    for first in ("A:", ""):
        names = [f"{first}{label}" for label in labels] + [f"B:{label}" for label in labels]
        guess = guess_contents(write_c3d(tmp_path / "w.c3d", names, both)).guesses["layout"]
        assert (guess.value, guess.sure) == ("", "unknown")
        assert "two people" in guess.why


def test_markers_that_stand_for_others_are_said(tmp_path):
    pytest.importorskip("ezc3d")
    labels, places = markers(walking_figure("plug_in_gait18", fps_hz=100))
    kept = [v for v, label in enumerate(labels) if label != "RBHD"]
    path = write_c3d(tmp_path / "w.c3d", [labels[v] for v in kept], places[:, kept])
    guess = guess_contents(path).guesses["layout"]
    assert (guess.value, guess.sure, guess.why) == (
        "plug_in_gait18",
        "likely",
        "head: without RBHD, from the other three markers",
    )


def test_labels_of_many_clips_are_as_sure_as_they_are_there(tmp_path):
    person = walking_figure("kinect25").positions[None]
    clips = [{"keypoint": person, "fps": 30, "label": label, "subject": "ana"} for label in ("sad", 3, "happy")]
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(clips))
    found = guess_contents(tmp_path / "a.pkl").guesses
    assert {field: found[field].sure for field in ("subject", "emotion", "take")} == {
        "subject": "likely",
        "emotion": "unsure",
        "take": "likely",
    }
    assert found["emotion"].why == "2 of 3 clips in the file have their own"


def test_emotion_gait(stick_gait):
    found = said(stick_gait / "features.h5")
    assert (found["layout"], found["unit"], found["fps_hz"]) == (
        ("emotion_gait16", "sure"),
        ("relative", "sure"),
        ("30", "sure"),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("subject,age\nana,3\n", "a table without joints in its columns: subject, age"),
        ("1,2,3\n", "a table of 3 columns without a heading"),
        ("", r"expected a table (got an empty file)"),
        ("frame,joint,x,y,z\n1,head,0,0,0\n", ""),
        ("HipX,HipY,HipZ\n1,2,3\n", ""),
        (",".join(["1"] * 48), ""),
    ],
)
def test_tables_that_are_no_motion(tmp_path, text, words):
    (tmp_path / "a.csv").write_text(text)
    assert guess_contents(tmp_path / "a.csv").no_recording == words


def test_annotations_that_cannot_be_read_are_doubts(tmp_path):
    good = {"keypoint": walking_figure("kinect25").positions[None], "fps": 30}
    path = tmp_path / "a.pkl"
    path.write_bytes(pickle.dumps([good, {"frame_dir": "x", "keypoint": None}, good]))
    guesses = guess_contents(path).guesses
    assert (guesses["layout"].value, guesses["reader"].value, guesses["reader"].sure) == ("kinect25", "pyskl", "unsure")
    assert guesses["reader"].why.startswith("1 of its 3 clips cannot be read; a.pkl:x: keypoint must be an array")
    path.write_bytes(pickle.dumps([{"keypoint": good["keypoint"]}, {"frame_dir": "x", "keypoint": None}]))
    guesses = guess_contents(path).guesses
    assert (guesses["layout"].value, guesses["reader"].sure, guesses["fps_hz"].value) == ("kinect25", "unsure", "")


def test_files_without_motion_in_3d_are_left_out(tmp_path):
    (tmp_path / "a.csv").write_text("left_hip_x,left_hip_y\n1,2\n1,3\n")
    assert guess_contents(tmp_path / "a.csv").no_recording.startswith("expected positions in 3-D (got x and y alone")
    np.savez(tmp_path / "a.npz", poses=np.zeros((9, 156)), trans=np.zeros((9, 3)), betas=np.zeros(16))
    assert guess_contents(tmp_path / "a.npz").no_recording.startswith("parameters of a SMPL body (AMASS)")


def test_a_guessed_tree_is_said_and_the_units_word_is_sure(tmp_path):
    labels, places = markers(walking_figure("plug_in_gait18", fps_hz=100))
    legs = [v for v, label in enumerate(labels) if label[1:] in ("ASI", "PSI", "KNE", "ANK", "TOE")]
    found = guess_contents(write_trc(tmp_path / "w.trc", [labels[v] for v in legs], places[:, legs])).guesses
    assert (found["layout"].value, found["layout"].sure) == ("plug_in_gait9", "likely")
    assert (found["unit"].value, found["unit"].sure) == ("millimetres", "sure")
