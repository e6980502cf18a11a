from dataclasses import replace

import pytest

from stgcn_affect.jobs.digest import VERSIONS, kept_model, model_once, result_digest, settings_of
from stgcn_affect.training.model import Model


@pytest.fixture
def cycles(labelled):
    """Six subjects in two emotions."""
    return labelled([f"subject {i // 2}" for i in range(12)], ["happy", "sad"] * 6)


@pytest.mark.parametrize(
    "override", ["train.threads=3", "train.log_every=3", "data.cache=elsewhere", "evaluate.permutations=5"]
)
def test_settings_that_change_no_model_do_not_count(override, cycles, small):
    assert result_digest("model", small(override), cycles) == result_digest("model", small(), cycles)


@pytest.mark.parametrize(
    "override",
    [
        *("train.reversal=0.9", "network.width=5", "loss.within_class_variance=0", "augment.turn_deg=0"),
        *("seed=3", "synthetic.seed=4", "data.emotions=[sad]", "protocol.subject_baseline=other_takes"),
        "data.labels=perceived",
    ],
)
def test_settings_that_change_a_model_count(override, cycles, small):
    assert result_digest("model", small(override), cycles) != result_digest("model", small(), cycles)


def test_a_setting_that_came_later_leaves_kept_results_alone_at_what_was_done_before(small):
    assert "data.labels" not in settings_of("model", small())
    assert settings_of("model", small("data.labels=perceived"))["data.labels"] == "perceived"


def test_data_split_kind_and_whatever_else_decides_count(cycles, small, halves):
    first, second = halves(cycles)
    digests = [
        result_digest("model", small(), cycles, first, seed=0),
        result_digest("model", small(), cycles, second, seed=0),
        result_digest("model", small(), cycles, first, seed=1),
        result_digest("network", small(), cycles, first, seed=0),
        result_digest("model", small(), replace(cycles, digest="other"), first, seed=0),
    ]
    assert len(set(digests)) == len(digests)


def test_a_raised_version_makes_a_kind_anew_and_leaves_the_others(small, monkeypatch):
    config = small()
    before = {kind: result_digest(kind, config) for kind in VERSIONS}
    monkeypatch.setattr("stgcn_affect.jobs.digest.VERSIONS", {**VERSIONS, "attacks": VERSIONS["attacks"] + 1})
    assert [kind for kind in VERSIONS if result_digest(kind, config) != before[kind]] == ["attacks"]


def test_a_baseline_depends_on_its_swaps_and_on_no_network(small):
    assert settings_of("baselines", small())["evaluate.swap_copies"] == 1
    assert result_digest("baselines", small("network.width=5")) == result_digest("baselines", small())
    assert result_digest("baselines", small("evaluate.swap_copies=2")) != result_digest("baselines", small())


def test_a_model_is_trained_once_for_each_digest(toy_network, toy_layout, tmp_path):
    sizes = {"cycle_samples": 16, "samples": 8, "harmonics": 2, "width": 4, "blocks": 1}
    network, trained = toy_network(**sizes, emotion_dim=8, identity_dim=32, decoder_width=32, decoder_harmonics=5), []
    model = Model(network, sizes, toy_layout, ("happy", "sad"), ("a", "b", "c"), {}, {})

    def train():
        trained.append(1)
        return model

    path = tmp_path / "model.pt"
    assert kept_model(path, "a") is None
    for digest in ("a", "a", "b"):
        assert model_once(path, digest, train).digest == digest
    assert len(trained) == 2
