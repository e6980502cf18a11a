"""``tools/train.py`` from its arguments to its files, as a user runs it."""

import json
import os
from pathlib import Path

import h5py
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from stgcn_affect.cli.train import main
from stgcn_affect.training.checkpoint import read_model

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.tool

SMALL = [
    *("synthetic.walkers=7", "synthetic.takes=2", "protocol.test_subjects=2", "protocol.validation_subjects=2"),
    *("train.epochs=3", "train.log_every=2", "network.width=4", "network.blocks=1", "train.patience=0"),
]


def run(*arguments: str) -> int:
    return int(main([str(argument) for argument in arguments]))


@pytest.fixture(autouse=True)
def _no_pictures(skip_pictures, monkeypatch):
    """Pictures are looked at in ``finished`` only, which is made before this."""
    skip_pictures(monkeypatch)


def results(folder: Path) -> dict:
    return json.loads((folder / "results.json").read_text())


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "small"
    assert run(*SMALL, "--out", folder) == 0
    return folder


def test_the_results_keep_their_contract(finished):
    found = results(finished)
    assert found["dataset"].items() >= {"name": "synthetic", "subjects": 7, "takes": 7 * 4 * 2}.items()
    assert found["dataset"]["emotions"] == ["angry", "happy", "neutral", "sad"]
    assert isinstance(found["dataset"]["generator_version"], str)
    assert found["protocol"] == {"kind": "fixed", "subject_baseline": "", "folds": 1, "seeds": [0]}
    emotion = found["emotion"]
    assert emotion["chance"] == 0.25
    assert emotion["n_subjects"] == 2
    assert emotion["ci95"][0] <= emotion["balanced_accuracy"] <= emotion["ci95"][1]
    assert sum(map(sum, emotion["confusion"])) == emotion["n_cycles"]
    assert set(emotion["per_class_recall"]) == set(found["dataset"]["emotions"])
    known = found["privacy"]["seen_subjects"]
    assert known["chance"] == pytest.approx(1 / 3)  # 7 subjects, less 2 to test and 2 to validate
    for release in ("raw", "z_identity", "z_emotion"):
        block = known[release]
        assert set(block["attackers"]) == {"logistic_regression", "nearest_neighbour"}
        assert block["accuracy"] == max(block["attackers"].values())
        assert block["ci95"][0] <= block["accuracy"] <= block["ci95"][1]
    assert found["seconds"] > 0
    assert found["versions"]["torch"] == torch.__version__


def test_the_model_knows_what_its_outputs_mean(finished):
    model = read_model(finished / "model.pt")
    assert model.emotions == ("angry", "happy", "neutral", "sad")
    assert len(model.subjects) == 3
    assert list(model.subjects) == model.parts["train"]
    parts = [set(subjects) for subjects in model.parts.values()]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 7
    assert model.layout.name == "emotion_gait16"
    assert model.config["train"]["epochs"] == 3


def test_tensorboard_has_every_term_and_every_picture(finished):
    events = EventAccumulator(str(finished))
    events.Reload()
    tags = events.Tags()
    for term in ("emotion", "identity", "adversary_identity", "adversary_emotion", "within_class_variance", "transfer"):
        assert f"loss/{term}" in tags["scalars"]
    for name in ("adversary_identity", "adversary_emotion"):
        assert {f"accuracy/{name}", f"accuracy/{name}_chance"} <= set(tags["scalars"])
    assert events.Scalars("accuracy/adversary_identity_chance")[0].value == pytest.approx(1 / 3)
    assert {"train/reversal", "validation/emotion_balanced_accuracy"} <= set(tags["scalars"])
    assert len(events.Scalars("loss/emotion")) == 3
    assert [image.step for image in events.Images("explanation/validation_subjects")] == [2, 3]  # milestones
    pictures = {"skeleton/edge_importance", "cycles/by_emotion", "cycles/walking"}
    assert pictures <= set(tags["images"])
    assert tags["graph"]
    assert {f"test/{emotion}" for emotion in ("angry", "happy", "neutral", "sad")} <= set(tags["tensors"])
    pictures = {"skeleton/graph", "latents/z_emotion", "latents/z_identity", "validation/confusion", "test/confusion"}
    assert pictures <= set(tags["images"])
    gif = events.Images("transfer/emotion_of_A_on_body_of_B")[0].encoded_image_string
    assert gif.startswith(b"GIF8")
    assert gif == (finished / "transfer.gif").read_bytes()
    assert "emotion\tsubject\tpart" in next(finished.glob("*/z_emotion/metadata.tsv")).read_text()
    assert not [folder for folder in finished.iterdir() if folder.is_dir() and list(folder.glob("events*"))]


