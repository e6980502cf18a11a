"""Tracing a program takes seconds, so all tests but those of mistakes are marked."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from stgcn_affect.data.subject_baseline import Strides
from stgcn_affect.data.walk import read_walk
from stgcn_affect.errors import InputError
from stgcn_affect.motion.map_layout import map_layout
from stgcn_affect.release.encoder_branch import EmotionBranch
from stgcn_affect.release.encoder_check import check_encoder
from stgcn_affect.release.encoder_files import export_encoder, released_layout
from stgcn_affect.release.released import is_released, load_released
from stgcn_affect.skeleton.layout import Layout

NAMES = tuple(f"walker_{number:02d}" for number in range(1, 7))


@pytest.fixture
def recording(walk, tmp_path):
    """The file of a stiff walker."""
    clip = walk(strides=4)
    np.savez(tmp_path / "walk.npz", positions=clip.positions, fps_hz=clip.fps_hz, joints=np.array(clip.layout.joints))
    return tmp_path / "walk.npz"


@pytest.fixture
def copied(released_folder, tmp_path):
    """A copy of the released folder, to be changed."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for path in released_folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture(scope="module")
def branch(untrained_model):
    return EmotionBranch(untrained_model.network, untrained_model.layout)


@pytest.mark.tool
def test_a_released_encoder_predicts_as_the_model(released_folder, untrained_model, recording):
    released = load_released(released_folder)
    walk = read_walk(recording, layout=released.layout)
    found, wanted = released.predict(walk), untrained_model.predict(walk)
    np.testing.assert_allclose(found.cycles, wanted.cycles, atol=1e-5)
    np.testing.assert_allclose(found.outlier_score, wanted.outlier_score, atol=1e-5)
    assert found.emotion == wanted.emotion
    one = replace(walk, cycles=walk.cycles[:1])
    for many, alone in zip(released.predict_many([walk, one]), (found, released.predict(one)), strict=True):
        np.testing.assert_allclose(many.cycles, alone.cycles, atol=1e-6)
    assert released.predict_many([]) == []
    assert released.encode(one).shape == (1, 8)
    assert repr(released) == "ReleasedEncoder(neutral, sad on emotion_gait16, 16 joints)"


