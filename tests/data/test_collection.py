import os
import pickle
from pathlib import Path

import h5py
import numpy as np
import pytest

from stgcn_affect.data import collection as parallel
from stgcn_affect.data.collection import collection_clips, each, open_collection
from stgcn_affect.data.prepare import collection_source, prepare_files, prepare_store
from stgcn_affect.errors import InputError
from stgcn_affect.motion.clip import Unreadable
from walking_figure import walking_figure


def test_results_come_in_order_for_any_number_of_processes():
    for jobs in (1, 2, None):
        assert list(each(abs, [-3, 2, -1], files=[], jobs=jobs)) == [3, 2, 1]


def test_large_files_are_worth_processes(tmp_path, monkeypatch):
    asked = []

    class Pool:
        def __init__(self, n_jobs, **_):
            asked.append(n_jobs)

        def __call__(self, tasks):
            return (call(*given) for call, given, _ in tasks)

    monkeypatch.setattr(parallel, "Parallel", Pool)
    monkeypatch.setattr(parallel, "cpu_count", lambda: 8)
    (tmp_path / "a").write_bytes(b"12345")
    monkeypatch.setattr(parallel, "WORTH_BYTES", 6)
    assert list(each(abs, [-1, -2], files=[tmp_path / "a"])) == [1, 2]
    assert asked == []
    monkeypatch.setattr(parallel, "WORTH_BYTES", 5)
    assert list(each(abs, [-1, -2], files=[tmp_path / "a"])) == [1, 2]
    assert asked == [2]


def test_no_process_is_a_mistake():
    with pytest.raises(InputError, match=r"jobs: expected one process or more \(got -1\)"):
        each(abs, [1], files=[], jobs=-1)


BVH = "broken on purpose"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "walks"
    folder.mkdir()
    (folder / "a.bvh").write_text(BVH)
    (folder / "b.bvh").write_text(BVH)
    (folder / "manifest.csv").write_text("path,subject,emotion,take\na.bvh,ana,sad,1\nb.bvh,ben,sad,1\n")
    return folder


def test_a_folder_with_a_manifest_and_the_manifest_are_the_same_set(folder):
    by_folder, by_file = open_collection(folder), open_collection(folder / "manifest.csv")
    assert by_folder.name == by_file.name == "walks"
    assert by_folder.files == by_file.files == [folder / "a.bvh", folder / "b.bvh"]
    assert by_folder.count() == 2


def test_a_broken_file_is_told_and_passed_over(folder):
    found = list(collection_clips(folder))
    assert [type(clip) for clip in found] == [Unreadable, Unreadable]
    assert found[0].source == str(folder / "a.bvh")
    assert str(folder) not in found[0].reason


def test_an_emotion_gait_folder_and_its_file_are_the_same_set(stick_gait):
    by_folder, by_file = open_collection(stick_gait), open_collection(stick_gait / "features.h5")
    assert by_folder.name == by_file.name == "stick-gait"
    assert [path.name for path in by_folder.files] == ["features.h5", "labels.h5"]
    assert by_folder.count() == 8
    assert by_folder.digest() == by_file.digest()
    assert sum(bool(clip.emotion) for clip in by_folder.clips()) == 7


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty", r"no data set: expected .*\(got a folder with neither manifest.csv nor features.h5\)"),
        ("missing", r"no data set: expected .*\(got nothing there\)"),
        ("walk.bvh", r"no data set: expected .*\(got a file ending in '.bvh'\)"),
    ],
)
def test_what_is_no_data_set_is_told_what_one_is(tmp_path, name, words):
    (tmp_path / "empty").mkdir()
    (tmp_path / "walk.bvh").write_text(BVH)
    with pytest.raises(InputError, match=words):
        collection_clips(tmp_path / name)


def test_the_digest_follows_bytes_labels_and_layout_but_not_the_place(folder, tmp_path):
    digest = open_collection(folder).digest()
    assert digest != open_collection(folder, layout="coco17").digest()
    moved = folder.rename(tmp_path / "moved")
    assert open_collection(moved).digest() == digest
    (moved / "a.bvh").write_text(BVH + " ")
    changed = open_collection(moved).digest()
    assert changed != digest
    (moved / "manifest.csv").write_text("path,subject,emotion,take\na.bvh,ana,sad,1\nb.bvh,ben,happy,1\n")
    assert open_collection(moved).digest() not in (digest, changed)


