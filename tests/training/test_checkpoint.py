import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stgcn_affect.errors import InputError
from stgcn_affect.training.checkpoint import FORMAT, load_safely, model_paths, read_model, save_atomically, save_model
from stgcn_affect.training.identity import IdentityStatistics
from stgcn_affect.training.model import Model

CONTENT = {"weights": torch.arange(3.0), "names": ["ana", "ben"], "more": {"epoch": 2, "loss": 0.5, "none": None}}


class RunsCode:
    """A pickle of it writes a file when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.write_text, (self.path, "owned")


@pytest.fixture
def model(toy_network, toy_cycles, toy_layout):
    sizes = {
        "cycle_samples": 16,
        "samples": 8,
        "harmonics": 2,
        "width": 4,
        "blocks": 1,
        "emotion_dim": 3,
        "identity_dim": 4,
        "decoder_width": 4,
        "decoder_harmonics": 2,
    }
    network, cycles = toy_network(seed=5, **sizes), toy_cycles()
    network.fit_statistics(cycles.positions, cycles.stride_time_s)
    network.train()(cycles.positions, cycles.stride_time_s)  # moves the running means
    return Model(
        network=network.eval(),
        sizes=sizes,
        layout=toy_layout,
        emotions=("angry", "sad"),
        subjects=("ana", "ben", "eva"),
        parts={"train": ["ana", "ben", "eva"], "validation": ["tom"], "test": []},
        config={"seed": 3, "train": {"epochs": 2}, "data": {"emotions": ["angry", "sad"]}},
        digest="of these data",
        temperature=1.25,
        outlier_threshold=1.5,
    )


def test_a_model_of_other_channels_and_strides_comes_back(model, toy_network, tmp_path):
    network = toy_network(channels=[4, 6], strides=[1, 2])
    save_model(tmp_path / "model.pt", replace(model, network=network, sizes=network.sizes))
    again = read_model(tmp_path / "model.pt")
    assert again.network.sizes == network.sizes
    assert (network.sizes["channels"], network.sizes["strides"]) == ([4, 6], [1, 2])
    assert [block.temporal.stride[0] for block in again.network.emotion_encoder.blocks] == [1, 2]


def test_a_model_comes_back_with_its_identity_statistics_and_one_of_before_without(model, tmp_path):
    kept = IdentityStatistics(np.ones(4), np.eye(4), np.zeros(3))
    save_model(tmp_path / "model.pt", replace(model, identity=kept))
    again = read_model(tmp_path / "model.pt").identity
    assert [one.tolist() for one in again] == [one.tolist() for one in kept]
    content = load_safely(tmp_path / "model.pt")
    del content["identity"]
    save_atomically(tmp_path / "before.pt", content)
    assert read_model(tmp_path / "before.pt").identity is None


def test_a_model_comes_back_with_its_outputs_and_its_names(model, toy_cycles, tmp_path):
    path = tmp_path / "run" / "model.pt"
    save_model(path, model)
    again = read_model(path)
    cycles = toy_cycles(seed=8)
    assert not again.network.training
    for one, other in zip(
        model.network(cycles.positions, cycles.stride_time_s),
        again.network(cycles.positions, cycles.stride_time_s),
        strict=True,
    ):
        assert one.equal(other)
    one, other = (m.network.decode(torch.ones(1, 3), torch.ones(1, 4)).positions for m in (model, again))
    assert one.equal(other)
    for field in ("sizes", "emotions", "subjects", "parts", "config", "digest", "temperature", "outlier_threshold"):
        assert getattr(again, field) == getattr(model, field), field
    assert again.layout.to_dict() == model.layout.to_dict()
    np.testing.assert_array_equal(again.layout.rest, model.layout.rest)


def test_a_model_file_can_be_read_without_this_package(model, tmp_path):
    save_model(tmp_path / "model.pt", model)
    content = torch.load(tmp_path / "model.pt", weights_only=True)
    assert content["emotions"] == ["angry", "sad"]
    assert list(content["layout"]["joints"]) == ["hip", "left", "right"]
    assert set(content["weights"]) == set(model.network.state_dict())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": FORMAT + 1}, f"expected a model of format {FORMAT} (got format {FORMAT + 1}, missing: nothing)"),
        ({"format": 1}, "train it again with this version of stgcn_affect (got format 1, of an earlier version)"),
        ({"format": 2}, "(got format 2, of an earlier version)"),
        ({"weights": None, "emotions": None}, "missing: emotions, weights)"),
    ],
)
def test_another_format_and_missing_parts_are_told(model, tmp_path, change, message):
    path = tmp_path / "model.pt"
    save_model(path, model)
    content = load_safely(path) | change
    save_atomically(path, {key: value for key, value in content.items() if value is not None or key not in change})
    with pytest.raises(InputError) as caught:
        read_model(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).endswith(message)


def test_content_comes_back_as_it_was(tmp_path):
    path = tmp_path / "new" / "folder" / "last.pt"
    save_atomically(path, CONTENT | {"large": 2**100})
    again = load_safely(path)
    assert again.pop("weights").equal(CONTENT["weights"])
    assert again == {"names": ["ana", "ben"], "more": {"epoch": 2, "loss": 0.5, "none": None}, "large": 2**100}
    assert [file.name for file in path.parent.iterdir()] == ["last.pt"]


@pytest.fixture(scope="module")
def bytes_of_a_checkpoint(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "whole.pt"
    save_atomically(path, CONTENT)
    return path.read_bytes()


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_told(bytes_of_a_checkpoint, tmp_path, share):
    path = tmp_path / "last.pt"
    path.write_bytes(bytes_of_a_checkpoint[: int(share * len(bytes_of_a_checkpoint))])
    with pytest.raises(
        InputError, match=r"last.pt: expected a checkpoint of tensors .*\(got a file that is broken or .*\)$"
    ):
        load_safely(path)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=40) | st.binary(max_size=20).map(lambda tail: pickle.dumps([1, "x"], 2)[:-1] + tail))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_any_other_file_is_told_in_one_line(content, tmp_path):
    path = tmp_path / "last.pt"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_safely(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("write", [torch.save, lambda release, path: path.write_bytes(pickle.dumps(release))])
def test_a_file_with_code_is_told_and_does_not_run_it(tmp_path, write):
    path, victim = tmp_path / "evil.pt", tmp_path / "victim"
    write({"weights": RunsCode(victim)}, path)
    with pytest.raises(InputError, match=r"evil\.pt"):
        load_safely(path)
    assert not victim.exists()


def test_a_pickled_module_and_a_list_are_told(tmp_path):
    path = tmp_path / "other.pt"
    torch.save({"network": torch.nn.Linear(1, 1)}, path)
    with pytest.raises(InputError, match=r"containers \(got an object of torch\.nn\.modules\.linear\.Linear\)$"):
        load_safely(path)
    torch.save([1, 2], path)
    with pytest.raises(InputError, match=r"named parts \(got list\)"):
        load_safely(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    for path in (tmp_path / "none.pt", tmp_path):
        with pytest.raises(InputError, match=r"expected a checkpoint \(got no file"):
            load_safely(path)


def test_an_old_file_survives_a_save_that_fails(tmp_path, monkeypatch):
    path = tmp_path / "last.pt"
    save_atomically(path, CONTENT)

    def disk_full(handle, mode):
        file = fdopen(handle, mode)
        file.write(b"half of")
        file.close()
        raise OSError("no space left")

    fdopen = os.fdopen
    with monkeypatch.context() as patched:
        patched.setattr(os, "fdopen", disk_full)
        with pytest.raises(OSError, match="no space left"):
            save_atomically(path, {"epoch": 3})
    assert load_safely(path)["names"] == ["ana", "ben"]
    with pytest.raises(Exception, match="pickle"):
        save_atomically(path, {"epoch": lambda: 3})
    assert load_safely(path)["names"] == ["ana", "ben"]
    save_atomically(path, {"epoch": 4})
    assert load_safely(path) == {"epoch": 4}
    assert [file.name for file in tmp_path.iterdir()] == ["last.pt"]


def test_models_of_folds_in_order_or_the_only_one(tmp_path):
    with pytest.raises(InputError, match=r"expected the folder of a finished run.*\(got none\)"):
        model_paths(tmp_path)
    (tmp_path / "model.pt").touch()
    assert model_paths(tmp_path) == [tmp_path / "model.pt"]
    for number in (1, 0, 10):
        (tmp_path / f"fold-{number:02d}").mkdir()
        (tmp_path / f"fold-{number:02d}" / "model.pt").touch()
    assert [path.parent.name for path in model_paths(tmp_path)] == ["fold-00", "fold-01", "fold-10"]
