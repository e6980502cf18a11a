import shutil
from dataclasses import replace

import numpy as np
import pytest

import stgcn_affect as sa
from stgcn_affect.cli.export import main
from stgcn_affect.cli.predict import main as predict
from stgcn_affect.synthetic.walkers import synthetic_walkers

pytestmark = pytest.mark.tool


def test_one_member_of_a_run_is_released_and_predicts(trained_run, tmp_path, capsys):
    run, out = trained_run[0], tmp_path / "encoder"
    assert main([str(run), "--out", str(out)]) == 2
    assert "expected --member, one of fold-00, fold-01, as one model is released" in capsys.readouterr().err
    assert main([str(run), "--out", str(out), "--member", "fold-07"]) == 2
    assert "--member: expected one of fold-00, fold-01 (got 'fold-07')" in capsys.readouterr().err
    assert main([str(run), "--out", str(out), "--member", "fold-01"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1].split(";")[1].startswith(" none of 10 names in ")
    assert said[2].startswith("membership, walks that fitted the weights: AUC ")
    card = (out / "README.md").read_text()
    assert card.startswith("# Emotion from gait: a released encoder\n\n**It knows synthetic walkers only")
    assert "| that fitted the weights | likelihood of the true emotion | " in card
    clip = synthetic_walkers(walkers=1, takes=1, seed=7).clips[0]
    np.savez(tmp_path / "walk.npz", positions=clip.positions, fps_hz=clip.fps_hz, joints=np.array(clip.layout.joints))
    assert predict([str(out), str(tmp_path / "walk.npz"), "--out", str(tmp_path / "p.csv")]) == 0
    member = sa.load_model(run / "fold-01" / "model.pt")
    walk = sa.read_walk(tmp_path / "walk.npz", layout=member.layout)
    found = sa.load_released(out).predict(walk)
    np.testing.assert_allclose(found.cycles, member.predict(walk).cycles, atol=1e-5)


def test_without_its_cycles_a_run_is_released_untried(trained_run, tmp_path, capsys):
    run = tmp_path / "run"
    shutil.copytree(trained_run[0], run, ignore=shutil.ignore_patterns("cache", "evaluation", "explanations"))
    assert main([str(run), "--out", str(tmp_path / "out"), "--member", "fold-00"]) == 0
    assert "membership" not in capsys.readouterr().out
    assert "was not tried" in (tmp_path / "out" / "README.md").read_text()


def test_a_run_with_a_name_that_would_stay_in_the_files_is_not_released(trained_run, tmp_path, capsys):
    """A subject called as an emotion is: the emotion's name must be in the files."""
    run = tmp_path / "run"
    shutil.copytree(trained_run[0], run, ignore=shutil.ignore_patterns("cache", "evaluation", "explanations"))
    path = run / "fold-00" / "model.pt"
    model = sa.load_model(path)
    sa.save_model(path, replace(model, parts={**model.parts, "test": ["neutral"]}))
    assert main([str(run), "--out", str(tmp_path / "out"), "--member", "fold-00"]) == 2
    assert "expected no subject's name in it (got 'neutral')" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_run_that_compares_walks_is_not_released(comparing_run, tmp_path, capsys):
    assert main([str(comparing_run), "--out", str(tmp_path / "out")]) == 2
    assert "expected a model that judges a walk by itself" in capsys.readouterr().err
