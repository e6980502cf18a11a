from dataclasses import replace

import numpy as np
import pytest

from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.emotion_scores import evaluate_emotion
from stgcn_affect.skeleton.layout import load_layout
from stgcn_affect.stats import balanced_accuracy
from stgcn_affect.training.model import Ensemble
from stgcn_affect.training.predict import emotion_logits


@pytest.fixture
def judged(toy_explained):
    """A model of the toy and its data; the subject w4 is unseen."""
    explained = toy_explained()
    return explained.model, GaitDataset(explained.cycles), explained.test


def test_scores_are_of_unseen_subjects_beside_chance(judged, tmp_path):
    model, data, test = judged
    found = evaluate_emotion(model, data, test)
    predicted = emotion_logits(model.network, data.batch(test), model.layout).argmax(axis=1)
    truth = np.searchsorted(model.emotions, data.store.emotion[test])
    assert found.balanced_accuracy == balanced_accuracy(truth, predicted)
    assert (found.chance, found.n_cycles, found.n_subjects) == (0.5, len(test), 1)
    assert found.confusion.sum() == len(test)
    assert repr(found).startswith(f"EmotionScores(balanced accuracy {found.balanced_accuracy:.3f}, 95 % limits ")
    assert found.plot(tmp_path / "confusion.png").stat().st_size > 1000


def test_an_ensemble_is_scored_by_its_average(judged):
    model, data, test = judged
    same = evaluate_emotion(Ensemble((model, replace(model, temperature=3.0))), data, test)
    assert same.confusion.tolist() == evaluate_emotion(model, data, test).confusion.tolist()


def test_subjects_of_the_training_are_refused_unless_asked_for(judged):
    model, data, _ = judged
    everyone = np.arange(len(data.store))
    with pytest.raises(InputError, match=r"expected subjects that the model never saw .* \(got w0, w1, w2, w3, of"):
        evaluate_emotion(model, data, everyone)
    assert evaluate_emotion(model, data, everyone, allow_seen=True).n_subjects == 5


def test_data_that_do_not_fit_are_refused(judged):
    model, data, test = judged
    with pytest.raises(InputError, match=r"^toy: expected one cycle or more to judge \(got none\)"):
        evaluate_emotion(model, data, test[:0])
    with pytest.raises(InputError, match=r"^toy: expected emotions of happy \(got sad\)"):
        evaluate_emotion(replace(model, emotions=("happy",)), data, test)
    renamed = replace(model, layout=load_layout("emotion_gait16"))
    with pytest.raises(InputError, match=r"expected cycles on the model's layout emotion_gait16 \(got toy\)"):
        evaluate_emotion(renamed, data, test)
    beside = GaitDataset(replace(data.store, baseline=data.store))
    with pytest.raises(InputError, match=r"expected cycles without their subject's baseline"):
        evaluate_emotion(model, beside, test)
