"""``tools/explain.py`` from its arguments to its files, on a run of two folds."""

import csv
import json
import os
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import partial
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image

from stgcn_affect.cli.explain import main
from stgcn_affect.data.walk import read_walk
from stgcn_affect.explain.attribution.methods import METHODS
from stgcn_affect.explain.quality import faithfulness, method_choice
from stgcn_affect.jobs.benchmark import bvh_text
from stgcn_affect.jobs.explain import run as run_job
from stgcn_affect.jobs.explain import write_recording
from stgcn_affect.motion.map_layout import map_layout
from stgcn_affect.reporting import explanation_figures
from stgcn_affect.skeleton.layout import Layout, load_layout
from stgcn_affect.synthetic.walkers import synthetic_walkers
from stgcn_affect.training.checkpoint import load_model, read_model, save_model
from stgcn_affect.visual.animation import relevance_gif
from stgcn_affect.visual.style import file_name, save_figure

pytestmark = pytest.mark.tool

CONTRACT = {
    *("deletion_auc", "insertion_auc", "random_auc", "energy_auc"),
    *("sanity_spearman", "stability", "sparsity", "ground_truth_auc"),
}
FEW = ("gradcam_reference", "gradient")


def run(*arguments):
    return int(main([str(argument) for argument in arguments]))


def refused(capsys):
    """The one line that was said before the tool left with code 2."""
    said = capsys.readouterr()
    assert not said.out
    (line,) = said.err.splitlines()
    assert line.startswith("explain.py: ")
    return line


def assert_library_agrees(folder, path, found, **about):
    """The library predicts what the tool has printed, to the last digit."""
    model = load_model(folder)
    walk = read_walk(path, layout=model.layout, **about)
    prediction = model.predict(walk)
    assert dict(zip(prediction.emotions, prediction.probabilities.tolist(), strict=True)) == found["probabilities"]
    assert prediction.emotion == found["emotion"]
    assert prediction.is_outlier.sum() == found["unlike_training"]["cycles"]
    assert list(walk.notes) == found["notes"]


@pytest.fixture(scope="module")
def explained(trained_run, tmp_path_factory):
    """A copy of the run, explained in small by two methods; its pictures as SVG alone, which is half the time."""
    folder = tmp_path_factory.mktemp("explained") / "run"
    shutil.copytree(trained_run[0], folder)
    shutil.rmtree(folder / "explanations", ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(method_choice, "METHODS", {name: METHODS[name] for name in FEW})
        patch.setattr(faithfulness, "BIN_STEPS", 4)
        patch.setattr(explanation_figures, "relevance_gif", partial(relevance_gif, frames=4))
        patch.setattr(
            explanation_figures,
            "_save",
            lambda figure, where, name: save_figure(figure, path=where / f"{file_name(name)}.svg"),
        )
        assert run(folder, "--quick") == 0
    return folder


@pytest.fixture(scope="module")
def stranger():
    """The clips of a synthetic walker whom no run of the tests knows, by emotion, in metres."""
    return {clip.emotion: clip for clip in synthetic_walkers(walkers=1, takes=1, seed=77).clips}


@pytest.fixture(scope="module")
def recording(stranger):
    """The sad one."""
    return stranger["sad"]


@pytest.fixture
def undrawn(monkeypatch):
    """No pictures, which are most of the time."""
    monkeypatch.setattr(write_recording, "draw_recording", lambda *_, **__: None)


def as_npz(clip, path, **more):
    np.savez(path, positions=clip.positions, fps_hz=clip.fps_hz, joints=np.array(clip.layout.joints), **more)
    return path


def as_csv(clip, path):
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["time", *(f"{joint}_{axis}" for joint in clip.layout.joints for axis in "xyz")])
        table.writerows([i / clip.fps_hz, *frame.ravel().tolist()] for i, frame in enumerate(clip.positions))
    return path


def as_bvh(clip, path):
    path.write_text(bvh_text(clip, frames=clip.num_frames))
    return path


def as_h5(clip, path, copies=1):
    """Emotion-Gait's format: 75 frames at 30 Hz, the root at the origin."""
    frames = np.resize(np.arange(0, clip.num_frames, 2), 75)
    centred = clip.positions[frames] - clip.positions[frames][:, :1]
    with h5py.File(path, "w") as file:
        for i in range(copies):
            file[f"ana_walk_sa_{i}_positions.csv"] = centred.reshape(75, -1)
    return path


