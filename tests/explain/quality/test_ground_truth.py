from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.errors import InputError
from stgcn_affect.explain.attribution.decision import STRIDE_TIME
from stgcn_affect.explain.attribution.methods import MethodChoice
from stgcn_affect.explain.maps.explained_model import ExplainedModel
from stgcn_affect.explain.quality import ground_truth
from stgcn_affect.explain.quality.ground_truth import (
    KnownFactor,
    PairedWalks,
    all_factors_truth,
    ground_truth_auc,
    joint_channels,
    one_factor_truth,
    roc_auc,
    without_each_factor,
)
from stgcn_affect.nn.input_channels import CHANNELS
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS
from stgcn_affect.synthetic.truth import FactorTruth

JOINTS = ("hip", "knee", "hand", "head")
TRUTHS = {
    "arm": FactorTruth({}, ("hand",), True),
    "nod": FactorTruth({}, ("head", "knee"), True),
    "everything": FactorTruth({}, JOINTS, False),
    "nothing": FactorTruth({}, (), False),
}
SCORES = {
    "arm": np.array([0.1, 0.2, 0.9, 0.3]),  # the hand is above all three
    "nod": np.array([0.1, 0.3, 0.2, 0.4]),  # of the pairs knee-hip, knee-hand, head-hip, head-hand all are right
    "everything": np.ones(4),
}


def test_every_factor_and_their_mean():
    found = ground_truth_auc(SCORES, TRUTHS, JOINTS)
    assert found["auc"] == 1.0
    assert found["ci95"] is None
    assert found["factors"] == {
        "arm": {"auc": 1.0, "ci95": None, "bearing": ["hand"]},
        "nod": {"auc": 1.0, "ci95": None, "bearing": ["head", "knee"]},
    }
    worse = SCORES | {"nod": np.array([0.35, 0.3, 0.2, 0.4])}  # knee-hip is wrong, three of four are right
    assert ground_truth_auc(worse, TRUTHS, JOINTS)["auc"] == pytest.approx((1 + 0.75) / 2)
    assert ground_truth_auc(SCORES | {"arm": np.zeros(4)}, TRUTHS, JOINTS)["factors"]["arm"]["auc"] == 0.5


def test_limits_are_of_the_scores_of_drawn_subjects():
    drawn = {"arm": np.array([SCORES["arm"]] * 9 + [-SCORES["arm"]]), "nod": np.array([SCORES["nod"]] * 10)}
    found = ground_truth_auc(SCORES, TRUTHS, JOINTS, drawn=drawn)
    lower = np.quantile([0.0] + [1.0] * 9, 0.025)
    assert found["factors"]["arm"]["ci95"] == pytest.approx([lower, 1.0])
    assert found["factors"]["nod"]["ci95"] == [1.0, 1.0]
    assert found["ci95"] == pytest.approx([(lower + 1) / 2, 1.0])


def test_a_factor_without_scores_is_left_out_and_none_at_all_refused():
    assert list(ground_truth_auc({"arm": SCORES["arm"]}, TRUTHS, JOINTS)["factors"]) == ["arm"]
    with pytest.raises(InputError, match=r"\(got scores for everything\)"):
        ground_truth_auc({"everything": np.ones(4)}, TRUTHS, JOINTS)


@pytest.mark.parametrize("scores", [np.ones(3), np.array([1.0, np.nan, 0.0, 0.0])])
def test_scores_that_do_not_fit_are_refused(scores):
    with pytest.raises(InputError, match=r"ground truth, arm: expected a finite score for each of 4 joints \(got"):
        ground_truth_auc({"arm": scores}, TRUTHS, JOINTS)


def test_area_by_ranks_is_the_area_under_the_curve():
    rng = np.random.default_rng(0)
    bears = np.array([True, False, True, False, False, True])
    scores = rng.integers(0, 4, (20, 6)).astype(float)  # with ties
    np.testing.assert_allclose(roc_auc(bears, scores), [roc_auc_score(bears, row) for row in scores], atol=1e-12)
    assert roc_auc(np.array([True, False, False]), np.array([1.0, 1.0, 0.0])) == 0.75  # a tie counts half


CHOICE = MethodChoice("gradcam", 0)
ARMS = "arm_swing_ratio"


@pytest.fixture
def planted(monkeypatch):
    """Makes maps by a function of the cycles, whatever the model."""

    def plant(make):
        monkeypatch.setattr(ExplainedModel, "map_maker", lambda self, choice, weights: make)

    return plant


def scores(*joints):
    """Makes maps ``[N, T, V]`` with these joint scores."""
    return lambda cycles: np.broadcast_to(np.array(joints, np.float32), (len(cycles.emotion), 16, 3))


