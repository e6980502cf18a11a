from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.errors import InputError
from stgcn_affect.explain.explained_model import with_cycles


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