def test_a_finished_run_is_not_overwritten(finished, capsys):
    before = (finished / "results.json").read_bytes()
    assert run(*SMALL, "--out", finished) == 2
    assert "--resume" in capsys.readouterr().err
    assert (finished / "results.json").read_bytes() == before


def test_resuming_with_other_settings_is_refused(finished, capsys):
    assert run(*SMALL, "train.epochs=4", "--out", finished, "--resume") == 2
    assert "train.epochs=3 (got 4)" in capsys.readouterr().err


def test_an_interrupted_run_ends_as_if_it_had_not_been(finished, tmp_path, monkeypatch, capsys):
    import stgcn_affect.jobs.train_fold as job

    def dies(logger, report, *rest, **more):
        if report.epoch == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(job, "record_epoch", dies)
        assert run(*SMALL, "--out", tmp_path / "run") == 130
    assert "train.py: interrupted\n" in capsys.readouterr().err
    assert not (tmp_path / "run" / "results.json").exists()
    assert run(*SMALL, "--out", tmp_path / "run", "--resume") == 0
    again, once = results(tmp_path / "run"), results(finished)
    assert {key: again[key] for key in ("emotion", "privacy")} == {key: once[key] for key in ("emotion", "privacy")}
    weights = [read_model(folder / "model.pt").network.state_dict() for folder in (tmp_path / "run", finished)]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[1])
    assert "seen subjects re-identified from z_emotion" in capsys.readouterr().out


def test_grouped_folds_judge_every_subject_once(tmp_path, capsys):
    folder = tmp_path / "run"
    grouped = ("protocol.kind=grouped", "protocol.folds=2", "protocol.validation_subjects=1", "train.epochs=1")
    assert run(*SMALL, *grouped, "--out", folder) == 0
    found = results(folder)
    assert found["emotion"]["n_subjects"] == 7
    assert found["emotion"]["n_cycles"] == found["dataset"]["cycles"]
    models = [read_model(folder / f"fold-{i:02d}" / "model.pt") for i in range(2)]
    assert sorted(models[0].parts["test"] + models[1].parts["test"]) == [f"walker_{i:02d}" for i in range(1, 8)]
    trained = (folder / "fold-00" / "model.pt").stat().st_mtime_ns
    assert run(*SMALL, *grouped, "--out", folder, "--resume") == 0
    assert (folder / "fold-00" / "model.pt").stat().st_mtime_ns == trained
    assert "2 models" in capsys.readouterr().out


def test_folds_side_by_side_give_the_same_bits(tmp_path, capsys):
    grouped = ("protocol.kind=grouped", "protocol.folds=2", "protocol.validation_subjects=1", "train.epochs=1")
    for jobs in ("1", "2"):
        assert run(*SMALL, *grouped, "--jobs", jobs, "--out", tmp_path / jobs) == 0
    for fold in ("fold-00", "fold-01"):
        one, two = (read_model(tmp_path / jobs / fold / "model.pt").network.state_dict() for jobs in ("1", "2"))
        assert all(torch.equal(one[name], two[name]) for name in one)
        texts = [(tmp_path / jobs / fold / "predictions.csv").read_text() for jobs in ("1", "2")]
        assert texts[0] == texts[1]
    one, two = (results(tmp_path / jobs) | {"seconds": 0} for jobs in ("1", "2"))
    assert one == two
    assert "folds: 100%" in capsys.readouterr().err


def test_no_process_is_too_few(tmp_path, capsys):
    assert run(*SMALL, "--jobs", "0", "--out", tmp_path / "run") == 2
    assert capsys.readouterr().err == "train.py: --jobs: expected 1 or more (got 0)\n"


def test_files_of_ones_own(stick_gait, tmp_path, capsys):
    settings = (f"data.root={stick_gait}", "protocol.test_subjects=1", "protocol.validation_subjects=0")
    assert run(*SMALL, *settings, "--out", tmp_path / "run") == 0
    assert results(tmp_path / "run")["dataset"]["name"] == "stick-gait"
    said = capsys.readouterr()
    assert "WARNING: left out: 2 clips" in said.err
    assert "stick-gait: 3 subjects" in said.out


