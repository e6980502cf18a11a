"""``tools/evaluate.py`` from its arguments to its exit code, as a user runs it on a run's folder."""

import json
import shutil
from pathlib import Path

import pytest

from stgcn_affect.jobs import emotion_tasks, evaluate, privacy_tasks

CONFIG = Path(__file__).parents[2] / "configs" / "default.yaml"
pytestmark = pytest.mark.tool


def results(folder):
    return json.loads((folder / "results.json").read_text())


def test_the_runs_cache_and_models_are_used_and_left_as_they_are(trained_run, evaluation):
    folder, before = trained_run
    assert sorted(evaluation[1]) == [(False, 0), (False, 1)]  # the plain network only: the method's models were there
    after = {path: path.stat().st_mtime_ns for path in before}
    assert after == before
    assert not (folder / "evaluation" / "cache").exists()


def test_other_data_get_a_cache_of_their_own(trained_run, evaluate_tool, tmp_path, monkeypatch):
    folder, before = trained_run
    monkeypatch.setattr(evaluate, "run_tasks", lambda *_, **__: ([], []))
    assert evaluate_tool(folder, "synthetic.seed=5", "--quick", "--out", tmp_path / "out") == 2  # no piece of it ended
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert (tmp_path / "out" / "cache").is_dir()


def test_finished_pieces_are_not_made_again(trained_run, evaluation, evaluate_tool, monkeypatch, capsys):
    def never(*_, **__):
        raise AssertionError("made again")

    for module in (emotion_tasks, privacy_tasks):
        monkeypatch.setattr(module, "open_run_cycles", never)
    before = results(evaluation[0])
    assert evaluate_tool(trained_run[0], "evaluate.permutations=50", "--quick") == 0
    after = results(evaluation[0])
    assert {**after, "seconds": 0} == {**before, "seconds": 0}
    said = capsys.readouterr().out
    assert "Verdict: z_emotion is" in said
    assert said.endswith(f"report: {evaluation[0] / 'report.md'}\n")


def test_a_dead_piece_is_reported_with_its_subjects_and_the_rest_is_kept(
    trained_run, evaluation, evaluate_tool, tmp_path, monkeypatch
):
    """Of the finished pieces, those of the first emotion fold's plain network and of one privacy fold are lost."""
    out = tmp_path / "evaluation"
    shutil.copytree(evaluation[0], out)
    for lost in ("network/000/plain_stgcn.json", "attacks/001/attacks.json"):
        (out / "tasks" / "seed-0" / lost).unlink()

    def dies(*_, **__):
        raise MemoryError("too big")

    for module in (emotion_tasks, privacy_tasks):
        monkeypatch.setattr(module, "open_run_cycles", dies)
    assert evaluate_tool(trained_run[0], "evaluate.permutations=50", "--quick", "--out", out) == 0
    found = results(out)
    assert [failure["about"] for failure in found["failures"]] == [
        "seed 0, fold 1: plain_stgcn",
        "seed 0, privacy fold 2: attacks",
    ]
    subjects = [failure["subjects"] for failure in found["failures"]]
    assert [len(names) for names in subjects] == [5, 5]
    assert all("MemoryError: too big" in failure["error"] for failure in found["failures"])
    assert found["emotion"]["n_subjects"] == 10
    assert found["baselines"]["plain_stgcn"]["n_subjects"] == 5
    assert found["privacy"]["seen_subjects"]["models"] == 1
    text = (out / "report.md").read_text()
    assert f"- seed 0, fold 1: plain_stgcn (subjects {', '.join(subjects[0])}): MemoryError: too big" in text


