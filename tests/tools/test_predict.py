import csv

import numpy as np
import pytest

import stgcn_affect as sa
from stgcn_affect.cli.predict import main
from stgcn_affect.jobs.benchmark import bvh_text
from stgcn_affect.synthetic.walkers import synthetic_walkers

pytestmark = pytest.mark.tool


def test_a_folder_is_predicted_by_the_average_of_a_runs_folds(trained_run, tmp_path, capsys):
    folder = tmp_path / "walks"
    folder.mkdir()
    clips = synthetic_walkers(walkers=2, takes=1, seed=7).clips[:3]
    for i, clip in enumerate(clips):
        (folder / f"{i}.bvh").write_text(bvh_text(clip, frames=clip.num_frames))
    (folder / "poem.csv").write_text("roses,violets\nred,blue\n")
    out = tmp_path / "p.csv"
    assert main([str(trained_run[0]), str(folder), "--out", str(out), "--jobs", "2"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("3 of 4 recordings predicted: ")
    assert "recordings: 100%" in said.err
    with out.open(newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["recording"].removeprefix(f"{folder}/") for row in table] == ["0.bvh", "1.bvh", "2.bvh", "poem.csv"]
    model = sa.load_model(trained_run[0])
    alone = model.predict(sa.read_walk(folder / "1.bvh", layout=model.layout))
    assert table[1]["emotion"] == alone.emotion
    found = [float(table[1][f"p_{emotion}"]) for emotion in model.emotions]
    np.testing.assert_allclose(found, alone.probabilities, atol=1e-6)


def test_a_run_that_compares_walks_is_refused_in_one_line(comparing_run, tmp_path, capsys):
    assert main([str(comparing_run), str(tmp_path), "--out", str(tmp_path / "p.csv")]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"predict.py: {comparing_run}: expected a model that judges a walk by itself (got one that ")
    assert said.count("\n") == 1


def test_the_demo_predicts_a_bare_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    clip = synthetic_walkers(walkers=1, takes=1, emotions=("sad",), seed=7).clips[0]
    (tmp_path / "walk.bvh").write_text(bvh_text(clip, frames=clip.num_frames))
    assert main(["demo", "walk.bvh"]) == 0
    assert capsys.readouterr().out.startswith("1 of 1 recordings predicted: sad 1; 0 of them outliers")
    assert (tmp_path / "predictions_cycles.csv").is_file()