def with_toes(clip):
    """The clip with a toe before each foot, which larger layouts ask for."""
    content = clip.layout.to_dict()
    toes = [f"{side}_toe" for side in "lr"]
    content["joints"] |= {toe: f"{toe[0]}_foot" for toe in toes}
    content["roles"] |= {toe: toe for toe in toes}
    content["mirror"] = [*content["mirror"], toes]
    feet = [clip.layout.index(f"{side}_foot") for side in "lr"]
    content["rest"] = [*content["rest"], *(clip.layout.rest[feet] + [0, -0.02, 0.14]).tolist()]
    tips = clip.positions[:, feet] + np.float32([0, -0.02, 0.14])
    layout = Layout.from_dict(content | {"name": "toes"}, "toes")
    return replace(clip, positions=np.concatenate([clip.positions, tips], axis=1), layout=layout)


WRITERS = {"npz": as_npz, "csv": as_csv, "bvh": as_bvh, "h5": as_h5}


def results_of(folder):
    return json.loads((folder / "results.json").read_text())


def test_the_results_keep_their_contract(explained):
    found = results_of(explained / "explanations")
    assert set(found["methods"]) == set(FEW)
    for row in found["methods"].values():
        assert set(row) >= CONTRACT
        assert all(isinstance(row[score], float) for score in CONTRACT)
        assert 0 <= row["ground_truth_auc"] <= 1
    assert set(found["trusted"]) == {"method", "block", "why"}
    assert found["trusted"]["method"] in FEW
    layout = read_model(explained / "fold-00" / "model.pt").layout
    assert set(found["ranking"]) == {"angry", "neutral", "sad"}
    for rows in found["ranking"].values():
        assert {row["joint"] for row in rows} == set(layout.joints)
        assert [row["mean"] for row in rows] == sorted((row["mean"] for row in rows), reverse=True)
        assert all(row["ci95"][0] <= row["ci95"][1] for row in rows)
    assert found["explained"]["subjects"] == 10  # every subject was unseen once
    assert found["explained"]["models"] == 2
    assert set(found["ground_truth"]) == {"one_factor", "all_factors"}
    assert found["without_stride_time"]["accuracy"] <= 1
    assert next(iter(found["sanity_cascade"])) == "emotion_head"
    for block in found["faithfulness"].values():
        assert block["curves"]["fraction"][0] == 0
        assert block["curves"]["fraction"][-1] == 1


def test_files_and_pictures_need_no_model(explained):
    folder = explained / "explanations"
    with np.load(folder / "maps.npz") as kept:
        joints = kept["joints"].tolist()
        assert joints == list(load_layout("emotion_gait16").joints)
        names = {name.removeprefix("map ") for name in kept.files if name.startswith("map ")}
        assert {"angry", "sad", "angry minus sad", "sad without stride time"} <= names
        largest = max(np.abs(kept[f"map {name}"]).max() for name in names if "without" not in name)
        assert largest == pytest.approx(1.0)
    for picture in ("explanation_sad", "body_sad", "maps", "strips", "ranking", "contrasts", "identity"):
        assert ET.parse(folder / f"{picture}.svg").getroot().tag.endswith("svg")
    for table in ("maps", "ranking", "methods", "summary", "deletion"):
        assert len((folder / f"{table}.csv").read_text().splitlines()) >= 3
    assert getattr(Image.open(folder / "walk.gif"), "n_frames", 1) > 1


def test_a_recording_gets_its_own_folder_and_leaves_the_runs_alone(explained, recording, tmp_path, capsys):
    before = {path: path.read_bytes() for path in (explained / "explanations").iterdir() if path.is_file()}
    path = as_npz(recording, tmp_path / "my walk.npz")
    assert run(explained, path) == 0
    out = explained / "explanations" / "my walk"
    assert all(path.read_bytes() == content for path, content in before.items())
    names = {"explanation.png", "explanation.svg", "beside_average.png", "beside_average.svg", "walk.gif"}
    assert {one.name for one in out.iterdir()} == names | {"maps.npz", "maps.csv", "results.json"}
    found = results_of(out)
    assert sum(found["probabilities"].values()) == pytest.approx(1.0)
    assert found["emotion"] == max(found["probabilities"], key=found["probabilities"].get)
    assert found["calibrated_on"]["subjects"] == 2  # one of each fold
    assert all(heat >= 1 for heat in found["calibrated_on"]["temperatures"])
    assert found["explained"]["method"] == results_of(explained / "explanations")["trusted"]["method"]
    with np.load(out / "maps.npz") as kept:
        assert kept["map recording"].shape == kept["map average"].shape == (64, 16)
    said = capsys.readouterr().out
    assert "cycles of 2 validation subjects; acted emotion" in said
    assert "unlike" not in said
    assert said.splitlines()[-1] == f"pictures and tables: {out}"


