import csv

import numpy as np
import pytest

from stgcn_affect.data.manifest import read_manifest
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.check import check_data
from stgcn_affect.jobs.propose import FIELDS, propose_manifest


@pytest.fixture
def folder(tmp_path, walk):
    """Two subjects, two emotions, each once; a questionnaire; a hidden file."""
    folder = tmp_path / "walks"
    folder.mkdir()
    for subject, swing in (("ana", 0.45), ("ben", 0.5)):
        for emotion, stride, more in (("angry", 1.0, 0.0), ("sad", 1.3, 0.02)):
            clip = walk(strides=2, swing=swing + more, stride_time_s=stride)
            joints = np.array(clip.layout.joints)
            np.savez(folder / f"{subject}_{emotion}.npz", positions=clip.positions, fps_hz=60, joints=joints)
    (folder / "ages.csv").write_text("subject,age\nana,30\n")
    (folder / ".hidden.bvh").write_text("")
    return folder


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_manifest_can_be_checked_as_it_is(folder, tmp_path):
    lines = list(propose_manifest(folder, tmp_path / "new.csv"))
    assert lines[0] == "4 recordings"
    assert (
        f"no recording, left out: {folder / 'ages.csv'}: a table without joints in its columns: subject, age" in lines
    )
    assert f"written: {tmp_path / 'new.csv'}" in lines
    assert rows(tmp_path / "new.csv")[0] == {
        "path": "walks/ana_angry.npz",
        "subject": "ana",
        "emotion": "angry",
        "take": "",
        "fps_hz": "60",
        "layout": "emotion_gait16",
    }
    assert [row.take for row in read_manifest(tmp_path / "new.csv")] == ["ana_angry", "ana_sad", "ben_angry", "ben_sad"]
    checked = list(check_data(tmp_path / "new.csv"))
    assert checked[-1] == "new: 4 cycles of 4 takes, 2 subjects x 2 emotions (angry 2, sad 2)"


def test_each_guess_says_how_sure_it_is_and_why(folder, tmp_path):
    list(propose_manifest(folder, tmp_path / "new.csv"))
    guesses = rows(tmp_path / "new.guesses.csv")
    assert [guess["field"] for guess in guesses] == [*FIELDS] * 4
    assert all(guess["why"] and guess["sure"] in ("sure", "likely", "unsure", "unknown") for guess in guesses)
    subject = next(guess for guess in guesses if guess["field"] == "subject")
    assert (subject["path"], subject["guess"], subject["sure"]) == ("walks/ana_angry.npz", "ana", "likely")


def test_nothing_is_overwritten(folder, tmp_path):
    for name in ("new.csv", "new.guesses.csv"):
        (tmp_path / name).write_text("mine")
        with pytest.raises(InputError, match=rf"{name}: expected the name of a new file, as none is overwritten"):
            propose_manifest(folder, tmp_path / "new.csv")
        assert (tmp_path / name).read_text() == "mine"
        (tmp_path / name).unlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["walks"]


def test_places_that_do_not_fit_are_explained(folder, tmp_path):
    with pytest.raises(InputError, match=r"none: expected a folder of recordings \(got nothing there\)"):
        propose_manifest(tmp_path / "none", tmp_path / "new.csv")
    with pytest.raises(InputError, match=r"expected the name of a new manifest, a \.csv \(got '\.txt'\)"):
        propose_manifest(folder, tmp_path / "new.txt")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"empty: expected files ending in \.bvh, .*\(got none with motion in it\)"):
        propose_manifest(tmp_path / "empty", tmp_path / "new.csv")


def test_emotion_gait_leaves_the_labels_to_its_clips(stick_gait, tmp_path):
    list(propose_manifest(stick_gait, tmp_path / "new.csv"))
    assert rows(tmp_path / "new.csv") == [
        {"path": "stick-gait/features.h5", "subject": "", "emotion": "", "take": "", "fps_hz": "30", "layout": ""}
    ]
    assert "6 cycles of 6 takes" in list(check_data(tmp_path / "new.csv"))[-2]


def test_unlike_skeletons_are_told_and_a_layout_may_be_named(folder, tmp_path, walk):
    np.save(folder / "eva_sad.npy", walk().positions[:, :13])
    lines = list(propose_manifest(folder, tmp_path / "a.csv"))
    assert any(line.startswith("layout unknown of 1: expected a layout") for line in lines)
    lines = list(propose_manifest(folder, tmp_path / "b.csv", layout="emotion_gait16"))
    assert any(line.startswith("layout unknown of 1: positions must have shape [T, 16, 3]") for line in lines)
    assert {row["layout"] for row in rows(tmp_path / "b.csv")} == {"emotion_gait16"}
