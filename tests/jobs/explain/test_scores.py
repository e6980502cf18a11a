import json

import numpy as np
import pytest
import torch

from stgcn_affect.explain.maps.stride_time import stride_time_relevance
from stgcn_affect.jobs.explain import scores as explain_scores
from stgcn_affect.jobs.explain.maps import Choice
from stgcn_affect.jobs.explain.scores import Judged, deletion_scores, judged, sanity_cascade, score_method

CHOICE = Choice("gradcam", 1)
CONTRACT = {
    "deletion_auc",
    "insertion_auc",
    "random_auc",
    "energy_auc",
    "sanity_spearman",
    "stability",
    "sparsity",
    "ground_truth_auc",
}


def test_one_cycle_of_every_take(toy_explained):
    explained = toy_explained()
    doubled = np.repeat(explained.test, 2)
    assert judged(explained, doubled).index.tolist() == sorted(explained.test)


def test_what_the_model_says_is_explained_not_what_is_true(toy_explained):
    explained = toy_explained()
    with torch.no_grad():
        explained.model.network.emotion_head.weight.zero_()
        explained.model.network.emotion_head.bias.copy_(torch.tensor([0.0, 1.0]))
    one = Judged(explained, explained.test)
    assert one.predicted.tolist() == [1] * 4
    np.testing.assert_allclose(one.target, [[-0.5, 0.5]] * 4)


def test_tempo_and_maps_are_found_once(toy_explained, monkeypatch):
    explained = toy_explained()
    one = Judged(explained, explained.test)
    counted = []
    proportion = explain_scores.stride_time_proportion
    monkeypatch.setattr(
        explain_scores, "stride_time_proportion", lambda *a, **k: counted.append(1) or proportion(*a, **k)
    )
    for choice in (CHOICE, Choice("gradient"), CHOICE):
        maps = one.maps(choice)
        beside = explain_scores.stride_time_beside(maps, one.stride_time)
        model = explained.model
        wanted = stride_time_relevance(model.network, one.batch, model.layout, maps=maps, target=one.target)
        np.testing.assert_array_equal(beside, wanted)
    assert counted == [1]
    assert one.maps(CHOICE) is one.maps(CHOICE)


def test_a_row_keeps_the_contract_and_goes_into_json(toy_explained):
    explained, wrong = toy_explained(), toy_explained(seed=1).model
    truth = {"auc": 0.75, "ci95": [0.5, 1.0], "factors": {}}
    row = score_method([judged(explained, explained.test, wrong)], CHOICE, ground_truth=truth, seed=0)
    assert set(row) >= CONTRACT | {"random_labels_spearman", "contrastivity"}
    assert row["ground_truth_auc"] == 0.75
    json.dumps(row, allow_nan=False)
    alone = score_method([judged(explained, explained.test)], CHOICE, ground_truth=None, seed=0)
    assert alone["ground_truth_auc"] is None
    assert "random_labels_spearman" not in alone


def test_the_joint_that_decides_is_deleted_first_by_a_map_that_knows_it(toy_explained, monkeypatch):
    """The model reads the left joint alone, planted; a map of it has the smallest area, one of the hip the largest."""
    explained = toy_explained()

    def planted(joint):
        def maps(self, choice):
            found = np.zeros((len(self.index), 16, 3), np.float32)
            found[:, :, joint] = 1
            return found

        return maps

    training = torch.from_numpy(explained.cycles.positions[explained.train]).mean(dim=0)

    def predict(network, cycles, layout):
        """Sure as long as the left joint is where it was; the mean path tells nothing."""
        there = (cycles.positions[:, :, 1] - training[:, 1]).abs().amax(dim=(1, 2)) > 1e-4
        return np.where(there.numpy()[:, None], [[0.0, 1.0]], [[0.5, 0.5]])

    monkeypatch.setattr(explain_scores, "emotion_probabilities", predict)
    areas = {}
    for joint in (0, 1):
        monkeypatch.setattr(Judged, "maps", planted(joint))
        one = Judged(explained, explained.test)
        one.__dict__["stride_time"] = np.zeros(4)
        areas[joint] = deletion_scores([one], CHOICE, seed=0)["deletion"]["map"]["mean"]
    # Of four units the left joint goes first: 1, .5, .5, .5, .5 under a trapezoid.
    assert areas[1] == pytest.approx(0.5 + 0.5 * 0.25 / 2)
    assert areas[0] > areas[1]


def test_the_cascade_names_every_layer_from_the_head_down(toy_explained):
    explained = toy_explained()
    one = judged(explained, explained.test)
    cascade = sanity_cascade([one], CHOICE, seed=0)
    assert list(cascade) == [
        "emotion_head",
        "emotion_encoder.readout",
        "emotion_encoder.blocks.1",
        "emotion_encoder.blocks.0",
    ]
    row = score_method([one], CHOICE, ground_truth=None, seed=0)
    assert row["sanity_spearman"] == pytest.approx(cascade["emotion_encoder.blocks.0"])
