from dataclasses import replace

import numpy as np
import pytest
import torch

from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.attribution.target import lead, target_weights
from stgcn_affect.explain.maps.cycle_maps import explain_cycles
from stgcn_affect.explain.maps.dataset_maps import UnseenMaps, identity_maps, model_scale, unseen_maps

CHOICE = MethodChoice("gradcam", 1)


def test_unseen_cycles_are_explained_over_the_scale_of_validation(toy_explained):
    explained = toy_explained()
    found = unseen_maps([explained], CHOICE)
    assert set(found.subjects) == {"w4"}
    assert list(found.emotions) == ["happy", "happy", "sad", "sad"]
    model, validation = explained.model, explained.batch(explained.validation)
    how = {"method": "gradcam", "block": 1}
    at_validation = explain_cycles(
        model.network, validation, model.layout, target=lead(validation.emotion, model.emotions, batch=4), **how
    )
    unseen = explained.batch(explained.test)
    raw = explain_cycles(
        model.network, unseen, model.layout, target=lead(unseen.emotion, model.emotions, batch=4), **how
    )
    np.testing.assert_allclose(found.maps, raw / np.abs(at_validation).mean(), rtol=1e-5)
    assert np.isfinite(found.stride_time).all()
    assert found.stride_time.any()
    assert np.isnan(unseen_maps([explained], CHOICE, stride_time=False).stride_time).all()


def test_several_models_count_each_on_its_own_scale(toy_explained):
    """A model whose logits are ten times as loud says the same."""
    quiet, loud = toy_explained(), toy_explained()
    with torch.no_grad():
        loud.model.network.emotion_head.weight.mul_(10)
    found = unseen_maps([quiet, loud], CHOICE)
    assert len(found.maps) == 8
    np.testing.assert_allclose(found.maps[:4], found.maps[4:], rtol=1e-4)


def test_without_validation_subjects_the_scale_is_of_training(toy_explained):
    explained = toy_explained(validation=())
    cycles = explained.training_batch
    maps = explained.map_maker(CHOICE, target_weights("sad", cycles.emotion, explained.model.emotions))(cycles)
    assert model_scale(explained, CHOICE, "sad") == pytest.approx(np.abs(maps).mean())


def test_right_is_what_the_logits_say(toy_explained):
    cycles = toy_explained().cycles
    logits = np.array([[2, 1], [0, 3], [0, 1]], np.float32)  # happy, sad, sad
    nothing = np.zeros((3, 16, 3), np.float32)
    found = UnseenMaps(cycles, np.array([0, 1, 2]), nothing, np.zeros(3, np.float32), logits)
    assert list(found.emotions) == ["happy", "happy", "sad"]
    assert found.right.tolist() == [True, False, True]


def test_identity_is_explained_for_training_subjects_each_for_its_own_logit(toy_explained):
    explained = toy_explained()
    maps, index = identity_maps([explained], CHOICE)
    assert sorted(index) == sorted(explained.train)
    assert np.abs(maps).mean() == pytest.approx(1.0, rel=1e-5)
    with torch.no_grad():
        explained.model.network.identity_head.weight[1:] = 0
    silent, _ = identity_maps([explained], CHOICE)
    names = explained.cycles.subject[index]
    assert silent[names == "w0"].any()
    assert not silent[names != "w0"].any()


def test_a_method_without_reference_does_not_read_the_training_cycles(toy_explained):
    explained = toy_explained()
    nobody = replace(explained, train=np.zeros(0, np.int64))
    unseen_maps([nobody], CHOICE)
    with pytest.raises(InputError, match="reference"):
        unseen_maps([nobody], MethodChoice("gradcam_reference", 1))
