import numpy as np
import pytest

from stgcn_affect.config import config_dict
from stgcn_affect.jobs import digest
from stgcn_affect.jobs.explain import models as truth_models
from stgcn_affect.jobs.explain.models import factor_model, known_factors, random_label_model, without_stride_time
from stgcn_affect.settings import TrainConfig
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS
from stgcn_affect.synthetic.truth import FactorTruth

FACTOR = "head_flexion_deg"


@pytest.fixture
def fitted(monkeypatch, toy_explained):
    """Trains nothing: gives the toy's model, bearing the settings, and keeps what was to be trained on."""
    seen = []

    def fit(config, data, *, seed):
        seen.append((config, data))
        model = toy_explained().model
        object.__setattr__(model, "config", config_dict(config))
        return model

    monkeypatch.setattr(truth_models, "fit_model", fit)
    return seen


@pytest.fixture
def kept(monkeypatch, toy_explained):
    """Models are kept in memory in the place of files."""
    shelf = {}
    monkeypatch.setattr(digest, "save_model", lambda path, model: (path.touch(), shelf.update({path: model})))
    monkeypatch.setattr(digest, "read_model", shelf.__getitem__)
    return shelf


def test_one_factor_alone_tells_the_emotions_apart(small, fitted, kept, monkeypatch, tmp_path):
    monkeypatch.setattr(truth_models, "with_cycles", lambda model, cycles: (model, cycles))
    config = small("synthetic.walkers=5", "synthetic.takes=1", "protocol.kind=loso", "data.root=/nowhere")
    _, cycles = factor_model(config, FACTOR, tmp_path)
    (settings, data) = fitted[0]
    assert settings.synthetic.emotion_factors == [FACTOR]
    assert set(cycles.emotion) == {*EMOTION_FACTORS[FACTOR].changes, "neutral"}
    assert len(set(cycles.subject[data.split.test])) == 1  # a third of five
    assert config.data.root == "/nowhere", "the run's own settings were changed"
    factor_model(config, FACTOR, tmp_path)
    assert len(fitted) == 1
    factor_model(small("synthetic.walkers=5", "synthetic.takes=1", "train.epochs=3"), FACTOR, tmp_path)
    assert len(fitted) == 2, "a model of other settings was taken for this one"


@pytest.mark.parametrize(("asked", "made"), [(3, 3), (150, TrainConfig.epochs)])
def test_subjects_with_cycles_enough_need_no_more_epochs_than_the_default(
    small, fitted, kept, monkeypatch, tmp_path, asked, made
):
    monkeypatch.setattr(truth_models, "with_cycles", lambda model, cycles: (model, cycles))
    config = small("synthetic.walkers=5", "synthetic.takes=1", f"train.epochs={asked}")
    factor_model(config, FACTOR, tmp_path)
    assert fitted[0][0].train.epochs == made
    assert config.train.epochs == asked


def test_random_labels_are_those_of_other_takes_and_a_take_keeps_one(small, fitted, kept, toy_explained, tmp_path):
    explained = toy_explained()
    random_label_model(small(), explained, tmp_path)
    ((_, data),) = fitted
    wrong, right = data.cycles, explained.cycles
    assert sorted(wrong.emotion) == sorted(right.emotion)
    assert (wrong.emotion != right.emotion).any()
    for take in np.unique(right.take_ids):
        assert len(set(wrong.emotion[right.take_ids == take])) == 1
    np.testing.assert_array_equal(wrong.positions, right.positions)
    np.testing.assert_array_equal(data.split.test, explained.test)
    assert len(np.unique(wrong.take_ids)) == len(np.unique(right.take_ids)), "takes of one name were joined"


def test_a_model_without_stride_time_in_its_input(small, fitted, kept, toy_explained, tmp_path):
    config, explained = small(), toy_explained()
    other = without_stride_time(config, explained, tmp_path)
    ((settings, data),) = fitted
    assert not settings.network.stride_time
    assert config.network.stride_time
    np.testing.assert_array_equal(data.split.train, explained.train)
    np.testing.assert_array_equal(other.test, explained.test)


def test_factors_without_a_ground_truth_are_left_out(toy_explained, monkeypatch, tmp_path):
    trained = []
    truths = {FACTOR: FactorTruth({}, ("left",), True), "cadence_ratio": FactorTruth({}, (), False)}
    monkeypatch.setattr(
        truth_models, "factor_model", lambda config, name, folder: trained.append(folder) or toy_explained()
    )
    monkeypatch.setattr(truth_models, "factor_truth", lambda name, transform: truths[name])
    found = known_factors(None, tmp_path, factors=tuple(truths))
    assert [(one.name, one.truth.bearing) for one in found] == [(FACTOR, ("left",))]
    assert trained == [tmp_path / name for name in truths]