def test_leaky_splits_are_scored_where_they_are_asked_for_and_nothing_else_is_made_again(
    trained_run, evaluation, evaluate_tool, tmp_path, monkeypatch
):
    def never(*_, **__):
        raise AssertionError("made again")

    out = tmp_path / "evaluation"
    shutil.copytree(evaluation[0], out)
    for module in (emotion_tasks, privacy_tasks):
        monkeypatch.setattr(module, "open_run_cycles", never)
    asked = ("evaluate.permutations=50", "evaluate.leakage=true", "--quick", "--out", out)
    assert evaluate_tool(trained_run[0], *asked) == 0
    before, found = results(evaluation[0]), results(out)
    assert "leakage" not in before
    leakage = found["leakage"]
    assert list(leakage) == ["random_clips", "copies", "best_test_epoch", "by_subject"]
    assert {name: block["emotion"]["n_cycles"] for name, block in leakage.items()} == dict.fromkeys(
        leakage, found["emotion"]["n_cycles"]
    )
    assert leakage["by_subject"]["emotion"] == found["baselines"]["plain_stgcn"]
    assert found["privacy"] == before["privacy"]
    assert "## What a leaky split is worth" in (out / "report.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["runs/nowhere"], "runs/nowhere: expected the folder of a run, with config.yaml, or a configuration"),
        (
            ["{empty}"],
            "expected the folder of a run, with config.yaml, or a configuration by path or name (got neither)",
        ),
        (["{config}", "train.epoch=3"], "unknown key 'train.epoch'; the nearest is 'train.epochs'"),
        (["{config}", "evaluate.sedes=[1]"], "the nearest is 'evaluate.seeds'"),
        (["{config}", "evaluate.seeds=[]"], "evaluate.seeds: expected different numbers"),
        (["{config}", "--jobs", "0"], "--jobs: expected 1 or more (got 0)"),
        (["{config}", "data.root=/no/such/folder"], "/no/such/folder: no data set"),
        (["{config}", "synthetic.walkers=4", "synthetic.takes=1"], "too few subjects"),
        (
            ["{config}", "synthetic.walkers=10", "synthetic.takes=1", "protocol.kind=grouped", "protocol.folds=40"],
            "too few subjects for 40 folds",
        ),
    ],
)
def test_a_mistake_is_one_line_and_code_2_before_training(arguments, said, evaluate_tool, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    places = {"{config}": CONFIG, "{empty}": tmp_path / "empty"}
    assert evaluate_tool(*(places.get(word, word) for word in arguments), "--out", tmp_path / "out") == 2
    error = [line for line in capsys.readouterr().err.split("\n") if line and "it/s" not in line and "?it" not in line]
    assert error[-1].split("\r")[-1].startswith("evaluate.py: ")
    assert said in error[-1]
    assert not (tmp_path / "out" / "tasks").exists()


def test_what_argparse_refuses_is_code_2_too(evaluate_tool, capsys):
    for arguments in ([], ["x.yaml", "--backend", "spark"], ["x.yaml", "--jobs", "many"]):
        with pytest.raises(SystemExit) as left:
            evaluate_tool(*arguments)
        assert left.value.code == 2
    assert "evaluate.py: error: " in capsys.readouterr().err


def test_an_existing_dask_engine_of_two_workers_makes_the_pieces_that_lack(
    trained_run, evaluation, evaluate_tool, tmp_path, monkeypatch
):
    distributed = pytest.importorskip("distributed")
    import dask

    out = tmp_path / "evaluation"
    shutil.copytree(evaluation[0], out)
    lost = [out / "tasks" / "seed-0" / "baselines" / fold / "stride_time.json" for fold in ("000", "001")]
    before = [path.read_text() for path in lost]
    for path in lost:
        path.unlink()
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as engine:
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", engine.scheduler_address)
        with dask.config.set({"scheduler-address": engine.scheduler_address}):
            arguments = ("evaluate.permutations=50", "--quick", "--out", out, "--backend", "dask", "--jobs", "2")
            assert evaluate_tool(trained_run[0], *arguments) == 0
    found = json.loads(lost[0].read_text())["result"]["classifiers"]
    assert set(found) == set(json.loads(before[0])["result"]["classifiers"])
    assert [json.loads(path.read_text())["result"]["test"] for path in lost] == [
        json.loads(text)["result"]["test"] for text in before
    ]
    assert results(out)["failures"] == []
