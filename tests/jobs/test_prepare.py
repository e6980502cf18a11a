import os
from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.data.store import open_store
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.prepare import prepare_data

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
    assert reports[0].words() == reports[1].words()
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