def test_the_same_walk_in_any_format_says_the_same(explained, recording, tmp_path, undrawn):
    said = {}
    for kind, write in WRITERS.items():
        path = write(recording, tmp_path / f"walk.{kind}")
        assert run(explained, path, "--out", tmp_path / kind) == 0
        found = results_of(tmp_path / kind)
        assert found["cycles"] >= 1
        said[kind] = list(found["probabilities"].values())
        assert_library_agrees(explained, path, found)
    assert said["csv"] == pytest.approx(said["npz"], abs=1e-3)
    assert said["bvh"] == pytest.approx(said["npz"], abs=1e-3)


def test_c3d_markers_are_explained_too(explained, recording, tmp_path, undrawn, capsys):
    ezc3d = pytest.importorskip("ezc3d")
    clip = replace(recording, positions=recording.positions[..., [2, 0, 1]] * 1000)
    layout = load_layout("plug_in_gait18")
    joint_of = {marker: joint for joint, markers in layout.markers.items() for marker in markers}
    at = {role: clip.layout.role_position(clip.positions, role) for role in clip.layout.roles}
    at |= {f"{s}_toe": at[f"{s}_ankle"] + (140, 0, -40) for s in "lr"}
    file = ezc3d.c3d()
    points = np.stack([at[joint] for joint in joint_of.values()], axis=1)
    for name, value in (("LABELS", list(joint_of)), ("UNITS", ["mm"]), ("RATE", [clip.fps_hz])):
        file["parameters"]["POINT"][name]["value"] = value
    file["data"]["points"] = np.concatenate([points, np.ones((*points.shape[:2], 1))], axis=-1).transpose(2, 1, 0)
    file.write(str(tmp_path / "walk.c3d"))
    assert run(explained, tmp_path / "walk.c3d", "--out", tmp_path / "out") == 0
    assert "note: put on the layout emotion_gait16" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["cmu31", "bandai21"])
def test_another_layout_is_put_on_the_models_by_roles(explained, recording, tmp_path, undrawn, name, capsys):
    clip, _ = map_layout(with_toes(recording), load_layout(name))
    path = as_npz(clip, tmp_path / "walk.npz")
    assert run(explained, path, "--layout", name, "--out", tmp_path / "out") == 0
    said = capsys.readouterr().out
    assert f"note: put on the layout emotion_gait16: joints of {name} left out:" in said
    found = results_of(tmp_path / "out")
    assert found["notes"]
    assert_library_agrees(explained, path, found, file_layout=name)


def test_a_walk_unlike_the_training_is_said_to_be(explained, walk, tmp_path, undrawn, capsys):
    path = as_npz(walk(strides=4, swing=1.1), tmp_path / "walk.npz")
    assert run(explained, path, "--out", tmp_path / "out") == 0
    assert "unlike the training data: " in capsys.readouterr().out
    unlike = results_of(tmp_path / "out")["unlike_training"]
    assert unlike["cycles"] > 0
    assert unlike["farthest_over_border"] > 1


def test_a_run_without_validation_subjects_says_that_nothing_is_temperature_scaled(
    explained, recording, tmp_path, undrawn, capsys
):
    folder = tmp_path / "run"
    shutil.copytree(explained, folder, ignore=shutil.ignore_patterns("explanations"))
    for path in folder.glob("fold-*/model.pt"):
        model = read_model(path)
        save_model(path, replace(model, parts=dict(model.parts) | {"validation": []}, temperature=None))
    assert run(folder, as_npz(recording, tmp_path / "walk.npz"), "--out", tmp_path / "out") == 0
    assert "(not temperature-scaled, as the run has no validation subjects;" in capsys.readouterr().out
    found = results_of(tmp_path / "out")
    assert found["calibrated_on"] is None
    assert sum(found["probabilities"].values()) == pytest.approx(1.0)


