import os
from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.data.store import open_store
from stgcn_affect.errors import InputError
from stgcn_affect.jobs.prepare import check_data, prepare_data

real = pytest.mark.skipif("STGCN_AFFECT_DATA" not in os.environ, reason="needs STGCN_AFFECT_DATA")


def data(name):
    return Path(os.environ["STGCN_AFFECT_DATA"]) / name


def contents(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_a_folder_becomes_a_cache_and_stays_untouched(stick_gait, tmp_path):
    before = contents(stick_gait)
    report = prepare_data(stick_gait, tmp_path / "cache")
    assert (report.name, report.cycles, report.walkers) == ("stick-gait", 6, ("ana", "ben", "eva"))
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


def test_clips_without_labels_are_kept_if_wanted(stick_gait, tmp_path):
    report = prepare_data(stick_gait, tmp_path / "cache", keep_unlabelled=True)
    assert report.cycles == 7
    assert report.emotions == {"": 1, "happy": 3, "sad": 3}
    assert open_store(tmp_path / "cache").attributes


def test_the_data_folder_is_no_place_for_a_cache(stick_gait):
    with pytest.raises(InputError, match="outside of the data folder"):
        prepare_data(stick_gait, stick_gait / "cache")


def test_check_speaks_of_every_clip_and_writes_nothing(stick_gait, tmp_path):
    before = contents(tmp_path)
    lines = list(check_data(stick_gait))
    assert len([line for line in lines if "features.h5" in line]) == 8
    assert any("tom_walk_sa_1" in line and "left out" in line for line in lines)
    assert lines[-2].startswith("stick-gait: 6 cycles of 6 takes, 3 walkers x 2 emotions (happy 3, sad 3)")
    assert lines[-1].startswith("left out: 2 clips")
    assert contents(tmp_path) == before


@real
def test_real_emotion_gait_gives_twenty_walkers_with_four_emotions(tmp_path):
    report = prepare_data(data("emotion-gait"), tmp_path / "cache")
    assert (report.cycles, report.takes, len(report.walkers)) == (80, 80, 20)
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
    assert report.walkers == ("actor",)
    assert len(report.emotions) == 8
    assert report.takes == 15
    assert [Path(source).name for source, _ in report.skipped] == ["dataset-1_walk_normal_002.bvh"]  # one second long


def test_check_speaks_of_every_clip_before_it_says_that_none_is_usable(tmp_path):
    (tmp_path / "a.bvh").write_text("no motion")
    (tmp_path / "manifest.csv").write_text("path,subject,emotion,take\na.bvh,ana,sad,1\n")
    lines = check_data(tmp_path)
    assert next(lines).startswith(f"{tmp_path / 'a.bvh'}: left out: ")
    with pytest.raises(InputError, match="expected clips of known walkers and emotions"):
        next(lines)
