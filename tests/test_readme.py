"""The README's library example runs as it stands."""

import re
from pathlib import Path

import numpy as np
import pytest

from stgcn_affect.data.synthetic import synthetic_walkers
from stgcn_affect.nn.network import DisentangledGaitNetwork
from stgcn_affect.skeleton.layout import load_layout
from stgcn_affect.training.checkpoint import Model, save_model

README = Path(__file__).parents[1] / "README.md"


def test_the_library_example_prints_probabilities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    emotions, subjects = ("angry", "happy", "neutral", "sad"), ("walker_01", "walker_02")
    layout = load_layout("emotion_gait16")
    network = DisentangledGaitNetwork(layout, emotions=len(emotions), subjects=len(subjects)).eval()
    save_model(tmp_path / "runs/default-0/model.pt", Model(network, {}, layout, emotions, subjects, {}, {}))
    clip = synthetic_walkers(walkers=1, takes=1).clips[0]
    np.savez(tmp_path / "walk.npz", positions=clip.positions, fps_hz=clip.fps_hz)
    monkeypatch.chdir(tmp_path)
    code = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    exec(code[1], {})
    printed = eval(capsys.readouterr().out)
    assert tuple(printed) == emotions
    assert sum(printed.values()) == pytest.approx(1.0, abs=1e-5)