def test_the_quality_of_a_row_goes_to_its_clips_and_into_the_digest(tmp_path, walk):
    clip = walk(strides=3)
    np.savez(tmp_path / "w.npz", positions=clip.positions, fps_hz=clip.fps_hz, joints=np.array(clip.layout.joints))
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("path,subject,emotion,take\nw.npz,ana,sad,1\n")
    plain = open_collection(manifest, layout="emotion_gait16")
    manifest.write_text("path,subject,emotion,take,quality\nw.npz,ana,sad,1,camera\n")
    camera = open_collection(manifest, layout="emotion_gait16")
    assert [[clip.attributes.get("quality") for clip in one.clips()] for one in (plain, camera)] == [[None], ["camera"]]
    assert plain.digest() != camera.digest()


def test_a_cache_may_not_lie_in_the_data_folder(folder, tmp_path):
    collection = open_collection(folder)
    for out in (folder, folder / "cache", tmp_path / "walks" / ".." / "walks" / "cache"):
        with pytest.raises(InputError, match="expected a cache outside of the data folder"):
            collection.check_outside(out)
    collection.check_outside(tmp_path / "cache")


def test_what_a_manifest_says_of_a_subject_goes_with_every_clip_and_counts_for_the_digest(tmp_path):
    for name in ("a", "b"):
        np.save(tmp_path / f"{name}.npy", np.random.default_rng(0).normal(size=(8, 16, 3)))
    manifest = tmp_path / "manifest.csv"
    head = "path,subject,emotion,take,fps_hz,layout"
    lines = [f"{who[0]}.npy,{who},sad,1,30,emotion_gait16" for who in ("ana", "ben")]
    manifest.write_text("\n".join([head, *lines]))
    plain = open_collection(manifest)
    manifest.write_text("\n".join([f"{head},gender", f"{lines[0]},f", f"{lines[1]},"]))
    known = open_collection(manifest)
    assert [set(clip.attributes) - {"unit", "up_axis"} for clip in plain.clips()] == [set(), set()]
    assert [clip.attributes.get("gender") for clip in known.clips()] == ["f", None]
    assert all("unit" in clip.attributes for clip in known.clips())
    assert known.digest() != plain.digest()


@pytest.mark.skipif("STGCN_AFFECT_DATA" not in os.environ, reason="needs STGCN_AFFECT_DATA")
def test_real_emotion_gait_has_twenty_subjects_with_four_emotions():
    clips = [
        clip
        for clip in collection_clips(Path(os.environ["STGCN_AFFECT_DATA"]) / "emotion-gait")
        if not isinstance(clip, Unreadable) and clip.emotion
    ]
    assert len(clips) == 80
    assert len({(clip.subject, clip.emotion) for clip in clips}) == 80
    assert {clip.emotion for clip in clips} == {"angry", "happy", "neutral", "sad"}
    assert all(np.isfinite(clip.positions).all() for clip in clips)


def test_clips_of_one_file_keep_their_own_takes_in_a_manifest(stick_gait):
    (stick_gait / "manifest.csv").write_text("path,subject,emotion,take\nfeatures.h5,,,\n")
    clips = list(open_collection(stick_gait).clips())
    assert [clip.take for clip in clips] == [clip.take for clip in open_collection(stick_gait / "features.h5").clips()]


def test_pyskl_annotations_alone_are_a_set(tmp_path, walk):
    annotations = [{"frame_dir": name, "keypoint": walk().positions[None], "fps": 60} for name in "ab"]
    (tmp_path / "walks.pkl").write_bytes(pickle.dumps(annotations))
    clips = list(open_collection(tmp_path / "walks.pkl", layout="emotion_gait16").clips())
    assert [clip.take for clip in clips] == ["a", "b"]


@pytest.mark.parametrize("ending", [".pkl", ".h5"])
def test_a_faulty_clip_of_many_is_named_and_the_others_are_used(tmp_path, ending):
    figure = walking_figure("emotion_gait16", seconds=4.8)
    path = tmp_path / f"walks{ending}"
    if ending == ".pkl":
        good = {"keypoint": figure.positions[None], "fps": 30, "subject": "ana", "label": "sad"}
        path.write_bytes(pickle.dumps([{**good, "frame_dir": "a"}, {**good, "frame_dir": "b", "fps": None}]))
    else:
        with h5py.File(path, "w") as file:
            file["001_Sad_positions.csv"] = figure.positions.reshape(-1, 48)
            file["002_Sad_positions.csv"] = figure.positions[0]
    collection = open_collection(path, layout="emotion_gait16")
    first, second = prepare_files(collection)
    assert len(first.cycles) == 3
    assert first.emotion == "sad"
    assert second.source == f"{path}:{'b' if ending == '.pkl' else '002_Sad_positions.csv'}"
    assert second.left_out.startswith("expected ")
    _, found = prepare_store(collection_source(collection))
    assert found.skipped == ((second.source, second.left_out),)
