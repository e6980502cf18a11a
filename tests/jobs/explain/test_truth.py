from dataclasses import replace

import numpy as np
import pytest
import torch

from stgcn_affect.data.batch import CycleBatch
from stgcn_affect.explain.attribution.decision import STRIDE_TIME
from stgcn_affect.jobs.explain import truth as explain_truth
from stgcn_affect.jobs.explain.maps import Choice
from stgcn_affect.jobs.explain.truth import (
    KnownFactor,
    TakenAway,
    all_factors_truth,
    joint_channels,
    known_factors,
    one_factor_truth,
    taken_away,
)
from stgcn_affect.nn.input_channels import CHANNELS
from stgcn_affect.synthetic.emotion_factors import EMOTION_FACTORS
from stgcn_affect.synthetic.truth import FactorTruth

CHOICE = Choice("gradcam", 0)
ARMS = "arm_swing_ratio"


@pytest.fixture
def planted(monkeypatch):
    """Makes maps by a function of the cycles, whatever the model."""

    def plant(make):
        monkeypatch.setattr(explain_truth, "map_maker", lambda explained, choice, weights: make)

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
        TakenAway("a", FactorTruth({}, ("hip",), True), everything, batch(0, 2), counted),
        TakenAway("b", FactorTruth({}, ("left", "right"), True), everything, batch(0, -9), counted),
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


def test_factors_that_tell_nothing_are_left_out(toy_explained, monkeypatch, tmp_path):
    trained = []
    truths = {ARMS: FactorTruth({}, ("left",), True), "cadence_ratio": FactorTruth({}, (), False)}
    monkeypatch.setattr(
        explain_truth, "factor_model", lambda config, name, folder: trained.append(folder) or toy_explained()
    )
    monkeypatch.setattr(explain_truth, "factor_truth", lambda name, transform: truths[name])
    found = known_factors(None, tmp_path, factors=tuple(truths))
    assert [(one.name, one.truth.bearing) for one in found] == [(ARMS, ("left",))]
    assert trained == [tmp_path / name for name in truths]


def test_subjects_without_a_factor_walk_as_before_but_for_it(small, synthetic_cycles):
    """The network's input is stood in for by the positions; the emotions by their names."""
    config = small()
    truth = FactorTruth({}, ("l_hand",), True)

    class Network:
        pass

    model = type("Model", (), {"network": Network(), "emotions": ("neutral", "sad")})
    explained = type("Explained", (), {"model": model})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explain_truth, "factor_truth", lambda name, transform: truth)
        (away,) = taken_away(explained, config, factors=(ARMS,))
        config.synthetic.emotion_factors = ["head_flexion_deg"]
        assert not taken_away(explained, config, factors=(ARMS,)), "a factor that no subject has was taken away"
    assert set(EMOTION_FACTORS[ARMS].changes) >= {"sad"}
    np.testing.assert_array_equal(away.rows, away.everything.emotion.numpy() == 1)
    change = (away.everything.positions - away.less.positions).abs().amax(dim=(1, 3))
    names = synthetic_cycles(walkers=2, takes=1).layout.joints
    hand, head = names.index("l_hand"), names.index("head")
    assert (change[away.rows, hand] > 0.02).all()
    assert (change[away.rows, head] < 0.005).all()
    assert change[~away.rows].max() == 0
