import numpy as np
import pytest
import torch

from stgcn_affect.explain.attribution.decision import STRIDE_TIME
from stgcn_affect.explain.maps.stride_time import (
    stride_time_beside,
    stride_time_by_emotion,
    stride_time_proportion,
    stride_time_relevance,
    stride_time_share,
)


@pytest.fixture
def network(toy_network, toy_cycles):
    made, cycles = toy_network(blocks=1), toy_cycles()
    made.fit_statistics(cycles.positions, cycles.stride_time_s)
    return made


def _inputs_read(network):
    """Weights by which the first block reads its input channels, by the graph and by the shortcut."""
    block = network.emotion_encoder.blocks[0]
    return block.spatial.linear.weight.view(-1, 3, 10), block.shortcut.weight.view(-1, 1, 10)


def test_a_decision_that_reads_the_stride_time_alone_is_all_stride_time(network, toy_cycles, toy_layout):
    joints = [c for c in range(10) if c != STRIDE_TIME]
    with torch.no_grad():
        for weight in _inputs_read(network):
            weight[..., joints] = 0.0
    share = stride_time_share(network, toy_cycles(), toy_layout, target=1)
    np.testing.assert_allclose(share, np.ones(12), atol=1e-6)


def test_a_decision_that_does_not_read_it_has_none_of_it(network, toy_cycles, toy_layout):
    with torch.no_grad():
        for weight in _inputs_read(network):
            weight[..., STRIDE_TIME] = 0.0
    np.testing.assert_array_equal(stride_time_share(network, toy_cycles(), toy_layout, target=1), np.zeros(12))


def test_a_decision_without_evidence_has_share_zero(network, toy_cycles, toy_layout):
    with torch.no_grad():
        network.emotion_head.weight.zero_()
    np.testing.assert_array_equal(stride_time_share(network, toy_cycles(), toy_layout, target=1), np.zeros(12))


def test_the_share_by_its_definition(network, toy_cycles, toy_layout, monkeypatch):
    cycles = toy_cycles()
    maps = np.zeros((12, 16, 3), np.float32)
    maps[:, :, 1], maps[:, :8, 2], maps[:, 8:, 2] = -1.0, 3.0, -3.0  # at the encoder's 8 samples: -8 and 0
    monkeypatch.setattr(
        "stgcn_affect.explain.maps.stride_time.explain_with_stride_time",
        lambda *_, **__: type("Found", (), {"maps": maps, "stride_time": np.full(12, -2.0, np.float32)}),
    )
    np.testing.assert_allclose(stride_time_share(network, cycles, toy_layout, target=1), np.full(12, 2 / 10))


def test_stride_time_beside_a_map_keeps_its_sign_and_its_proportion(network, toy_cycles, toy_layout, monkeypatch):
    """Integrated gradients give stride time -2 beside joints of 8 and 0 at the 8 samples: a quarter of the joints'."""
    maps = np.zeros((12, 16, 3), np.float32)
    maps[:, :, 1], maps[:, :8, 2], maps[:, 8:, 2] = -1.0, 3.0, -3.0
    monkeypatch.setattr(
        "stgcn_affect.explain.maps.stride_time.explain_with_stride_time",
        lambda *_, **__: type("Found", (), {"maps": maps, "stride_time": np.full(12, -2.0, np.float32)}),
    )
    others = np.zeros((12, 16, 3), np.float32)
    others[:, 0, 0], others[:, 0, 1] = 4.0, -8.0  # sums of magnitude 12
    found = stride_time_relevance(network, toy_cycles(), toy_layout, maps=others, target=1)
    np.testing.assert_allclose(found, np.full(12, -3.0))


def test_the_proportion_serves_every_map(network, toy_cycles, toy_layout):
    cycles = toy_cycles()
    proportion = stride_time_proportion(network, cycles, toy_layout, target=1)
    for size in (1.0, 2.0):
        maps = np.full((12, 16, 3), size, np.float32)
        beside = stride_time_beside(maps, proportion)
        np.testing.assert_array_equal(beside, stride_time_relevance(network, cycles, toy_layout, maps=maps, target=1))
        np.testing.assert_allclose(beside, proportion * 3 * 16 * size, rtol=1e-6)


def test_the_stride_time_is_in_a_joints_unit_for_or_against_an_emotion():
    maps = np.zeros((4, 2, 2), np.float32)
    maps[0, :, 1] = maps[2, :, 1] = 4.0
    maps[1, :, 0], maps[3, :, 0] = 1.0, 3.0
    block = stride_time_by_emotion(
        maps,
        np.array([2.0, -2.0, 6.0, -6.0], np.float32),
        emotions=np.array(["angry", "sad", "angry", "sad"]),
        subjects=np.array(["ana", "ana", "eva", "eva"]),
        takes=np.arange(4),
        scale=4.0,
    )
    assert block["angry"]["mean"] == pytest.approx((2 + 6) / 2 / 4 / 2)
    assert (block["angry"]["speaks"], block["sad"]["speaks"]) == ("for", "against")
    assert block["sad"]["mean"] == block["angry"]["mean"]
    assert 0 < block["sad"]["ci95"][0] < block["sad"]["mean"] < block["sad"]["ci95"][1]
    assert block["angry"]["share"]["mean"] == pytest.approx((2 / 10 + 6 / 14) / 2)