@pytest.mark.tool
def test_it_predicts_without_the_code_of_training(released_folder, recording):
    code = (
        "import sys, stgcn_affect as sa\n"
        f"encoder = sa.load_released({str(released_folder)!r})\n"
        f"print(encoder.predict(sa.read_walk({str(recording)!r}, layout=encoder.layout)))\n"
        "print(*sorted({name.split('.')[1] for name in sys.modules if name.startswith('stgcn_affect.')}))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    said, modules = done.stdout.splitlines()
    assert said.startswith("Prediction(")
    assert set(modules.split()) <= {
        "data",
        "errors",
        "files",
        "lazy",
        "motion",
        "pyg",
        "release",
        "settings",
        "skeleton",
    }
    assert not done.stderr


@pytest.mark.tool
def test_the_json_says_what_other_software_must_know(released_folder, untrained_model):
    about = json.loads((released_folder / "encoder.json").read_text())
    assert about["emotions"] == ["neutral", "sad"]
    assert about["temperature"] == untrained_model.temperature
    assert about["outlier_threshold"] == untrained_model.outlier_threshold
    assert Layout.from_dict(about["layout"], "json").joints == untrained_model.layout.joints
    weights = load_file(released_folder / "weights.safetensors")
    np.testing.assert_allclose(about["normalisation"]["mean"], weights["channels.mean"][0, 0])
    np.testing.assert_allclose(about["normalisation"]["bone_lengths"], weights["channels.retarget.lengths"])


@pytest.mark.tool
def test_the_check_finds_nothing_in_what_is_written(released_folder, branch):
    found = check_encoder(released_folder, branch, names=NAMES)
    assert found.files == ("README.md", "encoder.json", "encoder.pt2", "weights.safetensors")
    assert (found.names, found.quoted) == (6, 0)
    assert found.size > 100_000
    assert found.tensors > len(branch.state_dict())


@pytest.mark.tool
def test_the_check_finds_a_name_wherever_it_stands(copied, branch):
    card = copied / "README.md"
    card.write_text("# Walks of walker_03\n")
    with pytest.raises(InputError, match=r"README\.md: expected no subject's name in it \(got 'walker_03'\)"):
        check_encoder(copied, branch, names=NAMES)
    card.write_text("# A card\n")
    tensors = load_file(copied / "weights.safetensors")
    save_file(tensors, copied / "weights.safetensors", metadata={"of": "walker_05"})
    with pytest.raises(InputError, match=r"weights\.safetensors: expected no subject's name .* \(got 'walker_05'\)"):
        check_encoder(copied, branch, names=NAMES)
    with pytest.raises(InputError, match=r"encoder\.pt2/.*model\.json: expected no subject's name .* \(got 'aten'\)"):
        check_encoder(copied, branch, names=("aten",))


@pytest.mark.tool
def test_the_check_finds_other_tensors_and_files(copied, branch):
    path = copied / "weights.safetensors"
    tensors = load_file(path)
    save_file(tensors | {"identity.weight": torch.zeros(3)}, path)
    with pytest.raises(InputError, match=r"weights\.safetensors: .* \(got others: identity\.weight; missing: none\)"):
        check_encoder(copied, branch, names=NAMES)
    save_file(tensors | {"head.bias": tensors["head.bias"] + 1e-6}, path)
    with pytest.raises(InputError, match=r"expected the tensor head\.bias of the emotion branch"):
        check_encoder(copied, branch, names=NAMES)
    save_file(tensors, path)
    (copied / "subjects.txt").write_text("")
    with pytest.raises(InputError, match=r"expected the files .* \(got README\.md, .* subjects\.txt"):
        check_encoder(copied, branch, names=NAMES)


@pytest.mark.tool
def test_onnx_gives_the_same_numbers(untrained_model, branch, some_cycles, tmp_path):
    pytest.importorskip("onnxscript")
    runtime = pytest.importorskip("onnxruntime")
    export_encoder(untrained_model, tmp_path / "out", card="# A card\n", onnx=True)
    session = runtime.InferenceSession(tmp_path / "out" / "encoder.onnx")
    for rows in (slice(0, 5), slice(0, 1)):
        positions, times = some_cycles.positions[rows], some_cycles.stride_time_s[rows]
        found = session.run(None, {"positions": positions.numpy(), "stride_time_s": times.numpy()})
        for one, wanted in zip(found, branch(positions, times), strict=True):
            np.testing.assert_allclose(one, wanted, atol=1e-4)
    assert "encoder.onnx" in check_encoder(tmp_path / "out", branch, names=NAMES).files
    other = EmotionBranch(untrained_model.network, untrained_model.layout)
    other.encoder.readout.weight.mul_(2.0)
    with pytest.raises(InputError, match="expected the tensor"):
        check_encoder(tmp_path / "out", other, names=NAMES)


def test_the_rest_pose_of_a_persons_skeleton_is_not_released(untrained_model, walk):
    assert released_layout(untrained_model) is untrained_model.layout  # an embedded one
    own = untrained_model.layout.to_dict()
    person = Layout.from_dict({**own, "name": "bvh16", "rest": (np.array(own["rest"]) * 1.1).tolist()}, "a person's")
    found = released_layout(replace(untrained_model, layout=person))
    assert (found.name, found.joints, dict(found.roles)) == ("bvh16", person.joints, dict(person.roles))
    mean = untrained_model.network.decoder.mean[:, 0]
    np.testing.assert_allclose(found.rest, 1.7 * mean, atol=1e-3)
    assert map_layout(walk(), found)[1] == []


def test_what_cannot_be_released_is_told_in_one_line(untrained_model, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("")
    with pytest.raises(InputError, match=r"full: expected a new folder \(got one with files in it"):
        export_encoder(untrained_model, tmp_path / "full", card="")
    beside = replace(untrained_model, average_baseline=Strides(np.zeros((64, 16, 3), np.float32), np.float32(1)))
    with pytest.raises(InputError, match="expected a model that judges a walk by itself"):
        export_encoder(beside, tmp_path / "new", card="")
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_no_released_encoder_is_told_in_one_line(tmp_path):
    assert not is_released(tmp_path)
    with pytest.raises(InputError, match=r"encoder\.json: expected a folder that stgcn-affect export wrote"):
        load_released(tmp_path)
    (tmp_path / "encoder.json").write_text("[")
    with pytest.raises(InputError, match=r"encoder\.json: expected JSON"):
        load_released(tmp_path)
    (tmp_path / "encoder.json").write_text('{"format": 1, "emotions": []}')
    with pytest.raises(InputError, match=r"of format 1 \(got format 1, missing: cycle_samples, layout, outlier_"):
        load_released(tmp_path)
    keys = ("emotions", "temperature", "outlier_threshold", "cycle_samples", "layout")
    (tmp_path / "encoder.json").write_text(json.dumps({"format": 1, **dict.fromkeys(keys)}))
    with pytest.raises(InputError, match=r"encoder\.pt2: expected the program of a released encoder \(got no file"):
        load_released(tmp_path)
    (tmp_path / "encoder.pt2").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match=r"encoder\.pt2: expected a program of torch\.export \(got "):
        load_released(tmp_path)
