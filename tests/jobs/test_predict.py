import csv
from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.data.subject_baseline import Strides
from stgcn_affect.data.walk import read_walk
from stgcn_affect.errors import InputError
from stgcn_affect.jobs import predict as module
from stgcn_affect.jobs.predict import open_predictor, predict_files
from stgcn_affect.training.checkpoint import save_model


@pytest.fixture
def model(untrained_model, tmp_path):
    """The file of a model."""
    save_model(tmp_path / "model.pt", untrained_model)
    return tmp_path / "model.pt"


@pytest.fixture
def folder(walk, tmp_path):
    """Two recordings of stiff walkers, one that stands, a file that is broken and one that is none."""
    folder = tmp_path / "walks"
    folder.mkdir()
    for name, clip in {"a": walk(strides=3), "b": walk(strides=2, stride_time_s=1.3), "c": walk(swing=0)}.items():
        np.savez(folder / name, positions=clip.positions, fps_hz=clip.fps_hz, joints=np.array(clip.layout.joints))
    (folder / "broken.npz").write_bytes(b"PK")
    (folder / "notes.md").write_text("none")
    return folder


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_recording_is_a_row_with_the_numbers_of_predict(model, untrained_model, folder, tmp_path):
    found = predict_files(model, [folder], tmp_path / "p.csv")
    assert [one.source for one in found] == [str(folder / f"{name}.npz") for name in ("a", "b", "broken", "c")]
    for one in found[:2]:
        walk = read_walk(one.source, untrained_model.layout)
        alone = untrained_model.predict(walk)
        np.testing.assert_allclose(one.prediction.cycles, alone.cycles, atol=1e-6)
        np.testing.assert_allclose(one.prediction.outlier_score, alone.outlier_score, rtol=1e-6)
        assert one.stride_time_s == tuple(cycle.stride_time_s for cycle in walk.cycles)
        assert one.notes == walk.notes
    table = rows(tmp_path / "p.csv")
    assert [row["left_out"] != "" for row in table] == [False, False, True, True]
    assert table[3]["duration_s"] == "2.583"  # 156 frames, 60 a second
    assert len(rows(tmp_path / "p_cycles.csv")) == sum(int(row["cycles"]) for row in table) > 2


def test_parts_and_processes_change_nothing(model, folder, tmp_path, monkeypatch):
    one = predict_files(model, [folder], tmp_path / "one.csv")
    monkeypatch.setattr(module, "PART", 1)
    two = predict_files(model, [folder], tmp_path / "two.csv", progress=lambda items, count: list(items)[:count])
    assert [a.source for a in one] == [b.source for b in two]
    assert rows(tmp_path / "one.csv") == rows(tmp_path / "two.csv")


def test_a_file_that_is_not_there_is_a_row_and_each_counts_once(model, folder, tmp_path):
    given = [folder / "a.npz", folder / "nothing.bvh", folder / "poem.docx", folder]
    found = predict_files(model, given, tmp_path / "p.csv")
    assert [one.source for one in found[:4]] == [
        str(folder / n) for n in ("a.npz", "nothing.bvh", "poem.docx", "b.npz")
    ]
    assert len(found) == 6
    assert found[1].left_out == "expected a file (got nothing of that name)"
    assert found[2].left_out.startswith("expected a file ending in .bvh, ")


def test_a_manifest_gives_layout_and_frame_rate(model, walk, tmp_path):
    clip = walk(strides=3)
    np.save(tmp_path / "bare.npy", clip.positions)
    lines = ["path,subject,emotion,take,fps_hz,layout", f"bare.npy,,,,{clip.fps_hz},emotion_gait16"]
    (tmp_path / "manifest.csv").write_text("\n".join(lines))
    for given in (tmp_path, tmp_path / "manifest.csv"):
        (found,) = predict_files(model, [given], tmp_path / "out" / "p.csv")
        assert found.prediction is not None
    how = {"layout": "emotion_gait16", "fps_hz": 30.0, "quality": "camera"}
    (found,) = predict_files(model, [tmp_path / "bare.npy"], tmp_path / "out" / "p.csv", **how)
    assert found.stride_time_s[0] == pytest.approx(2.0, abs=0.05)
    assert found.from_camera


def test_tables_of_before_are_no_recordings(model, folder):
    for _ in range(2):
        found = predict_files(model, [folder], folder / "p.csv")
        assert len(found) == 4


def test_a_defect_of_ours_costs_one_recording(model, folder, tmp_path, monkeypatch):
    read = module.read_row

    def with_defect(row, layout):
        if row.path.name == "a.npz":
            raise ZeroDivisionError("by zero")
        return read(row, layout)

    monkeypatch.setattr(module, "read_row", with_defect)
    found = predict_files(model, [folder], tmp_path / "p.csv")
    assert found[0].left_out == "a defect of this package, please report it: ZeroDivisionError: by zero"
    assert found[1].prediction is not None


def test_what_cannot_be_done_is_told_in_one_line(model, untrained_model, folder, tmp_path):
    with pytest.raises(InputError, match=r"expected the name of a \.csv \(got .*p\.txt\)"):
        predict_files(model, [folder], tmp_path / "p.txt")
    with pytest.raises(InputError, match=r"p\.csv: expected a recording with a gait cycle \(got none in 1; "):
        predict_files(model, [folder / "broken.npz"], tmp_path / "p.csv")
    assert len(rows(tmp_path / "p.csv")) == 1
    strides = Strides(np.zeros((64, 16, 3), np.float32), np.float32(1.0))
    save_model(tmp_path / "beside.pt", replace(untrained_model, average_baseline=strides))
    with pytest.raises(InputError, match=r"expected a model that judges a walk by itself \(got one that compares"):
        open_predictor(str(tmp_path / "beside.pt"))