def test_a_recording_is_compared_with_others_of_its_subject(comparing_run, stranger, tmp_path, undrawn, capsys):
    """Whoever walks everything faster is judged the same; sadness is slower than the subject's others."""
    paths = {name: as_npz(clip, tmp_path / f"{name}.npz") for name, clip in stranger.items()}
    others = [paths[name] for name in ("angry", "happy", "neutral")]
    said = {}
    for name, fps_hz in (("slow", 60.0), ("fast", 75.0)):
        ways = ("--fps", fps_hz, "--out", tmp_path / name)
        assert run(comparing_run, paths["sad"], "--others", *others, *ways) == 0
        assert f"compared with {others[0]}, " in capsys.readouterr().out
        said[name] = results_of(tmp_path / name)
        assert said[name]["compared_with"] == list(map(str, others))
    slow, fast = (list(one["probabilities"].values()) for one in said.values())
    assert said["fast"]["stride_time_s"][0] == pytest.approx(0.8 * said["slow"]["stride_time_s"][0], rel=0.02)
    assert fast == pytest.approx(slow, abs=0.02)
    assert run(comparing_run, paths["angry"], "--others", paths["sad"], "--out", tmp_path / "angry") == 0
    chance = results_of(tmp_path / "angry")["probabilities"]["sad"]
    assert said["slow"]["probabilities"]["sad"] > chance + 0.1


def test_others_are_wanted_where_the_run_compares_and_nowhere_else(
    explained, comparing_run, recording, tmp_path, capsys
):
    path, other = (as_npz(recording, tmp_path / name) for name in ("walk.npz", "other.npz"))
    for arguments, words in (
        ((comparing_run, path), f"{path}: expected recordings of the same subject after --others"),
        ((comparing_run, path, "--others", path), "--others: expected other recordings than the explained one"),
        ((comparing_run, path, "--others", tmp_path / "none.npz"), "none.npz: expected a file"),
        ((explained, path, "--others", other), "--others: expected a run that compares a walk with others"),
    ):
        assert run(*arguments, "--out", tmp_path / "out") == 2
        assert words in refused(capsys)
        assert not (tmp_path / "out").exists()
    with pytest.raises(SystemExit):
        run(comparing_run, "--others", other)
    assert "--others: expected a MOTION_FILE to compare with them" in capsys.readouterr().err


def test_what_is_asked_is_explained(explained, recording, tmp_path, undrawn):
    path = as_npz(recording, tmp_path / "walk.npz")
    ways = ("--method", "gradcam", "--block", 0, "--target", "sad-angry")
    assert run(explained, path, *ways, "--out", tmp_path / "out") == 0
    about = results_of(tmp_path / "out")["explained"]
    assert (about["method"], about["block"], about["target"]) == ("gradcam", 0, "sad-angry")
    assert about["average_of_subjects"] == 10


def test_a_release_of_a_recording_has_nothing_of_the_recording_in_it(explained, stranger, tmp_path, capsys):
    """Not its name, its cycles or its times; what is drawn walks like the training subjects do."""
    shown = {}
    for emotion in ("sad", "angry"):
        path, out = as_npz(stranger[emotion], tmp_path / f"quentin {emotion}.npz"), tmp_path / emotion
        assert run(explained, path, "--target", "sad", "--release", "--out", out) == 0
        assert "released by" in capsys.readouterr().out
        text = "".join(one.read_text() for one in out.iterdir() if one.suffix in (".svg", ".csv", ".json"))
        assert "quentin" not in text
        found = results_of(out)
        assert found["identifies_subject"] == []
        assert not {"file", "cycles", "stride_time_s", "notes", "unlike_training"} & set(found)
        with np.load(out / "maps.npz") as kept:
            assert {name for name in kept.files if name.startswith(("map ", "cycle "))} == {
                *("map released", "cycle average"),
            }
            shown[emotion] = {name: kept[name] for name in kept.files}
    np.testing.assert_array_equal(shown["sad"]["cycle average"], shown["angry"]["cycle average"])


def test_without_release_everything_says_that_it_identifies(explained, recording, tmp_path):
    assert run(explained, as_npz(recording, tmp_path / "walk.npz"), "--out", tmp_path / "out") == 0
    found = results_of(tmp_path / "out")
    assert set(found["identifies_subject"]) == {one.name for one in (tmp_path / "out").iterdir()}


