import numpy as np
import pytest

from stgcn_affect.data.dataset import GaitDataset
from stgcn_affect.errors import InputError
from stgcn_affect.evaluation.membership import membership_attack, membership_signals
from stgcn_affect.stats import SubjectMeans
from stgcn_affect.training.confidence import outlier_score


def signals(names, values):
    means = SubjectMeans(np.array(names), np.array(values, float))
    return {"loss": means, "confidence": SubjectMeans(means.subjects, -means.values)}


def test_the_area_is_the_share_of_pairs_in_which_the_member_leads():
    members, others = signals(["a", "b"], [2.0, 4.0]), signals(["c", "d"], [1.0, 4.0])
    found = membership_attack([(members, others)])
    assert found["attacks"]["loss"]["auc"] == (1 + 0 + 1 + 0.5) / 4
    assert found["attacks"]["confidence"]["auc"] == (0 + 1 + 0 + 0.5) / 4
    assert (found["strongest"], found["auc"], found["chance"]) == ("loss", 0.625, 0.5)
    assert (found["members"], found["non_members"], found["models"]) == (2, 2, 1)
    low, high = found["ci95"]
    assert 0 <= low < 0.625 < high <= 1


def test_a_leak_is_plain_and_models_are_averaged():
    members, others = signals(["a", "b", "c"], [5.0, 6.0, 7.0]), signals(["d", "e", "f"], [1.0, 2.0, 3.0])
    leaky = membership_attack([(members, others)])
    assert (leaky["auc"], leaky["ci95"]) == (1.0, [1.0, 1.0])
    both = membership_attack([(members, others), (others, members)])
    assert both["attacks"]["loss"]["auc"] == 0.5


def test_one_non_member_has_no_limits_but_one_in_each_of_several_models_has():
    members = signals(["a", "b"], [2.0, 4.0])
    assert membership_attack([(members, signals(["c"], [3.0]))])["ci95"] is None
    found = membership_attack(
        [(members, signals(["c"], [3.0])), (signals(["b", "c"], [1.0, 2.0]), signals(["a"], [3.0]))]
    )
    assert found["ci95"] is not None
    with pytest.raises(InputError, match="expected one model or more"):
        membership_attack([])


def test_signals_are_means_over_the_cycles_of_a_subject(untrained_model, synthetic_cycles):
    data = GaitDataset(synthetic_cycles(walkers=6, takes=2, emotions=("neutral", "sad")))
    index = np.flatnonzero(data.store.subject == "walker_03")
    found = membership_signals(untrained_model, data, index)
    assert found["loss"].subjects.tolist() == ["walker_03"]
    assert found["loss"].values[0] < 0 < found["confidence"].values[0] <= 1
    scores = outlier_score(untrained_model.network, data.batch(index))
    takes = data.store.take_ids[index]
    by_take = [scores[takes == take].mean() for take in np.unique(takes)]
    assert found["typical_input"].values[0] == pytest.approx(-np.mean(by_take), rel=1e-6)
