from dataclasses import replace

import numpy as np
import pytest
import torch

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.maps import explained_model
from stgcn_affect.explain.maps.explained_model import JudgedModel, judged, with_cycles
from stgcn_affect.explain.maps.stride_time import stride_time_beside, stride_time_relevance


def test_cycles_are_sorted_by_the_models_own_subjects(toy_explained):
    explained = toy_explained()
    subject = explained.cycles.subject
    for part, subjects in explained.model.parts.items():
        assert set(subject[getattr(explained, part)]) == set(subjects)
    assert len(np.concatenate([explained.train, explained.validation, explained.test])) == len(explained.cycles)
    batch = explained.batch(explained.test)
    np.testing.assert_array_equal(batch.positions, explained.cycles.positions[explained.test])
    assert explained.training_batch is explained.training_batch
    np.testing.assert_array_equal(explained.training_batch.positions, explained.cycles.positions[explained.train])


def test_cycles_of_something_else_are_refused(toy_explained, labelled):
    explained = toy_explained()
    bored = replace(explained.cycles, emotion=np.where(explained.cycles.emotion == "sad", "bored", "happy"))
    with pytest.raises(InputError, match=r"toy: expected cycles of happy, sad on .* \(got bored, happy on toy\)"):
        with_cycles(explained.model, bored)
    other = labelled(["w0", "w1"], ["happy", "sad"])
    with pytest.raises(InputError, match=r"\(got happy, sad on emotion_gait16\)"):
        with_cycles(explained.model, other)


def test_cycles_with_baselines_are_calibrated_on_the_models_training_subjects(toy_explained):
    explained = toy_explained()
    own = replace(explained.cycles, positions=explained.cycles.positions + np.float32(0.5))
    again = with_cycles(explained.model, replace(own, baseline=own))
    trained = [own.positions[own.subject == subject].mean(axis=0) for subject in explained.model.parts["train"]]
    np.testing.assert_allclose(again.cycles.positions[explained.test[0]], np.mean(trained, axis=0), atol=1e-5)
    np.testing.assert_array_equal(again.batch(explained.test).positions, again.cycles.positions[explained.test])


CHOICE = MethodChoice("gradcam", 1)


def test_one_cycle_of_every_take(toy_explained):
    explained = toy_explained()
    doubled = np.repeat(explained.test, 2)
    assert judged(explained, doubled).index.tolist() == sorted(explained.test)


def test_the_predicted_emotion_is_explained_not_the_true_one(toy_explained):
    explained = toy_explained()
    with torch.no_grad():
        explained.model.network.emotion_head.weight.zero_()
        explained.model.network.emotion_head.bias.copy_(torch.tensor([0.0, 1.0]))
    one = JudgedModel(explained, explained.test)
    assert one.predicted.tolist() == [1] * 4
    np.testing.assert_allclose(one.target, [[-0.5, 0.5]] * 4)


def test_stride_time_and_maps_are_computed_once(toy_explained, monkeypatch):
    explained = toy_explained()
    one = JudgedModel(explained, explained.test)
    counted = []
    proportion = explained_model.stride_time_proportion
    monkeypatch.setattr(
        explained_model, "stride_time_proportion", lambda *a, **k: counted.append(1) or proportion(*a, **k)
    )
    for choice in (CHOICE, MethodChoice("gradient"), CHOICE):
        maps = one.maps(choice)
        beside = stride_time_beside(maps, one.stride_time)
        model = explained.model
        wanted = stride_time_relevance(model.network, one.batch, model.layout, maps=maps, target=one.target)
        np.testing.assert_array_equal(beside, wanted)
    assert counted == [1]
    assert one.maps(CHOICE) is one.maps(CHOICE)