def test_the_configuration_for_files_of_ones_own(stick_gait, tmp_path):
    """Its way of training reaches the models: the decision's slope is a term, z_emotion lies on the emotions' line."""
    settings = (f"data.root={stick_gait}", "protocol.folds=3", "protocol.validation_subjects=0", "train.epochs=2")
    assert run(ROOT / "configs" / "own_data.yaml", *settings, "--out", tmp_path / "run") == 0
    assert results(tmp_path / "run")["protocol"]["folds"] == 3
    tags = EventAccumulator(str(tmp_path / "run" / "fold-00")).Reload().Tags()["scalars"]
    assert "loss/input_gradient_penalty" in tags
    model = read_model(tmp_path / "run" / "fold-00" / "model.pt")
    assert model.network.emotion_encoder.phase_samples == model.sizes["samples"]
    assert torch.linalg.matrix_rank(model.network.emotion_readout.weight.detach(), rtol=1e-4) == 1
    assert model.network.emotion_radial_clip.curvature > 0


def test_walks_compared_with_their_subjects_others(stick_gait, tmp_path, capsys):
    """A run of the calibrated protocol says so, and judges every cycle that has others."""
    settings = (f"data.root={stick_gait}", "protocol.folds=3", "train.epochs=2")
    assert run(ROOT / "configs" / "subject_baseline.yaml", *settings, "--out", tmp_path / "run") == 0
    assert "each walk compared with the subject's other takes" in capsys.readouterr().out
    assert results(tmp_path / "run")["protocol"]["subject_baseline"] == "other_takes"
    assert results(tmp_path / "run")["dataset"]["cycles"] == 6


def test_a_baseline_that_nobody_walked_is_named(stick_gait, tmp_path, capsys):
    settings = (f"data.root={stick_gait}", "protocol.subject_baseline=calm")
    assert run(ROOT / "configs" / "subject_baseline.yaml", *settings, "--out", tmp_path / "run") == 2
    said = capsys.readouterr().err
    assert (
        "subject baseline (protocol.subject_baseline): stick-gait: expected other_takes or an emotion, happy, sad"
        in said
    )
    assert "(got 'calm')" in said


def test_a_subject_with_one_emotion_is_left_out_of_attacks_with_a_warning(stick_gait, tmp_path, capsys):
    with h5py.File(stick_gait / "features.h5", "a") as features:
        del features["eva_walk_sa_1_positions.csv"]
    settings = (f"data.root={stick_gait}", "protocol.kind=loso", "protocol.validation_subjects=0", "train.epochs=1")
    assert run(*SMALL, *settings, "--out", tmp_path / "run") == 0
    assert "WARNING: subject eva has one emotion only (happy): left out of identity attacks" in capsys.readouterr().err
    found = results(tmp_path / "run")
    assert (found["protocol"]["kind"], found["protocol"]["folds"], found["emotion"]["n_subjects"]) == ("loso", 3, 3)
    # Only the fold that tests eva has two training subjects left to attack.
    assert found["privacy"]["seen_subjects"]["chance"] == 0.5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train.epoch=3"], "unknown key 'train.epoch'; the nearest is 'train.epochs'"),
        (["train.epochs=many"], "train.epochs"),
        (["network.kernel=2"], "network.kernel: expected an odd number"),
        (["nowhere.yaml"], "nowhere.yaml: no such configuration file"),
        (["a.yaml", "b.yaml"], "one configuration at most, and settings as key=value (got a.yaml, b.yaml)"),
        (["data.root=/no/such/folder"], "/no/such/folder: no data set"),
        (["data.emotions=[sad,bored]"], "(got 'bored')"),
        (["protocol.kind=grouped", "protocol.folds=40"], "too few subjects for 40 folds"),
        (["train.device=gpu"], "train.device: expected"),
    ],
)
def test_a_mistake_is_one_line_and_code_2_before_training(arguments, said, tmp_path, capsys):
    assert run(*SMALL, *arguments, "--out", tmp_path / "run") == 2
    error = capsys.readouterr().err.strip().split("\r")[-1]
    assert error.startswith("train.py: ")
    assert said in error
    assert "\n" not in error
    assert not (tmp_path / "run" / "config.yaml").exists()


@pytest.mark.skipif("STGCN_AFFECT_DATA" not in os.environ, reason="needs STGCN_AFFECT_DATA")
def test_the_main_job_on_real_subjects(tmp_path):
    root = Path(os.environ["STGCN_AFFECT_DATA"]) / "emotion-gait"
    config = ROOT / "configs" / "emotion_gait.yaml"
    assert run(config, f"data.root={root}", "train.epochs=2", "--out", tmp_path / "run") == 0
    found = results(tmp_path / "run")
    assert (found["dataset"]["subjects"], found["dataset"]["cycles"]) == (20, 80)
    assert (found["emotion"]["n_subjects"], found["emotion"]["n_cycles"]) == (20, 80)
    assert found["privacy"]["seen_subjects"]["raw"]["accuracy"] > 0.9
