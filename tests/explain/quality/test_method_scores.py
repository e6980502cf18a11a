import json

import numpy as np
import pytest

from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.maps.explained_model import judged
from stgcn_affect.explain.quality.method_scores import method_scores, sanity_cascade, score_method
from stgcn_affect.explain.quality.sanity import Likeness

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


def mean(value, lower, upper):
    return {"mean": value, "ci95": [lower, upper], "n_subjects": 2}


FAITHFUL = {
    "deletion": {"map": mean(0.3, 0.2, 0.4), "random": mean(0.5, 0.4, 0.6), "energy": mean(0.4, 0.2, 0.5)},
    "insertion": {"map": mean(0.8, 0.7, 0.9)},
    "deletion_difference": {
        "map_minus_random": mean(-0.2, -0.3, -0.1),
        "map_minus_energy": mean(-0.1, -0.2, 0.01),
        "map_minus_reversed": mean(-0.5, -0.6, -0.4),
    },
}


def row(**more):
    return method_scores(
        faithfulness=FAITHFUL,
        sanity=Likeness(absolute=np.array([0.1, 0.1, 0.1, 0.5]), signed=np.zeros(4)),
        stability=np.array([1.0, 1.0, 1.0, 0.8]),
        sparsity=np.full(4, 0.25),
        subjects=np.array(["ana", "ana", "ana", "ben"]),
        takes=np.arange(4),
        **more,
    )


def test_a_row_holds_every_score_with_its_limits():
    found = row(ground_truth={"auc": 0.95, "ci95": [0.9, 1.0], "factors": {}}, contrastivity=np.ones(4))
    assert set(found) >= CONTRACT
    assert set(found["ci95"]) == {*CONTRACT, "contrastivity", "sanity_spearman_signed"}
    scores = [found[name] for name in ("deletion_auc", "insertion_auc", "random_auc", "energy_auc", "ground_truth_auc")]
    assert scores == [0.3, 0.8, 0.5, 0.4, 0.95]
    assert found["ci95"]["insertion_auc"] == [0.7, 0.9]
    assert found["sanity_spearman"] == pytest.approx(0.3)  # ana .1 and ben .5, each once
    assert found["ci95"]["sanity_spearman"] == pytest.approx([0.1, 0.5])
    assert found["sanity_spearman_signed"] == 0
    assert found["stability"] == pytest.approx(0.9)
    assert found["sparsity"] == 0.25


def test_better_means_smaller_with_limits_below_zero():
    found = row()["better_than"]
    assert set(found) == {"random", "energy"}
    assert found["random"] == {"difference": -0.2, "ci95": [-0.3, -0.1], "holds": True}
    assert found["energy"]["holds"] is False


def test_what_was_not_measured_is_none():
    found = row()
    assert found["ground_truth_auc"] is None
    assert found["contrastivity"] is None
    assert found["ci95"]["ground_truth_auc"] is None


CHOICE = MethodChoice("gradcam", 1)
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