def test_a_release_of_a_run_leaves_out_averages_of_few_subjects(explained, tmp_path, monkeypatch):
    monkeypatch.setattr(method_choice, "METHODS", {"gradcam_reference": METHODS["gradcam_reference"]})
    monkeypatch.setattr(faithfulness, "BIN_STEPS", 4)
    monkeypatch.setattr(run_job, "draw_explanation", lambda *_, **__: None)
    assert run(explained, "--quick", "--release", "--out", tmp_path / "out") == 0
    assert results_of(tmp_path / "out")["identifies_subject"] == []
    assert not (tmp_path / "out" / "models").exists()
    whole = explained / "explanations"
    with np.load(whole / "maps.npz") as every, np.load(tmp_path / "out" / "maps.npz") as kept:
        left_out = {name.removeprefix("map ") for name in set(every.files) - set(kept.files)}
    assert left_out == set(results_of(whole)["identifies_subject"])


def test_identity_is_explained_for_seen_subjects(explained, recording, tmp_path, capsys):
    assert run(explained, "--target", "identity") == 0
    out = explained / "explanations" / "identity"
    found = results_of(out)
    assert found["explained"]["of"].startswith("training subjects")
    (ranked,) = found["ranking"].values()
    assert ranked[0]["mean"] == pytest.approx(1.0)
    assert "joints that identify them: " in capsys.readouterr().out
    assert ET.parse(out / "explanation.svg").getroot().tag.endswith("svg")
    path = as_npz(recording, tmp_path / "walk.npz")
    assert run(explained, path, "--target", "identity", "--out", tmp_path / "out") == 2
    assert "--target identity: expected no recording" in refused(capsys)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{tmp}", "{tmp}/walk.npz"], "{tmp}: expected the folder of a finished run"),
        (["{tmp}"], "{tmp}: expected the folder of a finished run"),
        (["{run}", "{tmp}/none.npz"], "{tmp}/none.npz: expected a file (got nothing of that name)"),
        (["{run}", "{tmp}"], "expected a file ending in"),
        (["{run}", "{tmp}/broken.npz"], "{tmp}/broken.npz: expected a NumPy file"),
        (["{run}", "{tmp}/broken.bvh"], "{tmp}/broken.bvh: "),
        (["{run}", "{tmp}/many.h5"], "{tmp}/many.h5: expected a recording of one walk (got 3 clips in it)"),
        (["{run}", "{tmp}/still.npz"], "{tmp}/still.npz: expected one gait cycle or more (got none"),
        (["{run}", "{tmp}/walk.npz", "--method", "magic"], "--method: expected one of gradcam"),
        (["{run}", "{tmp}/walk.npz", "--block", "1"], "--block: expected 0 to 0"),
        (["{run}", "{tmp}/walk.npz", "--target", "bored"], "target: expected one of angry, neutral, sad"),
        (["{run}", "{tmp}/walk.npz", "--layout", "nothing"], "nothing"),
        (["{run}", "{tmp}/walk.npz", "--release", "--target", "sad-angry"], "--release: expected one emotion as"),
        (["{run}", "--method", "magic"], "--method: expected one of gradcam"),
        (["{run}", "--target", "angry-angry"], "target: expected one of angry, neutral, sad"),
        (["{run}", "--target", "identity", "--block", "7"], "--block: expected 0 to 0"),
    ],
)
def test_a_mistake_is_one_line_and_code_2(explained, recording, tmp_path, arguments, words, capsys):
    as_npz(recording, tmp_path / "walk.npz")
    still = np.repeat(recording.positions[:1], 200, axis=0)
    as_npz(replace(recording, positions=still), tmp_path / "still.npz")
    as_h5(recording, tmp_path / "many.h5", copies=3)
    for name in ("broken.npz", "broken.bvh"):
        (tmp_path / name).write_text("HIERARCHY nothing")
    places = {"tmp": tmp_path, "run": explained}
    assert run(*(argument.format(**places) for argument in arguments), "--out", tmp_path / "out") == 2
    assert words.format(**places) in refused(capsys)
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif("STGCN_AFFECT_DATA" not in os.environ, reason="needs STGCN_AFFECT_DATA")
def test_a_real_recording_is_explained(explained, tmp_path, undrawn, capsys):
    path = min((Path(os.environ["STGCN_AFFECT_DATA"]) / "bandai-namco").glob("*sad*.bvh"))
    assert run(explained, path, "--out", tmp_path / "out") == 0
    said = capsys.readouterr().out
    assert "note: put on the layout emotion_gait16" in said
    found = results_of(tmp_path / "out")
    assert found["cycles"] > 3
    assert sum(found["probabilities"].values()) == pytest.approx(1.0)
    assert_library_agrees(explained, path, found)
