import csv
import os
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from stgcn_affect.data.guess.proposal import FIELDS
from stgcn_affect.data.manifest import read_manifest
from stgcn_affect.data.store import open_store
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.prepare import check_data, prepare_data, propose_manifest
from stgcn_affect.motion.readers.unread import WHAT_IT_IS

real = pytest.mark.skipif("STGCN_AFFECT_DATA" not in os.environ, reason="needs STGCN_AFFECT_DATA")


def data(name):
    return Path(os.environ["STGCN_AFFECT_DATA"]) / name


def contents(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_a_folder_becomes_a_cache_and_stays_untouched(stick_gait, tmp_path):
    before = contents(stick_gait)
    report = prepare_data(stick_gait, tmp_path / "cache")
    assert (report.name, report.cycles, report.subjects) == ("stick-gait", 6, ("ana", "ben", "eva"))
    assert report.emotions == {"happy": 3, "sad": 3}
    assert len(report.skipped) == 2
    store = open_store(tmp_path / "cache")
    np.testing.assert_allclose(sorted(store.stride_time_s), [1, 1, 1, 1.2, 1.2, 1.2], atol=1e-3)
    assert contents(stick_gait) == before


def test_a_second_call_finds_the_cache(stick_gait, tmp_path):
    prepare_data(stick_gait, tmp_path / "cache")
    seen = []

    def progress(clips, count):
        seen.append(count)
        return clips

    assert prepare_data(stick_gait, tmp_path / "cache", progress=progress).reused
    (stick_gait / "labels.h5").unlink()
    assert not prepare_data(stick_gait, tmp_path / "cache", progress=progress).reused
    assert seen == [8, 8]


@pytest.mark.tool
def test_any_number_of_processes_gives_the_same_bytes(tmp_path, walk):
    folder = tmp_path / "walks"
    folder.mkdir()
    rows = ["path,subject,emotion,take"]
    for i in range(5):
        clip = walk(strides=2 + i % 2, swing=0.4 + 0.03 * i)
        np.savez(folder / f"{i}.npz", positions=clip.positions, fps_hz=60, joints=np.array(clip.layout.joints))
        rows.append(f"{i}.npz,subject{i % 3},{'happy' if i < 3 else 'sad'},{i}")
    (folder / "2.npz").write_bytes(b"broken")
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n")
    reports = [prepare_data(folder, tmp_path / f"cache{jobs}", jobs=jobs) for jobs in (1, 3)]
    assert reports[0].lines() == reports[1].lines()
    assert reports[0].skipped[0][0] == str(folder / "2.npz")
    files = [{p.name: p.read_bytes() for p in (tmp_path / f"cache{jobs}").iterdir()} for jobs in (1, 3)]
    assert files[0] == files[1]
    with pytest.raises(InputError, match=r"jobs: expected one process or more \(got 0\)"):
        prepare_data(folder, tmp_path / "cache", jobs=0)


def test_clips_without_labels_are_kept_if_wanted(stick_gait, tmp_path):
    report = prepare_data(stick_gait, tmp_path / "cache", keep_unlabelled=True)
    assert report.cycles == 7
    assert report.emotions == {"": 1, "happy": 3, "sad": 3}
    assert open_store(tmp_path / "cache").attributes


def test_the_data_folder_is_no_place_for_a_cache(stick_gait):
    with pytest.raises(InputError, match="outside of the data folder"):
        prepare_data(stick_gait, stick_gait / "cache")


@pytest.mark.tool
@real
def test_real_emotion_gait_gives_twenty_subjects_with_four_emotions(tmp_path):
    report = prepare_data(data("emotion-gait"), tmp_path / "cache")
    assert (report.cycles, report.takes, len(report.subjects)) == (80, 80, 20)
    assert report.emotions == {"angry": 20, "happy": 20, "neutral": 20, "sad": 20}
    store = open_store(tmp_path / "cache")
    assert len(set(zip(store.subject, store.emotion, strict=True))) == 80
    assert np.isfinite(store.positions).all()
    assert store.layout.num_joints == 16


@real
def test_real_bvh_walks_share_one_layout(tmp_path):
    walks = sorted(data("bandai-namco").glob("*.bvh"))
    rows = [f"{path},actor,{path.stem.split('_')[2]},{path.stem.split('_')[3]}" for path in walks]
    (tmp_path / "manifest.csv").write_text("\n".join(["path,subject,emotion,take", *rows]) + "\n")
    report = prepare_data(tmp_path, tmp_path / "caches" / "bandai")
    assert report.subjects == ("actor",)
    assert len(report.emotions) == 8
    assert report.takes == 15
    assert [Path(source).name for source, _ in report.skipped] == ["dataset-1_walk_normal_002.bvh"]  # one second long


def test_every_clip_has_a_line_then_come_tables_and_counts(stick_gait, tmp_path):
    before = contents(tmp_path)
    lines = list(check_data(stick_gait))
    assert len([line for line in lines if "features.h5" in line]) == 8
    assert any("tom_walk_sa_1" in line and "left out" in line for line in lines)
    assert any(
        line.endswith("[emotion_gait16: 16 joints, 30 frames a second, 1.0 s, unit relative, +y up]") for line in lines
    )
    table = [line.split() for line in lines]
    assert ["emotion_gait16", "30", "relative", "8", "6", "2", "7"] in table
    assert ["subject", "happy", "sad", "unknown", "cycles"] in table
    assert ["ana", "1", "1", "-", "2"] in table
    assert ["unknown", "-", "-", "1", "1"] in table
    assert lines[-2].startswith("stick-gait: 6 cycles of 6 takes, 3 subjects x 2 emotions (happy 3, sad 3)")
    assert lines[-1].startswith("left out: 2 clips")
    assert contents(tmp_path) == before


def test_each_skeleton_is_drawn_once(stick_gait, tmp_path):
    lines = list(check_data(stick_gait, out=tmp_path / "check"))
    assert f"picture: {tmp_path / 'check' / 'layout_emotion_gait16.png'}" in lines
    (picture,) = (tmp_path / "check").iterdir()
    pixels = np.asarray(Image.open(picture).convert("L"))
    assert (pixels < 128).mean() > 0.002


def test_lines_come_before_the_word_that_none_is_usable(tmp_path):
    (tmp_path / "a.bvh").write_text("no motion")
    (tmp_path / "manifest.csv").write_text("path,subject,emotion,take\na.bvh,ana,sad,1\n")
    lines = check_data(tmp_path)
    assert next(lines).startswith(f"{tmp_path / 'a.bvh'}: left out: ")
    with pytest.raises(InputError, match="expected clips of known subjects and emotions"):
        list(lines)


def without_spine(layout):
    content = layout.to_dict()
    joints = {j: {"spine": "root"}.get(p, p) for j, p in content["joints"].items() if j != "spine"}
    roles = {role: joint for role, joint in content["roles"].items() if role != "spine"}
    return content | {"name": "small", "joints": joints, "roles": roles, "rest": None}


def test_lines_and_pictures_come_before_the_word_that_skeletons_differ(tmp_path, walk):
    clip = walk()
    np.savez(tmp_path / "a.npz", positions=clip.positions, fps_hz=60, joints=np.array(clip.layout.joints))
    small = np.delete(clip.positions, clip.layout.index("spine"), axis=1)
    np.savez(tmp_path / "b.npz", positions=small, fps_hz=60)
    (tmp_path / "small.yaml").write_text(yaml.safe_dump(without_spine(clip.layout), sort_keys=False))
    rows = ["path,subject,emotion,take,layout", "a.npz,ana,sad,1,", "b.npz,ben,sad,1,small.yaml"]
    (tmp_path / "manifest.csv").write_text("\n".join(rows) + "\n")
    lines = check_data(tmp_path, out=tmp_path / "check")
    first, second = next(lines), next(lines)
    assert first.endswith("[emotion_gait16: 16 joints, 60 frames a second, 2.6 s, unit metres, +y up]")
    assert second.endswith("[small: 15 joints, 60 frames a second, 2.6 s, unit metres, +y up]")
    with pytest.raises(InputError, match=r"b\.npz: expected the same joints and bones as .*a\.npz"):
        list(lines)
    drawn = sorted(path.name for path in (tmp_path / "check").iterdir())
    assert drawn == ["layout_emotion_gait16.png", "layout_small.png"]


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


def test_every_file_that_is_not_taken_is_named_with_the_reason(folder, tmp_path):
    more = {
        "walk.fbx": "Kaydara",
        "walk.mot": "nRows=3",
        "notes.txt": "none",
        "scan.bvh": "cut off",
        "b.csv": "1,2,3\n",
        "README": "-",
    }
    for name, text in more.items():
        (folder / name).write_text(text)
    lines = list(propose_manifest(folder, tmp_path / "new.csv"))
    left_out = {Path(line.split(": ")[1]).name: line.split(": ", 2)[2] for line in lines if "left out: " in line}
    assert left_out == {
        "ages.csv": "a table without joints in its columns: subject, age",
        "b.csv": "a table of 3 columns without a heading",
        "scan.bvh": "a BVH file has the parts HIERARCHY and MOTION (got 'cut off')",
        "walk.fbx": f"not read: {WHAT_IT_IS['.fbx']}",
        "walk.mot": f"not read: {WHAT_IT_IS['.mot']}",
        "notes.txt": "expected a table of positions (got a text without numbers in columns)",
        "README": "a name without an ending",
    }
    assert all(Path(row["path"]).suffix == ".npz" for row in rows(tmp_path / "new.csv"))


def test_of_many_files_with_one_reason_the_rest_are_counted(folder, tmp_path):
    for n in range(130):
        (folder / f"{n}.jpg").write_text("")
    lines = [line for line in propose_manifest(folder, tmp_path / "new.csv") if ".jpg files" in line]
    assert len(lines) == 101
    assert lines[-1] == "no recording, left out: 30 more: .jpg files hold no motion that is read"


def test_a_folder_without_motion_is_told_why(tmp_path):
    (tmp_path / "walk.mvnx").write_text("")
    with pytest.raises(InputError, match=r"none with motion in it; walk\.mvnx: not read: Xsens MVN's own"):
        propose_manifest(tmp_path, tmp_path / "new.csv")
    (tmp_path / "a.csv").write_text("1,2,3\n")
    with pytest.raises(InputError, match=r"in it; a\.csv: a table of 3 columns .*, walk\.mvnx: not read"):
        propose_manifest(tmp_path, tmp_path / "new.csv")


def test_cycles_of_unknown_emotions_are_counted(folder, tmp_path):
    list(propose_manifest(folder, tmp_path / "new.csv"))
    text = (tmp_path / "new.csv").read_text()
    (tmp_path / "new.csv").write_text(text.replace(",angry,", ",,").replace(",sad,", ",,"))
    lines = []
    with pytest.raises(InputError, match=r"known subjects and emotions .* \(got 4 x unknown emotion\)"):
        lines.extend(check_data(tmp_path / "new.csv"))
    assert sum("left out: unknown emotion; " in line and "cycle" in line for line in lines) == 4
    table = [line.split() for line in lines]
    assert ["subject", "unknown", "cycles"] in table
    assert ["ana", "2", "2"] in table


def test_unlike_skeletons_are_told_and_a_layout_may_be_named(folder, tmp_path, walk):
    np.save(folder / "eva_sad.npy", walk().positions[:, :13])
    lines = list(propose_manifest(folder, tmp_path / "a.csv"))
    assert any(line.startswith("layout unknown of 1: expected a layout") for line in lines)
    lines = list(propose_manifest(folder, tmp_path / "b.csv", layout="emotion_gait16"))
    assert any(line.startswith("layout unknown of 1: positions must have shape [T, 16, 3]") for line in lines)
    assert {row["layout"] for row in rows(tmp_path / "b.csv")} == {"emotion_gait16"}
