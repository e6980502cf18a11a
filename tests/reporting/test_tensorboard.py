import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from stgcn_affect.data.splits import Split
from stgcn_affect.reporting import tensorboard as module
from stgcn_affect.reporting.tensorboard import RunLogger, record_maps


def split(explained, validation):
    return Split("toy", explained.train, validation, explained.test, subjects=explained.cycles.subject)


@pytest.fixture
def drawn(monkeypatch):
    """The maps that were drawn."""
    seen = []
    figure = module.joint_phase_figure
    monkeypatch.setattr(module, "joint_phase_figure", lambda maps, **how: seen.append(maps) or figure(maps, **how))
    return seen


def test_validation_subjects_are_shown_by_emotion_and_nothing_changes(toy_explained, tmp_path, drawn):
    explained = toy_explained()
    network = explained.model.network.train()
    weights = {name: value.clone() for name, value in network.state_dict().items()}
    random = torch.get_rng_state()
    with RunLogger(tmp_path) as logger:
        record_maps(logger, explained.model, explained.cycles, split(explained, explained.validation), step=3)
    events = EventAccumulator(str(tmp_path)).Reload()
    (image,) = events.Images("explanation/validation_subjects")
    assert image.step == 3
    (maps,) = drawn
    assert list(maps) == ["happy", "sad"]
    assert max(np.abs(one).max() for one in maps.values()) == pytest.approx(1.0)
    assert network.training
    assert all(torch.equal(value, weights[name]) for name, value in network.state_dict().items())
    assert torch.equal(torch.get_rng_state(), random)
    assert all(parameter.grad is None for parameter in network.parameters())


def test_a_figure_that_is_there_is_drawn_again(toy_explained, tmp_path, drawn):
    explained = toy_explained()
    how = (explained.model, explained.cycles, split(explained, explained.validation))
    with RunLogger(tmp_path) as logger:
        figure = record_maps(logger, *how, step=3)
        assert record_maps(logger, *how, step=6, drawn=figure) is figure
    first, second = EventAccumulator(str(tmp_path)).Reload().Images("explanation/validation_subjects")
    assert (first.step, second.step) == (3, 6)
    assert first.encoded_image_string != second.encoded_image_string  # another epoch in the title
    assert len(drawn) == 1


def test_without_validation_subjects_nothing_is_shown(toy_explained, tmp_path, drawn):
    explained = toy_explained(validation=())
    with RunLogger(tmp_path) as logger:
        record_maps(logger, explained.model, explained.cycles, split(explained, explained.validation), step=3)
    assert not drawn
    assert not EventAccumulator(str(tmp_path)).Reload().Tags()["images"]
