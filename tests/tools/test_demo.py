"""The model that comes with the package is the one that its command makes."""

from pathlib import Path

import numpy as np
import pytest

import stgcn_affect
import stgcn_affect as sa
from stgcn_affect.cli.train import main
from stgcn_affect.config import flat_settings
from stgcn_affect.data.walk import cut_walk
from stgcn_affect.synthetic.walkers import synthetic_walkers
from stgcn_affect.training.checkpoint import DEMO_MODEL

CARD = (Path(stgcn_affect.__file__).parent / "demo" / "README.md").read_text()


def predicted(model, clips):
    """Right emotions, and probabilities ``[N, Q]``."""
    found = model.predict_many([cut_walk(clip, model.layout) for clip in clips])
    right = [one.emotion == clip.emotion for one, clip in zip(found, clips, strict=True)]
    return np.mean(right), np.stack([one.probabilities for one in found])


def test_the_demo_is_small_and_its_card_says_what_it_is():
    assert DEMO_MODEL.stat().st_size < 1_000_000
    assert "**It knows synthetic walkers only and says nothing of people.**" in CARD
    weights = sum(parameter.numel() for parameter in sa.load_model("demo").network.parameters())
    assert f"{weights:,} weights" in CARD


def test_it_recognises_synthetic_walkers_that_it_never_saw():
    clips = synthetic_walkers(walkers=3, takes=1, seed=4321).clips
    assert predicted(sa.load_model("demo"), clips)[0] >= 0.75  # chance is 0.25


def test_a_file_of_that_name_comes_first(untrained_model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sa.save_model("demo", untrained_model)
    assert sa.load_model("demo").emotions == untrained_model.emotions


@pytest.mark.tool
def test_its_command_makes_it_again(tmp_path):
    """Another processor or version of torch adds floats in another order, which a training makes larger."""
    assert main(["demo", "--out", str(tmp_path / "run")]) == 0
    again, kept = sa.load_model(tmp_path / "run"), sa.load_model("demo")
    assert (again.parts, again.emotions, again.sizes) == (kept.parts, kept.emotions, kept.sizes)
    now, then = flat_settings(again.config), flat_settings(kept.config)
    assert {key: now[key] for key in then if key in now} == {key: then[key] for key in then if key in now}
    clips = synthetic_walkers(walkers=12, takes=1, seed=4321).clips
    (score, probabilities), (score_then, probabilities_then) = (predicted(one, clips) for one in (again, kept))
    assert min(score, score_then) > 0.85
    assert np.abs(probabilities - probabilities_then).mean() < 0.05