def test_a_map_is_scored_by_the_joints_that_bear_the_factor(toy_explained, planted):
    explained = toy_explained()
    factors = [
        KnownFactor(ARMS, explained, FactorTruth({}, ("left",), True)),
        KnownFactor("head_flexion_deg", explained, FactorTruth({}, ("hip", "right"), True)),
    ]
    planted(scores(0.1, 0.9, -0.5))  # by magnitude: left, right, hip
    found = one_factor_truth(factors, CHOICE, seed=0)
    assert found["factors"][ARMS]["auc"] == 1.0
    assert found["factors"]["head_flexion_deg"]["auc"] == 0.0
    assert found["auc"] == 0.5
    assert found["ci95"] == [0.5, 0.5]


def test_cycles_of_emotions_without_the_factor_say_nothing_and_training_subjects_neither(toy_explained, planted):
    """Happy and sad have the factor, so rename happy to neutral: only sad cycles of w3 and w4 may count."""
    explained = toy_explained()
    emotion = np.where(explained.cycles.emotion == "sad", "sad", "neutral")
    explained = replace(explained, cycles=replace(explained.cycles, emotion=emotion))
    seen = []

    def make(cycles):
        seen.append(len(cycles.emotion))
        maps = np.zeros((len(cycles.emotion), 16, 3), np.float32)
        maps[:, :, 0] = 5 * (cycles.emotion.numpy() == 0)[:, None]  # loud where it must not count
        maps[:, :, 1] = 1
        return maps

    planted(make)
    found = one_factor_truth([KnownFactor(ARMS, explained, FactorTruth({}, ("left",), True))], CHOICE, seed=0)
    assert seen == [8]
    assert found["auc"] == 1.0


def batch(*values):
    positions = torch.tensor(values, dtype=torch.float32).view(-1, 1, 1, 1).expand(-1, 16, 3, 3)
    codes = torch.zeros(len(values), dtype=torch.int64)
    return CycleBatch(positions, torch.ones(len(values)), codes, codes)


def test_with_all_factors_what_changes_in_the_map_is_scored(toy_explained, planted):
    everything = batch(1, 2)
    counted = np.array([True, False])
    away = [
        PairedWalks("a", FactorTruth({}, ("hip",), True), everything, batch(0, 2), counted),
        PairedWalks("b", FactorTruth({}, ("left", "right"), True), everything, batch(0, -9), counted),
    ]

    def make(cycles):
        """The hip changes with the walk; the other joints are loud and stay, but for the second cycle."""
        value = cycles.positions[:, :, 0, 0].numpy()
        return np.stack([value, np.full_like(value, 9), np.where(value < -1, 99, 9)], axis=-1)

    planted(make)
    found = all_factors_truth(toy_explained(), away, CHOICE)
    assert found["factors"]["a"]["auc"] == 1.0
    assert found["factors"]["b"]["auc"] == 0.0
    assert found["ci95"] is None


def test_the_stride_time_is_no_channel_of_a_joint(toy_explained):
    explained = toy_explained()
    cycles = explained.cycles
    network = explained.model.network
    channels = joint_channels(network, cycles.positions, cycles.stride_time_s)
    assert channels.shape == (len(cycles), network.emotion_channels.samples, 3, len(CHANNELS) - 1)
    assert CHANNELS[STRIDE_TIME] == "log_stride_time"


def test_walkers_without_a_factor_walk_as_before_but_for_it(synthetic_cycles, monkeypatch):
    """The network's input is replaced by the positions."""
    truth = FactorTruth({}, ("l_hand",), True)
    model = SimpleNamespace(network=None, emotions=("neutral", "sad"))
    monkeypatch.setattr(ground_truth, "factor_truth", lambda name, transform: truth)
    (pair,) = without_each_factor(model, generator_seed=0, scored=(ARMS,))
    other = without_each_factor(model, generator_seed=0, factors=["head_flexion_deg"], scored=(ARMS,))
    assert not other, "a factor was left out that no walker has"
    assert set(EMOTION_FACTORS[ARMS].changes) >= {"sad"}
    np.testing.assert_array_equal(pair.rows, pair.everything.emotion.numpy() == 1)
    change = (pair.everything.positions - pair.less.positions).abs().amax(dim=(1, 3))
    names = synthetic_cycles(walkers=2, takes=1).layout.joints
    hand, head = names.index("l_hand"), names.index("head")
    assert (change[pair.rows, hand] > 0.02).all()
    assert (change[pair.rows, head] < 0.005).all()
    assert change[~pair.rows].max() == 0
